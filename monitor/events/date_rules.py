"""What a date looks like in three languages: the rules, each a pattern with the reading that completes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.events import calendar_words as words
from monitor.events import date_readings as readings
from monitor.events.date_frame import HINDI_NUMBERS, MONTHS, Frame, Reading
from monitor.events.words import WORD, any_of, fold

Completion = Callable[[re.Match[str], Frame], Reading | None]

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?<![{WORD}])(?:{_NAMES})(?![{WORD}])\.?"
_COUNTED = "|".join(sorted(HINDI_NUMBERS, key=len, reverse=True))
_DAY = rf"(?<![{WORD}+.])(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|{_COUNTED})(?![{WORD}+%]|\.\d)"
_YEAR = rf"(?:(?:,\s*|\s+(?:of\s+)?)(?P<y>(?:19|20)\d\d|'?\d\d(?=[\s,.;:)]|$))(?![{WORD}%]))?"
_TO = r"\s*(?:-|~|to|and|till|until|through|से|और|व|एवं)\s*"
_TAIL = r"(?P<y>(?:19|20)\d\d|(?:令和|平成|昭和)\s*(?:\d{1,2}|元))\s*年\s*"
_NOT_A_DAY = r"(?!間|目|本|印|米|豪|英|仏|中|韓|程|数|々)"
_WEEKDAY = "|".join(sorted(readings.WEEKDAYS, key=len, reverse=True))
_LAST = "|".join(words.LAST_WORDS)
_NEXT = "|".join(words.NEXT_WORDS)
_RELATIVE = any_of(words.RELATIVE_DAYS).pattern
_TWO_WAY = any_of(words.TWO_WAY_DAYS).pattern
_REL_YEAR = r"(?:(?P<rel>昨年|去年|前年|今年|本年|同年|来年)(?:の)?|" + _TAIL + r")"
_JA_DAY = (
    r"(?P<d>\d{1,2})(?:日"
    + _NOT_A_DAY
    + r"(?:\s*\([月火水木金土日]\))?|(?=\s*[~・、-]\s*\d{1,2}(?:日"
    + _NOT_A_DAY
    + "|の両日)))"
)
_JA_END = (
    r"(?:\s*(?:から|より|~|-|・|、(?=\d{1,2}日?の両日)|及び|と)\s*(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})(?:日"
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
_HINDI_DAY = (
    rf"(?<![{WORD}.+-])(?<!सुखोई )(?<!मिग )(?<!एफ )(?<!पी )(?P<d>0?[1-9]|[12]\d|3[01])"
    r"(?:\s*(?:से|-|और|व)\s*(?P<d2>0?[1-9]|[12]\d|3[01]))?"
    r"(?=\s+(?:को|से|तक)(?:\s|$|[,।])(?!\s*(?:अधिक|ज्यादा|कम|अलग|पहले|लेकर)))"
)
_ORDINAL_DAY = (
    r"(?:(?<=the )|(?<=on )|(?<=from )|(?<=till )|(?<=until ))(?P<d>(?:[12]?\d|3[01])(?:st|nd|rd|th))"
    r"(?=\s+(?:and|to|until|through|in|at|with|off|for|on|when|as)\b|[,.;:!?]|$)"
)
_ALWAYS = ("",)
_ANY_YEAR = ("19", "20")
_MONTH_SIGNS = tuple(dict.fromkeys(name[:3] for name in MONTHS))
_ORDINAL_SIGNS = ("1st", "2nd", "3rd", *(f"{digit}th" for digit in range(10)))
_WEEKDAY_SIGNS = ("day", "वार", "曜")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, what any text it can match holds one of (cheap to look for), its pattern, its completion."""

    name: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    completion: Completion


