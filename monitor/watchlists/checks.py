"""What must hold between entities: names that tell them apart, and roles that point at offices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.domain.watchlist import Alias, Entity, EntityKind, Role
from monitor.text.canonical import canonical
from monitor.watchlists.tables import Table


def check_names(entities: Iterable[Entity], homes: Mapping[str, Table]) -> None:
    """Refuse a name written twice in one entity, and one that would mean two entities without any condition.

    Two entities may share a name as rivals: then all but one of them must attach a condition to it.
    """
    owners: dict[str, str] = {}
    for entity in entities:
        own: set[tuple[str, bool]] = set()
        for alias in entity.aliases:
            name = _compared(alias)
            if (name, alias.exact_case) in own:
                raise homes[entity.id].wrong(alias.language or "any", f"lists {alias.text!r} twice")
            own.add((name, alias.exact_case))
            rival = owners.setdefault(name, entity.id) if alias.unconditional else entity.id
            if rival != entity.id:
                raise homes[entity.id].wrong(
                    alias.language or "any",
                    f"lists {alias.text!r}, which names {rival} too: give one of them a condition",
                )


def with_titles(entities: Mapping[str, Entity], homes: Mapping[str, Table]) -> dict[str, Entity]:
    """The entities, roles without a title having their office's; refuses offices that are none of the offices."""
    for entity in entities.values():
        for office in entity.between:
            _office(office, "between", entities, homes[entity.id])
    return {
        entity.id: replace(entity, roles=tuple(_titled(role, entities, homes[entity.id]) for role in entity.roles))
        for entity in entities.values()
    }


def _titled(role: Role, entities: Mapping[str, Entity], home: Table) -> Role:
    if role.office is None:
        return role
    office = _office(role.office, "roles", entities, home)
    return replace(role, title=role.title or office.name)


def _office(name: str, key: str, entities: Mapping[str, Entity], home: Table) -> Entity:
    office = entities.get(name)
    if office is None or office.kind is not EntityKind.OFFICE:
        raise home.wrong(key, f"names the office {name!r}, which is not in offices.toml")
    return office


def _compared(alias: Alias) -> str:
    """A name as the matcher compares it: by its letters where the case must match, else folded."""
    name = canonical(alias.text)
    return (name.text if alias.exact_case else name.folded).strip()
