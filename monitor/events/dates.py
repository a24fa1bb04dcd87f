"""Dates in text, by our own rules, in English, Hindi and Japanese, relative to the day of publication.

The rules (`date_rules`) find what is written and complete it to days; here each match gets what its clause adds: which
way the clause looks in time, and whether the words around make the date a last day. "2+2" is no date and "may" the verb
no month.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from monitor.events import calendar_words as words
from monitor.events.clauses import Clause, clauses
from monitor.events.date_frame import Frame, Leaning, Precision
from monitor.events.date_rules import RULES, Completion
from monitor.events.words import WORD, any_of, fold

MOST_DATES = 50
"""Of one rule in one text; what names more is a table or a trap, and its first ones tell as much."""

TURNING = frozenset({"weekday", "day of the month", "ordinal day"})
"""Rules whose days lie on the side their clause looks to."""

CUE_REACH = 40
"""Characters before a date in which the words that bound it may begin."""


class Bound(StrEnum):
    """Which end of a happening a date gives by the words around it: "until 9 March" names a last day only."""

    ANY = "any"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: `first` to `last` inclusive (equal for a single day), at `start:end` of the folded text.

    `confidence` is 1.0 for a full date and less for each part that had to be guessed.
    """

    first: date
    last: date
    precision: Precision
    bound: Bound
    start: int
    end: int
    rule: str
    confidence: float


_FUTURE = any_of(map(fold, words.FUTURE_CUES))
_PRESENT = any_of(map(fold, words.PRESENT_CUES))
_PAST = any_of(map(fold, words.PAST_CUES))
_NO_VERB = "need|speed|unit|proceed|exceed|succeed|schedul|plan|expect|slat|join|unmann|bas|combin|alli"
_REGULAR_PAST = re.compile(rf"\b(?:(?!(?:{_NO_VERB})ed\b)[a-z]{{3,}}ed|{'|'.join(words.IRREGULAR_PASTS)})\b")
"""A past tense or participle; words that look like one and tell no time are left out."""
_FUTURE_HINDI = re.compile(rf"(?:ेंग|एंग|होंग|ूंग|होग|(?<![{WORD}]म)(?<!ें)(?:े|ए)ग)[ाेी](?![{WORD}])")
"""The future of any Hindi verb, by its ending."""
_PAST_HINDI = re.compile(rf"{any_of(map(fold, words.HINDI_PASTS)).pattern}(?: (?:है|हैं|था|थे|थी))?[ ।,;]*$")
_FUTURE_JAPANESE = re.compile(r"(?<![いあなう])(?<!とい)[うくぐすつぬぶむる][。」]?$")
"""A Japanese sentence that ends on the dictionary form of a verb tells what will be, or always is."""
_UNTIL = "|".join(words.UNTIL_BEFORE)
_UNTIL_BEFORE = re.compile(rf"(?<![{WORD}])(?:{_UNTIL})\s+(?:the\s+)?(?:[a-z]+day,?\s+)?$")
_FROM_BEFORE = re.compile(rf"(?<![{WORD}])from\s+$")
_IS = re.compile(r"\b(?:is|are)\b")
_SINCE_BEFORE = re.compile(r"(?<![a-z])since\s+(?:last\s+)?$")
_SINCE_AFTER = re.compile(
    r"\s*से (?:[^ ।]+ ){0,4}?(?:जारी|चल रह|शुरू हु|आरंभ हु|प्रारंभ हु|दौरे पर|यात्रा पर)"
    r"|(?:日)?から(?:[^、。]{0,12}(?:始まった|始まり|続い|続け|行われてい|実施してい|開かれてい|訪れてい|訪問してい|訪問中))"
)
"""What goes on since a day began on it, whatever the sentence tells of the future."""
_FROM_AFTER = re.compile(r"日?\s*(?:से|から|より)")
_UNTIL_AFTER = re.compile(rf"\s*(?:\([^)]*\))?\s*(?:{'|'.join(words.UNTIL_AFTER)})")


_UNIT = "|".join(sorted(words.DURATION_UNITS, key=len, reverse=True))
_NO_LENGTH = r"(?![A-Za-z\u0900-\u0963])(?!\s*(?:ago|पहले|after|later))"
_DURATION = re.compile(
    rf"(?<![{WORD}.])(?P<n>\d{{1,3}}|{'|'.join(words.NUMBER_WORDS)})[\s-]*(?P<unit>{_UNIT}){_NO_LENGTH}"
)


@dataclass(frozen=True, slots=True)
class _Match:
    """What a rule matched: whether it is a last day, a first one, or one since when, by the words around it."""

    rule: str
    found: re.Match[str]
    completion: Completion
    last: bool
    first: bool
    since: bool


