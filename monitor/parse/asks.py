"""What a document asks of those who poll it: ttl, skipHours and skipDays of RSS, and the syndication module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from monitor.domain.asks import Asks

LONGEST = timedelta(days=366)
"""No wish is read as longer: what caps it later is shorter by far."""

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
"""Values of sy:updatePeriod (web.resource.org/rss/1.0/modules/syndication)."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT = 24
"""RSS 0.91 counts hours from 1 to 24, RSS 2.0 from 0 to 23: both mean midnight by 24 and 0."""

LIST_LENGTH = 4_000
"""Bytes in which a list of 24 hours or 7 days ends, with room for blanks and comments."""

_FIRST_ENTRY = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
_LAST_ENTRY = re.compile(rb"</(?:item|entry)\s*>", re.IGNORECASE)
_HOUR = re.compile(rb"<hour>\s*([0-9]{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*\Z")


def asks_of(feed: Mapping[str, Any], body: bytes) -> Asks:
    """The wishes in a document: `feed` is what feedparser knows of it, which leaves the two lists to be read from it.

    A wish that cannot be read is none. Lists within entries are not the feed's.
    """
    hours = map(int, _listed(body, b"<skiphours", _HOUR))
    days = (name.decode().lower() for name in _listed(body, b"<skipdays", _DAY))
    return Asks(
        ttl=_minutes(feed.get("ttl")),
        period=_period(feed.get("sy_updateperiod"), feed.get("sy_updatefrequency")),
        skip_hours=frozenset(hour % MIDNIGHT for hour in hours if hour <= MIDNIGHT),
        skip_days=frozenset(DAYS.index(day) for day in days if day in DAYS),
    )


def _minutes(value: object) -> timedelta | None:
    count = _count(value)
    return None if not count else min(timedelta(minutes=count), LONGEST)


def _period(period: object, frequency: object) -> timedelta | None:
    """The time between two updates when there are `frequency` (1 where it is none) in a period."""
    whole = PERIODS.get(period.strip().lower()) if isinstance(period, str) else None
    return None if whole is None else whole / (_count(frequency) or 1)


def _count(value: object) -> int | None:
    match = _NUMBER.match(value) if isinstance(value, str) else None
    return int(match[1]) if match else None


def _listed(body: bytes, opening: bytes, element: re.Pattern[bytes]) -> list[bytes]:
    """What the elements of the first list hold that begins outside the entries."""
    first = _FIRST_ENTRY.search(body)
    *_, last = [len(body), *(match.end() for match in _LAST_ENTRY.finditer(body))]
    around = body if first is None else body[: first.start()] + body[last:]
    start = around.lower().find(opening)
    if start < 0:
        return []
    return element.findall(around[start : start + LIST_LENGTH].partition(b"</skip")[0])
