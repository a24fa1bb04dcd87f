"""What a calendar holds of an event: plain words, in any of which a feed's words may stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class EntryStatus(StrEnum):
    """The three that RFC 5545 (3.8.1.11) knows for an event."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event over whole days. `uid` and `revision` are its UID and SEQUENCE.

    `updated_at` is when its words last grew: when the event was rewritten, or its newest report first seen.
    `last` is its last day, never before `first`. `lines` are its description, one after the other. `url` is an
    http or https address, None where no report has one.
    """

    uid: str
    revision: int
    updated_at: datetime
    first: date
    last: date
    status: EntryStatus
    summary: str
    place: str | None
    lines: tuple[str, ...]
    categories: tuple[str, ...]
    url: str | None
