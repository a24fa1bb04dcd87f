"""Pace of contact: at which level the two sides met in each month, counted in events that took place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.event import Event, Stage, Status, steps
from monitor.domain.ledger import days_of

HAPPENED = frozenset({Stage.UNDER_WAY, Stage.CONCLUDED})
"""Stages of contact that was reported."""

MONTHS_SHOWN = 12


class Level(StrEnum):
    """At which level the sides meet, the highest first. Heads of government count as ministers."""

    MINISTER = "minister"
    VICE_MINISTER = "vice-minister"
    SERVICE = "service"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MonthOfContact:
    """How many events took place at each level in the month that begins on `first`; levels without any have 0."""

    first: date
    counts: Mapping[Level, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def took_place_on(event: Event, today: date) -> date | None:
    """The day by which an event counts as contact; None for one that did not take place, or not yet.

    An awaited one whose last day is over took place unless it was put off again: most are never reported on. One
    without a day counts by the first report that it was under way or over.
    """
    days, status = days_of(event), event.status
    if status is Status.NONE or (status is Status.PLANNED and (days is None or days[1] >= today)):
        return None
    if days is not None:
        return days[0]
    return next(step[0].at.date() for step in steps(event.changes) if step[0].stage in HAPPENED)


def monthly(contacts: Iterable[tuple[date, Level]], until: date) -> tuple[MonthOfContact, ...]:
    """The `MONTHS_SHOWN` months up to that of `until`, in order; contacts of other months are left out."""
    counts = Counter((day.replace(day=1), level) for day, level in contacts)
    firsts = [_months_before(until, back) for back in reversed(range(MONTHS_SHOWN))]
    return tuple(MonthOfContact(first, {level: counts[first, level] for level in Level}) for first in firsts)


def _months_before(day: date, back: int) -> date:
    """The first day of the month that many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
