"""Refresh: poll feeds and store what they bring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    FetchFailed,
    FetchResult,
    NotModified,
    ParsedFeed,
    ParseFailed,
    PollOutcome,
    Validators,
)
from monitor.domain.moves import move_after
from monitor.domain.run import NO_NETWORK, SavedItems
from monitor.logs import get_logger
from monitor.pipeline.batches import in_batches
from monitor.pipeline.budget import Budget
from monitor.pipeline.outage import NetworkWatch, answered
from monitor.pipeline.threads import in_thread
from monitor.ports import Clock, Fetcher, Parser, RefreshStore
from monitor.schedule.polling import asks_after, first_allowed, interval_of, next_poll

FEEDS_PER_COMMIT = 100
SECONDS_PER_COMMIT = 0.25
"""One commit holds at most this many polls, and those that came within this time of the first: a crash costs little,
`synchronous=FULL` is nearly free, and no feed waits for another that takes long (benchmarks/hostile.md)."""

POLLS_AT_ONCE = 256
"""Polls under way at a time; per-host limits are the fetcher's."""


log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RefreshFigures:
    """Figures of one refresh: feeds polled, those that failed, and the items they brought.

    `offline` counts those that failed because nothing could be reached, `waiting` those that wait for their host and
    were not asked; they are not among the `failed`.
    """

    polled: int = 0
    failed: int = 0
    unchanged: int = 0
    offline: int = 0
    waiting: int = 0
    items: SavedItems = field(default_factory=SavedItems)

    def counts(self) -> dict[str, int]:
        """The figures by name, for the run log; how many were offline or wait for their host only when some did."""
        counts = {
            "polled": self.polled,
            "failed": self.failed,
            "unchanged": self.unchanged,
            "new": self.items.new,
            "changed": self.items.changed,
        }
        rare = {"offline": self.offline, "waiting": self.waiting}
        return counts | {name: count for name, count in rare.items() if count}

    def __add__(self, other: RefreshFigures) -> RefreshFigures:
        return RefreshFigures(
            self.polled + other.polled,
            self.failed + other.failed,
            self.unchanged + other.unchanged,
            self.offline + other.offline,
            self.waiting + other.waiting,
            self.items + other.items,
        )

    def trouble(self) -> str | None:
        """What kept the whole run from doing its work, None where nothing did."""
        return NO_NETWORK if self.offline else None


