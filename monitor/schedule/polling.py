"""When a feed is polled next."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from monitor.domain.feed import Failure, FeedForPoll, FetchFailed, FetchResult, ParseFailed

POLL_FLOOR = timedelta(minutes=1)
"""No feed is polled sooner than this after its last poll, whatever the settings or the server say."""

JITTER = 0.1
"""A feed's interval is stretched or shortened by up to this share, so that feeds added together spread out."""

FRESH_CAP = timedelta(hours=6)
"""The most that a Cache-Control of days may delay a poll: some servers give every address the same long lifetime."""

BACKOFF_CAP = timedelta(days=1)
"""A failing feed is tried at least this often; also the longest Retry-After that is obeyed."""

GONE_INTERVAL = timedelta(days=7)
"""410 Gone says that the feed will not come back; a weekly look notices when it does."""

LAST_DOUBLING = 20
"""Doublings after which every sensible interval has long met its cap; keeps the numbers small."""


def next_poll(
    feed: FeedForPoll,
    result: FetchResult,
    failure: FetchFailed | ParseFailed | None,
    now: datetime,
    interval: timedelta,
) -> datetime:
    """When to poll the feed next, given what its poll at `now` brought; always at least `POLL_FLOOR` ahead.

    A healthy feed waits its jittered interval, or what Cache-Control asks for when that is longer (up to `FRESH_CAP`).
    The first failure waits as long; each further one in a row doubles the wait up to `BACKOFF_CAP`. Retry-After is a
    floor up to the same cap. A feed that is gone waits `GONE_INTERVAL`.
    """
    wait = _jittered(interval, feed.url)
    if failure is None:
        asked = min(_fresh_for(result), FRESH_CAP)
    elif failure.kind is Failure.GONE:
        return now + GONE_INTERVAL
    else:
        wait = max(wait, min(wait * 2 ** min(feed.failures, LAST_DOUBLING), BACKOFF_CAP))
        asked = min(_retry_after(failure), BACKOFF_CAP)
    return now + max(wait, asked, POLL_FLOOR)


def _jittered(interval: timedelta, url: str) -> timedelta:
    """The interval times a factor in 1 ± `JITTER` that is always the same for this address."""
    draw = int.from_bytes(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:4], "big") / 2**32
    return interval * (1 + JITTER * (2 * draw - 1))


def _fresh_for(result: FetchResult) -> timedelta:
    asked = None if isinstance(result, FetchFailed) else result.fresh_for
    return asked or timedelta()


def _retry_after(failure: FetchFailed | ParseFailed) -> timedelta:
    asked = failure.retry_after if isinstance(failure, FetchFailed) else None
    return asked or timedelta()
