"""What a date looks like in three languages, and how an incomplete one is completed from the day of publication.

A missing year is the one nearest to publication. A weekday is the last one on or before publication unless its clause
looks forward; a bare Japanese day (8日) is of the month that puts it nearest, on the side the clause looks to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from monitor.events import calendar_words as words
from monitor.events.date_frame import (
    HINDI_NUMBERS,
    MONTHS,
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
from monitor.events.words import WORD, any_of, fold

Completion = Callable[[re.Match[str], Frame], Reading | None]
_WEEKDAYS = {fold(name): number for name, number in words.WEEKDAYS.items()}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?<![{WORD}])(?:{_NAMES})(?![{WORD}])\.?"
_COUNTED = "|".join(sorted(HINDI_NUMBERS, key=len, reverse=True))
_DAY = rf"(?<![{WORD}+.])(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|{_COUNTED})(?![{WORD}+%]|\.\d)"
_YEAR = rf"(?:(?:,\s*|\s+(?:of\s+)?)(?P<y>(?:19|20)\d\d|'?\d\d(?=[\s,.;:)]|$))(?![{WORD}%]))?"
_TO = r"\s*(?:-|~|to|and|till|until|through|से|और|व|एवं)\s*"
_TAIL = r"(?P<y>(?:19|20)\d\d|(?:令和|平成|昭和)\s*(?:\d{1,2}|元))\s*年\s*"
_NOT_A_DAY = r"(?!間|目|本|印|米|豪|英|仏|中|韓|程|数|々)"
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_LAST = "|".join(words.LAST_WORDS)
_NEXT = "|".join(words.NEXT_WORDS)
_RELATIVE = any_of(words.RELATIVE_DAYS).pattern
_TWO_WAY = any_of(words.TWO_WAY_DAYS).pattern


def _single(match: re.Match[str], frame: Frame) -> Reading:
    day, confidence = day_of(month_of(match["m"]), number_of(match["d"]), year_of(match["y"]), frame)
    return day, day, Precision.DAY, confidence


def _range(match: re.Match[str], frame: Frame) -> Reading | None:
    """Two days, each with its month where written; the year counts for both."""
    parts = match.groupdict()
    first_month, last_month = parts.get("m") or parts["m2"], parts.get("m2") or parts["m"]
    year = year_of(match["y"])
    last, confidence = day_of(month_of(str(last_month)), number_of(match["d2"]), year, frame)
    first = latest_on_or_before(last, month_of(str(first_month)), number_of(match["d"]))
    return (first, last, Precision.DAY, confidence) if (last - first).days < _LONGEST_RANGE else None


_LONGEST_RANGE = 120
"""Days; what runs longer is no single happening but a misreading."""


def _iso(match: re.Match[str], _frame: Frame) -> Reading:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day, Precision.DAY, 1.0


def _month_only(match: re.Match[str], frame: Frame) -> Reading | None:
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


def _weekday(match: re.Match[str], frame: Frame) -> Reading:
    """The last such day on or before publication, or the next on or after it where the clause looks forward."""
    ahead = (_WEEKDAYS[match["w"]] - frame.published.weekday()) % 7
    cue = match["cue"] or ""
    forward = cue.startswith(words.NEXT_WORDS) or (frame.forward and not cue.startswith(words.LAST_WORDS))
    if forward:
        day = frame.published + timedelta(days=ahead or (7 if cue else 0))
    else:
        day = frame.published - timedelta(days=(7 - ahead) % 7 or (7 if cue else 0))
    return day, day, Precision.DAY, 0.8 if frame.leaning is not Leaning.OPEN or cue else 0.6


def _weekdays(match: re.Match[str], frame: Frame) -> Reading:
    """From one weekday to another: the stretch that holds the day of publication, else the nearest the clause means."""
    first_ahead = (_WEEKDAYS[match["w"]] - frame.published.weekday()) % 7
    length = (_WEEKDAYS[match["w2"]] - _WEEKDAYS[match["w"]]) % 7
    first = frame.published + timedelta(days=first_ahead)
    holds_today = 7 - first_ahead <= length or first_ahead == 0
    if not frame.forward or holds_today:
        first -= timedelta(days=7 if first_ahead else 0)
    return first, first + timedelta(days=length), Precision.DAY, 0.8


def _ordinal_day(match: re.Match[str], frame: Frame) -> Reading | None:
    """A bare "the 12th", of the month that puts it nearest on the side the clause looks to."""
    first = bare_day(number_of(match["d"]), frame)
    return None if first is None else (first, first, Precision.DAY, 0.7)


def _named_day(match: re.Match[str], frame: Frame) -> Reading:
    day = nearest(*words.NAMED_DAYS[match["n"]], frame)
    return day, day, Precision.DAY, 0.9


def _relative(match: re.Match[str], frame: Frame) -> Reading:
    day = frame.published + timedelta(days=words.RELATIVE_DAYS[match.group()])
    return day, day, Precision.DAY, 0.9


def _two_way(match: re.Match[str], frame: Frame) -> Reading:
    days = words.TWO_WAY_DAYS[match.group()]
    day = frame.published + timedelta(days=days if frame.forward else -days)
    return day, day, Precision.DAY, 0.8


def _ago(match: re.Match[str], frame: Frame) -> Reading:
    number = match["n"]
    days = int(number) if number.isdigit() else words.NUMBER_WORDS[number]
    day = frame.published - timedelta(days=days)
    return day, day, Precision.DAY, 0.7


def _week(match: re.Match[str], frame: Frame) -> Reading:
    text = match.group()
    monday = frame.published - timedelta(days=frame.published.weekday())
    shift = -7 if re.search(_LAST, text) else 7 if re.search(_NEXT, text) else 0
    first = monday + timedelta(days=shift)
    return first, first + timedelta(days=6), Precision.WEEK, 0.5


def _relative_month(match: re.Match[str], frame: Frame) -> Reading:
    text, this = match.group(), frame.published
    shift = -1 if re.search(_LAST, text) else 1 if re.search(_NEXT, text) else 0
    index = this.year * 12 + this.month - 1 + shift
    return whole_month(index % 12 + 1, index // 12, 0.5)


def _japanese_year(match: re.Match[str], frame: Frame) -> int | None:
    if match["rel"]:
        return (
            frame.published.year + {"昨": -1, "去": -1, "前": -1, "今": 0, "本": 0, "同": 0, "来": 1}[match["rel"][0]]
        )
    return year_of(match["y"])


def _japanese(match: re.Match[str], frame: Frame) -> Reading:
    """月日 with or without a year, or a range of them; the second part may leave its month out."""
    month, year = int(match["m"]), _japanese_year(match, frame)
    first, confidence = day_of(month, int(match["d"]), year, frame)
    if not match["d2"]:
        return first, first, Precision.DAY, confidence
    return first, _ending(first, match), Precision.DAY, confidence


def _ending(first: date, match: re.Match[str]) -> date:
    """The end of a Japanese range: in its own month, else in the first day's or, going back, in the next one."""
    month, day = int(match["m2"] or first.month), int(match["d2"])
    if not match["m2"] and day < first.day:
        month = month % 12 + 1
    return min(d for d in existing((first.year, first.year + 1), month, day) if d >= first)


