"""Names that lack the words they ask for and stand all the same, by the company they are in.

"Kaga" is a place until an Indian warship sails beside it, "Malabar" a coast until ships of both sides stand in the
item, "Onodera" anybody until his counterpart of that day is named with him.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import date

from monitor.classify.found import BODIES, EXTENT, FIRM_RULE, JOINT, SUBJECT, Found, opened_by
from monitor.classify.match import Kind
from monitor.classify.reading import Reading
from monitor.domain.watchlist import EntityKind, Watchlist

_UNDERTAKINGS = frozenset({EntityKind.EXERCISE, EntityKind.FORUM, EntityKind.AGREEMENT})
"""Kinds of entities in which forces and officials take part."""

_WHY = "forces or officials of the relation stand beside it"

CONVOY = 3
"""Names of ships of one side in one sentence that are no chance."""

_ROUNDS = 3
"""A name that stands by its company is company to others; longer chains than this prove nothing."""


class Company:
    """Knows which names the forces, officials, ships and aircraft around them vouch for."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._sides = frozenset(side.id for side in watchlist.sides)

    def vouched(
        self, reading: Reading, standing: Sequence[Found], cues: Iterable[Found], lacking: Sequence[Found]
    ) -> list[Found]:
        """Those of the lacking names that stand beside the standing ones, with the reason why.

        A name that somebody else has by its own conditions is not theirs: company makes no rivals.
        """
        day = reading.day
        taken = {EXTENT(one) for one in standing if one.target.kind is Kind.NAME}
        candidates = [one for one in lacking if EXTENT(one) not in taken and self._may_stand(one, day)]
        if not candidates:
            return []
        firm = {reading.sentence(cue.start) for cue in cues if cue.owner == FIRM_RULE}
        vouched = self._counterparts(reading, candidates, day) + self._convoys(reading, standing, candidates)
        for _ in range(_ROUNDS):
            around = self._around(reading, (*standing, *vouched), firm)
            fresh = [one for one in candidates if one not in vouched and self._has_company(one, around)]
            if not fresh:
                break
            vouched += fresh
        return [Found(one.start, one.end, one.target, _WHY) for one in vouched]

    def counterparts(
        self, reading: Reading, named: Iterable[Found], cues: Iterable[Found], short: Sequence[Found]
    ) -> list[Found]:
        """Short names of ministers and chiefs in a title or sentence with an official of the other side.

        "Singh" is anybody until Japan's defence minister of that day is named with him, or that office. Two short
        names vouch for each other where the item names an act or institution of the subject.
        """
        ministers = [one for one in short if self._is_minister(one, reading.day)]
        if not ministers:
            return []
        officials = [one for one in named if self._is_minister(one, reading.day) or self._is_office(one)]
        if any(cue.owner == FIRM_RULE for cue in cues):
            officials += ministers
        around = self._around(reading, officials, frozenset())
        met = [
            one for one in ministers if around.beside(one) >= self._sides - {self._watchlist.entities[one.owner].side}
        ]
        return [Found(one.start, one.end, one.target, _WHY) for one in met]

    def _is_minister(self, one: Found, day: date) -> bool:
        """Whether it names a person whose office of that day is one of the subject's."""
        entity = self._watchlist.entities.get(one.owner)
        if entity is None or entity.kind is not EntityKind.PERSON:
            return False
        return SUBJECT in opened_by(self._watchlist, entity, day)

    def _is_office(self, one: Found) -> bool:
        """Whether it names an office of the subject."""
        entity = self._watchlist.entities.get(one.owner)
        return entity is not None and entity.kind is EntityKind.OFFICE and SUBJECT in entity.opens

    def _may_stand(self, one: Found, day: date) -> bool:
        """Whether company may vouch for it: not for those out of office, nor for a title, which every country has."""
        entity = self._watchlist.entities[one.owner]
        if entity.kind is EntityKind.PERSON:
            return entity.role_on(day) is not None
        return entity.kind in _UNDERTAKINGS or (entity.kind in BODIES and entity.kind is not EntityKind.OFFICE)

    def _counterparts(self, reading: Reading, candidates: Sequence[Found], day: date) -> list[Found]:
        """People who hold office that day and are named in one sentence with one of the other side who does."""
        people = [one for one in candidates if self._is_official(one, day)]
        around = self._around(reading, people, frozenset())
        return [one for one in people if around.beside(one) >= self._sides]

    def _convoys(self, reading: Reading, standing: Iterable[Found], candidates: Sequence[Found]) -> list[Found]:
        """Ships named together in a sentence, of one side beside a body of the other, or of both."""
        convoys: dict[tuple[int, str], list[Found]] = defaultdict(list)
        fleets: dict[int, list[Found]] = defaultdict(list)
        for one in candidates:
            entity = self._watchlist.entities[one.owner]
            if entity.kind is EntityKind.SHIP and entity.side in self._sides:
                convoys[reading.sentence(one.start), entity.side].append(one)
                fleets[reading.sentence(one.start)].append(one)
        bodies = self._around(reading, standing, frozenset()).bodies
        sailing = [
            one
            for (_, side), ships in convoys.items()
            if len({ship.owner for ship in ships}) >= CONVOY and bodies >= self._sides - {side}
            for one in ships
        ]
        met = [one for ships in fleets.values() if self._is_meeting(ships) for one in ships if one not in sailing]
        return sailing + met

    def _is_meeting(self, ships: Sequence[Found]) -> bool:
        """Whether ships of both sides are named, too many for a chance."""
        sides = {self._watchlist.entities[ship.owner].side for ship in ships}
        return sides >= self._sides and len({ship.owner for ship in ships}) >= CONVOY

    def _is_official(self, one: Found, day: date) -> bool:
        entity = self._watchlist.entities[one.owner]
        role = entity.role_on(day) if entity.kind is EntityKind.PERSON else None
        return role is not None and role.office is not None

    def _has_company(self, one: Found, around: _Around) -> bool:
        """Whether enough stands around a name.

        What is of both needs a body in the item, what is of many both sides named as well; what is of one side needs
        the other beside it.
        """
        entity = self._watchlist.entities[one.owner]
        if entity.side == JOINT:
            return bool(around.bodies)
        if entity.kind in _UNDERTAKINGS:
            return bool(around.bodies) and around.named >= self._sides
        return entity.side in self._sides and around.beside(one) >= self._sides - {entity.side}

    def _around(self, reading: Reading, standing: Iterable[Found], firm: Container[int]) -> _Around:
        """What vouches for others: bodies, people in office, and a side's name in a sentence with a firm phrase."""
        day, around = reading.day, _Around(reading)
        for one in standing:
            if one.target.kind is Kind.SIDE:
                around.add(one, frozenset({one.owner}), beside=reading.sentence(one.start) in firm)
            elif one.target.kind is Kind.NAME:
                opens = opened_by(self._watchlist, self._watchlist.entities[one.owner], day)
                body = SUBJECT in opens
                around.add(one, opens & self._sides, beside=body or self._is_official(one, day), body=body)
        return around


class _Around:
    """The sides named in the item, those of which a body is, and those vouched for in each sentence."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._sentences: dict[int, set[str]] = defaultdict(set)
        self.named: set[str] = set()
        self.bodies: set[str] = set()

    def add(self, one: Found, sides: frozenset[str], *, beside: bool, body: bool = False) -> None:
        """Take in a find that names `sides`."""
        self.named |= sides
        if body:
            self.bodies |= sides
        if beside:
            self._sentences[self._reading.sentence(one.start)] |= sides

    def beside(self, one: Found) -> set[str]:
        """The sides vouched for in the sentence of a find."""
        return self._sentences[self._reading.sentence(one.start)]
