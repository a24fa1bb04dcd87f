"""Sides, entities and publishers from their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.domain.event import EventType
from monitor.domain.watchlist import Alias, AliasKind, Entity, EntityKind, Publisher, Role, Side
from monitor.watchlists.tables import Table

ANY = "any"
"""The key of names that are written alike in every language; the others are two-letter language codes."""

LANGUAGE = re.compile("[a-z]{2}")
SUBJECT = "subject"
SHARED_SIDES = ("joint", "multilateral")
PUBLISHER_KINDS = (
    "official",
    "agency",
    "state-controlled",
    "newspaper",
    "specialist",
    "blog",
    "broadcaster",
    "think-tank",
)


Groups = Mapping[str, tuple[str, ...]]
"""Words that many names ask for, by the group's name: a condition refers to them as "@name"."""


def read_groups(table: Table) -> Groups:
    """The `[words]` of watchlist.toml."""
    return {name: table.texts(name) for name in list(table.values)}


def read_side(table: Table, groups: Groups) -> Side:
    """One `[[side]]` of watchlist.toml."""
    side = Side(
        id=table.text("id"),
        name=table.text("name"),
        adjective=table.text("adjective"),
        words=_aliases(table, groups),
        time_zone=_time_zone(table),
        languages=table.texts("languages"),
    )
    if not side.words:
        raise table.wrong("en", "or another language must list words for the side")
    table.done()
    return side


def read_entity(entity_id: str, kind: EntityKind, table: Table, sides: tuple[str, ...], groups: Groups) -> Entity:
    """One entity; `kind` follows from its file. Its shown name is `name`, else its first English name."""
    name = table.optional_text("name")
    aliases = _aliases(table, groups)
    if not aliases:
        raise table.wrong("en", "or another language must list a name")
    english = next((alias.text for alias in aliases if alias.language == "en"), None)
    entity = Entity(
        id=entity_id,
        kind=kind,
        name=name or english or aliases[0].text,
        side=table.choice("side", (*sides, *SHARED_SIDES)),
        aliases=aliases,
        opens=_opens(table, sides),
        roles=tuple(_role(role) for role in table.tables("roles")),
        service=table.optional_text("service"),
        event_type=table.choice("event_type", tuple(EventType)),
        level=table.optional_text("level"),
        between=table.texts("between"),
        note=table.optional_text("note") or "",
    )
    table.done()
    return entity


def read_publisher(publisher_id: str, table: Table, sides: tuple[str, ...]) -> Publisher:
    """One outlet; a missing `family` makes it its own."""
    kind = table.choice("kind", PUBLISHER_KINDS)
    if kind is None:
        raise table.wrong("kind", "is missing")
    publisher = Publisher(
        id=publisher_id,
        name=table.text("name"),
        family=table.optional_text("family") or publisher_id,
        kind=kind,
        side=table.choice("side", sides),
        country=table.optional_text("country"),
        language=table.optional_text("language"),
        names=table.texts("names"),
    )
    table.done()
    return publisher


def _aliases(table: Table, groups: Groups) -> tuple[Alias, ...]:
    languages = [key for key in table.values if key == ANY or LANGUAGE.fullmatch(key)]
    return tuple(alias for language in languages for alias in _aliases_in(table, language, groups))


def _aliases_in(table: Table, language: str, groups: Groups) -> Iterator[Alias]:
    for name in table.names(language):
        yield Alias(
            text=name.text("text"),
            language=None if language == ANY else language,
            kind=AliasKind(name.choice("kind", tuple(AliasKind)) or AliasKind.OFFICIAL),
            exact_case=name.flag("exact_case"),
            anchored=name.flag("anchored"),
            needs=_expanded(name, "needs", groups),
            near=_expanded(name, "near", groups),
            never=_expanded(name, "never", groups),
            note=name.optional_text("note") or "",
        )
        name.done()


def _expanded(table: Table, key: str, groups: Groups) -> tuple[str, ...]:
    """The words of a condition, a group's words in the place of its "@name"; each word once."""
    words: list[str] = []
    for word in table.texts(key):
        if word.startswith("@") and word[1:] not in groups:
            raise table.wrong(key, f"refers to {word!r}, which is not under [words] in watchlist.toml")
        words += groups[word[1:]] if word.startswith("@") else (word,)
    return tuple(dict.fromkeys(words))


def _role(table: Table) -> Role:
    office, title = table.optional_text("office"), table.optional_text("title")
    if office is None and title is None:
        raise table.wrong("office", "or `title` must say what was held")
    role = Role(
        title=title or "",
        office=office,
        start=table.day("start"),
        end=table.day("end"),
        source=table.optional_text("source") or "",
    )
    if role.start is None and role.end is None:
        raise table.wrong("start", "or `end` must be given: a role without any date would be held for ever")
    if role.start and role.end and role.end < role.start:
        raise table.wrong("end", f"({role.end}) lies before the start ({role.start})")
    table.done()
    return role


def _opens(table: Table, sides: tuple[str, ...]) -> frozenset[str]:
    gates = table.texts("opens")
    for gate in gates:
        if gate not in (*sides, SUBJECT):
            raise table.wrong("opens", f"holds {gate!r} and may hold only {', '.join((*sides, SUBJECT))}")
    return frozenset(gates)


def _time_zone(table: Table) -> str:
    name = table.text("time_zone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise table.wrong("time_zone", f"is {name!r}, which is no IANA zone such as Europe/Paris") from None
    return name
