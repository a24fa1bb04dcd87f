"""When a feed is polled next: its own interval, or later where its publisher asks for that.

Caps stand against wishes that a mistake or a template made: a wish of 16 years was seen, and software that writes the
same lifetime for every address. None of them keeps a feed from being polled at least once a week.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from monitor.domain.asks import LEAST_APART, Asks
from monitor.domain.feed import Failure, FeedForPoll, FetchFailed, FetchResult, ParseFailed
from monitor.schedule.adaptive import adaptive_interval

POLL_FLOOR = timedelta(minutes=1)
"""No feed is polled sooner than this after its last poll, whatever the settings or the server say."""

JITTER = 0.1
"""A feed's interval is stretched by up to this share, so that feeds added together spread out. It is never shortened:
publishers count the time between two requests."""

FRESH_CAP = TTL_CAP = PERIOD_CAP = timedelta(days=1)
"""The most that Cache-Control or Expires, ttl, or sy:updatePeriod may delay a poll: a digest is made every day, and
each feed is to be seen before it. Templates say "weekly" of feeds that change hourly."""

BACKOFF_CAP = timedelta(days=1)
"""A failing feed is tried at least this often unless its server asks for a longer wait."""

GONE_INTERVAL = timedelta(days=7)
"""410 Gone says that the feed will not come back; a weekly look notices when it does."""

RETRY_CAP = GONE_INTERVAL
"""The longest Retry-After that is obeyed. Publishers expect waits of more than two days to be respected; beyond a week
the look that even a feed which is gone gets is due."""

LAST_DOUBLING = 20
"""Doublings after which every sensible interval has long met its cap; keeps the numbers small."""

OUTAGE_RETRY = timedelta(minutes=10)
"""How soon all are tried again when no host could be reached: such attempts cost no publisher anything."""

SKIP_MARGIN = timedelta(minutes=2)
"""A poll due this shortly before skipped hours could fall into them while it waits for its turn."""

_HOUR = timedelta(hours=1)


def next_poll(
    feed: FeedForPoll,
    failure: FetchFailed | ParseFailed | None,
    asks: Asks,
    now: datetime,
    interval: timedelta,
) -> datetime:
    """When to poll the feed next, given whether its poll at `now` failed; always at least `POLL_FLOOR` ahead.

    A healthy feed waits its jittered interval, or what `asks` (those in force after this poll) say when that is
    longer, each up to its cap. The first failure waits as long; each further one in a row doubles the wait up to
    `BACKOFF_CAP`, and "too many requests" doubles it at once. A feed that was not asked, as it waits for its host,
    waits as after its last poll. Retry-After is a floor up to `RETRY_CAP`. A feed that is gone waits `GONE_INTERVAL`. A
    moment that is to be skipped becomes the first that is not.
    """
    wait = max(_jittered(interval, feed.url), _asked(asks), POLL_FLOOR)
    if failure is not None:
        wait = max(wait, min(wait * 2 ** min(_doublings(feed, failure), LAST_DOUBLING), BACKOFF_CAP))
        wait = max(wait, min(_retry_after(failure), RETRY_CAP))
        wait = GONE_INTERVAL if failure.kind is Failure.GONE else wait
    return first_allowed(asks, now + wait)


def interval_of(feed: FeedForPoll, now: datetime, base: timedelta, norm: float) -> timedelta:
    """How long a healthy feed waits by its own rhythm, all feeds together as if each waited `base` (see `adaptive`).

    Never less than `LEAST_APART`, not even where a document may overflow meanwhile. Whoever sets a shorter `base` has
    agreed that with publishers; up to an hour no feed can be polled oftener than each `base`, so that all are.
    """
    return base if base <= LEAST_APART else max(adaptive_interval(feed.rhythm, now, base, norm), LEAST_APART)


def next_after_outage(asks: Asks, now: datetime) -> datetime:
    """When to try a feed again that could not be reached because nothing could."""
    return first_allowed(asks, now + OUTAGE_RETRY)


def first_allowed(asks: Asks, moment: datetime) -> datetime:
    """The moment, or where it is to be skipped the first full hour that is not."""
    while asks.skips(moment) or asks.skips(moment + SKIP_MARGIN):
        moment = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
    return moment


def asks_after(feed: FeedForPoll, result: FetchResult, said: Asks | None) -> Asks:
    """What holds after this poll: what its document says, or without a new one (`said` None) what was said before.

    An answer 304 without Cache-Control leaves that of the answer before in force (RFC 9111, section 4.3.4).
    """
    asks = feed.asks if said is None else said
    if isinstance(result, FetchFailed):
        fresh = feed.asks.fresh if result.kind is Failure.WAITING else None
    elif said is None:
        fresh = feed.asks.fresh if result.fresh_for is None else result.fresh_for
    else:
        fresh = result.fresh_for
    return Asks(asks.ttl, asks.period, fresh, asks.skip_hours, asks.skip_days)


def _asked(asks: Asks) -> timedelta:
    """The longest of the wishes, each up to its cap; 0 without any."""
    wishes = (asks.ttl, TTL_CAP), (asks.period, PERIOD_CAP), (asks.fresh, FRESH_CAP)
    return max((min(wish, cap) for wish, cap in wishes if wish is not None), default=timedelta())


def _doublings(feed: FeedForPoll, failure: FetchFailed | ParseFailed) -> int:
    if failure.kind is Failure.WAITING:
        return max(feed.failures - 1, 0)
    return feed.failures + (failure.kind is Failure.THROTTLED)


def _jittered(interval: timedelta, url: str) -> timedelta:
    """The interval times a factor from 1 to 1 + `JITTER` that is always the same for this address."""
    draw = int.from_bytes(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:4], "big") / 2**32
    return interval * (1 + JITTER * draw)


def _retry_after(failure: FetchFailed | ParseFailed) -> timedelta:
    asked = failure.retry_after if isinstance(failure, FetchFailed) else None
    return asked or timedelta()
