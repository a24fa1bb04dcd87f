"""Whether a feed has moved for good: permanent redirects are believed when they last and lead to a feed throughout."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.domain.feed import NO_ANSWER, Failure, FeedForPoll, FetchFailed, FetchResult, Move, ParseFailed

MOVE_PATIENCE = timedelta(days=7)
"""How long the same permanent redirect must have led to a valid feed. Captive portals, expired domains and hijacked
sites redirect for hours or days (liferea#915, AntennaPod#5324, Vienna#380, skx/rss2email#80)."""

LEAST_DAYS = 4
"""Days of the patience, at least, on which the redirect must have been seen to lead to a feed: more than half of them,
so that neither a redirect seen once before a week of silence nor two a week apart are enough."""

TELLS_NOTHING = NO_ANSWER | {Failure.THROTTLED, Failure.WAITING}
"""Failures that say nothing of where a feed is."""


def move_after(
    feed: FeedForPoll, result: FetchResult, failure: FetchFailed | ParseFailed | None, now: datetime
) -> Move | None:
    """The feed's move after a poll at `now`; None when it answered directly, redirected for a time, or was no feed."""
    if failure is not None or isinstance(result, FetchFailed):
        return feed.move if failure is not None and failure.kind in TELLS_NOTHING else None
    if result.moved_to is None or result.moved_to == feed.url:
        return None
    if feed.move is None or feed.move.to != result.moved_to:
        return Move(result.moved_to, now, now)
    another_day = now.astimezone(UTC).date() > feed.move.seen_at.astimezone(UTC).date()
    return replace(feed.move, seen_at=now, days=feed.move.days + another_day)


def is_settled(move: Move | None, now: datetime) -> bool:
    """Whether the feed's address is to be replaced by the one it moved to, if the poll at `now` was led there too."""
    return move is not None and now - move.since >= MOVE_PATIENCE and move.days >= LEAST_DAYS
