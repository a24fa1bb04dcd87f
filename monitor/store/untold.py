"""Stories with something that a schedule has not told, each with its whole list of sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, literal, select, union

from monitor.domain.digest import StoryForDigest, stage_fact, story_fact
from monitor.domain.event import Event, StageChange
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
    stage_changes,
    story_aliases,
    story_members,
)


def untold_stories(connection: Connection, schedule: str, now: datetime) -> tuple[StoryForDigest, ...]:
    """Stories with live accepted items or stage changes that the schedule has not told, by id.

    A change that rests on archive items alone is never told: it counts as told. A story is told when one that was
    merged into it is.
    """
    new: defaultdict[int, set[int]] = defaultdict(set)
    for story, item in connection.execute(untold_items_query(schedule, now)):
        new[story].add(item)
    found = sorted(new.keys() | set(connection.scalars(untold_changes_query(schedule, now))))
    members = _members(connection, found, now)
    ledger = events_of(connection, found)
    names = _names(connection, found)
    facts = _facts(connection, schedule, _asked(names.values(), ledger.values()))
    said = mentions_of(connection, [row.judgement_id for rows in members.values() for row in rows])
    stories = (
        StoryForDigest(
            story_id=story,
            event=ledger.get(story),
            sources=tuple(map(source, members[story])),
            mentions=tuple(mention for row in members[story] for mention in said.get(row.judgement_id, ())),
            told=any(story_fact(name) in facts for name in names[story]),
            told_changes=_told_changes(ledger.get(story), members[story], facts),
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


def untold_changes_query(schedule: str, now: datetime) -> Select[Any]:
    """Stories with a live accepted member and a stage change that the schedule has not told."""
    fact = literal(stage_fact(0).removesuffix("0"), Text) + cast(stage_changes.c.id, Text)
    told = select(facts_told.c.fact).where(facts_told.c.schedule == schedule, facts_told.c.fact == fact)
    live = (
        select(story_members.c.item_id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(story_members.c.story_id == events.c.story_id, is_live(now), accepted())
    )
    return (
        select(events.c.story_id)
        .join(stage_changes, stage_changes.c.event_id == events.c.id)
        .where(events.c.merged_into.is_(None), ~told.exists(), live.exists())
        .distinct()
    )


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


def _told_changes(event: Event | None, members: Sequence[Row[Any]], facts: frozenset[str]) -> frozenset[int]:
    live = [row for row in members if not row.archive]
    return frozenset(
        change.id
        for change in (event.changes if event else ())
        if change.id is not None and (stage_fact(change.id) in facts or not _rests_on(change, live))
    )


def _rests_on(change: StageChange, live: Iterable[Row[Any]]) -> bool:
    """Whether one of these reports is the change's evidence, or says the same stage."""
    for row in live:
        coding = decode_coding(row.coding)
        if change.evidence == str(row.id) or (coding and coding.stage is change.stage and change.retracts is None):
            return True
    return False
