"""Rows of the ledger as it is read: an event with its story, its name for calendars, and how often it was rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.digest import Source
from monitor.domain.event import Coding, Event, EventType, Stage
from monitor.domain.judgement import Mention


class Withdrawn(StrEnum):
    """Why an event that had a day stands in no calendar any more, in words for its entry."""

    MERGED = "told as one with another event"
    UNTOLD = "no report that stands tells of it"
    UNDATED = "no day of it is known any more"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One event as stored. `event.id` is never None.

    `withdrawn` None: nothing is. Else the days of `event` are the last it had.

    `uid` names it for ever and everywhere (a calendar's UID); `revision` counts from 0 how often it was rewritten with
    another type, day, place, participant, series, topic or stage (a calendar's SEQUENCE). `updated_at` is when one of
    these or its record of stages last changed; reports that only repeat what it says move neither.
    """

    event: Event
    story_id: int
    uid: str
    revision: int
    updated_at: datetime
    withdrawn: Withdrawn | None = None

    @property
    def id(self) -> int:
        """The event's number."""
        assert self.event.id is not None  # noqa: S101, it was read from its row
        return self.event.id

    @property
    def day(self) -> date:
        """The day that orders it among others: its first, else its last, else that of its first report."""
        return self.event.start or self.event.end or min(change.at for change in self.event.changes).date()


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which rows are wanted; None and () ask for nothing.

    `since` and `until` hold both ends, and take an event any of whose days lies between them; one without a day counts
    by that of its first report. `entities` are ids, one of which takes part in it or is its series.
    """

    since: date | None = None
    until: date | None = None
    types: tuple[EventType, ...] = ()
    stages: tuple[Stage, ...] = ()
    entities: tuple[str, ...] = ()

    def takes(self, row: LedgerRow) -> bool:
        """Whether the row is wanted."""
        event = row.event
        last = event.last_day or row.day
        return (
            (self.since is None or last >= self.since)
            and (self.until is None or min(row.day, last) <= self.until)
            and (not self.types or event.type in self.types)
            and (not self.stages or event.stage in self.stages)
            and (not self.entities or bool({*event.participants, event.series} & {*self.entities}))
        )


@dataclass(frozen=True, slots=True)
class EventReport:
    """One report of an event with what its judgement found and what its coding says; `coding` None: nothing."""

    source: Source
    mentions: tuple[Mention, ...]
    coding: Coding | None


@dataclass(frozen=True, slots=True)
class EventView:
    """One row with all its reports, in order of time."""

    row: LedgerRow
    reports: tuple[EventReport, ...]


def days_of(event: Event) -> tuple[date, date] | None:
    """Its first and last day, whichever way round they are told; None when neither is known."""
    known = [day for day in (event.start, event.end) if day is not None]
    return (min(known), max(known)) if known else None


def day_of_offices(event: Event) -> date | None:
    """The day that tells who held an office: the first, of an event without days that of its first report."""
    days = days_of(event)
    return days[0] if days else min((change.at.date() for change in event.changes), default=None)


def in_order(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """The rows by day, then by number."""
    return sorted(rows, key=lambda row: (row.day, row.id))
