"""What refresh reads and writes: feeds with their health, and the items they bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, update
from typing_extensions import override

from monitor.domain.feed import FeedForPoll, NewFeed, ParsedEntry, ParsedFeed, PollOutcome, Validators
from monitor.domain.identity import item_keys
from monitor.domain.item import ImportedItem, is_archive
from monitor.domain.run import SavedItems
from monitor.errors import InputError
from monitor.ports import RefreshStore
from monitor.store.bulk import chunks, insert
from monitor.store.database import Database
from monitor.store.items import Draft, draft, save_document, save_named
from monitor.store.tables import feeds

URL_LIMIT = 2000
"""Characters of a feed's address: what browsers and servers handle, and what fits into an index of PostgreSQL."""

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
                query = update(feeds).where(*_as_loaded(outcome.feed)).values(_after(outcome))
                if connection.execute(query).rowcount:
                    saved += save_document(connection, outcome.feed.id, entries)
        return saved

    @override
    def save_imported(self, name: str, items: Sequence[ImportedItem], now: datetime) -> SavedItems:
        drafts = [draft(item.key, _entry(item), None, archive=True, seen_at=now) for item in items]
        with self._database.write() as connection:
            return save_named(connection, _import_feed(connection, name, now), drafts)

    def _load(self, query: Select[Any]) -> list[FeedForPoll]:
        with self._database.read() as connection:
            return [_feed_for_poll(row) for row in connection.execute(query)]


def due_query(now: datetime, limit: int) -> Select[Any]:
    """Feeds due at `now`, longest overdue first."""
    return _polled(~feeds.c.paused, feeds.c.next_poll_at <= now).order_by(feeds.c.next_poll_at).limit(limit)


def _polled(*where: ColumnElement[bool]) -> Select[Any]:
    """Feeds that are polled at all: the pseudo feeds of imports have no next poll."""
    return select(feeds).where(feeds.c.next_poll_at.is_not(None), *where)


def _feed_for_poll(row: Row[Any]) -> FeedForPoll:
    return FeedForPoll(
        id=row.id,
        url=row.url,
        title=row.title,
        language=row.language,
        publisher=row.publisher,
        validators=Validators(row.etag, row.last_modified, row.body_hash),
        failures=row.failures,
        polled_before=row.succeeded_at is not None,
    )


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


def _as_loaded(feed: FeedForPoll) -> tuple[ColumnElement[bool], ...]:
    """Whether the feed is still polled, and still holds the document that was the newest when this poll began.

    Otherwise another program saved a newer document meanwhile, and what came before that must not follow it.
    """
    body = feed.validators.body_hash
    return feeds.c.id == feed.id, feeds.c.next_poll_at.is_not(None), feeds.c.body_hash.is_not_distinct_from(body)


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


def _after(outcome: PollOutcome) -> dict[str, Any]:
    """The columns of the feed that this poll changes."""
    times = {"polled_at": outcome.polled_at, "next_poll_at": outcome.next_poll_at}
    if outcome.failure is not None:
        return times | {
            "failures": feeds.c.failures + 1,
            "failing_since": func.coalesce(feeds.c.failing_since, outcome.polled_at),
            "failure": outcome.failure.kind,
            "failure_message": outcome.failure.message,
        }
    healthy = {"failures": 0, "failing_since": None, "failure": None, "failure_message": None}
    return times | {"succeeded_at": outcome.polled_at} | healthy | _validators(outcome.validators) | _about(outcome)


def _validators(found: Validators | None) -> dict[str, Any]:
    """A body brings all validators anew; a 304 has no body hash and replaces only those it names."""
    if found is None:
        return {}
    values = {"etag": found.etag, "last_modified": found.last_modified, "body_hash": found.body_hash}
    return values if found.body_hash is not None else {key: value for key, value in values.items() if value is not None}


def _about(outcome: PollOutcome) -> dict[str, Any]:
    """What the document says of its feed. A site that somebody named is kept, and so is a title other than its host."""
    parsed: ParsedFeed | None = outcome.parsed
    if parsed is None:
        return {}
    named = outcome.feed.title != urlsplit(outcome.feed.url).hostname
    return {
        "title": outcome.feed.title if named else parsed.title or outcome.feed.title,
        "format": parsed.format,
        "hub": parsed.hub,
        "site": func.coalesce(feeds.c.site, parsed.site),
        "left_out": parsed.left_out,
    }