def _japanese_month(match: re.Match[str], frame: Frame) -> Reading:
    year = _japanese_year(match, frame)
    month = int(match["m"])
    return whole_month(month, year or nearest(month, 15, frame).year, 0.8 if year else 0.5)


def _japanese_day(match: re.Match[str], frame: Frame) -> Reading | None:
    """A bare 8日: of the month that puts it nearest; the clause's leaning decides when publication lies between."""
    first = bare_day(int(match["d"]), frame)
    if first is None:
        return None
    if not match["d2"]:
        return first, first, Precision.DAY, 0.8
    return first, _ending(first, match), Precision.DAY, 0.8


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_REL_YEAR = r"(?:(?P<rel>昨年|去年|前年|今年|本年|同年|来年)(?:の)?|" + _TAIL + r")"
_JA_DAY = (
    r"(?P<d>\d{1,2})(?:日"
    + _NOT_A_DAY
    + r"(?:\s*\([月火水木金土日]\))?|(?=\s*[~・、-]\s*\d{1,2}(?:日"
    + _NOT_A_DAY
    + "|の両日)))"
)
_JA_END = (
    r"(?:\s*(?:から|より|~|-|・|、|及び|と)\s*(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})(?:日"
    + _NOT_A_DAY
    + r"|の両日)(?:\s*\([月火水木金土日]\))?)?"
)
_CUE = rf"(?:(?P<cue>{_LAST}|{_NEXT}|this|इस|in|since|by|of|until|during|from|early|late|mid)[\s-]+)?"
_FROM_DAY = rf"(?P<d>{_DAY})"
_FROM_MONTH = rf"(?P<m>{_MONTH})"
_TO_DAY = rf"(?P<d2>{_DAY})"
_TO_MONTH = rf"(?P<m2>{_MONTH})"
_OWN_YEAR = r"(?:,?\s*(?:19|20)\d\d)?"
_NO_LETTER = r"(?![A-Za-z\u0900-\u0963])"
_NUMBER = rf"(?<![{WORD}])(?P<n>\d{{1,3}}|{'|'.join(words.NUMBER_WORDS)})"
_ADJECTIVE = r"(?<![a-z])(?:last|next|this)\s+"
_HINDI_ADJECTIVE = r"(?:पिछले|अगले|इस)\s+"
_PATTERNS: tuple[tuple[str, str, Completion], ...] = (
    ("full date", r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _iso),
    ("range", rf"{_FROM_DAY}\s*{_FROM_MONTH}{_OWN_YEAR}{_TO}{_TO_DAY}\s*{_TO_MONTH}{_YEAR}", _range),
    ("range", rf"{_FROM_MONTH}\s*{_FROM_DAY}{_OWN_YEAR}{_TO}{_TO_MONTH}\s*{_TO_DAY}{_YEAR}", _range),
    ("range", rf"{_FROM_DAY}{_TO}{_TO_DAY}\s*(?:of\s+)?{_TO_MONTH}{_YEAR}", _range),
    ("range", rf"{_FROM_MONTH}\s*{_FROM_DAY}{_TO}{_TO_DAY}{_YEAR}", _range),
    ("day and month", rf"{_FROM_DAY}[\s-]*(?:of\s+)?{_FROM_MONTH}{_YEAR}", _single),
    ("month and day", rf"{_FROM_MONTH}\s*{_FROM_DAY}{_YEAR}", _single),
    ("Japanese date", rf"{_REL_YEAR}?(?P<m>\d{{1,2}})月\s*{_JA_DAY}{_JA_END}", _japanese),
    ("Japanese month", rf"{_REL_YEAR}?(?P<m>\d{{1,2}})月(?!間)", _japanese_month),
    ("day of the month", rf"(?<![\d月.+第約]){_JA_DAY}{_JA_END}", _japanese_day),
    ("month", rf"{_CUE}{_FROM_MONTH}(?:,?\s+(?P<y>(?:19|20)\d\d)(?!\d))?(?P<after>\s*(?:'s|में))?", _month_only),
    ("weekdays", rf"(?<![{WORD}])(?P<w>{_WEEKDAY})日?(?:\([^)]*\))?{_TO}(?P<w2>{_WEEKDAY}){_NO_LETTER}", _weekdays),
    ("named day", rf"(?<=on )(?P<n>{'|'.join(words.NAMED_DAYS)}){_NO_LETTER}", _named_day),
    (
        "ordinal day",
        r"(?<=the )(?P<d>(?:[12]?\d|3[01])(?:st|nd|rd|th))"
        r"(?=\s+(?:and|to|until|through|in|at|with|off|for|on|when|as)\b|[,.;:!?]|$)",
        _ordinal_day,
    ),
    ("weekday", rf"(?:(?P<cue>{_LAST}|{_NEXT})\s+)?(?<![{WORD}])(?P<w>{_WEEKDAY}){_NO_LETTER}", _weekday),
    ("relative day", _RELATIVE, _relative),
    ("relative day by tense", _TWO_WAY, _two_way),
    ("days ago", rf"{_NUMBER}\s*(?:days ago|दिन पहले|日前)", _ago),
    ("week", rf"{_ADJECTIVE}week(?![a-z])|{_HINDI_ADJECTIVE}(?:हफ्ते|सप्ताह)|先週|来週|今週", _week),
    ("month by name", rf"{_ADJECTIVE}month(?![a-z])|{_HINDI_ADJECTIVE}(?:महीने|माह)|先月|来月|今月", _relative_month),
)
RULES = tuple((name, re.compile(pattern), completion) for name, pattern, completion in _PATTERNS)
"""Tried in this order: what an earlier rule found, a later one leaves alone."""
