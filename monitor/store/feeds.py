"""Feeds as their users manage them: paused, resumed, removed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from monitor.domain.asks import LEAST_APART
from monitor.domain.feed import Failure
from monitor.store.database import Database
from monitor.store.polls import NOT_MOVED
from monitor.store.tables import feeds, items


def pause_feed(database: Database, feed_id: int) -> None:
    """Poll the feed no more until it is resumed."""
    _set(database, feeds.c.id == feed_id, paused=True)


def resume_feed(database: Database, feed_id: int) -> None:
    """Poll the feed again when it is due, which it may be already: what its publisher asked for still holds.

    One that was paused because it moved to another feed's address has another week until it would be again.
    """
    _set(database, feeds.c.id == feed_id, paused=False)
    moved = {"failure": None, "failure_message": None, **NOT_MOVED}
    _set(database, (feeds.c.id == feed_id) & (feeds.c.failure == Failure.DUPLICATE), **moved)


def remove_feed(database: Database, feed_id: int) -> None:
    """Forget the feed; one that was polled or has items stays without ever being polled or listed again.

    Who adds it again must not outrun what its publisher asked for.
    """
    known = feeds.c.polled_at.is_not(None) | exists().where(items.c.feed_id == feed_id)
    with database.write() as connection:
        deleted = connection.execute(feeds.delete().where(feeds.c.id == feed_id, ~known))
        if not deleted.rowcount:
            connection.execute(
                update(feeds).where(feeds.c.id == feed_id).values(next_poll_at=None, back_at=feeds.c.next_poll_at)
            )


def take_back_feed(database: Database, url: str, now: datetime) -> bool:
    """Poll a removed feed of this address again when it would have been due; returns whether there was one.

    That is an hour after its last poll at least.
    """
    removed = (feeds.c.url == url) & feeds.c.next_poll_at.is_(None)
    with database.read() as connection:
        found = connection.execute(select(feeds.c.polled_at, feeds.c.back_at).where(removed)).first()
    last, back_at = (None, None) if found is None else found
    due = max(now, back_at or now, now if last is None else last + LEAST_APART)
    return _set(database, removed, paused=False, next_poll_at=due, back_at=None)


def categorise(database: Database, categories: Mapping[str, str]) -> int:
    """Give feeds, named by their addresses, these categories; returns how many had another."""
    with database.write() as connection:
        return sum(
            connection.execute(
                update(feeds)
                .where(feeds.c.url == url, feeds.c.category.is_distinct_from(category))
                .values(category=category)
            ).rowcount
            for url, category in categories.items()
        )


def _set(database: Database, where: ColumnElement[bool], **values: object) -> bool:
    with database.write() as connection:
        return connection.execute(update(feeds).where(where).values(values)).rowcount > 0
