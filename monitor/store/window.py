"""The window: the accepted reports that new ones may join, as one unchanging view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Label, Row, Select, and_, func, or_, select, union

from monitor.domain.event import Coding, Stage
from monitor.domain.run import Window
from monitor.domain.story import Report
from monitor.store.bulk import chunks
from monitor.store.codec import decode_coding
from monitor.store.ledger import events_of
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

OPEN = (Stage.ANNOUNCED, Stage.CONFIRMED, Stage.UNDER_WAY, Stage.POSTPONED)
"""Stages after which more is expected of an event."""

UNDATED_FOR = timedelta(days=180)
"""How long after its last change an open event without a date (or postponed from one) still draws reports to it: half
a year, so that of a yearly exercise the next edition is another event."""


def load_window(connection: Connection, revision: int, earliest: datetime, latest: datetime) -> Window:
    """The window as `FollowStore.window` promises it; `revision` is what the connection's view was read at."""
    rows = connection.execute(reports_query(earliest, latest)).all()
    entities = _entities(connection, [row.judgement_id for row in rows])
    homes = {str(row.id): row.story_id for row in rows if row.story_id is not None}
    reports = tuple(
        _report(row, coding, entities.get(row.judgement_id, frozenset()))
        for row in rows
        if (coding := decode_coding(row.coding)) is not None
    )
    return Window(revision, reports, homes, events_of(connection, sorted(set(homes.values()))))


def reports_query(earliest: datetime, latest: datetime) -> Select[Any]:
    """Accepted items in the window or in a story whose event is open during it, by id; a coding may be missing."""
    return (
        select(
            items.c.id,
            items.c.url,
            items.c.first_seen,
            items.c.judgement_id,
            item_versions.c.title,
            item_versions.c.summary,
            item_versions.c.published,
            judgements.c.language,
            judgements.c.coding,
            story_members.c.story_id,
            shown_publisher(),
        )
        .select_from(judged_items())
        .where(items.c.id.in_(_candidates(earliest, latest)), accepted())
        .order_by(items.c.id)
    )


def shown_publisher() -> Label[Any]:
    """The id of the feed's publisher, else the outlet an item names, as `publisher`."""
    return func.coalesce(feeds.c.publisher, item_versions.c.source).label("publisher")


def _candidates(earliest: datetime, latest: datetime) -> CompoundSelect[Any]:
    """Items that may be wanted, each way in by an index."""
    return union(
        *accepted_ids(items.c.time.between(earliest, latest)),
        select(story_members.c.item_id)
        .join(events, events.c.story_id == story_members.c.story_id)
        .where(_open(earliest, latest)),
    )


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
        voice=row.publisher,
    )