_PATTERNS: tuple[tuple[str, tuple[str, ...], str, Completion], ...] = (
    ("full date", _ANY_YEAR, r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", readings.full),
    (
        "range",
        _MONTH_SIGNS,
        rf"{_FROM_DAY}\s*{_FROM_MONTH}{_OWN_YEAR}{_TO}{_TO_DAY}\s*{_TO_MONTH}{_YEAR}",
        readings.stretch,
    ),
    (
        "range",
        _MONTH_SIGNS,
        rf"{_FROM_MONTH}\s*{_FROM_DAY}{_OWN_YEAR}{_TO}{_TO_MONTH}\s*{_TO_DAY}{_YEAR}",
        readings.stretch,
    ),
    ("range", _MONTH_SIGNS, rf"{_FROM_DAY}{_TO}{_TO_DAY}\s*(?:of\s+)?{_TO_MONTH}{_YEAR}", readings.stretch),
    ("range", _MONTH_SIGNS, rf"{_FROM_MONTH}\s*{_FROM_DAY}{_TO}{_TO_DAY}{_YEAR}", readings.stretch),
    ("day and month", _MONTH_SIGNS, rf"{_FROM_DAY}[\s-]*(?:of\s+)?{_FROM_MONTH}{_YEAR}", readings.single),
    ("month and day", _MONTH_SIGNS, rf"{_FROM_MONTH}\s*{_FROM_DAY}{_YEAR}", readings.single),
    (
        "Japanese range",
        ("月",),
        rf"(?<![\d月.+第約])(?P<d>\d{{1,2}})日?\s*(?:から|より|~)\s*(?P<m2>\d{{1,2}})月(?P<d2>\d{{1,2}})日{_NOT_A_DAY}",
        readings.japanese_span,
    ),
    ("Japanese date", ("月",), rf"{_REL_YEAR}?(?P<m>\d{{1,2}})月\s*{_JA_DAY}{_JA_END}", readings.japanese),
    ("Japanese month", ("月",), rf"{_REL_YEAR}?(?P<m>\d{{1,2}})月(?!間)", readings.japanese_month),
    ("day of the month", ("日",), rf"(?<![\d月.+第約]){_JA_DAY}{_JA_END}", readings.japanese_day),
    ("day of the month", (" को", " से", " तक"), _HINDI_DAY, readings.hindi_day),
    (
        "month",
        _MONTH_SIGNS,
        rf"{_CUE}{_FROM_MONTH}(?:,?\s+(?P<y>(?:19|20)\d\d)(?!\d))?(?P<after>\s*(?:'s|में))?",
        readings.month_only,
    ),
    (
        "weekdays",
        _WEEKDAY_SIGNS,
        rf"(?<![{WORD}])(?P<w>{_WEEKDAY})日?(?:\([^)]*\))?{_TO}(?P<w2>{_WEEKDAY}){_NO_LETTER}",
        readings.weekdays,
    ),
    (
        "named day",
        ("christmas", "new year"),
        rf"(?<=on )(?P<n>{'|'.join(words.NAMED_DAYS)}){_NO_LETTER}",
        readings.named_day,
    ),
    (
        "ordinal day",
        _ORDINAL_SIGNS,
        _ORDINAL_DAY,
        readings.ordinal_day,
    ),
    (
        "weekday",
        _WEEKDAY_SIGNS,
        rf"(?:(?P<cue>{_LAST}|{_NEXT})\s+)?(?<![{WORD}])(?P<w>{_WEEKDAY}){_NO_LETTER}",
        readings.weekday,
    ),
    ("relative day", _ALWAYS, _RELATIVE, readings.relative_day),
    ("relative day by tense", tuple(map(fold, words.TWO_WAY_DAYS)), _TWO_WAY, readings.two_way_day),
    ("days ago", ("ago", "पहले", "日前"), rf"{_NUMBER}\s*(?:days ago|दिन पहले|日前)", readings.days_ago),
    (
        "week",
        ("week", "हफ्ते", "सप्ताह", "週"),
        rf"{_ADJECTIVE}week(?![a-z])|{_HINDI_ADJECTIVE}(?:हफ्ते|सप्ताह)|先週|来週|今週",
        readings.week,
    ),
    (
        "month by name",
        ("month", "महीने", "माह", "先月", "来月", "今月"),
        rf"{_ADJECTIVE}month(?![a-z])|{_HINDI_ADJECTIVE}(?:महीने|माह)|先月|来月|今月",
        readings.relative_month,
    ),
)
RULES = tuple(Rule(name, signs, re.compile(pattern), completion) for name, signs, pattern, completion in _PATTERNS)
"""Tried in this order: what an earlier rule found, a later one leaves alone."""
