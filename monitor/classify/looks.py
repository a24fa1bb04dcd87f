"""The signs that rules count: words of the vocabulary, and how names, sides and subject stand together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.classify.context import THIRD_RULES, Context, third_country
from monitor.classify.found import FIRM_RULE, SUBJECT
from monitor.classify.gate import PAIR_RULE, PLAY_RULES, Evidence, Gatekeeper
from monitor.classify.match import Kind
from monitor.classify.reading import Reading

LIST_LENGTH = 3
"""Other countries in one sentence from which it speaks of many instead of two, unless the two stand side by side."""

CERTAIN = 0.8
"""The score from which loose words are enough although others speak of another matter."""

FORCES_RULE = "relation.forces"
"""The rule of words for what acts for a country: its navy, its coast guard, its defence minister."""

FORCES_REACH = 13
"""Characters that may stand between a list of countries and the word for their forces: "officers of", "の"."""

OTHER_MATTERS = "penalty."
"""Rules of words that speak of another matter."""

TOPIC_RULES = PLAY_RULES | {"penalty.quiz"}
"""Rules of words that an item on the subject has next to none of: one of them in a title tells its topic."""

TOPIC_COUNTS = (3, 6)
"""Numbers of distinct such words from which they tell the topic wherever they stand."""

HEAPED = 3
"""Times a word of four letters or more stands in a title that heaps keywords."""

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence for a rule. Signs of one key count once, in the title if one of them stands there."""

    rule: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """All that the rules look at."""

    reading: Reading
    evidence: Sequence[Evidence]
    context: Context
    gatekeeper: Gatekeeper


def signs_of(case: Case) -> Iterator[Sign]:
    """Every sign in an article: its cues in order of place, then what the looks see."""
    for one in case.evidence:
        if one.found.target.kind is Kind.CUE:
            yield _sign(one.found.owner, one)
    for look in _LOOKS:
        yield from look(case)


def _sign(rule: str, one: Evidence) -> Sign:
    return Sign(rule, one.key, one.found.start, one.found.end)


def _joint(case: Case) -> Iterator[Sign]:
    """Exercises, forums and agreements of the two sides, alone or in company; a tie is one beyond the subject."""
    for one in case.evidence:
        if case.gatekeeper.is_joint(one):
            yield _sign("relation.joint" if SUBJECT in one.opens else "relation.tie", one)
        elif case.gatekeeper.is_shared(one):
            yield _sign("relation.company" if SUBJECT in one.opens else "relation.several", one)


def _pair(case: Case) -> Iterator[Sign]:
    """The sides named one after the other, by themselves or among others."""
    for start, end in case.context.pairs:
        yield Sign(PAIR_RULE, "side by side", start, end)
    for start, end in case.context.lists:
        if _is_of_forces(case, start, end):
            yield Sign("relation.company", "forces of a list", start, end)
        else:
            yield Sign(f"{THIRD_RULES}list", "list", start, end)


def _is_of_forces(case: Case, start: int, end: int) -> bool:
    """Whether a list of countries tells whose forces or ministers act: such a list does more than name them."""
    cues = (one.found for one in case.evidence if one.found.owner == FORCES_RULE)
    return any(0 <= max(one.start - end, start - one.end) <= FORCES_REACH for one in cues)


def _sentences(case: Case) -> Iterator[Sign]:
    """Sentences that name both sides, with or without the subject, or within a list of countries."""
    for number, sentence in case.context.sentences.items():
        sides = [one for one in sentence.evidence if one.opens - {SUBJECT}]
        if len(sentence.sides) < len(case.gatekeeper.gates) - 1 or not sides:
            continue
        start, end = sides[0].found.start, sides[-1].found.end
        where = "title" if number == 0 else "summary"
        if _is_crowded(case, number):
            continue
        yield Sign("relation.sentence", where, start, end)
        if sentence.institutional:
            yield Sign("relation.subject", where, start, end)
        elif sentence.firm:
            yield Sign("relation.loose", where, start, end)


def _neighbours(case: Case) -> Iterator[Sign]:
    """Two sentences running that name both sides and the subject, in an item no sentence of which does so alone.

    Reports share their news out between a title and the line below it. Neither may name another country.
    """
    full = len(case.gatekeeper.gates) - 1
    if any(len(sentence.sides) == full and sentence.firm for sentence in case.context.sentences.values()):
        return
    for number, first in case.context.sentences.items():
        second = case.context.sentences.get(number + 1)
        if second is None or first.thirds or second.thirds or len(first.sides | second.sides) < full:
            continue
        if first.institutional or second.institutional:
            place = first.evidence[0].found
            yield Sign("relation.neighbours", "neighbours", place.start, place.end)


def _is_crowded(case: Case, number: int) -> bool:
    """Whether a sentence names the sides only among others: in a list, beside many, or one of them with another.

    A list of those whose forces act is no such crowd.
    """

    def holds(places: Sequence[tuple[int, int]]) -> bool:
        return any(case.reading.sentence(start) == number for start, _ in places)

    if number == 0 and case.context.elsewhere:
        return True
    many = len(case.context.sentences[number].thirds) >= LIST_LENGTH
    lists = [place for place in case.context.lists if not _is_of_forces(case, *place)]
    return holds(lists) or (many and not holds((*case.context.pairs, *case.context.lists)))


