"""Stories with something that a schedule has not told, each with its whole list of sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, func, literal, or_, select, union

from monitor.domain.digest import StoryForDigest, stage_fact, story_fact
from monitor.domain.event import Event, StageChange, steps
from monitor.store.bulk import chunks
from monitor.store.codec import decode_coding
from monitor.store.ledger import events_of
from monitor.store.sources import source, sources_query
from monitor.store.standing import accepted, accepted_ids, mentions_of
from monitor.store.tables import (
    digest_members,
    events,
    facts_told,
    items,
    judgements,
    stage_changes,
    story_aliases,
    story_members,
)

COMMIT_TIME = timedelta(days=1)
"""A follow's commit becomes visible at most so long after the time it gives to its stage changes."""


def untold_stories(
    connection: Connection, schedule: str, now: datetime, last: datetime | None = None
) -> tuple[StoryForDigest, ...]:
    """Stories with live accepted items or stage changes that the schedule has not told, by id.

    `last` is when its last digest was made, None before the first. A story is told when one that was merged into it is.
    Which changes count as told says `_told_changes`.
    """
    new: defaultdict[int, set[int]] = defaultdict(set)
    for story, item in connection.execute(untold_items_query(schedule, now)):
        new[story].add(item)
    found = sorted(new.keys() | set(connection.scalars(untold_changes_query(schedule, now, last))))
    members = _members(connection, found, now)
    ledger = events_of(connection, found)
    names = _names(connection, found)
    facts = _facts(connection, schedule, _asked(names.values(), ledger.values()))
    changes = [change.id for event in ledger.values() for change in event.changes if change.id]
    again, moved = _in_hindsight(connection, changes), _regrouped(connection, changes)
    told = {story: any(story_fact(name) in facts for name in names[story]) for story in found}
    said = mentions_of(connection, [row.judgement_id for rows in members.values() for row in rows])
    stories = (
        StoryForDigest(
            story_id=story,
            event=ledger.get(story),
            sources=tuple(source(row, said.get(row.judgement_id, ())) for row in members[story]),
            mentions=tuple(mention for row in members[story] for mention in said.get(row.judgement_id, ())),
            told=told[story],
            told_changes=_told_changes(
                ledger.get(story), members[story], facts, new[story], again if told[story] else again | moved
            ),
            new_items=frozenset(new[story]),
        )
        for story in found
    )
    return tuple(story for story in stories if story.new_items or story.untold)


