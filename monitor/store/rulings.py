"""Rulings of analysts on stories, as they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from monitor.domain.story import Ruling
from monitor.store.bulk import chunks
from monitor.store.tables import ruling_items, rulings
from monitor.store.views import RulingRow


def rulings_on(connection: Connection, item_ids: Iterable[int]) -> dict[int, RulingRow]:
    """The rulings that name one of these items, each with all the items it names, by id."""
    found: set[int] = set()
    for chunk in chunks(sorted(item_ids)):
        found.update(connection.scalars(ruling_query(chunk)))
    rows: list[RulingRow] = []
    for chunk in chunks(sorted(found)):
        rows += _rows(connection, chunk)
    return {row.id: row for row in rows}


def ruling_query(item_ids: Sequence[int]) -> Select[Any]:
    """Ids of the rulings that name one of these items."""
    return select(ruling_items.c.ruling_id).where(ruling_items.c.item_id.in_(item_ids)).distinct()


def as_rulings(rows: Iterable[RulingRow]) -> tuple[Ruling, ...]:
    """What they say to grouping, oldest first."""
    return tuple(ruling for row in sorted(rows, key=lambda row: row.id) for ruling in _said(row))


def _rows(connection: Connection, ids: Sequence[int]) -> Iterator[RulingRow]:
    sides: defaultdict[tuple[int, bool], set[int]] = defaultdict(set)
    for row in connection.execute(select(ruling_items).where(ruling_items.c.ruling_id.in_(ids))):
        sides[row.ruling_id, row.left].add(row.item_id)
    for row in connection.execute(select(rulings).where(rulings.c.id.in_(ids)).order_by(rulings.c.id)):
        left, right = (frozenset(sides[row.id, side]) for side in (True, False))
        yield RulingRow(row.id, row.together, left, right, row.analyst, row.note, row.at)


def _said(row: RulingRow) -> Iterator[Ruling]:
    """A split says twice: those that left are of one story, and apart from those that stayed."""
    left, right = (frozenset(map(str, side)) for side in (row.left, row.right))
    if row.together:
        yield Ruling(together=True, left=left, right=right)
        return
    yield Ruling(together=True, left=left)
    yield Ruling(together=False, left=left, right=right)
