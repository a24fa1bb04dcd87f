"""What an incomplete date is completed from, and the calendar arithmetic that all rules share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from monitor.events import calendar_words as words
from monitor.events.words import fold


class Precision(StrEnum):
    """How exactly a text names a time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Leaning(StrEnum):
    """Which way a clause looks in time."""

    PAST = "past"
    FUTURE = "future"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Frame:
    """What an incomplete date is completed from."""

    published: date
    leaning: Leaning

    @property
    def forward(self) -> bool:
        return self.leaning is Leaning.FUTURE


Reading = tuple[date, date, Precision, float]


MONTHS = {fold(name): number for name, number in words.MONTHS.items()}


HINDI_NUMBERS = {fold(name): n for name, n in words.NUMBER_WORDS.items() if not name.isascii()}


def number_of(text: str) -> int:
    """The number a day or a count is written with; 0 for none."""
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else HINDI_NUMBERS.get(text, 0)


def month_of(text: str) -> int:
    """The number of a month by its folded name."""
    return MONTHS[text.rstrip(".")]


def year_of(text: str | None) -> int | None:
    """A written year; None where none is written. Two digits are of this century."""
    if not text:
        return None
    for era, before in words.ERAS.items():
        if text.startswith(era):
            count = text[len(era) :].strip()
            return before + (1 if count == "元" else int(count))
    digits = text.lstrip("'")
    return int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004 - digits of "'24"


def nearest(month: int, day: int, frame: Frame) -> date:
    """The day of that month in the year that puts it nearest to publication, the past winning a tie."""
    years = (frame.published.year - 1, frame.published.year, frame.published.year + 1)
    return min(existing(years, month, day), key=lambda d: (abs((d - frame.published).days), d))


def existing(years: Sequence[int], month: int, day: int) -> list[date]:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def day_of(month: int, day: int, year: int | None, frame: Frame) -> tuple[date, float]:
    return (date(year, month, day), 1.0) if year else (nearest(month, day, frame), 0.9)


def latest_on_or_before(last: date, month: int, day: int) -> date:
    return max(d for d in existing((last.year - 1, last.year), month, day) if d <= last)


def whole_month(month: int, year: int, confidence: float) -> Reading:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1), Precision.MONTH, confidence


def bare_day(day: int, frame: Frame) -> date | None:
    this = frame.published
    months = [(this.year * 12 + this.month - 1 + shift) for shift in (-1, 0, 1)]
    found = [d for index in months for d in existing((index // 12,), index % 12 + 1, day)]
    wanted = [d for d in found if (d >= this if frame.forward else d <= this)] or found
    nearest = min(wanted, key=lambda d: abs((d - this).days))
    return nearest if abs((nearest - this).days) < _BARE_DAY_REACH else min(found, key=lambda d: abs((d - this).days))


_BARE_DAY_REACH = 20
"""Days; a bare day further off than this would have been written with its month: the other one is meant."""
