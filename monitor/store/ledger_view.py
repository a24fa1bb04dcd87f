"""The ledger as it is read: rows by filter, and each with its reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select

from monitor.domain.ledger import EventReport, EventView, LedgerFilter, LedgerRow, Withdrawn, in_order
from monitor.store.bulk import chunks
from monitor.store.codec import decode_coding
from monitor.store.item_view import ID_LIMIT
from monitor.store.ledger import ledger_rows, withdrawn_rows
from monitor.store.sources import source, sources_query
from monitor.store.standing import accepted, mentions_of
from monitor.store.tables import events, story_members


def rows_of(connection: Connection, wanted: LedgerFilter) -> list[LedgerRow]:
    """The rows of which a stage stands and that are wanted, by day. One whose reports were all taken back is none."""
    found = ledger_rows(connection, events.c.stage.is_not(None), *_narrowed(wanted))
    return in_order([row for row in found if wanted.takes(row)])


def views_of(connection: Connection, wanted: LedgerFilter) -> list[EventView]:
    """The same rows, each with its reports."""
    rows = rows_of(connection, wanted)
    reports = _reports(connection, [row.story_id for row in rows])
    return [EventView(row, tuple(reports.get(row.story_id, ()))) for row in rows]


def withdrawn_of(connection: Connection, wanted: LedgerFilter) -> list[EventView]:
    """The rows that calendars must take back, by the last days they had, each with the reports it still has.

    Whatever stages are `wanted`, as nobody knows which one a calendar holds.
    """
    at_any_stage = replace(wanted, stages=())
    rows = in_order([row for row in withdrawn_rows(connection) if at_any_stage.takes(row)])
    reports = _reports(connection, [row.story_id for row in rows if row.withdrawn is not Withdrawn.MERGED])
    return [
        EventView(row, () if row.withdrawn is Withdrawn.MERGED else tuple(reports.get(row.story_id, ())))
        for row in rows
    ]


def view_of(connection: Connection, event_id: int) -> EventView | None:
    """The event of this number, or the one it gave way to; None where there is none."""
    for row in ledger_rows(connection, events.c.id == _standing_id(connection, event_id)):
        return EventView(row, tuple(_reports(connection, [row.story_id]).get(row.story_id, ())))
    return None


def _narrowed(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    """What the database can leave out by itself; `LedgerFilter.takes` decides."""
    if wanted.since is not None:
        yield events.c.last_day.is_(None) | (events.c.last_day >= wanted.since)
    if wanted.types:
        yield events.c.type.in_(wanted.types)
    if wanted.stages:
        yield events.c.stage.in_(wanted.stages)


def _standing_id(connection: Connection, event_id: int) -> int:
    """The id of the row that stays, however often the rows that took this one in were merged in turn."""
    standing = event_id if 0 < event_id < ID_LIMIT else 0
    while (into := connection.scalar(select(events.c.merged_into).where(events.c.id == standing))) is not None:
        standing = into
    return standing


def _reports(connection: Connection, story_ids: Sequence[int]) -> dict[int, list[EventReport]]:
    """The accepted reports of each of these stories, in order of time."""
    found: defaultdict[int, list[EventReport]] = defaultdict(list)
    for chunk in chunks(story_ids):
        rows = connection.execute(sources_query(story_members.c.story_id.in_(chunk), accepted())).all()
        mentions = mentions_of(connection, [row.judgement_id for row in rows])
        for row in rows:
            named = tuple(mentions.get(row.judgement_id, ()))
            report = EventReport(source(row, named), named, decode_coding(row.coding))
            found[row.story_id].append(report)
    return found
