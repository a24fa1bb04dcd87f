"""Who and what a report names where it tells its news: people of one side or both, ships, goods, an exercise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.domain.judgement import Field, Mention
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.background import is_beside
from monitor.events.passage import LEAD_WEIGHT, TITLE_WEIGHT, Part, Passage
from monitor.events.words import Vocabulary, destinations

MOST_NAMES = 3
"""Words of a title before "to" a place; more of them hold a verb."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention and the clause it stands in."""

    mention: Mention
    part: Part
    kind: EntityKind


@dataclass(frozen=True, slots=True)
class Cast:
    """What the title or the first sentence names.

    `people`: a person; `both`: people or office holders of both sides; `face_to_face`: the title names them; `ships`:
    the title is about ships and no people of both sides meet; `goods`: the title names a platform; `sets_out`: it opens
    with somebody "to" a place; `in_title`: it names a person or an office.
    """

    mentions: Sequence[Placed]
    people: bool
    both: bool
    face_to_face: bool
    ships: bool
    goods: bool
    exercise: bool
    sets_out: bool
    in_title: bool


@dataclass(frozen=True, slots=True)
class Casting:
    """Reads casts with the words and the sides of a watchlist."""

    watchlist: Watchlist
    vessels: Vocabulary
    bound: Vocabulary

    @classmethod
    def of(cls, watchlist: Watchlist) -> Casting:
        """From the groups "vessels" and "places"."""
        kinds = watchlist.coding.get("vessels", {}).get("kinds", ())
        bound = Vocabulary.of({"bound": destinations(watchlist.coding)})
        return cls(watchlist, Vocabulary.of({"vessels": kinds}), bound)

    def read(self, texts: Sequence[Passage], mentions: Sequence[Placed], offices: Sequence[Placed]) -> Cast:
        """The cast of a report; `offices` are titles that stand for their holders."""
        everybody = [*mentions, *offices]
        people = [placed for placed in everybody if placed.kind is EntityKind.PERSON]
        both = self._encounter(people, LEAD_WEIGHT)
        return Cast(
            mentions,
            people=_named(mentions, EntityKind.PERSON),
            both=both,
            face_to_face=both and self._encounter(people, TITLE_WEIGHT),
            ships=not both and self._of_ships(texts, mentions),
            goods=any(p.kind is EntityKind.PLATFORM and p.part.field is Field.TITLE for p in mentions),
            exercise=_named(mentions, EntityKind.EXERCISE),
            sets_out=any(self._sets_out(text.parts[0].text) for text in texts if text.field is Field.TITLE),
            in_title=any(p.part.field is Field.TITLE for p in people),
        )

    def _encounter(self, people: Sequence[Placed], least: float) -> bool:
        """Whether these people are of both sides, as far as clauses of this weight name them."""
        ids = {p.mention.entity for p in people if p.part.effective >= least}
        sides = {self.watchlist.entities[person].side for person in ids}
        return {side.id for side in self.watchlist.sides} <= sides

    def _of_ships(self, texts: Sequence[Passage], mentions: Sequence[Placed]) -> bool:
        titles = [
            part for text in texts if text.field is Field.TITLE for part in text.parts if not is_beside(part.text)
        ]
        named = (
            p.kind is EntityKind.SHIP and p.part.field is Field.TITLE for p in mentions if not is_beside(p.part.text)
        )
        return any(named) or any(part.text in self.vessels for part in titles)

    def _sets_out(self, opening: str) -> bool:
        hit = next(iter(self.bound.find(opening)), None)
        return hit is not None and 0 < opening.count(" ", 0, hit.start) <= MOST_NAMES


def title_of(texts: Iterable[Passage]) -> str:
    """The folded title; "" where there is none."""
    return next((passage.folded for passage in texts if passage.field is Field.TITLE), "")


def _named(mentions: Iterable[Placed], kind: EntityKind) -> bool:
    """Whether the title or the first sentence names an entity of a kind."""
    return any(placed.kind is kind and placed.part.effective >= LEAD_WEIGHT for placed in mentions)
