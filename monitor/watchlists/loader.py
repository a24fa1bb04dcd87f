"""Watchlists from their folders of TOML files, validated as a whole: one error, and nothing is loaded.

The format of every file is described in README.md beside this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.domain.watchlist import Entity, EntityKind, Publisher, Side, Watchlist
from monitor.errors import WatchlistError
from monitor.watchlists.checks import check_names, with_titles
from monitor.watchlists.entities import Groups, read_entity, read_groups, read_publisher, read_side
from monitor.watchlists.history import HISTORY, read_editions, read_steps
from monitor.watchlists.scoring import read_coding, read_cues, read_rules, read_thresholds
from monitor.watchlists.tables import Table, read_table

FRAME, PUBLISHERS, VOCABULARY, RULES, CODING = (
    "watchlist.toml",
    "publishers.toml",
    "vocabulary.toml",
    "rules.toml",
    "coding.toml",
)
ENTITY_FILES: Mapping[str, EntityKind] = {
    "people.toml": EntityKind.PERSON,
    "offices.toml": EntityKind.OFFICE,
    "organisations.toml": EntityKind.ORGANISATION,
    "exercises.toml": EntityKind.EXERCISE,
    "forums.toml": EntityKind.FORUM,
    "agreements.toml": EntityKind.AGREEMENT,
    "platforms.toml": EntityKind.PLATFORM,
    "ships.toml": EntityKind.SHIP,
    "places.toml": EntityKind.PLACE,
    "concepts.toml": EntityKind.CONCEPT,
}
FILES = (FRAME, *ENTITY_FILES, PUBLISHERS, VOCABULARY, RULES, CODING)
"""The files that make a watchlist, in the order they are read; feeds.toml belongs to `catalogue`, and history.toml,
which may be missing, judges nothing."""

VERSION_LENGTH = 12
"""Hex digits of the SHA-256 that names a version; 48 bits tell any number of edits of one watchlist apart."""

_BUILT_IN = Path(__file__).parent


def load(name: str, folder: Path | None = None) -> Watchlist:
    """The watchlist `name`: the built-in one, with the files of the user's `folder` laid over it.

    Where none of that name is built in, `folder` must hold a whole one. Raises WatchlistError.
    """
    layers = folders(name, folder)
    tables = {file: read_table(existing(layers, file)) for file in FILES}
    frame, vocabulary = tables[FRAME], tables[VOCABULARY]
    groups = read_groups(frame.table("words"))
    sides = _sides(frame, groups)
    side_ids = tuple(side.id for side in sides)
    rules = read_rules(tables[RULES])
    entities = _entities(tables, side_ids, groups)
    history = _history(layers)
    watchlist = Watchlist(
        id=frame.text("id"),
        title=frame.text("title"),
        version=_version(layers),
        subject=frame.text("subject"),
        sides=sides,
        entities=entities,
        cues=read_cues(vocabulary, rules),
        decoys=vocabulary.texts("decoys"),
        rules=rules,
        thresholds=read_thresholds(tables[RULES]),
        publishers=_publishers(tables[PUBLISHERS], side_ids),
        coding=read_coding(tables[CODING]),
        roles_checked=frame.day("roles_checked"),
        editions=read_editions(history, entities),
        steps=read_steps(history, entities),
    )
    for table in (*tables.values(), history):
        table.done()
    return watchlist


def load_publishers(layers: Sequence[Path]) -> dict[str, Publisher]:
    """The outlets of publishers.toml by id, without the rest of the watchlist. Raises WatchlistError."""
    frame = read_table(existing(layers, FRAME))
    sides = _sides(frame, read_groups(frame.table("words")))
    return _publishers(read_table(existing(layers, PUBLISHERS)), tuple(side.id for side in sides))


def built_in() -> tuple[str, ...]:
    """The names of the watchlists that come with the program, sorted."""
    return tuple(sorted(path.parent.name for path in _BUILT_IN.glob(f"*/{FRAME}")))


def folders(name: str, folder: Path | None = None) -> tuple[Path, ...]:
    """The folders `name` is read from: the built-in one, then the user's. Raises WatchlistError where there is none."""
    layers = tuple(path for path in (_BUILT_IN / name, folder) if path is not None and path.is_dir())
    if folder is not None and folder not in layers:
        raise WatchlistError(f"There is no folder {folder}: name one that holds watchlist files.")
    if not any((path / FRAME).is_file() for path in layers):
        known = ", ".join(built_in())
        raise WatchlistError(f"There is no watchlist {name!r}: choose {known}, or give a folder with its files.")
    return layers


def existing(layers: Sequence[Path], file: str) -> list[Path]:
    """The paths of one file in the folders that have it. Raises WatchlistError where none has."""
    paths = [path for layer in layers if (path := layer / file).is_file()]
    if not paths:
        raise WatchlistError(f"{layers[-1].name}/{file} is missing: a watchlist needs it.")
    return paths


def _history(layers: Sequence[Path]) -> Table:
    """The table of history.toml, empty where no folder has one."""
    paths = [path for layer in layers if (path := layer / HISTORY).is_file()]
    return read_table(paths) if paths else Table(HISTORY, "", "", {})


def _publishers(table: Table, side_ids: tuple[str, ...]) -> dict[str, Publisher]:
    return {publisher: read_publisher(publisher, inner, side_ids) for publisher, inner in table.rest()}


def _sides(frame: Table, groups: Groups) -> tuple[Side, Side]:
    sides = tuple(read_side(table, groups) for table in frame.tables("side"))
    if len(sides) != 2 or sides[0].id == sides[1].id:  # noqa: PLR2004 - a relation is between two
        raise frame.wrong("side", "must come exactly twice, with two ids")
    return sides[0], sides[1]


def _entities(tables: Mapping[str, Table], side_ids: tuple[str, ...], groups: Groups) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    homes: dict[str, Table] = {}
    for file, kind in ENTITY_FILES.items():
        for entity_id, inner in tables[file].rest():
            if entity_id in entities:
                raise tables[file].wrong(entity_id, f"is an id already used in {homes[entity_id].file}")
            entities[entity_id] = read_entity(entity_id, kind, inner, side_ids, groups)
            homes[entity_id] = inner
    check_names(entities.values(), homes)
    return with_titles(entities, homes)


def _version(layers: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in (path for file in FILES for path in existing(layers, file)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:VERSION_LENGTH]
