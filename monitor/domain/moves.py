"""Whether a feed has moved for good: permanent redirects are believed when they last and lead to a feed throughout."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.feed import Failure, FeedForPoll, FetchFailed, FetchResult, Move, ParseFailed

MOVE_PATIENCE = timedelta(days=7)
"""How long the same permanent redirect must have led to a valid feed. Captive portals, expired domains and hijacked
sites redirect for hours or days (liferea#915, AntennaPod#5324, Vienna#380, skx/rss2email#80)."""

NO_ANSWER = frozenset({Failure.CONNECTION, Failure.TIMEOUT, Failure.THROTTLED})
"""Failures that say nothing of where a feed is."""


def move_after(
    feed: FeedForPoll, result: FetchResult, failure: FetchFailed | ParseFailed | None, now: datetime
) -> Move | None:
    """The feed's move after a poll at `now`; None when it answered directly, redirected for a time, or was no feed."""
    if failure is not None or isinstance(result, FetchFailed):
        return feed.move if failure is not None and failure.kind in NO_ANSWER else None
    if result.moved_to is None or result.moved_to == feed.url:
        return None
    return feed.move if feed.move is not None and feed.move.to == result.moved_to else Move(result.moved_to, now)


def is_settled(move: Move | None, now: datetime) -> bool:
    """Whether the feed's address is to be replaced by the one it moved to."""
    return move is not None and now - move.since >= MOVE_PATIENCE
