"""How a written date is completed to days: each reading takes a match of its rule and what it is completed from.

A missing year is the one nearest to publication. A weekday is the last one on or before publication unless its clause
looks forward; a bare Japanese day (8日) is of the month that puts it nearest, on the side the clause looks to.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from monitor.events import calendar_words as words
from monitor.events.date_frame import (
    Frame,
    Leaning,
    Precision,
    Reading,
    bare_day,
    day_of,
    existing,
    latest_on_or_before,
    month_of,
    nearest,
    number_of,
    whole_month,
    year_of,
)
from monitor.events.words import fold

WEEKDAYS = {fold(name): number for name, number in words.WEEKDAYS.items()}
_LAST = re.compile("|".join(words.LAST_WORDS))
_NEXT = re.compile("|".join(words.NEXT_WORDS))


def single(match: re.Match[str], frame: Frame) -> Reading:
    """One day of a month."""
    day, confidence = day_of(month_of(match["m"]), number_of(match["d"]), year_of(match["y"]), frame)
    return day, day, Precision.DAY, confidence


def stretch(match: re.Match[str], frame: Frame) -> Reading | None:
    """Two days, each with its month where written; the year counts for both."""
    parts = match.groupdict()
    first_month, last_month = parts.get("m") or parts["m2"], parts.get("m2") or parts["m"]
    year = year_of(match["y"])
    last, confidence = day_of(month_of(str(last_month)), number_of(match["d2"]), year, frame)
    first = latest_on_or_before(last, month_of(str(first_month)), number_of(match["d"]))
    return (first, last, Precision.DAY, confidence) if (last - first).days < _LONGEST_RANGE else None


_LONGEST_RANGE = 120
"""Days; what runs longer is no single happening but a misreading."""


def full(match: re.Match[str], _frame: Frame) -> Reading:
    """A full date in figures."""
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day, Precision.DAY, 1.0


def month_only(match: re.Match[str], frame: Frame) -> Reading | None:
    """A month with a year, or after a word that makes it one; "may" alone never is."""
    name, cue, year = match["m"].rstrip("."), match["cue"], year_of(match["y"])
    if name in words.AMBIGUOUS_MONTHS and not (year or cue):
        return None
    if not (year or cue or match["after"]):
        return None
    return whole_month(month_of(name), year or _year_by_cue(month_of(name), cue or "", frame), 0.8 if year else 0.6)


def _year_by_cue(month: int, cue: str, frame: Frame) -> int:
    this = frame.published
    if cue.startswith(words.LAST_WORDS):
        return this.year if month < this.month else this.year - 1
    if cue.startswith(words.NEXT_WORDS):
        return this.year if month > this.month else this.year + 1
    return nearest(month, 15, frame).year


def weekday(match: re.Match[str], frame: Frame) -> Reading:
    """The last such day on or before publication, or the next on or after it where the clause looks forward."""
    ahead = (WEEKDAYS[match["w"]] - frame.published.weekday()) % 7
    cue = match["cue"] or ""
    forward = cue.startswith(words.NEXT_WORDS) or (frame.forward and not cue.startswith(words.LAST_WORDS))
    if forward:
        day = frame.published + timedelta(days=ahead or (7 if cue else 0))
    else:
        day = frame.published - timedelta(days=(7 - ahead) % 7 or (7 if cue else 0))
    return day, day, Precision.DAY, 0.8 if frame.leaning is not Leaning.OPEN or cue else 0.6


def weekdays(match: re.Match[str], frame: Frame) -> Reading:
    """From one weekday to another: the stretch that holds the day of publication, else the nearest the clause means."""
    first_ahead = (WEEKDAYS[match["w"]] - frame.published.weekday()) % 7
    length = (WEEKDAYS[match["w2"]] - WEEKDAYS[match["w"]]) % 7
    first = frame.published + timedelta(days=first_ahead)
    holds_today = 7 - first_ahead <= length or first_ahead == 0
    if not frame.forward or holds_today:
        first -= timedelta(days=7 if first_ahead else 0)
    return first, first + timedelta(days=length), Precision.DAY, 0.8


def ordinal_day(match: re.Match[str], frame: Frame) -> Reading | None:
    """A bare "the 12th", of the month that puts it nearest on the side the clause looks to."""
    first = bare_day(number_of(match["d"]), frame)
    return None if first is None else (first, first, Precision.DAY, 0.7)


def named_day(match: re.Match[str], frame: Frame) -> Reading:
    """A day named instead of a date."""
    day = nearest(*words.NAMED_DAYS[match["n"]], frame)
    return day, day, Precision.DAY, 0.9


def relative_day(match: re.Match[str], frame: Frame) -> Reading:
    """A day counted from publication ("tomorrow")."""
    day = frame.published + timedelta(days=words.RELATIVE_DAYS[match.group()])
    return day, day, Precision.DAY, 0.9


def two_way_day(match: re.Match[str], frame: Frame) -> Reading:
    """A day that the tense puts before or after publication (कल)."""
    days = words.TWO_WAY_DAYS[match.group()]
    day = frame.published + timedelta(days=days if frame.forward else -days)
    return day, day, Precision.DAY, 0.8


def days_ago(match: re.Match[str], frame: Frame) -> Reading:
    """So many days before publication."""
    written = match["n"]
    days = int(written) if written.isdigit() else words.NUMBER_WORDS[written]
    day = frame.published - timedelta(days=days)
    return day, day, Precision.DAY, 0.7


def week(match: re.Match[str], frame: Frame) -> Reading:
    """The week of publication, or the one before or after."""
    text = match.group()
    monday = frame.published - timedelta(days=frame.published.weekday())
    shift = -7 if _LAST.search(text) else 7 if _NEXT.search(text) else 0
    first = monday + timedelta(days=shift)
    return first, first + timedelta(days=6), Precision.WEEK, 0.5


def relative_month(match: re.Match[str], frame: Frame) -> Reading:
    """The same for months."""
    text, this = match.group(), frame.published
    shift = -1 if _LAST.search(text) else 1 if _NEXT.search(text) else 0
    index = this.year * 12 + this.month - 1 + shift
    return whole_month(index % 12 + 1, index // 12, 0.5)


def _japanese_year(match: re.Match[str], frame: Frame) -> int | None:
    if match["rel"]:
        return (
            frame.published.year + {"昨": -1, "去": -1, "前": -1, "今": 0, "本": 0, "同": 0, "来": 1}[match["rel"][0]]
        )
    return year_of(match["y"])


def japanese(match: re.Match[str], frame: Frame) -> Reading:
    """月日 with or without a year, or a range of them; the second part may leave its month out."""
    month, year = int(match["m"]), _japanese_year(match, frame)
    first, confidence = day_of(month, int(match["d"]), year, frame)
    if not match["d2"]:
        return first, first, Precision.DAY, confidence
    return first, _ending(first, match["d2"], match["m2"]), Precision.DAY, confidence


def _ending(first: date, last_day: str, last_month: str | None = None) -> date:
    """The end of a range: in its own month, else in the first day's or, going back, in the next one."""
    month, day = int(last_month or first.month), int(last_day)
    if not last_month and day < first.day:
        month = month % 12 + 1
    return min(d for d in existing((first.year, first.year + 1), month, day) if d >= first)


