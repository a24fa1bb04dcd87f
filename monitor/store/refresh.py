"""What refresh reads and writes: feeds with their health, and the items they bring."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update
from typing_extensions import override

from monitor.domain.feed import FeedForPoll, NewFeed, ParsedEntry, PollOutcome
from monitor.domain.identity import item_keys
from monitor.domain.item import ImportedItem, is_archive
from monitor.domain.rhythm import Rhythm
from monitor.domain.run import SavedItems
from monitor.errors import InputError
from monitor.ports import RefreshStore
from monitor.store.bulk import chunks, insert
from monitor.store.database import Database
from monitor.store.drafts import Draft, draft
from monitor.store.items import save_document, save_named
from monitor.store.polls import URL_LIMIT, as_loaded, feed_for_poll, news_after, row_after, settle_move
from monitor.store.tables import feeds

IMPORT = "import"
"""Scheme and kind of the pseudo feeds that imported items belong to."""


class SqlRefreshStore(RefreshStore):
    """Feeds, items and versions in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def add_feeds(self, feeds: Sequence[NewFeed], now: datetime) -> int:
        """As the port says; raises InputError for an address of more than `URL_LIMIT` characters."""
        with self._database.write() as connection:
            return sum(_add_feeds(connection, [_feed_row(feed, now) for feed in chunk]) for chunk in chunks(feeds))

    @override
    def due_feeds(self, now: datetime, limit: int) -> list[FeedForPoll]:
        return self._load(due_query(now, limit))

    @override
    def feeds_by_id(self, ids: Sequence[int] | None) -> list[FeedForPoll]:
        chosen = ~feeds.c.paused if ids is None else feeds.c.id.in_(ids)
        return self._load(_polled(chosen).order_by(feeds.c.id))

    @override
    def save_polls(self, outcomes: Sequence[PollOutcome]) -> SavedItems:
        """As the port says. A feed that was removed meanwhile takes nothing, nor does one that somebody else polled."""
        drafts = [_drafts(outcome) for outcome in outcomes]
        saved = SavedItems()
        with self._database.write() as connection:
            # In one order for all writers: each update locks its feed's row, and two writers must not wait in a ring.
            for outcome, entries in sorted(zip(outcomes, drafts, strict=True), key=lambda pair: pair[0].feed.id):
                saved += _save_poll(connection, outcome, entries)
        return saved

    @override
    def rhythms(self) -> list[Rhythm]:
        known = select(feeds.c.rhythm).where(
            ~feeds.c.paused, feeds.c.next_poll_at.is_not(None), feeds.c.rhythm.is_not(None)
        )
        with self._database.read() as connection:
            return [Rhythm.of_plain(plain) for plain in connection.scalars(known)]

    @override
    def put_off(self, polls: Mapping[int, datetime]) -> None:
        with self._database.write() as connection:
            for feed_id, moment in sorted(polls.items()):
                polled = (feeds.c.id == feed_id) & feeds.c.next_poll_at.is_not(None)
                connection.execute(update(feeds).where(polled).values(next_poll_at=moment))

    @override
    def forgive(self, ids: Collection[int]) -> None:
        healthy = {"failures": 0, "failing_since": None, "failure": None, "failure_message": None}
        with self._database.write() as connection:
            connection.execute(update(feeds).where(feeds.c.id.in_(sorted(ids)), feeds.c.failures == 1).values(healthy))

    @override
    def save_imported(self, name: str, items: Sequence[ImportedItem], now: datetime) -> SavedItems:
        drafts = [draft(item.key, _entry(item), None, archive=True, seen_at=now) for item in items]
        with self._database.write() as connection:
            return save_named(connection, _import_feed(connection, name, now), drafts)

    def _load(self, query: Select[Any]) -> list[FeedForPoll]:
        with self._database.read() as connection:
            return [feed_for_poll(row) for row in connection.execute(query)]


def due_query(now: datetime, limit: int) -> Select[Any]:
    """Feeds due at `now`, longest overdue first."""
    return _polled(~feeds.c.paused, feeds.c.next_poll_at <= now).order_by(feeds.c.next_poll_at).limit(limit)


def _polled(*where: ColumnElement[bool]) -> Select[Any]:
    """Feeds that are polled at all: the pseudo feeds of imports have no next poll."""
    return select(feeds).where(feeds.c.next_poll_at.is_not(None), *where)


def _save_poll(connection: Connection, outcome: PollOutcome, entries: Sequence[Draft]) -> SavedItems:
    """One poll with its items; nothing where the feed is no longer as it was loaded."""
    feed_id = outcome.feed.id
    before = None
    if outcome.parsed is not None:
        before = connection.execute(select(feeds).where(feeds.c.id == feed_id)).first()
    if not connection.execute(update(feeds).where(*as_loaded(outcome.feed)).values(row_after(outcome))).rowcount:
        return SavedItems()
    settle_move(connection, outcome)
    saved = save_document(connection, feed_id, entries)
    if before is not None:
        connection.execute(update(feeds).where(feeds.c.id == feed_id).values(news_after(before, outcome, saved)))
    return saved


def _add_feeds(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    query = insert(connection, feeds).on_conflict_do_nothing(index_elements=["url"]).returning(feeds.c.id)
    return len(connection.execute(query, rows).all())


def _feed_row(feed: NewFeed, now: datetime) -> dict[str, Any]:
    if len(feed.url) > URL_LIMIT:
        raise InputError(f"The address of the feed {feed.title!r} is longer than {URL_LIMIT} characters: shorten it.")
    return {
        "url": feed.url,
        "title": feed.title,
        "site": feed.site,
        "language": feed.language,
        "publisher": feed.publisher,
        "country": feed.country,
        "kind": feed.kind,
        "confidence": feed.confidence,
        "category": feed.category,
        "added_at": now,
        "next_poll_at": now,
    }


def _import_feed(connection: Connection, name: str, now: datetime) -> int:
    row = _feed_row(NewFeed(f"{IMPORT}:{name}", name, kind=IMPORT), now) | {"next_poll_at": None}
    _add_feeds(connection, [row])
    feed_id: int = connection.execute(select(feeds.c.id).where(feeds.c.url == row["url"])).scalar_one()
    return feed_id


def _drafts(outcome: PollOutcome) -> list[Draft]:
    if outcome.parsed is None:
        return []
    entries, now = outcome.parsed.entries, outcome.polled_at
    first_poll = not outcome.feed.polled_before
    language = outcome.parsed.language or outcome.feed.language
    return [
        draft(key, entry, language, archive=is_archive(entry.published, now, first_poll=first_poll), seen_at=now)
        for key, entry in zip(item_keys(entries), entries, strict=True)
    ]


def _entry(item: ImportedItem) -> ParsedEntry:
    raw = None if item.published is None else item.published.isoformat()
    return ParsedEntry(
        guid=None,
        link=item.url,
        title=item.title,
        summary=item.summary,
        published=item.published,
        published_raw=raw,
        language=item.language,
        source=item.outlet,
        offset=item.offset,
    )
