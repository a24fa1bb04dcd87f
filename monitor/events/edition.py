"""Which edition a happening is: its number ("eighth edition", 第8回, आठवां संस्करण) and its year ("JIMEX 24")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.event import Slot
from monitor.domain.judgement import Mention
from monitor.events.calendar_words import ORDINALS
from monitor.events.date_frame import year_of
from monitor.events.passage import Part, Passage
from monitor.events.words import WORD, any_of, fold

NUMBER = "edition"
YEAR = "year"
SURE = 0.9
YEARS_APART = 2
"""Years between publication and the year of an edition reported; a year further off is another one's."""

_ORDINALS = {fold(name): number for name, number in ORDINALS.items()}
_WORD = any_of(_ORDINALS).pattern
_COUNT = rf"(?:(?P<n>\d{{1,2}})(?:st|nd|rd|th|वां|वें|वीं|वा|वे|वी)?|(?P<w>{_WORD}))"
_NOUN = (
    r"(?:edition|round|iteration|instalment|installment|session|series of talks|india|indo|annual|defence policy|"
    r"संस्करण|दौर|सत्र)"
)
_BEFORE_NOUN = re.compile(rf"(?<![{WORD}]){_COUNT}\s+(?:annual\s+|bilateral\s+|joint\s+)?{_NOUN}(?![a-z])")
_AFTER_NOUN = re.compile(r"(?:edition|round)\s+(?:no\.?\s+)?(?:(?P<n>\d{1,2})(?!\d)|(?P<w>" + _WORD + "))")
_JAPANESE = re.compile(r"(?:第\s*(?P<n>\d{1,2})\s*(?:回|次)|(?P<m>\d{1,2})回目)(?!\s*(?:海上|陸上|航空)?(?:師団|連隊))")
_NAMED_YEAR = re.compile(
    r"[\s'(-]{0,2}(?P<y>20\d\d|\d\d)(?![\d%]|\s*[.,]\d|\s*(?:[a-z]+\s)?(?:days|ships|aircraft|troops))"
)

_OWN_YEAR = re.compile(r"(?<!\d)(?P<y>20\d\d|\d\d)$")
"""The year that is part of the name as the watchlist has it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The number and the year of an edition, None where the text gives none, with their evidence."""

    number: int | None = None
    year: int | None = None
    slots: tuple[Slot, ...] = ()


def read_edition(texts: Sequence[Passage], mentions: Iterable[Mention], series: str | None, day: date) -> Edition:
    """The edition told of in clauses about the happening itself; its year only where the name of `series` bears it."""
    number = next((found for passage in texts for found in _numbers(passage)), None)
    named = [mention for mention in mentions if series is not None and mention.entity == series]
    year = next((found for passage in texts for found in _years(passage, named, day)), None)
    slots = [found[1] for found in (number, year) if found is not None]
    return Edition(number and number[0], year and year[0], tuple(slots))


def _numbers(passage: Passage) -> Iterable[tuple[int, Slot]]:
    for pattern in (_BEFORE_NOUN, _AFTER_NOUN, _JAPANESE):
        for match in pattern.finditer(passage.folded):
            count = _count(match)
            if count and _tells(passage.part_at(match.start())):
                yield count, Slot(NUMBER, "count", SURE, passage.span(match.start(), match.end()))


def _count(match: re.Match[str]) -> int:
    groups = match.groupdict()
    digits = groups.get("n") or groups.get("m")
    return int(digits) if digits else _ORDINALS.get(groups.get("w") or "", 0)


def _years(passage: Passage, named: Iterable[Mention], day: date) -> Iterable[tuple[int, Slot]]:
    for mention in named:
        if mention.span.field is not passage.field:
            continue
        start = passage.position(mention)
        end = start + len(fold(mention.span.surface))
        match = _OWN_YEAR.search(passage.folded, start, end) or _NAMED_YEAR.match(passage.folded, end)
        if match is None or not _tells(passage.part_at(start)):
            continue
        year = year_of(match["y"])
        if year is not None and abs(year - day.year) <= YEARS_APART:
            yield year, Slot(YEAR, "name and year", SURE, passage.span(match.start("y"), match.end("y")))


def _tells(part: Part) -> bool:
    return not part.context
