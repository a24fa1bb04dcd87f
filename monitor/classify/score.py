"""The score: every rule's points with their caps, added up and squashed to 0..1.

Rules whose words are listed in the vocabulary count distinct words; the rules named here look at how things stand
together. Points and caps are the watchlist's; a rule the watchlist leaves out does not speak.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.classify.context import THIRD_RULES, Context, third_country
from monitor.classify.gate import PAIR_RULE, SUBJECT, Evidence, Gatekeeper
from monitor.classify.match import Kind
from monitor.classify.reading import Reading
from monitor.domain.judgement import Reason
from monitor.domain.watchlist import EntityKind, Rule, Watchlist

EVEN = 7.5
"""Points at which the score is one half."""

SPREAD = 2.0
"""Points that move the score from one half to 0.73: the steepness of the logistic curve."""

LIST_LENGTH = 3
"""Other countries in one sentence from which it speaks of many instead of two, unless the two stand side by side."""

SPANS_SHOWN = 12
"""Spans a reason carries at most; points count them all."""


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


def squash(points: float) -> float:
    """Points to a score in 0..1, three decimals."""
    return round(1.0 / (1.0 + math.exp(-(points - EVEN) / SPREAD)), 3)


def reasons(case: Case, watchlist: Watchlist) -> list[Reason]:
    """One line for every rule that spoke, the weightiest first."""
    signs: dict[str, list[Sign]] = defaultdict(list)
    for sign in _signs(case):
        if sign.rule in watchlist.rules:
            signs[sign.rule].append(sign)
    lines = [_reason(case.reading, watchlist.rules[rule], found) for rule, found in signs.items()]
    return sorted((line for line in lines if line.points), key=lambda line: (-abs(line.points), line.rule))


def _reason(reading: Reading, rule: Rule, signs: Sequence[Sign]) -> Reason:
    weights: dict[str, float] = {}
    for sign in signs:
        weight = rule.points * (rule.title_factor if reading.in_title(sign.start) else 1.0)
        weights[sign.key] = max(weights.get(sign.key, 0.0), weight, key=abs)
    points = max(-rule.cap, min(rule.cap, sum(weights.values())))
    spans = tuple(reading.span(sign.start, sign.end) for sign in signs[:SPANS_SHOWN])
    return Reason(rule.id, round(points, 2), rule.text, spans)


def _signs(case: Case) -> Iterator[Sign]:
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
        yield Sign(f"{THIRD_RULES}list", "list", start, end)


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
        if sentence.firm:
            yield Sign("relation.subject", where, start, end)


def _is_crowded(case: Case, number: int) -> bool:
    """Whether a sentence names the sides only among others: in a list, or beside many and not side by side."""

    def holds(places: Sequence[tuple[int, int]]) -> bool:
        return any(case.reading.sentence(start) == number for start, _ in places)

    many = len(case.context.sentences[number].thirds) >= LIST_LENGTH
    return holds(case.context.lists) or (many and not holds(case.context.pairs))


def _entities(case: Case) -> Iterator[Sign]:
    """Forces, officials and arms: what belongs to the subject and to one side or none."""
    for one in case.evidence:
        entity = case.gatekeeper.entity(one)
        if entity is not None and SUBJECT in one.opens and not case.gatekeeper.is_shared(one):
            yield _sign("subject.entity", one)


def _counterparts(case: Case) -> Iterator[Sign]:
    """An official or force of each side: together they tell of the relation even where no country is named."""
    bodies = {EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.OFFICE, EntityKind.SHIP}
    by_side: dict[str, Evidence] = {}
    for one in case.evidence:
        entity = case.gatekeeper.entity(one)
        if entity is not None and entity.kind in bodies and SUBJECT in one.opens and entity.side:
            by_side.setdefault(entity.side, one)
    sides = [gate for gate in case.gatekeeper.gates if gate != SUBJECT]
    if all(side in by_side for side in sides):
        for side in sides:
            found = by_side[side].found
            yield Sign("relation.counterparts", "both", found.start, found.end)


def _elsewhere(case: Case) -> Iterator[Sign]:
    """A title that names another country and not both sides: the relation is then hardly its subject."""
    title = case.context.title
    shared = any(case.gatekeeper.is_shared(one) for one in title.evidence)
    if shared or len(title.sides) == len(case.gatekeeper.gates) - 1:
        return
    for one in title.evidence:
        if third_country(one, case.gatekeeper):
            yield _sign(f"{THIRD_RULES}title", one)


def _silent_title(case: Case) -> Iterator[Sign]:
    """A title that says nothing of all this, above a text that does: bait, spun text, or a round-up."""
    length = len(case.reading.title.text)
    if case.reading.title.text.strip() and not any(one.opens for one in case.context.title.evidence):
        yield Sign("title.silent", "title", 0, length)


_LOOKS: tuple[Callable[[Case], Iterator[Sign]], ...] = (
    _joint,
    _pair,
    _sentences,
    _entities,
    _counterparts,
    _elsewhere,
    _silent_title,
)
