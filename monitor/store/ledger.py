"""Ledger rows and their stage changes, in and out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, select, update

from monitor.domain.event import Event, StageChange, fold
from monitor.domain.ledger import LedgerRow, Withdrawn
from monitor.store.bulk import chunks
from monitor.store.tables import events, items, judgements, stage_changes

SHOWN = frozenset({"type", "starts_on", "ends_on", "place", "participants", "series", "topics", "stage"})
"""Columns of a row that are the event itself, as readers see it: other values in one of them are a revision."""


def load_events(connection: Connection, where: ColumnElement[bool]) -> dict[int, Event]:
    """Ledger rows with all their changes, by story. A row that gave way to another in a merge is no more."""
    return {row.story_id: row.event for row in ledger_rows(connection, where)}


def ledger_rows(connection: Connection, *where: ColumnElement[bool]) -> list[LedgerRow]:
    """The rows that gave way to no other, by id."""
    rows = connection.execute(select(events).where(events.c.merged_into.is_(None), *where).order_by(events.c.id)).all()
    changes = _changes(connection, [row.id for row in rows])
    return [
        LedgerRow(_event(row, changes[row.id]), row.story_id, row.uid, row.revision, row.updated_at) for row in rows
    ]


def withdrawn_rows(connection: Connection) -> list[LedgerRow]:
    """The rows that had a day once and have none, or no stage, or gave way to another, with their last days; by id."""
    had = events.c.last_day.is_not(None) | events.c.former_start.is_not(None) | events.c.former_end.is_not(None)
    gone = events.c.merged_into.is_not(None) | events.c.stage.is_(None) | events.c.last_day.is_(None)
    rows = connection.execute(select(events).where(had, gone).order_by(events.c.id)).all()
    changes = _changes(connection, [row.id for row in rows])
    return [_withdrawn(row, changes[row.id]) for row in rows]


def events_of(connection: Connection, story_ids: Iterable[int]) -> dict[int, Event]:
    """The ledger rows of these stories, by story; a story without one is left out."""
    found: dict[int, Event] = {}
    for chunk in chunks(list(story_ids)):
        found |= load_events(connection, events.c.story_id.in_(chunk))
    return found


def save_event(connection: Connection, story_id: int, merged: Sequence[int], event: Event, now: datetime) -> None:
    """Write a story's ledger row and its new changes; rows of the stories merged into it give way.

    Changes that `event` took over from such a row move to the one that stays; the others stay with the row that gave
    way, for the record.
    """
    row_id = _row_for(connection, story_id, merged, event, now)
    values = _values(event) | {"story_id": story_id}
    if row_id is None:
        named = values | {"uid": str(uuid4()), "updated_at": now}
        row_id = connection.execute(events.insert().values(named).returning(events.c.id)).scalar_one()
    else:
        _rewrite(connection, row_id, values, now)
    _save_changes(connection, row_id, event.changes, now)


def _row_for(connection: Connection, story_id: int, merged: Sequence[int], event: Event, now: datetime) -> int | None:
    """The row to write: the one the event came from, else one of these stories; all others of them give way to it.

    To give way is a row's last revision: calendars that hold its entry must take it back.
    """
    homes = (story_id, *merged)
    query = select(events.c.story_id, events.c.id).where(events.c.story_id.in_(homes), events.c.merged_into.is_(None))
    rows: dict[int, int] = dict(connection.execute(query).all())
    row_id = event.id or next((rows[home] for home in homes if home in rows), None)
    others = [row for row in rows.values() if row != row_id]
    given_way = {"merged_into": row_id, "revision": events.c.revision + 1, "updated_at": now}
    connection.execute(update(events).where(events.c.id.in_(others)).values(given_way))
    return row_id


def _rewrite(connection: Connection, row_id: int, values: Mapping[str, Any], now: datetime) -> None:
    """Write the row; only another event than before makes a further revision.

    Changes that bring no other stage are in the record that readers see: they move `updated_at` alone. That its story
    goes by another number is nothing to them.
    """
    row = connection.execute(select(events).where(events.c.id == row_id)).one()
    before = row._mapping  # noqa: SLF001, the public name for columns by name
    other = {name for name, value in values.items() if before[name] != value}
    told = {"updated_at": now} if other - {"story_id"} else {}
    revised = {"revision": row.revision + 1} if other & SHOWN else {}
    lost = row.last_day is not None and values["last_day"] is None
    former = {"former_start": row.starts_on, "former_end": row.ends_on} if lost else {}
    if other:
        connection.execute(update(events).where(events.c.id == row_id).values(dict(values) | told | revised | former))


def _save_changes(connection: Connection, event_id: int, changes: Sequence[StageChange], now: datetime) -> None:
    kept = [change.id for change in changes if change.id is not None]
    connection.execute(
        update(stage_changes)
        .where(stage_changes.c.id.in_(kept), stage_changes.c.event_id != event_id)
        .values(event_id=event_id)
    )
    fresh = [change for change in changes if change.id is None]
    versions = _versions(connection, {int(change.evidence) for change in fresh})
    rows = [_change_row(event_id, change, versions, now) for change in fresh]
    if rows:
        connection.execute(stage_changes.insert(), rows)


def _versions(connection: Connection, item_ids: Iterable[int]) -> dict[int, int]:
    """The version of each item that its judgement in force read."""
    query = select(items.c.id, judgements.c.version_id).join(judgements, judgements.c.id == items.c.judgement_id)
    return dict(connection.execute(query.where(items.c.id.in_(list(item_ids)))).all())


def _changes(connection: Connection, event_ids: Sequence[int]) -> Mapping[int, list[StageChange]]:
    found: defaultdict[int, list[StageChange]] = defaultdict(list)
    for chunk in chunks(event_ids):
        query = select(stage_changes).where(stage_changes.c.event_id.in_(chunk)).order_by(stage_changes.c.id)
        for row in connection.execute(query):
            change = StageChange(row.stage, row.at, str(row.item_id), row.id, row.retracts)
            found[row.event_id].append(change)
    return found


def _withdrawn(row: Row[Any], changes: Sequence[StageChange]) -> LedgerRow:
    event = _event(row, changes)
    if event.last_day is None:
        event = replace(event, start=row.former_start, end=row.former_end)
    if row.merged_into is not None:
        why = Withdrawn.MERGED
    else:
        why = Withdrawn.UNTOLD if row.stage is None else Withdrawn.UNDATED
    return LedgerRow(event, row.story_id, row.uid, row.revision, row.updated_at, why)


def _event(row: Row[Any], changes: Sequence[StageChange]) -> Event:
    return Event(
        type=row.type,
        start=row.starts_on,
        end=row.ends_on,
        place=row.place,
        participants=tuple(row.participants),
        series=row.series,
        topics=tuple(row.topics),
        changes=tuple(changes),
        id=row.id,
    )


def _values(event: Event) -> dict[str, Any]:
    times = [change.at for change in event.changes]
    return {
        "type": event.type,
        "starts_on": event.start,
        "ends_on": event.end,
        "last_day": event.last_day,
        "place": event.place,
        "participants": list(event.participants),
        "series": event.series,
        "topics": list(event.topics),
        "stage": fold(event.changes),
        "opened_at": min(times, default=None),
        "changed_at": max(times, default=None),
    }


def _change_row(event_id: int, change: StageChange, versions: Mapping[int, int], now: datetime) -> dict[str, Any]:
    item_id = int(change.evidence)
    return {
        "event_id": event_id,
        "stage": change.stage,
        "at": change.at,
        "item_id": item_id,
        "version_id": versions[item_id],
        "retracts": change.retracts,
        "recorded_at": now,
    }
