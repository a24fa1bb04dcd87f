"""Refresh: poll feeds and store what they bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor import schedule
from monitor.domain.feed import Fetched, FetchFailed, FeedForPoll, NotModified, ParsedFeed, PollOutcome
from monitor.domain.run import SavedItems
from monitor.ports import Clock, Fetcher, Parser, RefreshStore

FEEDS_PER_COMMIT = 100
SECONDS_PER_COMMIT = 1.0
"""One commit holds this many polls or this much time, whichever comes first: small enough that a crash costs little,
large enough that `synchronous=FULL` is nearly free."""

POLLS_AT_ONCE = 256
"""Polls under way at a time; per-host limits are the fetcher's."""


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """Figures of one refresh: feeds polled, those that failed, and the items they brought."""

    polled: int = 0
    failed: int = 0
    unchanged: int = 0
    items: SavedItems = SavedItems()

    def counts(self) -> dict[str, int]:
        """The figures by name, for the run log."""
        return {
            "polled": self.polled,
            "failed": self.failed,
            "unchanged": self.unchanged,
            "new": self.items.new,
            "changed": self.items.changed,
        }


@dataclass(frozen=True, slots=True)
class Refresh:
    """The refresh run with its collaborators; `interval` is the time between polls of a healthy feed."""

    store: RefreshStore
    fetcher: Fetcher
    parser: Parser
    clock: Clock
    interval: timedelta

    async def run(
        self, feeds: Sequence[FeedForPoll], progress: Callable[[int], None] = lambda _polled: None
    ) -> RefreshReport:
        """Poll the feeds, saving as they come in; `progress` is told how many were just saved."""
        report = RefreshReport()
        async for outcomes in self._batches(feeds):
            saved = await asyncio.to_thread(self.store.save_polls, outcomes)
            report = _add(report, outcomes, saved)
            progress(len(outcomes))
        return report

    async def _batches(self, feeds: Sequence[FeedForPoll]) -> AsyncIterator[list[PollOutcome]]:
        slots = asyncio.Semaphore(POLLS_AT_ONCE)

        async def poll_in_slot(feed: FeedForPoll) -> PollOutcome:
            async with slots:
                return await self.poll(feed)

        async with asyncio.TaskGroup() as tasks:
            running = {tasks.create_task(poll_in_slot(feed)) for feed in feeds}
            batch: list[PollOutcome] = []
            while running:
                done, running = await asyncio.wait(
                    running, timeout=SECONDS_PER_COMMIT, return_when=asyncio.FIRST_COMPLETED
                )
                batch += [task.result() for task in done]
                if batch and (len(batch) >= FEEDS_PER_COMMIT or not done or not running):
                    yield batch
                    batch = []

    async def poll(self, feed: FeedForPoll) -> PollOutcome:
        """Fetch and parse one feed; nothing is written."""
        result = await self.fetcher.fetch(feed)
        parsed = None
        if isinstance(result, Fetched) and result.validators.body_hash != feed.validators.body_hash:
            parsed = await self.parser.parse(result)
        failure = result if isinstance(result, FetchFailed) else None
        if parsed is not None and not isinstance(parsed, ParsedFeed):
            parsed, failure = None, parsed
        now = self.clock()
        return PollOutcome(
            feed=feed,
            polled_at=now,
            next_poll_at=schedule.next_poll(feed, result, failure, now, self.interval),
            validators=result.validators if isinstance(result, Fetched | NotModified) and failure is None else None,
            parsed=parsed,
            failure=failure,
        )


def _add(report: RefreshReport, outcomes: Sequence[PollOutcome], saved: SavedItems) -> RefreshReport:
    failed = sum(outcome.failure is not None for outcome in outcomes)
    parsed = sum(outcome.parsed is not None for outcome in outcomes)
    return RefreshReport(
        polled=report.polled + len(outcomes),
        failed=report.failed + failed,
        unchanged=report.unchanged + len(outcomes) - failed - parsed,
        items=report.items + saved,
    )
