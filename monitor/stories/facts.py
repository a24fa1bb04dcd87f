"""What a block of reports says of its happening, and how far two blocks are apart in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from monitor.domain.event import EventType, Stage
from monitor.domain.story import Report

T = TypeVar("T")

AT_TABLE = frozenset({EventType.MEETING, EventType.DIALOGUE, EventType.STAFF_TALKS, EventType.AGREEMENT})
"""Happenings around a table; reports of one often call it by another's name."""

BY_PEOPLE = AT_TABLE | {EventType.VISIT}
"""Happenings known by who takes part; the forces that exercise together are the same every time."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a block: the days of its reports, and how often each value of a slot was given."""

    earliest: datetime
    latest: datetime
    days: Mapping[tuple[date, date], int]
    places: Mapping[str, int]
    series: Mapping[str, int]
    types: Mapping[EventType, int]
    people: Mapping[str, int]
    entities: frozenset[str]
    concluded_by: date | None
    called_off: bool
    type: EventType = field(init=False)
    span: tuple[date, date] | None = field(init=False)
    """The commonest type, and the commonest first and last day."""
    reach: tuple[date, date] = field(init=False)
    """From the first to the last day, of the reports and of that span."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", _mode(self.types) or EventType.OTHER)
        object.__setattr__(self, "span", _mode(self.days))
        days = (self.earliest.date(), self.latest.date(), *(self.span or ()))
        object.__setattr__(self, "reach", (min(days), max(days)))

    @classmethod
    def of(cls, report: Report) -> Facts:
        """The facts of one report."""
        coding = report.coding
        return cls(
            earliest=report.time,
            latest=report.time,
            days=_one((start, coding.end or start)) if (start := coding.stated_start) else {},
            places=_one(coding.place),
            series=_one(coding.series),
            types=_one(coding.type),
            people=dict.fromkeys(coding.participants, 1) if coding.type in BY_PEOPLE else {},
            entities=report.entities,
            concluded_by=report.day if coding.stage is Stage.CONCLUDED else None,
            called_off=coding.stage is Stage.CANCELLED,
        )

    @classmethod
    def joined(cls, left: Facts, right: Facts) -> Facts:
        """The facts of two blocks together."""
        concluded = [day for day in (left.concluded_by, right.concluded_by) if day is not None]
        return cls(
            earliest=min(left.earliest, right.earliest),
            latest=max(left.latest, right.latest),
            days=_sum(left.days, right.days),
            places=_sum(left.places, right.places),
            series=_sum(left.series, right.series),
            types=_sum(left.types, right.types),
            people=_sum(left.people, right.people),
            entities=left.entities | right.entities,
            concluded_by=min(concluded, default=None),
            called_off=left.called_off or right.called_off,
        )


def apart(left: Facts, right: Facts) -> timedelta:
    """The time between the nearest reports of two blocks; 0 where they overlap."""
    return max(left.earliest - right.latest, right.earliest - left.latest, timedelta(0))


def gap(left: Facts, right: Facts) -> timedelta:
    """The time between two blocks, each reaching over its reports and over the days it gives to its happening."""
    (a, b), (c, d) = left.reach, right.reach
    return max(a - d, c - b, timedelta(0))


def _one(value: T | None) -> dict[T, int]:
    return {} if value is None else {value: 1}


def _sum(left: Mapping[T, int], right: Mapping[T, int]) -> Mapping[T, int]:
    if not left or not right:
        return left or right
    return {value: left.get(value, 0) + right.get(value, 0) for value in (*left, *(v for v in right if v not in left))}


def _mode(counts: Mapping[T, int]) -> T | None:
    """The commonest value; on a tie the least by its text, so that the order of reports plays no part."""
    if len(counts) < 2:  # noqa: PLR2004 - as nearly always
        return next(iter(counts), None)
    return min(counts, key=lambda value: (-counts[value], repr(value)), default=None)
