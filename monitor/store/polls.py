"""What a poll changes in the row of its feed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Row, func, select, update
from sqlalchemy.exc import IntegrityError

from monitor.domain.asks import Asks
from monitor.domain.feed import Elsewhere, Failure, FeedForPoll, Move, ParseFailed, PollOutcome, Validators
from monitor.domain.item import clamp_published
from monitor.domain.moves import is_settled
from monitor.domain.rhythm import Rhythm
from monitor.domain.run import SavedItems
from monitor.domain.silence import gap_before
from monitor.store.tables import feeds

URL_LIMIT = 2000
"""Characters of a feed's address: what browsers and servers handle, and what fits into an index of PostgreSQL."""

NOT_MOVED: dict[str, Any] = {"moved_to": None, "moved_since": None, "moved_seen_at": None, "moved_days": None}
"""The columns of a feed that answers from its own address."""


def feed_for_poll(row: Row[Any]) -> FeedForPoll:
    """A feed's row as a poll needs it."""
    return FeedForPoll(
        id=row.id,
        url=row.url,
        title=row.title,
        language=row.language,
        publisher=row.publisher,
        validators=Validators(row.etag, row.last_modified, row.body_hash, _elsewhere(row.elsewhere)),
        failures=row.failures,
        polled_before=row.succeeded_at is not None,
        asks=Asks.of_plain(row.asks or {}),
        move=_move(row),
        no_feed=None if row.no_feed is None else ParseFailed(Failure.NOT_A_FEED, row.no_feed),
        rhythm=None if row.rhythm is None else Rhythm.of_plain(row.rhythm),
    )


def as_loaded(feed: FeedForPoll) -> tuple[ColumnElement[bool], ...]:
    """Whether the feed is still polled, and still holds the document that was the newest when this poll began.

    Otherwise another program saved a newer document meanwhile, and what came before that must not follow it.
    """
    body = feed.validators.body_hash
    return feeds.c.id == feed.id, feeds.c.next_poll_at.is_not(None), feeds.c.body_hash.is_not_distinct_from(body)


def row_after(outcome: PollOutcome) -> dict[str, Any]:
    """The columns of the feed that this poll changes.

    One that failed as all did, or asked nobody since its host is to be spared, changes when to poll again alone; a
    healthy feed says that it waits for its host.
    """
    if outcome.offline or outcome.waits:
        return {"next_poll_at": outcome.next_poll_at} | _waiting(outcome)
    values: dict[str, Any] = {
        "polled_at": outcome.polled_at,
        "next_poll_at": outcome.next_poll_at,
        "asks": outcome.asks.plain() or None,
    } | _moved(outcome.move)
    if outcome.failure is not None:
        return (
            values
            | {
                "failures": feeds.c.failures + 1,
                "failing_since": func.coalesce(feeds.c.failing_since, outcome.polled_at),
                "failure": outcome.failure.kind,
                "failure_message": outcome.failure.message,
            }
            | _no_feed(outcome)
        )
    if outcome.parsed is None and outcome.feed.rhythm is not None:
        values["rhythm"] = outcome.feed.rhythm.after(outcome.polled_at, 0, None).plain()
    healthy = {"failures": 0, "failing_since": None, "failure": None, "failure_message": None, "no_feed": None}
    return values | {"succeeded_at": outcome.polled_at} | healthy | _validators(outcome.validators) | _about(outcome)


def news_after(row: Row[Any], outcome: PollOutcome, saved: SavedItems) -> dict[str, Any]:
    """What the items of a document tell of its feed, whose row this is as it was before the poll."""
    values: dict[str, Any] = {"churned": saved.churned, "rhythm": _rhythm_after(outcome, saved.new).plain()}
    if saved.new:
        gap = gap_before(row.newest_at, row.succeeded_at)
        seconds = None if gap is None else int(gap.total_seconds())
        known = [length for length in (row.longest_gap, seconds) if length is not None]
        values |= {"newest_at": outcome.polled_at, "longest_gap": max(known, default=None)}
    return values


