"""What is stored of a feed's items, as far as it takes to find them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Row, Select, select

from monitor.domain.churn import Told
from monitor.domain.identity import Identity, content_hash
from monitor.store.bulk import chunks
from monitor.store.drafts import Draft
from monitor.store.tables import item_versions, items


class Known(NamedTuple):
    """What is stored of an item: its id, first sight, the newest version's number and link, what it is known by."""

    id: int
    key: str
    first_seen: datetime
    latest: int
    link: str | None
    identity: Identity

    def says_the_same(self, new: Draft) -> bool:
        """Whether the draft differs from the newest version by its link at most."""
        return content_hash(replace(new.entry, link=self.link)) == self.identity.words

    def comes_renamed(self, new: Draft) -> bool:
        """Whether the draft says the same under another guid or link."""
        told = new.identity
        other = told.guid not in {"", self.identity.guid} or told.link != self.identity.link
        return other and self.says_the_same(new)


def recent(connection: Connection, feed_id: int, entries: int) -> list[tuple[Known, Told]]:
    """The feed's last items, the newest first: twice what a document holds, as others may have come between."""
    rows = connection.execute(recent_query(feed_id, 2 * entries + 50))
    return [(_known(row), Told(row.title, row.summary, row.published_raw or "")) for row in rows]


def recent_query(feed_id: int, limit: int) -> Select[Any]:
    """The last items of the feed with what they tell."""
    return (
        _known_columns(item_versions.c.summary)
        .where(items.c.feed_id == feed_id)
        .order_by(items.c.id.desc())
        .limit(limit)
    )


def candidates(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> list[Known]:
    """All items of the feed that share a guid or a link with a draft; and for one that has neither, its key."""
    identities = [draft.identity for draft in drafts]
    nameless = [draft.key for draft, one in zip(drafts, identities, strict=True) if not one.guid and not one.link]
    found = [
        *load(connection, feed_id, items.c.guid, {one.guid for one in identities if one.guid}),
        *load(connection, feed_id, items.c.url, {one.link for one in identities if one.link}),
        *load(connection, feed_id, items.c.key, nameless),
    ]
    return sorted({item.id: item for item in found}.values())


def load(connection: Connection, feed_id: int, column: Column[Any], values: Collection[str]) -> list[Known]:
    """The feed's items that have one of these values in that column."""
    return [
        _known(row)
        for chunk in chunks(sorted(values))
        for row in connection.execute(known_query(feed_id, column, chunk))
    ]


def known_query(feed_id: int, column: Column[Any], values: Sequence[str]) -> Select[Any]:
    """Items of the feed with one of these values of `key`, `guid` or `url`, with what `_known` reads."""
    # An address has an index of its own, without the feed: SQLite would rather read the whole feed by one that begins
    # with it, unless that is hidden from it.
    feed = items.c.feed_id + 0 if column is items.c.url else items.c.feed_id
    return _known_columns().where(feed == feed_id, column.in_(values))


def _known_columns(*more: Column[Any]) -> Select[Any]:
    return select(
        items.c.id,
        items.c.key,
        items.c.guid,
        items.c.url,
        items.c.first_seen,
        items.c.latest,
        item_versions.c.link,
        item_versions.c.title,
        item_versions.c.published_raw,
        item_versions.c.content_hash,
        *more,
    ).join(item_versions, (item_versions.c.item_id == items.c.id) & (item_versions.c.number == items.c.latest))


def _known(row: Row[Any]) -> Known:
    identity = Identity(row.guid or "", row.url or "", row.title, row.content_hash, row.published_raw or "")
    return Known(row.id, row.key, row.first_seen, row.latest, row.link, identity)