def _entities(case: Case) -> Iterator[Sign]:
    """Forces, officials and arms: what belongs to the subject and to one side or none."""
    for one in case.evidence:
        entity = case.gatekeeper.entity(one)
        if entity is not None and SUBJECT in one.opens and not case.gatekeeper.is_shared(one):
            yield _sign("subject.entity", one)


def _counterparts(case: Case) -> Iterator[Sign]:
    """A body of each side: together they tell of the relation even where no country is named.

    With them, an exercise of many countries is one in which both sides take part; there a side's forces need no name.
    """
    full = len(case.gatekeeper.gates) - 1
    by_side = dict(reversed(list(_bodies(case))))
    if len(by_side) == full and not case.context.elsewhere:
        for one in by_side.values():
            yield Sign("relation.counterparts", "both", one.found.start, one.found.end)
    wide = [one for one in case.evidence if case.gatekeeper.is_wide_exercise(one)]
    if wide and len(by_side.keys() | {side for side, _ in _unnamed_forces(case)}) == full:
        for one in wide:
            yield _sign("relation.company", one)
            yield _sign("relation.guests", one)


def _bodies(case: Case) -> Iterator[tuple[str, Evidence]]:
    for one in case.evidence:
        side = case.gatekeeper.body_of(one)
        if side is not None:
            yield side, one


def _unnamed_forces(case: Case) -> Iterator[tuple[str, Evidence]]:
    """A side's word with a word for forces or arms right behind it: "Indian carriers", "Japanese F-2s"."""
    for one, after in pairwise(case.evidence):
        arms = after.found.owner == FORCES_RULE or SUBJECT in after.opens
        if arms and one.found.target.kind is Kind.SIDE and after.found.start - one.found.end <= 1:
            yield one.found.owner, one


def _meetings(case: Case) -> Iterator[Sign]:
    """A body of one side in a sentence that names the other: somebody acts, and with or towards whom."""
    for number, sentence in case.context.sentences.items():
        if len(sentence.sides) < len(case.gatekeeper.gates) - 1 or _is_crowded(case, number):
            continue
        yield from (_sign("relation.meeting", one) for one in sentence.evidence if case.gatekeeper.body_of(one))


def _elsewhere(case: Case) -> Iterator[Sign]:
    """A title that names another country and not both sides, or one side with it: the relation is then elsewhere."""
    title, full = case.context.title, len(case.gatekeeper.gates) - 1
    shared = any(case.gatekeeper.is_shared(one) for one in title.evidence)
    if shared or (len(title.sides) == full and not case.context.elsewhere):
        return
    for one in title.evidence:
        if third_country(one, case.gatekeeper):
            yield _sign(f"{THIRD_RULES}title", one)
    lead = case.context.sentences.get(1)
    if case.context.elsewhere and (lead is None or len(lead.sides) < full):
        yield Sign(f"{THIRD_RULES}aside", "aside", 0, len(case.reading.title.text))


def _silent_title(case: Case) -> Iterator[Sign]:
    """A title that says nothing of all this, above a text in which no body of one side meets the other."""
    title = case.reading.title.text
    if title.strip() and not any(one.opens for one in case.context.title.evidence) and not any(_meetings(case)):
        yield Sign("title.silent", "title", 0, len(title))


def _topic(case: Case) -> Iterator[Sign]:
    """Play, trade or learning as the item's own topic: words of it in the title, or many of them."""
    places = {one.key: one.found for one in case.evidence if one.found.owner in TOPIC_RULES}
    if not places:
        return
    found = next(iter(places.values()))
    if any(case.reading.in_title(one.start) for one in places.values()):
        yield Sign("penalty.topic", "title", found.start, found.end)
    for many in TOPIC_COUNTS:
        if len(places) >= many:
            yield Sign("penalty.topic", f"{many} words", found.start, found.end)


def _heap(case: Case) -> Iterator[Sign]:
    """A title that says one word again and again: keywords heaped for search engines, not a sentence."""
    title = case.reading.title.folded
    word, times = max(Counter(_WORD.findall(title)).items(), key=lambda each: each[1], default=("", 0))
    if times >= HEAPED:
        yield Sign("penalty.heap", word, 0, len(title))


_LOOKS: tuple[Callable[[Case], Iterator[Sign]], ...] = (
    _joint,
    _pair,
    _sentences,
    _neighbours,
    _entities,
    _counterparts,
    _meetings,
    _elsewhere,
    _silent_title,
    _topic,
    _heap,
)


def is_loose(case: Case, score: float) -> bool:
    """Whether no institution of the subject stands with both sides, and the words that do are of little weight.

    They are so where the item names no act or arm of the subject either; and, unless the score is certain, where words
    of another matter stand in it.
    """
    full = len(case.gatekeeper.gates) - 1
    if any(sentence.institutional and len(sentence.sides) == full for sentence in case.context.sentences.values()):
        return False
    weighty = any(
        one.found.owner == FIRM_RULE or (SUBJECT in one.opens and one.found.target.kind is Kind.NAME)
        for one in case.evidence
    )
    if not weighty:
        return True
    return score < CERTAIN and any(one.found.owner.startswith(OTHER_MATTERS) for one in case.evidence)
