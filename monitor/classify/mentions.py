"""Mentions and near misses as a judgement carries them: names with the sense chosen and the office of the day."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.classify.found import Found, Senses
from monitor.classify.match import Kind
from monitor.classify.reading import Reading
from monitor.domain.judgement import Mention, Reason
from monitor.domain.watchlist import AliasKind, Entity, EntityKind, Watchlist

GRACE = timedelta(days=30)
"""How long before and after a term of office its holder is spoken of with the title: reports lag and run ahead."""

NEAR_MISSES_SHOWN = 20


class Mentioner:
    """Turns names that stand, and those that nearly do, into what receipts show."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._entities = watchlist.entities

    def mentions(self, reading: Reading, senses: Senses) -> tuple[Mention, ...]:
        """Every name in order of place; an office stands for nobody here, it only opens gates."""
        return tuple(
            self._mention(reading, found)
            for found in senses.names
            if self._entities[found.owner].kind is not EntityKind.OFFICE
        )

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


def _out_of_office(entity: Entity, day: date) -> str:
    """What a person was or will be whose term ended or begins within the grace; empty otherwise."""
    for role in entity.roles:
        if role.end is not None and timedelta(0) < day - role.end <= GRACE:
            return f"former {role.title}"
        if role.start is not None and timedelta(0) < role.start - day <= GRACE:
            return f"incoming {role.title}"
    return ""
