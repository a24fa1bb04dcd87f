"""What stands in an article: names, words for the sides and cues, as the rooms' later steps pass them on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from monitor.classify.match import Target
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

SUBJECT = "subject"
"""The gate of the subject; the other two gates are the side ids."""

JOINT = "joint"
"""The `side` of an entity that belongs to both at once."""

FIRM_RULE = "subject.firm"
"""The rule of phrases that only the subject uses, and that name an act or an institution."""

BODIES = frozenset(
    {EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.OFFICE, EntityKind.SHIP, EntityKind.PLATFORM}
)
"""Kinds of entities that act, or that a side acts with; a place, a concept or a document does not."""


class Found(NamedTuple):
    """A meaning that stands at `start`..`end` of the canonical text; `why` says on what grounds a name does."""

    start: int
    end: int
    target: Target
    why: str = ""

    @property
    def owner(self) -> str:
        """The entity's, side's or rule's id."""
        return self.target.owner


EXTENT = attrgetter("start", "end")
"""Where a find begins and ends, to sort by and to compare."""


@dataclass(frozen=True, slots=True)
class Senses:
    """All that stands in an article: names of entities, words for the sides, cues; and names that nearly do."""

    names: tuple[Found, ...] = ()
    sides: tuple[Found, ...] = ()
    cues: tuple[Found, ...] = ()
    near_misses: tuple[Found, ...] = ()


def opened_by(watchlist: Watchlist, entity: Entity, day: date) -> frozenset[str]:
    """The gates of an entity; a person adds those of the office held on the day."""
    role = entity.role_on(day) if entity.kind is EntityKind.PERSON else None
    office = watchlist.entities.get(role.office) if role and role.office else None
    return entity.opens | office.opens if office else entity.opens