class DateScan:
    """The dates of a folded text, found once and completed as often as their direction is asked for."""

    def __init__(self, folded: str, parts: Sequence[Clause]) -> None:
        self._folded = folded
        self._parts = parts
        self._ends = [part.end for part in parts]
        self._leanings: dict[int, Leaning] = {}
        self._sentences: dict[int, Leaning] = {}
        self._matches = [self._match(*found) for found in _matches(folded)]

    def dates(self, published: date, leaning: Leaning) -> list[FoundDate]:
        """Every date in order, none overlapping another, an earlier rule winning.

        `leaning` decides for clauses that look neither back nor forward by their own words.
        """
        taken: list[FoundDate] = []
        for match in self._matches:
            start, end = match.found.span()
            if any(start < found.end and found.start < end for found in taken):
                continue
            frame = Frame(published, self._leaning(match, leaning))
            if found_date := _complete(match.rule, match.found, match.completion, frame, last=match.last):
                taken.append(found_date)
        return sorted(taken, key=lambda found: found.start)

    def _match(self, rule: str, found: re.Match[str], completion: Completion) -> _Match:
        near = max(0, found.start() - CUE_REACH)
        last = bool(
            _UNTIL_BEFORE.search(self._folded, near, found.start()) or _UNTIL_AFTER.match(self._folded, found.end())
        )
        since = bool(
            _SINCE_BEFORE.search(self._folded, near, found.start()) or _SINCE_AFTER.match(self._folded, found.end())
        )
        return _Match(rule, found, completion, last, rule in TURNING and _is_first(self._folded, found), since)

    def _leaning(self, match: _Match, otherwise: Leaning) -> Leaning:
        """The clause's own leaning, else its sentence's; a first or last day without a word of the past lies ahead."""
        place = min(bisect_right(self._ends, match.found.start()), len(self._parts) - 1)
        if match.since:
            return Leaning.PAST
        own = self._own_leaning(place)
        if own is Leaning.PAST and match.last and _IS.search(self._parts[place].of(self._folded)):
            return Leaning.FUTURE
        if own is Leaning.OPEN and (match.last or match.first):
            return Leaning.FUTURE
        if own is Leaning.OPEN:
            own = self._sentence_leaning(self._parts[place].sentence)
        return otherwise if own is Leaning.OPEN else own

    def _sentence_leaning(self, number: int) -> Leaning:
        if number not in self._sentences:
            sentence = [part.of(self._folded) for part in self._parts if part.sentence == number]
            self._sentences[number] = leaning_of(" ".join(sentence)) if len(sentence) > 1 else Leaning.OPEN
        return self._sentences[number]

    def _own_leaning(self, place: int) -> Leaning:
        if place not in self._leanings:
            self._leanings[place] = leaning_of(self._parts[place].of(self._folded))
        return self._leanings[place]


def find_dates(folded: str, published: date, *, leaning: Leaning = Leaning.PAST) -> list[FoundDate]:
    """Every date in a folded text (`words.fold`), as `DateScan.dates`."""
    return DateScan(folded, clauses(folded)).dates(published, leaning)


def _matches(folded: str) -> Iterator[tuple[str, re.Match[str], Completion]]:
    stands: dict[tuple[str, ...], bool] = {}
    for rule in RULES:
        if rule.signs not in stands:
            stands[rule.signs] = any(sign in folded for sign in rule.signs)
        if stands[rule.signs]:
            for match in islice(rule.pattern.finditer(folded), MOST_DATES):
                yield rule.name, match, rule.completion


def leaning_of(folded: str) -> Leaning:
    """Which way a folded text looks by its own words; OPEN when it says neither or both.

    A past participle says nothing beside a future ("will be held"), a present tense nothing beside a past.
    """
    past = _PAST.search(folded) is not None or (not folded.isascii() and _PAST_HINDI.search(folded) is not None)
    if _FUTURE.search(folded) is not None or (not folded.isascii() and _is_future(folded)):
        return Leaning.OPEN if past else Leaning.FUTURE
    if past or _REGULAR_PAST.search(folded) is not None:
        return Leaning.PAST
    return Leaning.FUTURE if _PRESENT.search(folded) is not None else Leaning.OPEN


def _is_future(folded: str) -> bool:
    """Whether a text in Hindi or Japanese looks ahead by the form of a verb."""
    return _FUTURE_HINDI.search(folded) is not None or _FUTURE_JAPANESE.search(folded.rstrip()) is not None


def durations(folded: str) -> Iterator[tuple[int, int]]:
    """Lengths named in a folded text ("five days", "two-week", 8日間) as (days, offset), in order."""
    for match in _DURATION.finditer(folded):
        number = match.group("n")
        count = int(number) if number.isdigit() else words.NUMBER_WORDS[number]
        yield count * words.DURATION_UNITS[match.group("unit")], match.start()


_AFTER_LENGTH = re.compile(
    rf"\bafter (?:[a-z']+ ){{0,2}}?(?:{_DURATION.pattern.replace('(?P<n>', '(?:').replace('(?P<unit>', '(?:')})"
    r"|दिन(?:ों)? (?:के|की) [^ ]+ (?:के बाद|पूरी कर|पूरा कर)|日間の[^、。]{1,12}(?:を終え|の後)"
)


_AFTER_SIGNS = ("after ", "दिन", "日間の")


def is_after_length(folded: str) -> bool:
    """Whether a folded text tells what comes after a time of some length: "leaves after a five-day visit"."""
    return any(sign in folded for sign in _AFTER_SIGNS) and _AFTER_LENGTH.search(folded) is not None


def _is_first(folded: str, match: re.Match[str]) -> bool:
    """Whether the words around make the date a first day: "from Monday"."""
    near = max(0, match.start() - CUE_REACH)
    return bool(_FROM_BEFORE.search(folded, near, match.start()) or _FROM_AFTER.match(folded, match.end()))


def _complete(rule: str, match: re.Match[str], completion: Completion, frame: Frame, *, last: bool) -> FoundDate | None:
    """The date of a match; None where its numbers make none."""
    try:
        reading = completion(match, frame)
    except (ValueError, OverflowError):
        return None
    if reading is None:
        return None
    bound = Bound.LAST if last and reading[0] == reading[1] else Bound.ANY
    return FoundDate(*reading[:3], bound, match.start(), match.end(), rule, reading[3])
