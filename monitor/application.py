"""The wired application: the three runs, each with a line in the run log, and what they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from monitor.classify.judge import Judge
from monitor.domain.digest import FrozenDigest, Period, Schedule
from monitor.domain.feed import FeedForPoll
from monitor.domain.run import RunKind, RunRecord
from monitor.domain.watchlist import Watchlist
from monitor.events.code import Coder
from monitor.fetch.client import AiohttpFetcher
from monitor.logs import get_logger
from monitor.parse.sandbox import SandboxedParser
from monitor.pipeline.backfill import Backfill
from monitor.pipeline.follow import Follow, FollowFigures
from monitor.pipeline.refresh import Refresh, RefreshFigures
from monitor.pipeline.replay import Replay
from monitor.pipeline.report import Report
from monitor.pipeline.threads import in_thread
from monitor.ports import Clock, RunLog
from monitor.store.database import Database
from monitor.store.publishers import sync_publishers
from monitor.store.queries import Queries

FEEDS_PER_RUN = 1000
"""Due feeds that one refresh takes; what is left is due at the next tick."""

Progress = Callable[[int], None]
T = TypeVar("T")
log = get_logger(__name__)


def ignore(_done: int) -> None:
    """The progress that nobody watches."""


def no_trouble(_figures: object) -> None:
    """What keeps a run from its work that nothing can keep from it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges and codes, without any database."""

    watchlist: Watchlist
    judge: Judge
    coder: Coder


@dataclass(frozen=True, slots=True)
class Application:
    """Everything wired. The three runs work inside `async with application.running(): …`."""

    rules: Rules
    database: Database
    refresh: Refresh
    backfill: Backfill
    follow: Follow
    replay: Replay
    report: Report
    queries: Queries
    runs: RunLog
    fetcher: AiohttpFetcher
    parser: SandboxedParser
    clock: Clock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Application]:
        """Connections and parser children end with the block."""
        with self.database:
            await in_thread(sync_publishers, self.database, self.rules.watchlist.publishers.values())
            async with self.parser, self.fetcher:
                yield self

    async def refresh_due(self, progress: Progress = ignore) -> RefreshFigures:
        """Poll the feeds that are due; `progress` is told after each commit how many polls it saved."""
        feeds = await in_thread(self.refresh.due, FEEDS_PER_RUN)
        return await self.poll(feeds, progress)

    async def poll(self, feeds: Sequence[FeedForPoll], progress: Progress = ignore) -> RefreshFigures:
        """Poll these feeds, due or not."""
        if not feeds:
            return RefreshFigures()
        return await self._logged(
            RunKind.REFRESH, self.refresh.run(feeds, progress), RefreshFigures.counts, RefreshFigures.trouble
        )

    async def follow_pending(self, progress: Progress = ignore) -> FollowFigures:
        """Judge, group and record what waits; `progress` is told after each commit how many items it saved."""
        return await self._logged(RunKind.FOLLOW, self._follow(progress), FollowFigures.counts)

    async def report_due(self) -> dict[str, int]:
        """Make the digests that are due, and deliver what waits."""
        return await self._logged(RunKind.REPORT, self.report.run(), lambda counts: counts)

    async def make_now(self, entry: Schedule) -> tuple[FrozenDigest | None, dict[str, int]]:
        """Make and deliver today's digest of the schedule ahead of its time; None where it was made or is empty."""
        digest = await in_thread(self.report.make_early, entry, self.period_now(entry))
        return digest, await self.deliver_waiting()

    async def deliver_waiting(self) -> dict[str, int]:
        """Deliver what waits, without making any digest."""
        return await self._logged(RunKind.REPORT, self.report.deliver(), lambda counts: counts)

    def period_now(self, entry: Schedule) -> Period:
        """The period of this day in the schedule's zone."""
        now = self.clock()
        return Period(entry.name, now.astimezone(ZoneInfo(entry.zone)).date(), now)

    async def _follow(self, progress: Progress) -> FollowFigures:
        """A chunk at a time in a thread, so that a cancelled follow ends with the chunk at hand."""
        report = FollowFigures()
        while (step := await in_thread(self.follow.step)) is not None:
            report += step
            progress(step.accepted + step.review + step.rejected)
        return report

    async def _logged(
        self,
        kind: RunKind,
        run: Awaitable[T],
        counts: Callable[[T], Mapping[str, int]],
        trouble: Callable[[T], str | None] = no_trouble,
    ) -> T:
        """Leave a line in the run log, which takes none of a run that found nothing to do.

        `trouble` tells what kept a run that ended well from doing its work.
        """
        started = self.clock()
        try:
            result = await run
        except Exception as error:
            await self._record_failure(RunRecord(kind, started, self.clock(), {}, f"{type(error).__name__}: {error}"))
            raise
        figures = counts(result)
        if any(figures.values()):
            log.info("run.finished", run=kind.value, **figures)
        await self._record(RunRecord(kind, started, self.clock(), figures, trouble(result)))
        return result

    async def _record_failure(self, record: RunRecord) -> None:
        """Where the database is what failed, the line cannot be left either: the first error is the one to show."""
        try:
            await self._record(record)
        except Exception:
            log.exception("run.unrecorded", run=record.kind.value)

    async def _record(self, record: RunRecord) -> None:
        await in_thread(self.runs.record_run, record)
