"""The daemon, and APScheduler's only home: ticks wake the three runs, and so does the commit of the run before.

A tick or a commit sets an event; one task per run waits for its event and runs. So a run never overlaps itself, and
wake-ups that come while it works become one more run.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.bootstrap import Application
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
            runs = _Runs(application)
            scheduler = _scheduler(runs, ticks)
            scheduler.start()
            log.info("daemon.started", rules=application.follow.rules_version)
            await stop.wait()
            log.info("daemon.stopping")
            scheduler.shutdown(wait=False)
            await runs.stop()
    log.info("daemon.stopped")


class _Runs:
    """The three runs, each in a task of its own; all start awake."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._stopping = False
        self.wakes = {name: asyncio.Event() for name in ("refresh", "follow", "report")}
        self._tasks = {
            "refresh": asyncio.create_task(self._repeat("refresh", self._refresh)),
            "follow": asyncio.create_task(self._repeat("follow", self._follow)),
            "report": asyncio.create_task(self._repeat("report", application.report_due)),
        }
        for wake in self.wakes.values():
            wake.set()

    async def stop(self) -> None:
        """End refresh and follow where they stand, as what they did not save is still due; let deliveries finish."""
        self._stopping = True
        self._tasks["refresh"].cancel()
        self._tasks["follow"].cancel()
        self.wakes["report"].set()
        await asyncio.wait(self._tasks.values(), timeout=GRACE_SECONDS)
        self._tasks["report"].cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _repeat(self, name: str, run: Callable[[], Awaitable[object]]) -> None:
        wake = self.wakes[name]
        while True:
            await wake.wait()
            wake.clear()
            if self._stopping:
                return
            try:
                await run()
            except MonitorError as error:
                log.error("run.failed", run=name, reason=str(error))  # noqa: TRY400, the sentence says it all
            except Exception:
                log.exception("run.failed", run=name)

    async def _refresh(self) -> None:
        await self._application.refresh_due(lambda _saved: self.wakes["follow"].set())

    async def _follow(self) -> None:
        await self._application.follow_pending(lambda _followed: self.wakes["report"].set())


def _scheduler(runs: _Runs, ticks: Ticks) -> AsyncIOScheduler:
    """The ticks. A late one counts however late it is, several late ones count once: a suspended machine catches up."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, wake in runs.wakes.items():
        scheduler.add_job(_waking(wake), "interval", seconds=getattr(ticks, name).total_seconds(), id=name)
    return scheduler


def _waking(wake: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def tick() -> (
        None
    ):  # a coroutine, as APScheduler gives plain functions to threads and events are not for these
        wake.set()

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