@dataclass(frozen=True, slots=True)
class Refresh:
    """The refresh run with its collaborators; `interval` is the time between polls of a healthy feed on average."""

    store: RefreshStore
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    interval: timedelta
    polls_at_once: int = POLLS_AT_ONCE
    network: NetworkWatch = field(default_factory=NetworkWatch)
    budget: Budget = field(default_factory=Budget)

    def due(self, limit: int) -> list[FeedForPoll]:
        """The feeds to poll now; one that came due while its publisher wants no polls is put off."""
        now = self.clock()
        due = self.store.due_feeds(now, limit)
        put_off = {feed.id: first_allowed(feed.asks, now) for feed in due if feed.asks.skips(now)}
        if put_off:
            self.store.put_off(put_off)
        return [feed for feed in due if feed.id not in put_off]

    async def run(
        self, feeds: Sequence[FeedForPoll], progress: Callable[[int], None] = lambda _polled: None
    ) -> RefreshFigures:
        """Poll the feeds, saving as they come in; `progress` is told how many were just saved.

        What a poll raises is a fault of this program: it counts as a failure of that feed, so that the feed waits
        before it is polled again, costs the others nothing, and is raised in the end.
        """
        await in_thread(self.budget.renew, self.store, self.clock(), self.interval)
        report = RefreshFigures()
        surprises: list[Exception] = []
        unreached: list[PollOutcome] = []
        answers = False
        polls = in_batches(self._polls(feeds, surprises), FEEDS_PER_COMMIT, SECONDS_PER_COMMIT)
        async with aclosing(polls) as batches:
            async for outcomes in batches:
                answers = answers or any(map(answered, outcomes))
                unreached += outcomes
                # Until a host answers, nobody knows whose failure it is.
                if answers:
                    report += await self._save(unreached, progress, answers=True)
                    unreached = []
        if unreached:
            report += await self._save(unreached, progress, answers=False)
        if surprises:
            raise surprises[0] if len(surprises) == 1 else ExceptionGroup("Several polls failed.", surprises)
        return report

    async def _save(
        self, outcomes: Sequence[PollOutcome], progress: Callable[[int], None], *, answers: bool
    ) -> RefreshFigures:
        """Save what came in, once it is known whether the network was there."""
        was_down = self.network.network.down
        weighed = self.network.weigh(outcomes, self.clock(), answers=answers)
        if weighed.network.down != was_down:
            log.warning("network.down" if weighed.network.down else "network.back")
        if weighed.forgiven:
            await in_thread(self.store.forgive, weighed.forgiven)
        saved = await in_thread(self.store.save_polls, weighed.outcomes)
        progress(len(outcomes))
        return _figures(weighed.outcomes, saved)

    def _polls(
        self, feeds: Sequence[FeedForPoll], surprises: list[Exception]
    ) -> Iterator[Coroutine[None, None, PollOutcome]]:
        """One poll of each feed, so many at once; what one raises is noted, and is its outcome as well."""
        slots = asyncio.Semaphore(self.polls_at_once)

        async def poll_in_slot(feed: FeedForPoll) -> PollOutcome:
            async with slots:
                try:
                    return await self.poll(feed)
                except Exception as surprise:  # noqa: BLE001, raised by `run`
                    surprises.append(surprise)
                    return self._failed(feed, surprise)

        return map(poll_in_slot, feeds)

    async def poll(self, feed: FeedForPoll) -> PollOutcome:
        """Fetch and parse one feed; nothing is written."""
        result = await self.fetcher.fetch(feed)
        read = await self._read(feed, result)
        parsed = read if isinstance(read, ParsedFeed) else None
        failure = None if isinstance(read, ParsedFeed) else read
        now = self.clock()
        asks = asks_after(feed, result, None if parsed is None else parsed.asks)
        return PollOutcome(
            feed=feed,
            polled_at=now,
            next_poll_at=next_poll(feed, failure, asks, now, self._interval(feed, now)),
            validators=_held(feed, result, read),
            parsed=parsed,
            failure=failure,
            asks=asks,
            move=move_after(feed, result, failure, now),
        )

    async def _read(self, feed: FeedForPoll, result: FetchResult) -> ParsedFeed | FetchFailed | ParseFailed | None:
        """A new document, or why there is none; None where the feed is as it was.

        A document that was no feed does not become one by being unchanged.
        """
        if isinstance(result, FetchFailed):
            return result
        if isinstance(result, NotModified):
            return feed.no_feed
        unchanged = feed.no_feed is None and result.validators.body_hash == feed.validators.body_hash
        return None if unchanged else await self.parser.parse(result)

    def _interval(self, feed: FeedForPoll, now: datetime) -> timedelta:
        return interval_of(feed, now, self.interval, self.budget.norm)

    def _failed(self, feed: FeedForPoll, surprise: Exception) -> PollOutcome:
        """What a poll leaves that raised."""
        message = f"This program failed over the feed ({type(surprise).__name__}): its log tells more."
        failure, now = FetchFailed(Failure.PROGRAM, message), self.clock()
        next_poll_at = next_poll(feed, failure, feed.asks, now, self._interval(feed, now))
        return PollOutcome(feed, now, next_poll_at, failure=failure, asks=feed.asks, move=feed.move)


def _held(
    feed: FeedForPoll, result: FetchResult, read: ParsedFeed | FetchFailed | ParseFailed | None
) -> Validators | None:
    """The validators to ask with next; None to keep those that are stored.

    What the parser did not read to its end is asked for anew: a 304 or the same hash would lose the rest for good. A
    page that is no feed is held only where it has validators and came from the feed's own address: else those of the
    feed before it are the better ones.
    """
    if isinstance(result, FetchFailed):
        return None
    found = result.validators
    if isinstance(read, ParsedFeed):
        return found if read.complete else None
    if isinstance(read, ParseFailed):
        direct = found.elsewhere == feed.validators.elsewhere
        told = read.kind is Failure.NOT_A_FEED and direct and (found.etag or found.last_modified)
        return found if told else None
    return found


def _figures(outcomes: Sequence[PollOutcome], saved: SavedItems) -> RefreshFigures:
    failed = sum(outcome.failure is not None for outcome in outcomes)
    parsed = sum(outcome.parsed is not None for outcome in outcomes)
    offline = sum(outcome.offline for outcome in outcomes)
    waiting = sum(outcome.waits and not outcome.offline for outcome in outcomes)
    return RefreshFigures(
        polled=len(outcomes),
        failed=failed - offline - waiting,
        unchanged=len(outcomes) - failed - parsed,
        offline=offline,
        waiting=waiting,
        items=saved,
    )
