"""What follow reads and writes: pending items, their window, and what judging and grouping made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Row, Select, and_, bindparam, case, or_, select, update
from typing_extensions import override

from monitor.domain.item import Article, PendingItem
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.run import Followed, Judged, Reach, StoryUpdate, Window
from monitor.errors import ConflictError
from monitor.ports import FollowStore
from monitor.store.bulk import chunks, insert
from monitor.store.codec import encode_coding, encode_receipt
from monitor.store.columns import Word
from monitor.store.database import Database
from monitor.store.ledger import save_event
from monitor.store.standing import last_verdict, mention_rows
from monitor.store.tables import (
    feeds,
    item_versions,
    items,
    judgements,
    mentions,
    revisions,
    stories,
    story_aliases,
    story_members,
)
from monitor.store.window import load_window, shown_publisher

STORIES = "stories"
"""The name of the revision that guards stories and ledger."""


class SqlFollowStore(FollowStore):
    """Judgements, stories and the ledger in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def pending(self, rules_version: str, limit: int) -> list[PendingItem]:
        with self._database.read() as connection:
            found: list[PendingItem] = []
            for query in pending_queries(rules_version):
                found += map(pending_item, connection.execute(query.limit(limit - len(found))))
            return found

    @override
    def window(self, reach: Reach) -> Window:
        with self._database.read() as connection:
            query = select(revisions.c.revision).where(revisions.c.name == STORIES)
            return load_window(connection, connection.execute(query).scalar_one(), reach)

    @override
    def items(self, ids: Sequence[int]) -> list[PendingItem]:
        with self._database.read() as connection:
            query = pending_items().order_by(items.c.id)
            rows = (connection.execute(query.where(items.c.id.in_(chunk))) for chunk in chunks(sorted(ids)))
            return [pending_item(row) for found in rows for row in found]

    @override
    def save_followed(self, followed: Followed, now: datetime) -> None:
        with self._database.write() as connection:
            if followed.revision is not None:
                _advance(connection, followed.revision)
            for chunk in chunks(followed.judged):
                _save_judgements(connection, chunk, followed.rules_version, now)
            _leave_stories(connection, followed.judged)
            _save_stories(connection, followed.stories, now)


def pending_queries(rules_version: str) -> tuple[Select[Any], ...]:
    """Items whose latest version waits for these rules, in the order of their turns, by the time they appeared.

    News comes first, then what was imported, then what other rules judged: today's digest waits for the first alone.
    All are ranges of one index.
    """
    waits = items.c.judged_under == ""
    otherwise = or_(items.c.judged_under < rules_version, items.c.judged_under > rules_version)
    turns = (waits & ~items.c.archive, waits & items.c.archive, otherwise & ~waits)
    return tuple(pending_items().where(turn).order_by(items.c.time, items.c.id) for turn in turns)


def pending_items() -> Select[Any]:
    """Items in their latest versions, with what `pending_item` reads."""
    placed = select(story_members.c.item_id).where(story_members.c.item_id == items.c.id).exists()
    earlier = judgements.alias()
    judged = select(earlier.c.id).where(earlier.c.version_id == item_versions.c.id)
    refused = judged.exists() & ~judged.where(earlier.c.decision == Decision.ACCEPT).exists()
    return (
        select(
            items.c.id,
            items.c.first_seen,
            items.c.archive,
            items.c.url,
            item_versions.c.id.label("version_id"),
            item_versions.c.title,
            item_versions.c.summary,
            item_versions.c.language,
            item_versions.c.published,
            item_versions.c.published_offset,
            shown_publisher(),
            placed.label("placed"),
            refused.label("refused"),
            last_verdict().label("verdict"),
        )
        .join(item_versions, (item_versions.c.item_id == items.c.id) & (item_versions.c.number == items.c.latest))
        .join(feeds, feeds.c.id == items.c.feed_id)
    )


def pending_item(row: Row[Any]) -> PendingItem:
    """The item of a row of `pending_items`."""
    return PendingItem(
        item_id=row.id,
        version_id=row.version_id,
        article=Article(row.title, row.summary, row.language, row.published, row.first_seen, row.published_offset),
        url=row.url,
        publisher=row.publisher,
        archive=row.archive,
        placed=row.placed,
        refused=row.refused,
        verdict=row.verdict,
    )


def _advance(connection: Connection, revision: int) -> None:
    """Move the stories' revision on; on PostgreSQL this also makes the next writer of stories wait for our commit."""
    here = (revisions.c.name == STORIES) & (revisions.c.revision == revision)
    if not connection.execute(update(revisions).where(here).values(revision=revision + 1)).rowcount:
        raise ConflictError("Another program wrote stories meanwhile: the items are grouped again.")


def _save_judgements(connection: Connection, judged: Sequence[Judged], rules_version: str, now: datetime) -> None:
    """Write judgements that are not stored yet, with their mentions, and put them in force.

    A judgement that is stored stays as it is, but for the coding it lacks when an analyst accepts what it rejected.
    """
    rows = [_judgement_row(one, rules_version, now) for one in judged]
    query = insert(connection, judgements).on_conflict_do_nothing().returning(judgements.c.version_id, judgements.c.id)
    fresh: dict[int, int] = dict(connection.execute(query, rows).all())
    found = [
        row
        for one in judged
        if one.item.version_id in fresh
        for row in mention_rows(fresh[one.item.version_id], one.judgement.mentions)
    ]
    if found:
        connection.execute(mentions.insert(), found)
    stored = _stored(connection, judged, rules_version, fresh)
    _code_later(connection, judged, stored)
    _put_in_force(connection, judged, rules_version, fresh | stored)


