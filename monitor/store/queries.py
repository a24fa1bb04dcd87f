"""The read side: what commands show, each answer from one unchanging view."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from monitor.domain.digest import DeliveryState, FrozenDigest
from monitor.domain.judgement import Decision
from monitor.domain.ladder import StepReport
from monitor.domain.ledger import EventView, LedgerFilter, LedgerRow
from monitor.domain.review import ReviewItem, Sampled
from monitor.domain.run import RunRecord
from monitor.errors import NotFoundError
from monitor.store import delivery_view, digest_view, ladder_view, ledger_view, review_view, stories_view
from monitor.store.database import Database
from monitor.store.item_view import ID_LIMIT, find_item, load_item
from monitor.store.outbox import load_digests
from monitor.store.standing import decision_in_force
from monitor.store.tables import (
    deliveries,
    digests,
    events,
    feeds,
    items,
    runs,
    story_members,
)
from monitor.store.views import Counts, DeliveryRow, DigestRow, FeedRow, ItemView, ScheduleRow, StoryView


class Queries:
    """Answers from a database. What is asked for by name and is not there raises NotFoundError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feeds(self) -> list[FeedRow]:
        """All polled feeds, paused ones too, by id."""
        with self._database.read() as connection:
            return [FeedRow(*row) for row in connection.execute(_feeds_query())]

    def counts(self) -> Counts:
        """Figures for `monitor status`."""
        with self._database.read() as connection:
            return _counts(connection)

    def schedules(self) -> list[ScheduleRow]:
        """All schedules ever synced, by name."""
        with self._database.read() as connection:
            return digest_view.schedule_rows(connection)

    def digests(self, limit: int) -> list[DigestRow]:
        """The last digests of all schedules, newest first."""
        with self._database.read() as connection:
            return digest_view.digest_rows(connection, limit)

    def digest(self, digest_id: int) -> FrozenDigest:
        """One digest as it was frozen."""
        with self._database.read() as connection:
            found = load_digests(connection, [digest_id]) if 0 < digest_id < ID_LIMIT else {}
        if digest_id not in found:
            raise NotFoundError(f"There is no digest {digest_id}: `monitor digest list` shows those there are.")
        return found[digest_id]

    def item(self, name: str) -> ItemView:
        """The item of this id, or the one first seen of those with this URL in any of its forms."""
        with self._database.read() as connection:
            found = find_item(connection, name)
            if found is None:
                raise NotFoundError(f"There is no item {name}: give the number or the address of a stored one.")
            return load_item(connection, found)

    def events(self, wanted: LedgerFilter) -> list[LedgerRow]:
        """The rows of the ledger that are wanted, by day; those that gave way in a merge, or lost all stages, not."""
        with self._database.read() as connection:
            return ledger_view.rows_of(connection, wanted)

    def event_views(self, wanted: LedgerFilter) -> list[EventView]:
        """The same rows with their reports."""
        with self._database.read() as connection:
            return ledger_view.views_of(connection, wanted)

    def withdrawn_events(self, wanted: LedgerFilter) -> list[EventView]:
        """Those that had a day and are among these rows no more, or without a day, with the last days they had."""
        with self._database.read() as connection:
            return ledger_view.withdrawn_of(connection, wanted)

    def event(self, event_id: int) -> EventView:
        """The event of this number with its reports; one that gave way in a merge is found as the one that stays."""
        with self._database.read() as connection:
            found = ledger_view.view_of(connection, event_id)
        if found is None:
            raise NotFoundError(f"There is no event {event_id}: `monitor events list` shows those there are.")
        return found

    def step_reports(self, entities: Collection[str]) -> list[StepReport]:
        """The steps that accepted items tell of these agreements and platforms, by the time they appeared."""
        with self._database.read() as connection:
            return ladder_view.step_reports(connection, entities)

    def stories(self, limit: int, since: datetime | None = None) -> list[StoryView]:
        """The stories whose last reports are the newest, newest first; `since`: with a report of then or later."""
        with self._database.read() as connection:
            return stories_view.newest_stories(connection, limit, since)

    def story(self, story_id: int) -> StoryView:
        """The story of this number, or the one that it was merged into."""
        with self._database.read() as connection:
            found = stories_view.living_story(connection, story_id)
            if found is None:
                raise NotFoundError(f"There is no story {story_id}: `monitor stories list` shows those there are.")
            return stories_view.story_view(connection, found)

    def homes(self, item_ids: Iterable[int]) -> dict[int, int]:
        """The stories of those of these items that are accepted, by item."""
        with self._database.read() as connection:
            return stories_view.shown_homes(connection, item_ids)

    def review_queue(self, limit: int) -> list[ReviewItem]:
        """Items under review that wait for an analyst, the likeliest first."""
        with self._database.read() as connection:
            return review_view.review_items(connection, *review_view.waiting(), limit=limit)

    def review_waiting(self) -> int:
        """How many items wait for an analyst, drawn ones not counted."""
        with self._database.read() as connection:
            return review_view.count_waiting(connection)

    def drawn_waiting(self) -> list[ReviewItem]:
        """Drawn items that wait for an analyst."""
        with self._database.read() as connection:
            return review_view.review_items(connection, *review_view.drawn_and_waiting())

    def sampled(self) -> Sampled:
        """What samples of rejected items came to."""
        with self._database.read() as connection:
            return review_view.sampled(connection)

    def outbox(self) -> dict[DeliveryState, int]:
        """Deliveries by state, 0 included."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self._database.read() as connection:
            found: dict[DeliveryState, int] = dict(connection.execute(query).all())
        return {state: found.get(state, 0) for state in DeliveryState}

    def deliveries(self, limit: int, states: Sequence[DeliveryState]) -> list[DeliveryRow]:
        """The last deliveries in one of these states, newest first."""
        with self._database.read() as connection:
            return delivery_view.delivery_rows(connection, limit, states)

    def delivery(self, delivery_id: int) -> DeliveryRow:
        """One delivery that is there."""
        with self._database.read() as connection:
            return delivery_view.delivery_row(connection, delivery_id)

    def last_runs(self) -> list[RunRecord]:
        """The last run of each kind that ever ran, newest first."""
        last = select(func.max(runs.c.id)).group_by(runs.c.kind)
        query = select(runs).where(runs.c.id.in_(last)).order_by(runs.c.id.desc())
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(query)]


def _feeds_query() -> Select[Any]:
    held = select(func.count()).where(items.c.feed_id == feeds.c.id).scalar_subquery()
    columns = [feeds.c[field.name] for field in fields(FeedRow) if field.name != "items"]
    return select(*columns, held).where(feeds.c.next_poll_at.is_not(None)).order_by(feeds.c.id)


def _counts(connection: Connection) -> Counts:
    decision = decision_in_force()
    decisions = select(decision, func.count()).where(items.c.judgement_id.is_not(None)).group_by(decision)
    polled = feeds.c.next_poll_at.is_not(None)

    def count(table: Table, *where: ColumnElement[bool]) -> int:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()

    return Counts(
        feeds=count(feeds, polled),
        failing=count(feeds, polled, ~feeds.c.paused, feeds.c.failures > 0),
        paused=count(feeds, polled, feeds.c.paused),
        items=count(items),
        archive=count(items, items.c.archive),
        pending=count(items, items.c.judged_under == ""),
        decisions=dict.fromkeys(Decision, 0) | dict(connection.execute(decisions).all()),
        stories=connection.execute(select(func.count(story_members.c.story_id.distinct()))).scalar_one(),
        events=count(events, events.c.merged_into.is_(None), events.c.stage.is_not(None)),
        digests=count(digests),
    )


def _run(row: Row[Any]) -> RunRecord:
    return RunRecord(row.kind, row.started_at, row.finished_at, row.counts, row.error)
