"""The material of a digest, read as one unchanging view: what is untold, what lies ahead, and how the watch does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, select

from monitor.domain.digest import (
    EDITIONS_FOR,
    REVIEW_SHOWN,
    UNREPORTED_AFTER,
    UNREPORTED_FOR,
    DeliveryState,
    DigestMaterial,
    FeedHealth,
    Schedule,
    WatchState,
    unreported_fact,
)
from monitor.domain.event import AWAITED, Event, EventType
from monitor.domain.judgement import Decision
from monitor.domain.run import NO_NETWORK, RunKind
from monitor.domain.silence import is_quiet
from monitor.store.bulk import chunks
from monitor.store.ladder_view import step_reports
from monitor.store.ledger import load_events
from monitor.store.sources import source, sources_query
from monitor.store.standing import accepted, has_verdict
from monitor.store.tables import (
    deliveries,
    digests,
    events,
    facts_told,
    feeds,
    item_versions,
    items,
    judgements,
    periods,
    runs,
    story_aliases,
    story_members,
)
from monitor.store.untold import is_live, untold_stories


def load_material(connection: Connection, schedule: Schedule, now: datetime) -> DigestMaterial:
    """Everything the next digest of the schedule can tell; in its zone is decided which day is today."""
    last, today = _last_digest(connection, schedule.name), now.astimezone(ZoneInfo(schedule.zone)).date()
    stories = untold_stories(connection, schedule.name, now, last)
    climbing = {step.entity for story in stories for source in story.sources for step in source.steps}
    return DigestMaterial(
        stories=stories,
        coming=_coming(connection, today),
        review=tuple(map(source, connection.execute(review_query(now)))),
        review_waiting=connection.execute(review_count(now)).scalar_one(),
        archive_added=connection.execute(_archive_added(last)).scalar_one(),
        watch=_watch(connection, last),
        editions=tuple(load_events(connection, editions_since(today - EDITIONS_FOR)).values()),
        unreported=_unreported(connection, schedule.name, today),
        steps=tuple(step_reports(connection, climbing)),
    )


def review_query(now: datetime) -> Select[Any]:
    """The newest live items that wait for an analyst, `REVIEW_SHOWN` at most."""
    newest = (items.c.time.desc(), items.c.id.desc())
    return sources_query(*_under_review(now)).order_by(None).order_by(*newest).limit(REVIEW_SHOWN)


def review_count(now: datetime) -> Select[Any]:
    """How many there are of these in all."""
    return select(func.count()).select_from(items).where(*_under_review(now))


def _under_review(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (items.c.decision == Decision.REVIEW, ~has_verdict(), is_live(now))


def waiting_query() -> Select[Any]:
    """Counts items whose newest version, or whose verdict, nobody has followed yet."""
    return select(func.count()).select_from(items).where(items.c.judged_under == "")


def _last_digest(connection: Connection, schedule: str) -> datetime | None:
    """When the schedule's last digest was made; None before its first."""
    query = (
        select(digests.c.made_at)
        .join(periods, periods.c.id == digests.c.period_id)
        .where(periods.c.schedule == schedule)
        .order_by(periods.c.local_date.desc())
        .limit(1)
    )
    return connection.scalars(query).first()


def _coming(connection: Connection, today: date) -> tuple[Event, ...]:
    """Events that begin today or later, by their first day; one whose reports were all rejected is none."""
    believed = (
        select(story_members.c.item_id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(story_members.c.story_id == events.c.story_id, accepted())
    )
    where = events.c.stage.in_(AWAITED) & (events.c.last_day >= today) & (events.c.starts_on >= today)
    found = load_events(connection, where & believed.exists())
    return tuple(sorted(found.values(), key=lambda event: (event.start or date.max, event.id or 0)))


def editions_since(day: date) -> ColumnElement[bool]:
    """Whether the row may be an edition of a series that began since `day`: it names one, or people met."""
    return (events.c.starts_on >= day) & (events.c.series.is_not(None) | (events.c.type == EventType.MEETING))


def _unreported(connection: Connection, schedule: str, today: date) -> tuple[Event, ...]:
    """What `unreported_to` finds, without the events of whose last day the schedule has told that already."""
    passed = load_events(connection, unreported_to(schedule, today)).values()
    named = {unreported_fact(event.id, event.last_day): event for event in passed if event.id and event.last_day}
    for chunk in chunks(list(named)):
        told = select(facts_told.c.fact).where(facts_told.c.schedule == schedule, facts_told.c.fact.in_(chunk))
        for fact in connection.scalars(told).all():
            del named[fact]
    return tuple(named.values())


def unreported_to(schedule: str, today: date) -> ColumnElement[bool]:
    """Whether the schedule told the row's story, whose last day passed since without a word of it.

    Merged stories are heard under any of their names.
    """
    known_as = select(story_aliases.c.alias).where(story_aliases.c.story_id == events.c.story_id)
    told = select(facts_told.c.fact).where(facts_told.c.schedule == schedule)
    story_told = told.where(facts_told.c.fact == literal("story:") + cast(events.c.story_id, Text)).exists()
    alias_told = known_as.where(
        told.where(facts_told.c.fact == literal("story:") + cast(story_aliases.c.alias, Text)).exists()
    )
    passed = events.c.last_day.between(today - UNREPORTED_FOR, today - UNREPORTED_AFTER)
    return events.c.stage.in_(AWAITED) & passed & (story_told | alias_told.exists())


def _archive_added(last: datetime | None) -> Select[Any]:
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
            judgements.c.judged_at <= last,
        )
        .correlate(items)
    )
    return query.where(judgements.c.judged_at > last, ~before.exists())


def _watch(connection: Connection, last: datetime | None) -> WatchState:
    """Health of all feeds that are polled, deliveries given up since the last digest, and what nobody has judged yet.

    The role book is not here.
    """
    polled = ~feeds.c.paused & feeds.c.next_poll_at.is_not(None)
    failing = select(feeds).where(polled, feeds.c.failures > 0).order_by(feeds.c.failing_since, feeds.c.id)
    dead = select(func.count()).select_from(deliveries).where(deliveries.c.state == DeliveryState.DEAD)
    if last is not None:
        dead = dead.where(deliveries.c.settled_at > last)
    working = select(feeds).where(polled, feeds.c.failures == 0).order_by(feeds.c.newest_at, feeds.c.id)
    cut = select(feeds.c.title, feeds.c.left_out).where(polled, feeds.c.left_out > 0).order_by(feeds.c.id)
    return WatchState(
        quiet=tuple(
            FeedHealth(row.title, None, row.newest_at or row.added_at)
            for row in connection.execute(working)
            if is_quiet(row.newest_at, row.longest_gap, row.added_at, row.succeeded_at)
        ),
        offline_since=_offline_since(connection),
        left_out=tuple((row.title, row.left_out) for row in connection.execute(cut)),
        feeds=connection.execute(select(func.count()).select_from(feeds).where(polled)).scalar_one(),
        failing=tuple(
            FeedHealth(row.title, row.failure_message or row.failure, row.failing_since)
            for row in connection.execute(failing)
        ),
        roles_checked=None,
        dead_deliveries=connection.execute(dead).scalar_one(),
        waiting=connection.execute(waiting_query()).scalar_one(),
    )


def _offline_since(connection: Connection) -> datetime | None:
    """When the outage began that kept the last refresh from its work; None where the network was there."""
    query = select(runs).where(runs.c.kind == RunKind.REFRESH).order_by(runs.c.id.desc()).limit(1)
    last = connection.execute(query).first()
    return last.started_at if last is not None and last.error == NO_NETWORK else None
