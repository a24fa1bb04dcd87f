"""The window: the accepted reports that new ones may join, as one unchanging view."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Label,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
    union,
)

from monitor.domain.event import Coding, Stage
from monitor.domain.run import Reach, Window
from monitor.domain.story import Report
from monitor.store.bulk import chunks
from monitor.store.codec import decode_coding
from monitor.store.ledger import events_of
from monitor.store.rulings import as_rulings, rulings_on
from monitor.store.standing import accepted, accepted_ids, judged_items
from monitor.store.tables import (
    events,
    feeds,
    item_versions,
    items,
    judgements,
    mentions,
    story_members,
)
from monitor.store.views import RulingRow

OPEN = (Stage.ANNOUNCED, Stage.CONFIRMED, Stage.UNDER_WAY, Stage.POSTPONED)
"""Stages after which more is expected of an event."""

UNDATED_FOR = timedelta(days=180)
"""How long after its last change an open event without a date (or postponed from one) still draws reports to it: half
a year, so that of a yearly exercise the next edition is another event."""


def load_window(connection: Connection, revision: int, reach: Reach) -> Window:
    """The window as `FollowStore.window` promises it; `revision` is what the connection's view was read at."""
    found = _touched(connection, reach)
    members = _members(connection, homes_of(connection, found | reach.items).values())
    rulings, bound = _ruled(connection, found | reach.items | members.keys())
    members |= bound
    rows = _rows(connection, sorted(found | members.keys()))
    entities = _entities(connection, [row.judgement_id for row in rows])
    known = reach.items | {row.id for row in rows}
    homes = {str(item): story for item, story in sorted(members.items()) if item in known}
    reports = tuple(
        _report(row, coding, entities.get(row.judgement_id, frozenset()))
        for row in rows
        if (coding := decode_coding(row.coding)) is not None
    )
    ledger = events_of(connection, sorted(set(homes.values())))
    return Window(revision, reports, homes, ledger, as_rulings(rulings))


def span_query(earliest: datetime, latest: datetime) -> CompoundSelect[Any]:
    """Ids of items that may be accepted ones of the span or of an event open in it, each way in by an index."""
    return union(
        *accepted_ids(items.c.time.between(earliest, latest)),
        _members_where(_open(earliest, latest)),
    )


def days_query(days: Sequence[date]) -> Select[Any]:
    """Ids of the members of stories whose events begin on one of the days; a merged story has none."""
    return _members_where(events.c.starts_on.in_(days))


def reports_query(ids: Sequence[int]) -> Select[Any]:
    """Those of these items that are accepted, by id; a coding may be missing."""
    return (
        select(
            items.c.id,
            items.c.url,
            items.c.first_seen,
            items.c.judgement_id,
            item_versions.c.title,
            item_versions.c.summary,
            item_versions.c.published,
            item_versions.c.published_offset,
            judgements.c.language,
            judgements.c.coding,
            shown_publisher(),
        )
        .select_from(judged_items())
        .where(items.c.id.in_(ids), accepted())
        .order_by(items.c.id)
    )


def shown_publisher() -> Label[Any]:
    """The id of the feed's publisher, else the outlet an item names, as `publisher`."""
    return func.coalesce(feeds.c.publisher, item_versions.c.source).label("publisher")


def _touched(connection: Connection, reach: Reach) -> set[int]:
    """Ids of items of the spans, of events open then, and of events with one of the first days."""
    found: set[int] = set()
    for span in reach.spans:
        found.update(connection.scalars(span_query(*span)))
    for chunk in chunks(sorted(reach.days)):
        found.update(connection.scalars(days_query(chunk)))
    return found


def _ruled(connection: Connection, ids: Iterable[int]) -> tuple[Collection[RulingRow], dict[int, int]]:
    """The rulings on these items and on what is bound to them, and the members of the stories that come in by that.

    An item that is bound to one of these may be out of reach, or rejected meanwhile: what it is bound to in turn is of
    one story with the first all the same.
    """
    rulings: dict[int, RulingRow] = {}
    members: dict[int, int] = {}
    known, fresh = set[int](), set(ids)
    while fresh:
        known |= fresh
        named = rulings_on(connection, fresh)
        rulings |= named
        bound = {item for row in named.values() for item in row.bound} - known
        come = _members(connection, homes_of(connection, bound).values())
        members |= come
        fresh = (bound | come.keys()) - known
    return rulings.values(), members


def _members_where(of_event: ColumnElement[bool]) -> Select[Any]:
    joined = select(story_members.c.item_id).join(events, events.c.story_id == story_members.c.story_id)
    return joined.where(of_event)


def homes_of(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """The stories that these items are in, by item."""
    return _memberships(connection, story_members.c.item_id, ids)


def _members(connection: Connection, stories: Iterable[int]) -> dict[int, int]:
    """All items in these stories, each with its story."""
    return _memberships(connection, story_members.c.story_id, set(stories))


def _memberships(connection: Connection, column: Column[int], values: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in chunks(sorted(values)):
        query = select(story_members.c.item_id, story_members.c.story_id).where(column.in_(chunk))
        found |= dict(connection.execute(query).all())
    return found


def _rows(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    return [row for chunk in chunks(ids) for row in connection.execute(reports_query(chunk))]


def _open(earliest: datetime, latest: datetime) -> ColumnElement[bool]:
    """Whether an event waits for more between the two times: from its first report until its last day is over."""
    undated = or_(events.c.last_day.is_(None), events.c.stage == Stage.POSTPONED)
    return and_(
        events.c.merged_into.is_(None),
        events.c.stage.in_(OPEN),
        events.c.opened_at <= latest,
        or_(events.c.last_day >= earliest.date(), undated & (events.c.changed_at >= earliest - UNDATED_FOR)),
    )


def _entities(connection: Connection, judgement_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for judgement, entity in _mentioned(connection, judgement_ids):
        found.setdefault(judgement, set()).add(entity)
    return {judgement: frozenset(entities) for judgement, entities in found.items()}


def _mentioned(connection: Connection, judgement_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    for chunk in chunks(judgement_ids):
        query = select(mentions.c.judgement_id, mentions.c.entity).where(mentions.c.judgement_id.in_(chunk)).distinct()
        yield from connection.execute(query)


def _report(row: Row[Any], coding: Coding, entities: frozenset[str]) -> Report:
    return Report(
        key=str(row.id),
        title=row.title,
        summary=row.summary,
        time=row.published or row.first_seen,
        entities=entities,
        coding=coding,
        language=row.language,
        url=row.url,
        voice=coding.credit or row.publisher,
        offset=row.published_offset,
    )