def untold_items_query(schedule: str, now: datetime) -> Select[Any]:
    """Live accepted members of stories without a membership in the schedule: story and item."""
    member = select(digest_members.c.item_id).where(
        digest_members.c.schedule == schedule, digest_members.c.item_id == items.c.id
    )
    return (
        select(story_members.c.story_id, items.c.id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(items.c.id.in_(union(*accepted_ids(is_live(now)))), accepted(), ~member.exists())
    )


def untold_changes_query(schedule: str, now: datetime, last: datetime | None) -> Select[Any]:
    """Stories with a new stage change that the schedule has not told: a retraction, or any where a live member is.

    What its last digest did not tell of older changes was not to be told, or comes with a new item.
    """
    fact = literal(stage_fact(0).removesuffix("0"), Text) + cast(stage_changes.c.id, Text)
    told = select(facts_told.c.fact).where(facts_told.c.schedule == schedule, facts_told.c.fact == fact)
    live = (
        select(story_members.c.item_id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(story_members.c.story_id == events.c.story_id, is_live(now), accepted())
    )
    query = (
        select(events.c.story_id)
        .join(stage_changes, stage_changes.c.event_id == events.c.id)
        .where(events.c.merged_into.is_(None), ~told.exists())
        .where(or_(stage_changes.c.retracts.is_not(None), live.exists()))
        .distinct()
    )
    return query if last is None else query.where(stage_changes.c.recorded_at >= last - COMMIT_TIME)


def is_live(now: datetime) -> ColumnElement[bool]:
    """Whether the row of `items` is news for a digest made at `now`."""
    return ~items.c.archive & (items.c.first_seen <= now)


def _members(connection: Connection, stories: Sequence[int], now: datetime) -> Mapping[int, list[Row[Any]]]:
    """The accepted items of each story, archive ones too, by the time they appeared."""
    members: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for chunk in chunks(stories):
        query = sources_query(story_members.c.story_id.in_(chunk), items.c.first_seen <= now, accepted())
        for row in connection.execute(query):
            members[row.story_id].append(row)
    return members


def _names(connection: Connection, stories: Sequence[int]) -> dict[int, set[int]]:
    """Each story's own id and the ids of those that were merged into it."""
    names = {story: {story} for story in stories}
    for chunk in chunks(stories):
        query = select(story_aliases.c.story_id, story_aliases.c.alias).where(story_aliases.c.story_id.in_(chunk))
        for story, alias in connection.execute(query):
            names[story].add(alias)
    return names


def _asked(names: Iterable[Collection[int]], ledger: Iterable[Event]) -> list[str]:
    told = [story_fact(name) for group in names for name in group]
    return told + [stage_fact(change.id) for event in ledger for change in event.changes if change.id is not None]


def _facts(connection: Connection, schedule: str, asked: Sequence[str]) -> frozenset[str]:
    """Those of the facts asked for that the schedule has told."""
    told: set[str] = set()
    for chunk in chunks(asked):
        query = select(facts_told.c.fact).where(facts_told.c.schedule == schedule, facts_told.c.fact.in_(chunk))
        told.update(connection.scalars(query))
    return frozenset(told)


def _in_hindsight(connection: Connection, changes: Sequence[int]) -> frozenset[int]:
    """Those of the changes whose evidence was judged before, under other rules: only the rules brought them."""
    found: set[int] = set()
    for chunk in chunks(changes):
        query = (
            select(stage_changes.c.id)
            .join(judgements, judgements.c.version_id == stage_changes.c.version_id)
            .where(stage_changes.c.id.in_(chunk), judgements.c.judged_at <= stage_changes.c.recorded_at)
            .group_by(stage_changes.c.id)
            .having(func.count() > 1)
        )
        found.update(connection.scalars(query))
    return frozenset(found)


def _regrouped(connection: Connection, changes: Sequence[int]) -> frozenset[int]:
    """Those of the changes whose evidence was judged before, under whatever rules: grouping or an analyst brought them.

    Of a story that was never told they are no news by themselves: it was split off from one that told its reports.
    """
    found: set[int] = set()
    for chunk in chunks(changes):
        query = (
            select(stage_changes.c.id)
            .join(judgements, judgements.c.version_id == stage_changes.c.version_id)
            .where(stage_changes.c.id.in_(chunk), stage_changes.c.retracts.is_(None))
            .where(judgements.c.judged_at < stage_changes.c.recorded_at)
        )
        found.update(connection.scalars(query))
    return frozenset(found)


def _told_changes(
    event: Event | None,
    members: Sequence[Row[Any]],
    facts: frozenset[str],
    new: Collection[int],
    again: Collection[int],
) -> frozenset[int]:
    """Ids of the event's stage changes that are no news to the schedule.

    News is what brought a step of which nothing was told, where a live report tells that stage, and a retraction of
    what was told. Of the changes that only new rules or a new grouping brought (`again`) a retraction is none,
    and the others need one of the `new` reports. All the rest counts as told: what moves nothing (a merge brings old
    announcements along), what rests on archive items alone, and a retraction of what nobody heard.
    """
    changes = event.changes if event else ()
    told = {change.id for change in changes if change.id is not None and stage_fact(change.id) in facts}
    live = [row for row in members if not row.archive]
    fresh = [row for row in live if row.id in new]
    unheard = [step for step in steps(changes) if not any(change.id in told for change in step)]
    rest = (step for step in unheard if any(_rests_on(c, fresh if c.id in again else live) for c in step))
    news = {step[0].id for step in rest}
    news |= {c.id for c in changes if c.retracts in told and c.id not in told and c.id not in again}
    return frozenset(change.id for change in changes if change.id is not None) - news


def _rests_on(change: StageChange, live: Iterable[Row[Any]]) -> bool:
    """Whether one of these reports is the change's evidence, or says the same stage."""
    for row in live:
        coding = decode_coding(row.coding)
        if change.evidence == str(row.id) or (coding and coding.stage is change.stage):
            return True
    return False
