"""What each find says of the sides and the subject, and whether all three gates stand open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.classify.match import Kind
from monitor.classify.senses import Found, Senses
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

SUBJECT = "subject"
"""The gate of the subject; the other two gates are the side ids."""

JOINT = "joint"
"""The `side` of an entity that belongs to both at once."""

SUBJECT_RULES = "subject."
PAIR_RULE = "relation.pair"
"""Rules of cues that open gates: words of the subject, and words that name both sides at once."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A find with the gates it opens. `key` tells distinct evidence apart: an entity's id or the words."""

    found: Found
    key: str
    opens: frozenset[str]


class Gatekeeper:
    """Knows which gates the finds of a watchlist open on a given day."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._sides = frozenset(side.id for side in watchlist.sides)
        self.gates = (watchlist.sides[0].id, watchlist.sides[1].id, SUBJECT)

    def evidence(self, folded: str, senses: Senses, day: date) -> list[Evidence]:
        """Every find that stands, in order of place, with the gates it opens on that day."""
        found = sorted((*senses.names, *senses.sides, *senses.cues), key=lambda one: (one.start, one.end))
        return [Evidence(one, self._key(folded, one), self._opens(one, day)) for one in found]

    def gate(self, evidence: Iterable[Evidence], written: str) -> tuple[tuple[str, str], ...]:
        """For each gate the first evidence that opens it, as written; "" where none does."""
        openers: dict[str, str] = {}
        for one in evidence:
            for gate in one.opens:
                openers.setdefault(gate, written[one.found.start : one.found.end])
        return tuple((gate, openers.get(gate, "")) for gate in self.gates)

    def is_joint(self, one: Evidence) -> bool:
        """Whether the find names a thing of the two sides alone."""
        return self.is_shared(one) and self._watchlist.entities[one.found.owner].side == JOINT

    def is_shared(self, one: Evidence) -> bool:
        """Whether the find names a thing in which both sides take part, alone or with others."""
        return one.found.target.kind is Kind.NAME and self._sides <= one.opens

    def entity(self, one: Evidence) -> Entity | None:
        """The entity a name stands for; None for words."""
        return self._watchlist.entities[one.found.owner] if one.found.target.kind is Kind.NAME else None

    def _key(self, folded: str, found: Found) -> str:
        return found.owner if found.target.kind is Kind.NAME else folded[found.start : found.end]

    def _opens(self, found: Found, day: date) -> frozenset[str]:
        match found.target.kind:
            case Kind.SIDE:
                return frozenset({found.owner})
            case Kind.NAME:
                return self.opened_by(self._watchlist.entities[found.owner], day)
            case _ if found.owner.startswith(SUBJECT_RULES):
                return frozenset({SUBJECT})
            case _ if found.owner == PAIR_RULE:
                return self._sides
        return frozenset()

    def opened_by(self, entity: Entity, day: date) -> frozenset[str]:
        """The gates of an entity; a person adds those of the office held on the day."""
        role = entity.role_on(day) if entity.kind is EntityKind.PERSON else None
        office = self._watchlist.entities.get(role.office) if role and role.office else None
        return entity.opens | office.opens if office else entity.opens


def is_open(gate: Sequence[tuple[str, str]]) -> bool:
    """Whether evidence was found for every gate."""
    return all(opener for _, opener in gate)
