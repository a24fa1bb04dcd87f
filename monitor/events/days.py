"""The days of a happening: which of the dates in an article are its first and its last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.domain.event import LASTING, EventType, Slot
from monitor.domain.judgement import Field
from monitor.events.date_frame import Leaning, Precision
from monitor.events.dates import Bound, durations, is_after_length
from monitor.events.passage import LEAD_WEIGHT, Part, Passage, PlacedDate
from monitor.events.words import Vocabulary, fold

LATEST_REPORT = timedelta(days=45)
"""A report appears at most this long after its happening; older days in it are context."""

FARTHEST_PLAN = timedelta(days=400)
"""A plan reaches at most this far ahead."""

ONE_DAY = frozenset({EventType.MEETING, EventType.DIALOGUE, EventType.STAFF_TALKS, EventType.AGREEMENT})
"""Types that begin and end on one day unless the text gives a range; a last day ahead ("stays until") is not theirs."""

LONGEST = 60
"""Days; a longer stretch in a text is no length of one happening."""

LEAST_SCORE = 0.25
"""A date below this is left alone: better no day than the day of something else."""

TYPE_NEAR = 1.5
"""Factor for a date with a word of the event's type in its clause."""
APPROACH = 0.3
"""Factor for a date of arrival or announcement, unless the happening is a visit."""
TELLING = 0.2
"""Factor for the day on which it was told, by a word that stands later in the sentence."""
DATELINE = 0.3
"""Factor for the day of the report where it makes a clause of its own ("New Delhi, May 4, 2025 -")."""
FIRST_HERE = 1.6
"""Factor for a date in whose clause something that lasts begins."""
AGAINST_STAGE = 0.3
"""Factor for a day that has passed where the words look ahead, or lies ahead where they look back."""


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, None where the text does not say; `confidence` in 0..1 of the date they rest on.

    `anew`: the words around the first day make it a new date ("put off to 30 May"), not the one that fell through.
    """

    start: date | None = None
    end: date | None = None
    confidence: float = 0.0
    slots: tuple[Slot, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    placed: PlacedDate
    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of the happening before its days are: the day of the report, the type, and what the words say.

    `ahead`: by its words it lies ahead. `settled`: by the title it has begun or is over, so no day ahead is its first.
    """

    day: date
    type: EventType
    ahead: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads days with the words of a watchlist."""

    types: Vocabulary
    approach: Vocabulary
    before_new: tuple[str, ...]
    after_new: tuple[str, ...]
    beginning: Vocabulary
    starting: Vocabulary
    ending: Vocabulary
    telling: Vocabulary

    @classmethod
    def of(cls, groups: Mapping[str, Mapping[str, tuple[str, ...]]]) -> DayReader:
        """From the groups "types", "approach", "new_date", "beginning", "starting", "ending" and "telling"."""
        around = groups.get("new_date", {})
        return cls(
            types=Vocabulary.of(groups.get("types", {})),
            approach=Vocabulary.of(groups.get("approach", {})),
            before_new=tuple(f" {fold(word)}" for word in around.get("before", ())),
            after_new=tuple(map(fold, around.get("after", ()))),
            beginning=Vocabulary.of(groups.get("beginning", {})),
            starting=Vocabulary.of(groups.get("starting", {})),
            ending=Vocabulary.of(groups.get("ending", {})),
            telling=Vocabulary.of(groups.get("telling", {})),
        )

    def read(self, texts: Sequence[Passage], sought: Sought) -> Days:
        """The first and the last day of the happening."""
        candidates = [candidate for candidate in self._candidates(texts, sought) if candidate.score >= LEAST_SCORE]
        lasts = sought.type in LASTING or length_told(texts) is not None
        over = lasts and any(is_after_length(part.text) for text in texts for part in text.parts if _is_news(part))
        last = [
            c.placed.found.bound is Bound.LAST or (lasts and self._ends(c, sought.day, over=over)) for c in candidates
        ]
        firsts = [c for c, is_last in zip(candidates, last, strict=True) if not is_last]
        start = _best(c for c in firsts if self._may_begin(c.placed, sought))
        end = _best(c for c, is_last in zip(candidates, last, strict=True) if is_last)
        days = _days(texts, sought, start, end, _unanimity(firsts, start))
        return replace(days, anew=start is not None and self._is_new(start))

    def _may_begin(self, placed: PlacedDate, sought: Sought) -> bool:
        """No day ahead is the first of what has begun, unless the title names that day ("begins on Monday")."""
        part = placed.part
        meant = part.field is Field.TITLE
        return not sought.settled or meant or placed.found.first <= sought.day

    def _ends(self, candidate: _Candidate, day: date, *, over: bool) -> bool:
        """Whether the clause of a single day says that it is the last, or the news that all is over by then."""
        found, text = candidate.placed.found, candidate.passage.said_of(candidate.placed)
        if found.first != found.last:
            return False
        return (over and found.last <= day) or (self.ending.says(text) and text not in self.starting)

    def _is_told_on(self, placed: PlacedDate, passage: Passage, dates: Sequence[PlacedDate]) -> bool:
        """Whether the day is set off as that of telling, before another one: 20日、…24日から…と発表した."""
        sentence, end = placed.part.sentence, placed.found.end
        later = any(other.found.start > end and other.part.sentence == sentence for other in dates)
        if not later or not passage.folded.startswith("、", end):
            return False
        return any(part.text in self.telling for part in passage.parts if part.sentence == sentence)

    def _is_new(self, candidate: _Candidate) -> bool:
        folded, found = candidate.passage.folded, candidate.placed.found
        before, after = f" {folded[: found.start].rstrip()}", folded[found.end :].lstrip()
        return before.endswith(self.before_new) or after.startswith(self.after_new)

    def _candidates(self, texts: Sequence[Passage], sought: Sought) -> Iterator[_Candidate]:
        leaning = Leaning.FUTURE if sought.ahead else Leaning.PAST
        for passage in texts:
            dates = list(passage.dates(sought.day, leaning))
            for placed in dates:
                if _possible(placed, sought.day):
                    told_on = self._is_told_on(placed, passage, dates) or (
                        sought.ahead and placed.found.first <= sought.day and placed.part.text in self.telling
                    )
                    factor = TELLING if told_on else 1.0
                    yield _Candidate(placed, passage, self._score(placed, sought) * factor)

    def _score(self, placed: PlacedDate, sought: Sought) -> float:
        found, part = placed.found, placed.part
        score = found.confidence * part.effective
        if any(hit.name == sought.type.value for hit in self.types.find(part.text)):
            score *= TYPE_NEAR
        if sought.type is not EventType.VISIT and part.text in self.approach:
            score *= APPROACH
        if found.first == sought.day and part.text.strip(" ,()-") == found_text(placed):
            score *= DATELINE
        if sought.type in LASTING and part.text in self.starting:
            score *= FIRST_HERE
        ends_later = found.bound is Bound.LAST and sought.type in LASTING
        if found.last < sought.day if sought.ahead else found.first > sought.day and not ends_later:
            score *= AGAINST_STAGE
        return score


def _is_news(part: Part) -> bool:
    return part.tells and part.weight >= LEAD_WEIGHT


def found_text(placed: PlacedDate) -> str:
    """The words of a date, as they stand in its clause."""
    start = placed.found.start - placed.part.start
    return placed.part.text[start : placed.found.end - placed.part.start]


def _possible(placed: PlacedDate, day: date) -> bool:
    found = placed.found
    return (
        found.precision is Precision.DAY
        and not placed.part.context
        and day - LATEST_REPORT <= found.last
        and found.first <= day + FARTHEST_PLAN
    )


def _best(candidates: Iterator[_Candidate]) -> _Candidate | None:
    """The highest score; on a tie the one that stands first."""
    return max(candidates, key=lambda candidate: candidate.score, default=None)


def _unanimity(firsts: Sequence[_Candidate], start: _Candidate | None) -> float:
    """The share of the weight of all first days in the text that speaks for the chosen one (0..1)."""
    same = [c.score for c in firsts if start is not None and c.placed.found.first == start.placed.found.first]
    return sum(same) / sum(c.score for c in firsts) if same else 1.0


def _days(
    texts: Sequence[Passage], sought: Sought, start: _Candidate | None, end: _Candidate | None, share: float
) -> Days:
    first = start.placed.found.first if start else None
    last = start.placed.found.last if start and start.placed.found.last != first else None
    if last is None and end is not None and (first is None or end.placed.found.last >= first):
        last = end.placed.found.last
    length = length_told(texts)
    if sought.type in ONE_DAY and (first is not None or length is None):
        first = first or (last if last is not None and last <= sought.day else None)
        last = (last or first) if first is not None else None
    elif (first is None) != (last is None) and length:
        first, last = completed(first, last, length)
    slots = [_slot("start", start, share), _slot("end", end if last and end else None)]
    confidence = max((c.placed.found.confidence for c in (start, end) if c), default=0.0)
    return Days(first, last, confidence, tuple(slot for slot in slots if slot is not None))


def completed(first: date | None, last: date | None, length: timedelta) -> tuple[date | None, date | None]:
    """The missing one of two days by the length of the happening, counting both."""
    return (last - length if last else first), (first + length if first else last)


def length_told(texts: Sequence[Passage]) -> timedelta | None:
    """From the first to the last day by a length named in the text ("five days" gives 4); None where none is."""
    for passage in texts:
        for days, position in durations(passage.folded):
            if 1 < days < LONGEST and not passage.part_at(position).context:
                return timedelta(days=days - 1)
    return None


def _slot(name: str, candidate: _Candidate | None, share: float = 1.0) -> Slot | None:
    """The evidence of a day; other days named as its rivals halve the confidence at most."""
    if candidate is None:
        return None
    found = candidate.placed.found
    span = candidate.passage.span(found.start, found.end)
    return Slot(name, found.rule, round(found.confidence * (1 + share) / 2, 2), span)
