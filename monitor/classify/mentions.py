"""Mentions and near misses as a judgement carries them: names with the sense chosen and the office of the day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from monitor.classify.context import THIRD_RULES
from monitor.classify.found import Found, Senses
from monitor.classify.match import Kind
from monitor.classify.reading import Reading
from monitor.domain.judgement import Mention, Reason
from monitor.domain.watchlist import AliasKind, Entity, EntityKind, Role, Watchlist

GRACE = timedelta(days=30)
"""How long before and after a term of office its holder is spoken of with the title: reports lag and run ahead."""

NEAR_MISSES_SHOWN = 20

OF = frozenset({"of", "of the"})

LINK = 4
"""Characters that may stand between a country and its minister: a blank, or a particle between blanks."""


class Mentioner:
    """Turns names and titles that stand, and names that nearly do, into what receipts show."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._entities = watchlist.entities
        self._holders: dict[str, list[tuple[Role, Entity]]] = defaultdict(list)
        for entity in watchlist.entities.values():
            for role in entity.roles:
                if role.office is not None:
                    self._holders[role.office].append((role, entity))

    def mentions(self, reading: Reading, senses: Senses) -> tuple[Mention, ...]:
        """Every name in order of place; a title names nobody: see `offices`."""
        return tuple(
            self._mention(reading, found)
            for found in senses.names
            if self._entities[found.owner].kind is not EntityKind.OFFICE
        )

    def offices(self, reading: Reading, senses: Senses) -> tuple[Mention, ...]:
        """Titles of offices in order of place, each with who held it that day.

        Left out are those that nobody held, and those of another country, which has such a minister too.
        """
        titles = [found for found in senses.names if found.owner in self._holders]
        if not titles:
            return ()
        day, abroad = reading.day, [cue for cue in senses.cues if cue.owner.startswith(THIRD_RULES)]
        own = [found for found in titles if not any(_belongs(found, cue, reading.folded) for cue in abroad)]
        held = ((found, self._holder(found.owner, day)) for found in own)
        return tuple(
            Mention(holder.id, reading.span(found.start, found.end), f"held {found.owner} on {day}", role.title)
            for found, (role, holder) in ((found, one) for found, one in held if one is not None)
        )

    def _holder(self, office: str, day: date) -> tuple[Role, Entity] | None:
        return next((held for held in self._holders[office] if held[0].held_on(day)), None)

    def near_misses(self, reading: Reading, senses: Senses) -> tuple[Reason, ...]:
        """Names found and not used, with what each lacked; points are 0."""
        return tuple(
            Reason(f"not {found.owner}", 0.0, found.why, (reading.span(found.start, found.end),))
            for found in senses.near_misses[:NEAR_MISSES_SHOWN]
            if found.target.kind is Kind.NAME
        )

    def _mention(self, reading: Reading, found: Found) -> Mention:
        entity, day = self._entities[found.owner], reading.day
        role = entity.role_on(day)
        alias = found.target.alias
        note = alias.note if alias is not None and alias.kind is not AliasKind.OUTLET_ERROR else ""
        parts = (found.why, note, "" if role else _out_of_office(entity, day))
        sense = "; ".join(part for part in parts if part)
        return Mention(entity.id, reading.span(found.start, found.end), sense, role.title if role else None)


def _belongs(title: Found, country: Found, folded: str) -> bool:
    """Whether a title is another country's: right behind its name, or before it with nothing but "of" between."""
    behind = 0 <= title.start - country.end <= LINK
    return behind or folded[title.end : country.start].strip() in OF


def _out_of_office(entity: Entity, day: date) -> str:
    """What a person was or will be whose term ended or begins within the grace; empty otherwise."""
    for role in entity.roles:
        if role.end is not None and timedelta(0) < day - role.end <= GRACE:
            return f"former {role.title}"
        if role.start is not None and timedelta(0) < role.start - day <= GRACE:
            return f"incoming {role.title}"
    return ""