def _rhythm_after(outcome: PollOutcome, new: int) -> Rhythm:
    """What is known of when the feed publishes after a document: by its dates if it is the first, else by its news."""
    entries = outcome.parsed.entries if outcome.parsed is not None else ()
    if outcome.feed.rhythm is not None:
        return outcome.feed.rhythm.after(outcome.polled_at, new, len(entries))
    dates = (clamp_published(entry.published, outcome.polled_at) for entry in entries)
    believed = (date for date, flagged in dates if date is not None and not flagged)
    return Rhythm.learned(outcome.polled_at, believed, len(entries))


def settle_move(connection: Connection, outcome: PollOutcome) -> None:
    """Give a feed that has moved for good its new address, with the validators it holds.

    Where another feed that is polled has that address, this one is paused and says so: its items stay, and the other
    brings what is new. Where that one is paused or removed, this one goes on as it is, since nothing may be missed.
    A poll that failed settles nothing, though the move outlasts it.
    """
    move, feed = outcome.move, outcome.feed
    if (
        outcome.failure is not None
        or move is None
        or not is_settled(move, outcome.polled_at)
        or len(move.to) > URL_LIMIT
    ):
        return
    query = select(feeds.c.id, feeds.c.title, feeds.c.paused, feeds.c.next_poll_at).where(feeds.c.url == move.to)
    other = connection.execute(query).first()
    if other is None:
        if give_address(connection, feed.id, _at_home(move, outcome.validators or feed.validators)):
            return
        other = connection.execute(query).first()
    if other is None or other.paused or other.next_poll_at is None:
        return
    message = f"It moved for good to the address of feed {other.id} ({other.title}), which is polled instead."
    values = {"paused": True, "failure": Failure.DUPLICATE, "failure_message": message}
    connection.execute(update(feeds).where(feeds.c.id == feed.id).values(values))


def give_address(connection: Connection, feed_id: int, home: dict[str, Any]) -> bool:
    """Give the feed its new address; False where another program took that meanwhile, which PostgreSQL allows."""
    try:
        with connection.begin_nested():
            connection.execute(update(feeds).where(feeds.c.id == feed_id).values(home))
    except IntegrityError:
        return False
    return True


def _at_home(move: Move, validators: Validators) -> dict[str, Any]:
    """The columns of a feed at its new address, whose validators are its own from now on."""
    own = validators.elsewhere or Elsewhere(move.to)
    return {"url": move.to, "etag": own.etag, "last_modified": own.last_modified, "elsewhere": None} | NOT_MOVED


def _move(row: Row[Any]) -> Move | None:
    return None if row.moved_to is None else Move(row.moved_to, row.moved_since, row.moved_seen_at, row.moved_days)


def _moved(move: Move | None) -> dict[str, Any]:
    if move is None:
        return NOT_MOVED
    return {
        "moved_to": move.to,
        "moved_since": move.since,
        "moved_seen_at": move.seen_at,
        "moved_days": move.days,
    }


def _elsewhere(stored: dict[str, Any] | None) -> Elsewhere | None:
    return None if stored is None else Elsewhere(**stored)


def _validators(found: Validators | None) -> dict[str, Any]:
    """A body brings all validators anew; a 304 has no body hash and replaces only those it names."""
    if found is None:
        return {}
    values: dict[str, Any] = {"etag": found.etag, "last_modified": found.last_modified, "body_hash": found.body_hash}
    if found.elsewhere is not None:
        values["elsewhere"] = asdict(found.elsewhere)
    return values if found.body_hash is not None else {key: value for key, value in values.items() if value is not None}


def _waiting(outcome: PollOutcome) -> dict[str, Any]:
    if outcome.offline or outcome.feed.failures or outcome.failure is None:
        return {}
    return {"failure": outcome.failure.kind, "failure_message": outcome.failure.message}


def _no_feed(outcome: PollOutcome) -> dict[str, Any]:
    """The validators of a document that was no feed, and why it was none; nothing where no document came."""
    if outcome.validators is None or outcome.failure is None:
        return {}
    return _validators(outcome.validators) | {"no_feed": outcome.failure.message}


def _about(outcome: PollOutcome) -> dict[str, Any]:
    """What the document says of its feed. A site that somebody named is kept, and so is a title other than its host."""
    parsed = outcome.parsed
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