def _stored(
    connection: Connection, judged: Sequence[Judged], rules_version: str, fresh: Mapping[int, int]
) -> dict[int, int]:
    """The judgements that stood there before, by version."""
    rest = [one.item.version_id for one in judged if one.item.version_id not in fresh]
    query = select(judgements.c.version_id, judgements.c.id).where(
        judgements.c.rules_version == rules_version, judgements.c.version_id.in_(rest)
    )
    return dict(connection.execute(query).all())


def _code_later(connection: Connection, judged: Sequence[Judged], stored: Mapping[int, int]) -> None:
    query = update(judgements).where(judgements.c.id == bindparam("judgement"), judgements.c.coding.is_(None))
    rows = [
        {"judgement": stored[one.item.version_id], "late": encode_coding(one.coding)}
        for one in judged
        if one.item.version_id in stored and one.coding is not None
    ]
    if rows:
        connection.execute(query.values(coding=bindparam("late")), rows)


def _put_in_force(connection: Connection, judged: Sequence[Judged], rules_version: str, ids: Mapping[int, int]) -> None:
    """Point the items to their judgements.

    An item that was edited or given a verdict while it was judged stays pending, and one whose newer version is judged
    already keeps that. What is accepted in hindsight becomes archive.
    """
    number = select(item_versions.c.number).where(item_versions.c.id == bindparam("version")).scalar_subquery()
    is_latest = items.c.latest == number
    same_verdict = last_verdict().is_not_distinct_from(bindparam("verdict", type_=Word(Decision)))
    settled = and_(is_latest, same_verdict)
    query = (
        update(items)
        .where(items.c.id == bindparam("item"), or_(is_latest, items.c.judged_under == ""))
        .values(
            judgement_id=bindparam("judgement"),
            decision=bindparam("fallen"),
            judged_under=case((settled, rules_version), else_=""),
            archive=or_(items.c.archive, and_(settled, bindparam("hindsight", type_=Boolean))),
        )
    )
    rows = [
        {
            "item": one.item.item_id,
            "version": one.item.version_id,
            "judgement": ids[one.item.version_id],
            "fallen": one.judgement.decision,
            "verdict": one.item.verdict,
            "hindsight": one.hindsight,
        }
        for one in sorted(judged, key=lambda one: one.item.item_id)  # in one order: each update locks its row
    ]
    _lock(connection, [one.item.item_id for one in judged])
    connection.execute(query, rows)


def _lock(connection: Connection, ids: Sequence[int]) -> None:
    """On PostgreSQL, wait for verdicts that are being written: a later statement of this transaction then sees them."""
    connection.execute(select(items.c.id).where(items.c.id.in_(ids)).order_by(items.c.id).with_for_update()).all()


def _judgement_row(one: Judged, rules_version: str, now: datetime) -> dict[str, Any]:
    judgement: Judgement = one.judgement
    return {
        "version_id": one.item.version_id,
        "rules_version": rules_version,
        "decision": judgement.decision,
        "score": judgement.score,
        "strength": judgement.strength,
        "language": judgement.language,
        "receipt": encode_receipt(judgement.receipt),
        "coding": encode_coding(one.coding),
        "judged_at": now,
    }


def _leave_stories(connection: Connection, judged: Sequence[Judged]) -> None:
    for chunk in chunks([one.item.item_id for one in judged if not one.accepted]):
        connection.execute(story_members.delete().where(story_members.c.item_id.in_(chunk)))


def _save_stories(connection: Connection, updates: Sequence[StoryUpdate], now: datetime) -> None:
    """All members first, so that what is left in a merged story is what no other story took."""
    homes = [_story(connection, one, now) for one in updates]
    _join(
        connection,
        [(int(key), home) for one, home in zip(updates, homes, strict=True) for key in one.placement.group.keys],
    )
    for one, home in zip(updates, homes, strict=True):
        for merged in one.placement.merged:
            _merge(connection, merged, home, now)
        if one.event is not None:
            save_event(connection, home, one.placement.merged, one.event, now)


def _story(connection: Connection, one: StoryUpdate, now: datetime) -> int:
    if one.placement.story_id is not None:
        return one.placement.story_id
    story_id: int = connection.execute(stories.insert().values(created_at=now).returning(stories.c.id)).scalar_one()
    return story_id


def _join(connection: Connection, members: Sequence[tuple[int, int]]) -> None:
    query = insert(connection, story_members)
    query = query.on_conflict_do_update(index_elements=["item_id"], set_={"story_id": query.excluded.story_id})
    for chunk in chunks(members):
        connection.execute(query, [{"item_id": item, "story_id": story} for item, story in chunk])


def _merge(connection: Connection, merged: int, home: int, now: datetime) -> None:
    """Make `merged` an alias of `home`, with what was merged into it before and the members that are left in it."""
    connection.execute(update(story_members).where(story_members.c.story_id == merged).values(story_id=home))
    connection.execute(update(story_aliases).where(story_aliases.c.story_id == merged).values(story_id=home))
    connection.execute(story_aliases.insert().values(alias=merged, story_id=home, merged_at=now))