def japanese_span(match: re.Match[str], frame: Frame) -> Reading:
    """From a bare day to a day of a named month: the last such day before it."""
    last = nearest(int(match["m2"]), int(match["d2"]), frame)
    months = [last.year * 12 + last.month - 1 - back for back in (0, 1)]
    days = [d for index in months for d in existing((index // 12,), index % 12 + 1, int(match["d"])) if d <= last]
    return max(days, default=last), last, Precision.DAY, 0.9


def japanese_month(match: re.Match[str], frame: Frame) -> Reading:
    """月 alone, with or without a year."""
    year = _japanese_year(match, frame)
    month = int(match["m"])
    return whole_month(month, year or nearest(month, 15, frame).year, 0.8 if year else 0.5)


def japanese_day(match: re.Match[str], frame: Frame) -> Reading | None:
    """A bare 8日: of the month that puts it nearest; the clause's leaning decides when publication lies between."""
    first = bare_day(int(match["d"]), frame)
    if first is None:
        return None
    if not match["d2"]:
        return first, first, Precision.DAY, 0.8
    return first, _ending(first, match["d2"], match["m2"]), Precision.DAY, 0.8


def hindi_day(match: re.Match[str], frame: Frame) -> Reading | None:
    """A bare "17 को" or "5 से 8 तक": as the Japanese one, a little less sure, for a number may count other things."""
    first = bare_day(int(match["d"]), frame)
    if first is None:
        return None
    last = first if not match["d2"] else _ending(first, match["d2"])
    return first, last, Precision.DAY, 0.75
