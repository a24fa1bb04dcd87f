"""The daemon, and APScheduler's only home: ticks wake the three runs, and so does the commit of the run before.

A tick or a commit sets an event; one task per run waits for its event and runs. So a run never overlaps itself, and
wake-ups that come while it works become one more run.

After a start, and after the machine slept, a digest that came due meanwhile waits for one refresh and one follow (at
most `catch_up.PATIENCE`): made at once it would tell of the evening before and leave out what happened since.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.application import Application
from monitor.domain.run import RunKind
from monitor.entrypoints.catch_up import CatchUp
from monitor.errors import MonitorError
from monitor.logs import get_logger
from monitor.store.lock import only_daemon

GRACE_SECONDS = 5.0
"""How long deliveries under way may take once the daemon is told to stop; all in all it ends within ten seconds."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ticks:
    """How often each run is woken although nothing called it: how late a feed, an item or a digest may be."""

    refresh: timedelta = timedelta(seconds=5)
    follow: timedelta = timedelta(minutes=1)
    report: timedelta = timedelta(seconds=15)


def run_daemon(application: Application, ticks: Ticks | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises StoreError when another daemon serves the same database."""
    # The lock outlasts the event loop, which waits for threads that still write.
    with only_daemon(application.database):
        asyncio.run(_serve(application, ticks or Ticks()))


async def _serve(application: Application, ticks: Ticks) -> None:
    with _stop_signal() as stop:
        async with application.running():
            runs = _Runs(application, ticks)
            scheduler = _scheduler(runs)
            scheduler.start()
            log.info("daemon.started", rules=application.follow.rules_version)
            watchlist = application.rules.watchlist
            if watchlist.roles_stale(application.clock().date()):
                log.warning("offices.stale", checked=str(watchlist.roles_checked))
            await stop.wait()
            log.info("daemon.stopping")
            scheduler.shutdown(wait=False)
            await runs.stop()
    log.info("daemon.stopped")


@dataclass(frozen=True, slots=True)
class _Run:
    """One of the three: what it does, how often it is woken although nothing called it, and what wakes it."""

    work: Callable[[], Awaitable[object]]
    every: timedelta
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class _Runs:
    """The three runs, each in a task of its own; all start awake, and report waits until the others caught up."""

    def __init__(self, application: Application, ticks: Ticks) -> None:
        self._application = application
        self._stopping = False
        self._held = False
        self._catch_up = CatchUp(application.clock())
        self.runs = {
            RunKind.REFRESH: _Run(self._refresh, ticks.refresh),
            RunKind.FOLLOW: _Run(self._follow, ticks.follow),
            RunKind.REPORT: _Run(self._report, ticks.report),
        }
        self._tasks = {kind: asyncio.create_task(self._repeat(kind, run)) for kind, run in self.runs.items()}
        for kind in self.runs:
            self.wake(kind)

    def wake(self, kind: RunKind) -> None:
        """Let the run work as soon as it can; a call that finds the machine just woken holds digests back."""
        self._catch_up.look(self._application.clock())
        self.runs[kind].wake.set()

    async def stop(self) -> None:
        """End refresh and follow where they stand, as what they did not save is still due; let deliveries finish."""
        self._stopping = True
        self._tasks[RunKind.REFRESH].cancel()
        self._tasks[RunKind.FOLLOW].cancel()
        self.runs[RunKind.REPORT].wake.set()
        await asyncio.wait(self._tasks.values(), timeout=GRACE_SECONDS)
        self._tasks[RunKind.REPORT].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _repeat(self, kind: RunKind, run: _Run) -> None:
        while True:
            await run.wake.wait()
            run.wake.clear()
            if self._stopping:
                return
            try:
                await run.work()
            except MonitorError as error:
                log.error("run.failed", run=kind.value, reason=str(error))  # noqa: TRY400, the sentence says it all
            except Exception:
                log.exception("run.failed", run=kind.value)

    async def _refresh(self) -> None:
        begun = self._catch_up.begin(self._application.clock())
        await self._application.refresh_due(lambda _saved: self.wake(RunKind.FOLLOW))
        now = self._application.clock()
        self._catch_up.refreshed(begun, now)
        if not self._catch_up.look(now):
            self.wake(RunKind.FOLLOW)

    async def _follow(self) -> None:
        begun = self._catch_up.begin(self._application.clock())
        await self._application.follow_pending(lambda _followed: self.wake(RunKind.REPORT))
        self._catch_up.followed(begun, self._application.clock())
        if self._held:
            self.wake(RunKind.REPORT)

    async def _report(self) -> None:
        """Make and deliver; while the news of a time away is missing, deliver only."""
        held = not self._catch_up.look(self._application.clock())
        if held and not self._held:
            log.info("digests.held")
        self._held = held
        await (self._application.deliver_waiting() if held else self._application.report_due())


def _scheduler(runs: _Runs) -> AsyncIOScheduler:
    """The ticks. A late one counts however late it is, several late ones count once: a suspended machine catches up."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for kind, run in runs.runs.items():
        scheduler.add_job(_waking(runs, kind), "interval", seconds=run.every.total_seconds(), id=kind.value)
    return scheduler


def _waking(runs: _Runs, kind: RunKind) -> Callable[[], Awaitable[None]]:
    # A coroutine, as APScheduler gives plain functions to threads and events are not for these.
    async def tick() -> None:
        runs.wake(kind)

    return tick


@contextmanager
def _stop_signal() -> Iterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
