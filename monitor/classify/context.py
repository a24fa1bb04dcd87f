"""The sentences of an article by what they name: sides, subject and other countries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.classify.found import SUBJECT
from monitor.classify.gate import PAIR_RULE, Evidence, Gatekeeper
from monitor.classify.reading import Reading
from monitor.domain.watchlist import EntityKind

THIRD_RULES = "third."
WEAK_RULE = "subject.weak"
"""Words too common to tie the two sides to the subject by standing in one sentence with them."""

JOINER = re.compile(r"[ ,/&・、と-]*(?:(?:and|or|with|with the|und|et|और|या|व|एवं|तथा) )? *")
"""What may stand between two names that are named as a pair or in a list."""

_CLAUSE_END = re.compile(r"[;:!?|।。]| - |(?<=[\u3040-\u9fff」』)]) (?=[\u3040-\u9fff「『(a-z0-9])")
"""What parts one matter from the next in a title; Japanese titles do it with a blank."""

_VENUE_BEFORE = re.compile(r"\b(?:in|at|from|via) $")
_VENUE_BEHIND = re.compile(r"で(?!は)| में\b")
"""What tells that a country or capital is where something happens."""

_HYPHENS = frozenset("-‐–")

_PASSED_OVER = re.compile(r"(?:\bnot|\bover|\binstead of|\brather than|\bbeats|\bahead of) (?:the )?$")
"""What stands before the one that was not chosen."""


@dataclass(slots=True)
class Sentence:
    """What one sentence names.

    `thirds` are rule or entity ids of other countries; `firm`: the subject is named by more than a weak word,
    `institutional`: by a firm phrase, or by what one side or both act through.
    """

    evidence: list[Evidence] = field(default_factory=list)
    sides: set[str] = field(default_factory=set)
    thirds: set[str] = field(default_factory=set)
    firm: bool = False
    institutional: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """An article's sentences by number (0 is the title), and where the sides are named one after the other.

    `pairs` are places (start, end) where the two stand by themselves, `lists` where other countries stand with them.
    `elsewhere`: the title tells of one side with another country, and not of the two.
    """

    sentences: dict[int, Sentence]
    pairs: tuple[tuple[int, int], ...]
    lists: tuple[tuple[int, int], ...]
    elsewhere: bool

    @property
    def title(self) -> Sentence:
        """The title's sentence, empty where it names nothing."""
        return self.sentences.get(0) or Sentence()


def context(reading: Reading, evidence: Sequence[Evidence], gatekeeper: Gatekeeper) -> Context:
    """Sort the evidence into sentences."""
    sentences: dict[int, Sentence] = defaultdict(Sentence)
    for one in evidence:
        sentence = sentences[reading.sentence(one.found.start)]
        sentence.evidence.append(one)
        sentence.sides |= one.opens - {SUBJECT}
        sentence.firm |= SUBJECT in one.opens and one.found.owner != WEAK_RULE
        sentence.institutional |= gatekeeper.is_institutional(one)
        third = third_country(one, gatekeeper)
        if third:
            sentence.thirds.add(third)
    runs = _runs(reading.folded, evidence, gatekeeper)
    places = list(_both(runs, gatekeeper))
    return Context(
        dict(sentences),
        pairs=tuple(place for place, alone in places if alone),
        lists=tuple(place for place, alone in places if not alone),
        elsewhere=_is_elsewhere(reading, runs, sentences[0], gatekeeper),
    )


def third_country(one: Evidence, gatekeeper: Gatekeeper) -> str | None:
    """The other country a find names, by its rule's id, or by the entity's for a force, official or ship of another."""
    if one.found.owner.startswith(THIRD_RULES):
        return one.found.owner
    entity = gatekeeper.entity(one)
    bodies = {EntityKind.ORGANISATION, EntityKind.SHIP}
    if entity is not None and entity.side == "multilateral" and (entity.kind in bodies or entity.roles):
        return entity.id
    return None


def _runs(folded: str, evidence: Sequence[Evidence], gatekeeper: Gatekeeper) -> list[list[Evidence]]:
    """Countries named one after the other; what both share names neither of them."""
    runs: list[list[Evidence]] = []
    for one in evidence:
        shared = gatekeeper.is_shared(one)
        if shared or not (one.opens - {SUBJECT} or third_country(one, gatekeeper)):
            continue
        end = runs[-1][-1].found.end if runs else -1
        if runs and (one.found.start < end or JOINER.fullmatch(folded, end, one.found.start)):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _both(runs: Sequence[Sequence[Evidence]], gatekeeper: Gatekeeper) -> Iterator[tuple[tuple[int, int], bool]]:
    """Places where both sides are named one after the other, and whether they are so by themselves."""
    for run in runs:
        if len(_sides(run)) > 1 and (len(run) > 1 or run[0].found.owner == PAIR_RULE):
            yield (run[0].found.start, run[-1].found.end), not _thirds(run, gatekeeper)


def _is_elsewhere(
    reading: Reading, runs: Sequence[Sequence[Evidence]], title: Sentence, gatekeeper: Gatekeeper
) -> bool:
    """Whether the title's relation is of one side with another country.

    So it is where the two are one word and stand first, where a side is passed over, and where the first clause that
    names a side names another country with it. A country that is only the venue does not count beside both sides.
    """
    if not title.thirds or any(gatekeeper.is_company(one) for one in title.evidence):
        return False
    named = [run for run in runs if reading.in_title(run[0].found.start)]
    if any(_PASSED_OVER.search(reading.folded, 0, run[0].found.start) for run in named if len(_sides(run)) == 1):
        return True
    if named and len(_sides(named[0])) == 1 and _is_compound(reading, named[0]):
        return True
    for first, last in clauses(reading.title.folded):
        clause = [one for run in named for one in run if first <= one.found.start < last]
        if sides := _sides(clause):
            others = [
                one for one in _thirds(clause, gatekeeper) if len(title.sides) == 1 or not _is_venue(reading, one)
            ]
            return len(sides) == 1 and bool(others)
    return False


def _is_compound(reading: Reading, run: Sequence[Evidence]) -> bool:
    """Whether a run begins with one word for two countries (日英, India-France): there the pair is meant."""
    if len(run) == 1:
        return False
    first, second = run[0].found, run[1].found
    return second.start < first.end or reading.text[first.end : second.start] in _HYPHENS


def _is_venue(reading: Reading, one: Evidence) -> bool:
    before = _VENUE_BEFORE.search(reading.folded, 0, one.found.start)
    return bool(before or _VENUE_BEHIND.match(reading.folded, one.found.end))


def clauses(title: str) -> Iterator[tuple[int, int]]:
    """The places (start, end) of what a title tells one after the other."""
    first = 0
    for end in _CLAUSE_END.finditer(title):
        yield first, end.start()
        first = end.end()
    yield first, len(title)


def _sides(run: Sequence[Evidence]) -> set[str]:
    return {gate for one in run for gate in one.opens - {SUBJECT}}


def _thirds(run: Sequence[Evidence], gatekeeper: Gatekeeper) -> list[Evidence]:
    return [one for one in run if third_country(one, gatekeeper)]
