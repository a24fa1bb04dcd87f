"""Days, spans, counts and lists in words: the same in every locale, so that two machines render the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """A day as readers see it: "Mon 5 May 2025"."""
    return f"{short_day(day)} {day.year}"


def short_day(day: date) -> str:
    """A day where its year is plain: "Mon 5 May"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def month_words(day: date) -> str:
    """The month of a day: "Nov 2024"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def span_words(start: date | None, end: date | None) -> str:
    """A span of days, "Mon 5 – Thu 8 May 2025"; one day when both are the same; "" when neither is known."""
    first, last = start or end, end or start
    if first is None or last is None:
        return ""
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{day_words(first)} – {day_words(last)}"
    opening = short_day(first) if first.month != last.month else f"{WEEKDAYS[first.weekday()]} {first.day}"
    return f"{opening} – {day_words(last)}"


def clock_words(time: datetime, zone: str) -> str:
    """An instant in `zone`: "Tue 6 May 2025, 07:30 IST"."""
    local = time.astimezone(ZoneInfo(zone))
    return f"{day_words(local.date())}, {local:%H:%M} {local.tzname()}"


def local_day(time: datetime, zone: str) -> date:
    """The day of an instant in `zone`."""
    return time.astimezone(ZoneInfo(zone)).date()


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 report", "3 reports"; for nouns whose plural takes a plain s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "A", "A and B", "A, B and C"; "" for none."""
    *most, last = names or ("",)
    return f"{', '.join(most)} and {last}" if most else last
