"""An article cut into clauses, each with its weight, its dates, and whether it tells of another happening."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain.item import Article
from monitor.domain.judgement import Field, Mention, Span
from monitor.events.clauses import Clause, clauses
from monitor.events.date_frame import Leaning, Precision
from monitor.events.dates import DateScan, FoundDate
from monitor.events.mood import Mood, MoodReader
from monitor.events.words import Vocabulary, plain
from monitor.text.canonical import Canonical, canonical

TITLE_WEIGHT = 3.0
LEAD_WEIGHT = 1.5
"""Of the first sentence below the title; each later one weighs `DECLINE` less, down to `LEAST_WEIGHT`."""
DECLINE = 0.25
LEAST_WEIGHT = 0.4
CONTEXT_FACTOR = 0.12
"""What is left of a clause that tells of another happening."""

FAR_PAST = timedelta(days=45)
"""A clause with a date further back is context: no report is that late, and none that is tells only of that day."""

READ_LIMIT = 12_000
"""Characters of a field that are read: what stands further down a text that long is not its news."""

FRESH, SOON = timedelta(days=7), timedelta(days=14)

PAST_MONTH = timedelta(days=14)
"""The same for a month named without a day: whoever tells the news names the day."""

_LINE_BREAK = re.compile(r"\s*\n")
_BARE_YEAR = re.compile(r"(?<![\d'-])((?:19|20)\d\d)(?!\d|\s?(?:km|crore|troops|soldiers))")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of the title or the summary; `start` and `end` are offsets into the folded text of its field.

    `fresh`: it names a day of the week before publication or the fortnight after, so it tells news.
    `last`: no other follows it in its field. `ahead`: it names a month or a week that is yet to come.
    """

    field: Field
    start: int
    end: int
    text: str
    weight: float
    context: bool
    mood: Mood = Mood.TOLD
    fresh: bool = False
    sentence: int = 0
    last: bool = False
    ahead: bool = False

    @property
    def effective(self) -> float:
        """The weight, small for context and for what is not told."""
        return self.weight * (1.0 if self.tells else CONTEXT_FACTOR)

    @property
    def tells(self) -> bool:
        """Whether it tells of the happening reported."""
        return not self.context and self.mood is Mood.TOLD


@dataclass(frozen=True, slots=True)
class PlacedDate:
    """A date and the clause it stands in."""

    found: FoundDate
    part: Part


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of an article: its canonical form, folded text and clauses."""

    field: Field
    form: Canonical
    folded: str
    parts: tuple[Part, ...]
    scan: DateScan
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """A stretch of the folded text as a span of the original."""
        first, last = self.form.original(start, end)
        return Span(self.field, first, last, self.form.text[start:end])

    def position(self, mention: Mention) -> int:
        """Where a mention begins in the folded text."""
        return bisect_left(self.form.offsets, mention.span.start)

    def part_at(self, position: int) -> Part:
        """The clause that holds a position."""
        return self.parts[min(bisect_right(self.ends, position), len(self.parts) - 1)]

    def said_of(self, placed: PlacedDate) -> str:
        """The clause of a date; with the next one where the date is set off before it ("17日、…を終えた")."""
        part, end = placed.part, placed.found.end
        if end != part.end or not self.folded.startswith("、", end):
            return part.text
        return self.folded[part.start : self.part_at(end).end]

    def dates(self, day: date, leaning: Leaning) -> Iterator[PlacedDate]:
        """Its dates, each with its clause."""
        for found in self.scan.dates(day, leaning):
            yield PlacedDate(found, self.part_at(found.start))


def passages(article: Article, context: Vocabulary, moods: MoodReader) -> tuple[Passage, ...]:
    """The title and the summary of an article, those that are not empty."""
    texts = ((Field.TITLE, article.title[:READ_LIMIT]), (Field.SUMMARY, _without_title(article)[:READ_LIMIT]))
    return tuple(_passage(field, text, article.day, context, moods) for field, text in texts if text.strip())


def _without_title(article: Article) -> str:
    """The summary, or nothing when it only repeats the title."""
    return "" if article.summary.strip() == article.title.strip() else article.summary


def _passage(field: Field, text: str, day: date, context: Vocabulary, moods: MoodReader) -> Passage:
    form = canonical(text)
    folded = _with_lines(text, form)
    cut = clauses(folded)
    scan = DateScan(folded, cut)
    ends = tuple(clause.end for clause in cut)
    dates: list[list[FoundDate]] = [[] for _ in cut]
    for found in scan.dates(day, Leaning.PAST):
        dates[min(bisect_right(ends, found.start), len(cut) - 1)].append(found)
    words = [clause.of(folded) for clause in cut]
    told = _looking_back(moods.read([(clause.sentence, text) for clause, text in zip(cut, words, strict=True)]), words)
    parts = tuple(
        Part(
            field,
            clause.start,
            clause.end,
            text,
            _weight(field, clause),
            _is_context(text, own, context, day, heading=field is Field.TITLE and clause.start == 0),
            mood,
            _is_fresh(own, day),
            clause.sentence,
            clause is cut[-1],
            _is_ahead(own, day),
        )
        for clause, text, own, mood in zip(cut, words, dates, told, strict=True)
    )
    return Passage(field, form, folded, parts, scan, ends)


def _looking_back(told: list[Mood], words: Sequence[str]) -> list[Mood]:
    """The moods, where a clause behind a blank alone ("… 周年を迎え") looks back on what the one before it names."""
    pairs = zip(told, told[1:], words[1:], strict=False)
    back = [Mood.RECALLED if then is Mood.RECALLED and _AFTER_BLANK.match(text) else mood for mood, then, text in pairs]
    return [*back, *told[-1:]]


_AFTER_BLANK = re.compile(r" [^\x00-\u0fff]")


def _with_lines(text: str, form: Canonical) -> str:
    """The folded text with its line breaks, which end sentences, where the canonical form has blanks; as long as it."""
    folded = plain(form)
    if "\n" not in text:
        return folded
    breaks = {bisect_right(form.offsets, match.start()) - 1 for match in _LINE_BREAK.finditer(text)}
    return "".join("\n" if place in breaks and char == " " else char for place, char in enumerate(folded))


def _weight(field: Field, clause: Clause) -> float:
    if field is Field.TITLE:
        return TITLE_WEIGHT
    return max(LEAST_WEIGHT, LEAD_WEIGHT - DECLINE * clause.sentence)


def _is_fresh(own: Sequence[FoundDate], day: date) -> bool:
    return any(
        found.precision is Precision.DAY and day - FRESH <= found.last and found.first <= day + SOON for found in own
    )


def _is_ahead(own: Sequence[FoundDate], day: date) -> bool:
    return any(found.precision in {Precision.MONTH, Precision.WEEK} and found.first > day for found in own)


def _is_context(text: str, own: Sequence[FoundDate], context: Vocabulary, day: date, *, heading: bool) -> bool:
    """Whether a clause with these dates of its `own` tells of another happening.

    What a title begins with is its news (`heading`), whatever word stands in it; only a date of old makes it context.
    """
    if any(found.last < day - (FAR_PAST if found.precision is Precision.DAY else PAST_MONTH) for found in own):
        return True
    exact = any(found.precision is Precision.DAY for found in own)
    if exact:
        return False
    if not heading and text in context:
        return True
    years = [int(year) for year in _BARE_YEAR.findall(text)]
    return bool(years) and max(years) < day.year
