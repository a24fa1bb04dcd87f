"""What each find says of the sides and the subject, and whether all three gates stand open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.classify.found import BODIES, EXTENT, FIRM_RULE, JOINT, SUBJECT, Found, Senses, opened_by
from monitor.classify.match import Kind
from monitor.classify.reading import Reading
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

SUBJECT_RULES = "subject."
PAIR_RULE = "relation.pair"
SIDE_RULES = "side."
PARTNER_RULES = "partner."
SEVERAL_RULE = "relation.several"
"""Rules of cues that open gates: words of the subject, words that name both sides at once, words by which the press
of one side means its own without naming it, the side's id following; words for ties that it
has with whoever it names alone; and words for a company of several countries."""

SHOP_RULE = "penalty.shop"
PLAY_RULES = frozenset({"penalty.fiction", SHOP_RULE})
"""Rules of words of games, films, models and shops."""

THINGS = frozenset({EntityKind.SHIP, EntityKind.PLATFORM})
"""Kinds of entities that are drawn, built and sold as toys."""


class Evidence(NamedTuple):
    """A find with the gates it opens. `key` tells distinct evidence apart: an entity's id or the words."""

    found: Found
    key: str
    opens: frozenset[str]


class Gatekeeper:
    """Knows which gates the finds of a watchlist open on a given day."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._sides = frozenset(side.id for side in watchlist.sides)
        self._by_rule = {cue.rule: self._opened_by_rule(cue.rule) for cue in watchlist.cues}
        self.gates = (watchlist.sides[0].id, watchlist.sides[1].id, SUBJECT)

    def evidence(self, reading: Reading, senses: Senses) -> list[Evidence]:
        """Every find that stands, in order of place, with the gates it opens on the article's day.

        Where play or trade speaks, ships and aircraft are names of models, figures and goods and open nothing.
        """
        if not (senses.names or senses.sides or senses.cues):
            return []
        found = sorted((*senses.names, *senses.sides, *senses.cues), key=EXTENT)
        play = any(one.owner in PLAY_RULES for one in senses.cues)
        return [self._evidence(reading, one, play=play) for one in found]

    def gate(self, evidence: Iterable[Evidence], written: str) -> tuple[tuple[str, str], ...]:
        """For each gate the first evidence that opens it, as written; "" where none does."""
        openers: dict[str, str] = {}
        for one in evidence:
            for gate in one.opens:
                openers.setdefault(gate, written[one.found.start : one.found.end])
        return tuple((gate, openers.get(gate, "")) for gate in self.gates)

    def is_institutional(self, one: Evidence) -> bool:
        """Whether the find is more than a loose word: something of both, a body or base of either, a firm phrase."""
        if SUBJECT not in one.opens:
            return False
        if one.found.owner == FIRM_RULE or self.is_shared(one) or self.body_of(one) is not None:
            return True
        entity = self.entity(one)
        return entity is not None and entity.kind is EntityKind.PLACE

    def is_joint(self, one: Evidence) -> bool:
        """Whether the find names a thing of the two sides alone."""
        return self.is_shared(one) and self._watchlist.entities[one.found.owner].side == JOINT

    def is_shared(self, one: Evidence) -> bool:
        """Whether the find names a thing in which both sides take part, alone or with others."""
        return one.found.target.kind is Kind.NAME and self._sides <= one.opens

    def is_wide_exercise(self, one: Evidence) -> bool:
        """Whether the find names an exercise of many, of which it is not known beforehand that both sides take part."""
        entity = self.entity(one)
        if entity is None or entity.kind is not EntityKind.EXERCISE or self.is_shared(one):
            return False
        return entity.side not in self._sides

    def is_company(self, one: Evidence) -> bool:
        """Whether the find names a thing of several countries in which both sides take part, or may do so."""
        return one.found.owner == SEVERAL_RULE or self.is_shared(one) or self.is_wide_exercise(one)

    def body_of(self, one: Evidence) -> str | None:
        """The side whose force, official, ship or aircraft the find names; None for anything else."""
        entity = self.entity(one) if SUBJECT in one.opens else None
        if entity is None or entity.kind not in BODIES or entity.side not in self._sides:
            return None
        return None if self.is_shared(one) else entity.side

    def entity(self, one: Evidence) -> Entity | None:
        """The entity a name stands for; None for words."""
        return self._watchlist.entities[one.found.owner] if one.found.target.kind is Kind.NAME else None

    def _evidence(self, reading: Reading, found: Found, *, play: bool) -> Evidence:
        kind, owner = found.target.kind, found.target.owner
        if kind is Kind.NAME:
            entity = self._watchlist.entities[owner]
            closed = play and entity.kind in THINGS
            return Evidence(found, owner, frozenset() if closed else opened_by(self._watchlist, entity, reading.day))
        opens = frozenset({owner}) if kind is Kind.SIDE else self._by_rule[owner]
        return Evidence(found, reading.folded[found.start : found.end], opens)

    def _opened_by_rule(self, rule: str) -> frozenset[str]:
        if rule.startswith(SUBJECT_RULES):
            return frozenset({SUBJECT})
        if rule.startswith((SIDE_RULES, PARTNER_RULES)):
            return frozenset({rule.partition(".")[2]})
        return self._sides if rule == PAIR_RULE else frozenset()


def is_open(gate: Sequence[tuple[str, str]]) -> bool:
    """Whether evidence was found for every gate."""
    return all(opener for _, opener in gate)
