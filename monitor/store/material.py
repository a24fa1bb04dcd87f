"""The material of a digest, read as one unchanging view: what is untold, what lies ahead, and how the watch does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select

from monitor.domain.digest import DeliveryState, DigestMaterial, FeedHealth, WatchState
from monitor.domain.event import Event, Stage
from monitor.domain.judgement import Decision
from monitor.store.ledger import load_events
from monitor.store.sources import source, sources_query
from monitor.store.standing import accepted, has_verdict
from monitor.store.tables import (
    deliveries,
    digests,
    events,
    feeds,
    item_versions,
    items,
    judgements,
    periods,
    story_members,
)
from monitor.store.untold import is_live, untold_stories

AHEAD = (Stage.ANNOUNCED, Stage.CONFIRMED, Stage.POSTPONED)
"""Stages in which an event with a day ahead is coming."""


class Last(NamedTuple):
    """The schedule's last digest."""

    made_at: datetime
    message_id: str


def load_material(connection: Connection, schedule: str, zone: str, now: datetime) -> DigestMaterial:
    """Everything the next digest of the schedule can tell; in `zone` is decided which day is today."""
    last = _last_digest(connection, schedule)
    return DigestMaterial(
        stories=untold_stories(connection, schedule, now),
        coming=_coming(connection, now.astimezone(ZoneInfo(zone)).date()),
        review=tuple(map(source, connection.execute(review_query(now)))),
        archive_added=connection.execute(_archive_added(last)).scalar_one(),
        watch=_watch(connection, last),
        previous=None if last is None else last.message_id,
    )


def review_query(now: datetime) -> Select[Any]:
    """Live items that wait for an analyst."""
    return sources_query(items.c.decision == Decision.REVIEW, ~has_verdict(), is_live(now))


def _last_digest(connection: Connection, schedule: str) -> Last | None:
    query = (
        select(digests.c.made_at, digests.c.message_id)
        .join(periods, periods.c.id == digests.c.period_id)
        .where(periods.c.schedule == schedule)
        .order_by(periods.c.local_date.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Last(*row)


def _coming(connection: Connection, today: date) -> tuple[Event, ...]:
    """Events that begin today or later, by their first day; one whose reports were all rejected is none."""
    believed = (
        select(story_members.c.item_id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(story_members.c.story_id == events.c.story_id, accepted())
    )
    where = events.c.stage.in_(AHEAD) & (events.c.last_day >= today) & (events.c.starts_on >= today)
    found = load_events(connection, where & believed.exists())
    return tuple(sorted(found.values(), key=lambda event: (event.start or date.max, event.id or 0)))


def _archive_added(last: Last | None) -> Select[Any]:
    """Counts archive items accepted since the last digest; one accepted before and judged again is not new."""
    query = (
        select(func.count())
        .select_from(items.join(judgements, judgements.c.id == items.c.judgement_id))
        .where(items.c.archive, items.c.decision == Decision.ACCEPT)
    )
    if last is None:
        return query
    before = (
        select(judgements.c.id)
        .join(item_versions, item_versions.c.id == judgements.c.version_id)
        .where(
            item_versions.c.item_id == items.c.id,
            judgements.c.decision == Decision.ACCEPT,
            judgements.c.judged_at <= last.made_at,
        )
        .correlate(items)
    )
    return query.where(judgements.c.judged_at > last.made_at, ~before.exists())


def _watch(connection: Connection, last: Last | None) -> WatchState:
    """Health of all feeds that are polled, and deliveries given up since the last digest; the role book is not here."""
    polled = ~feeds.c.paused & feeds.c.next_poll_at.is_not(None)
    failing = select(feeds).where(polled, feeds.c.failures > 0).order_by(feeds.c.failing_since, feeds.c.id)
    dead = select(func.count()).select_from(deliveries).where(deliveries.c.state == DeliveryState.DEAD)
    if last is not None:
        dead = dead.where(deliveries.c.settled_at > last.made_at)
    return WatchState(
        feeds=connection.execute(select(func.count()).select_from(feeds).where(polled)).scalar_one(),
        failing=tuple(
            FeedHealth(row.title, row.url, row.failure_message or row.failure, row.failing_since)
            for row in connection.execute(failing)
        ),
        roles_checked=None,
        dead_deliveries=connection.execute(dead).scalar_one(),
    )
