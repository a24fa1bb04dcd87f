"""Settings in, wired application out: the only composition root."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from monitor import __version__, resources
from monitor.classify.judge import Judge
from monitor.deliver.email import EmailChannel, MailServer, Security
from monitor.deliver.file import FileChannel
from monitor.digest.render import Renderer
from monitor.domain.digest import FrozenDigest, Period, Schedule
from monitor.domain.feed import FeedForPoll
from monitor.domain.run import RunKind, RunRecord
from monitor.domain.watchlist import Watchlist
from monitor.errors import SettingsError
from monitor.events.code import Coder
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness
from monitor.logs import get_logger
from monitor.parse.sandbox import SandboxedParser
from monitor.pipeline.follow import Follow, FollowFigures
from monitor.pipeline.refresh import Refresh, RefreshFigures
from monitor.pipeline.replay import Replay
from monitor.pipeline.report import Report
from monitor.ports import Channel, Clock, RunLog
from monitor.settings import ChannelSettings, Settings
from monitor.settings import EmailChannel as EmailSettings
from monitor.settings import FileChannel as FileSettings
from monitor.store.database import Database, open_existing
from monitor.store.follow import SqlFollowStore
from monitor.store.publishers import sync_publishers
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.store.replay import SqlReplayStore
from monitor.store.report import SqlReportStore
from monitor.store.runs import SqlRunLog
from monitor.watchlists import catalogue, loader

FEEDS_PER_RUN = 1000
"""Due feeds that one refresh takes; what is left is due at the next tick."""

Progress = Callable[[int], None]
T = TypeVar("T")
log = get_logger(__name__)


def ignore(_done: int) -> None:
    """The progress that nobody watches."""


def utc_now() -> datetime:
    """The clock of every ordinary run."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges and codes, without any database."""

    watchlist: Watchlist
    judge: Judge
    coder: Coder


def load_rules(settings: Settings) -> Rules:
    """The watchlist of the settings with its judge and coder. Raises WatchlistError and SettingsError."""
    watchlist = load_watchlist(settings)
    return Rules(watchlist, Judge(watchlist), Coder(watchlist))


def load_watchlist(settings: Settings) -> Watchlist:
    """The watchlist alone. Raises WatchlistError."""
    return loader.load(watchlist_name(settings), watchlist_folder(settings))


def check_watchlist(settings: Settings) -> tuple[Watchlist, int]:
    """The watchlist and the number of its default feeds, once every file was read and every file's name is known.

    Raises WatchlistError.
    """
    name, folder = watchlist_name(settings), watchlist_folder(settings)
    if folder is not None:
        catalogue.refuse_strays(folder)
    return load_watchlist(settings), len(catalogue.load_feeds(name, folder))


def watchlist_name(settings: Settings) -> str:
    """The settings' choice, or the only watchlist that comes with the program. Raises SettingsError."""
    if settings.watchlist.name is not None:
        return settings.watchlist.name
    built_in = loader.built_in()
    if len(built_in) != 1:
        raise SettingsError(f"watchlist.name is missing: it must be one of {', '.join(built_in)}.")
    return built_in[0]


def watchlist_folder(settings: Settings) -> Path | None:
    """The folder of the user's own watchlist files."""
    folder = settings.watchlist.folder
    return None if folder is None else settings.resolve(folder)


@dataclass(frozen=True, slots=True)
class Application:
    """Everything wired. The three runs work inside `async with application.running(): …`."""

    rules: Rules
    database: Database
    refresh: Refresh
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
        await asyncio.to_thread(sync_publishers, self.database, self.rules.watchlist.publishers.values())
        async with self.parser, self.fetcher:
            yield self

    async def refresh_due(self, progress: Progress = ignore) -> RefreshFigures:
        """Poll the feeds that are due; `progress` is told after each commit how many polls it saved."""
        feeds = await asyncio.to_thread(self.refresh.store.due_feeds, self.clock(), FEEDS_PER_RUN)
        return await self.poll(feeds, progress)

    async def poll(self, feeds: Sequence[FeedForPoll], progress: Progress = ignore) -> RefreshFigures:
        """Poll these feeds, due or not."""
        if not feeds:
            return RefreshFigures()
        return await self._logged(RunKind.REFRESH, self.refresh.run(feeds, progress), RefreshFigures.counts)

    async def follow_pending(self, progress: Progress = ignore) -> FollowFigures:
        """Judge, group and record what waits; `progress` is told after each commit how many items it saved."""
        return await self._logged(RunKind.FOLLOW, self._follow(progress), FollowFigures.counts)

    async def report_due(self) -> dict[str, int]:
        """Make the digests that are due, and deliver what waits."""
        return await self._logged(RunKind.REPORT, self.report.run(), lambda counts: counts)

    async def make_now(self, entry: Schedule) -> tuple[FrozenDigest | None, dict[str, int]]:
        """Make and deliver today's digest of the schedule ahead of its time; None where it was made or is empty."""
        digest = await asyncio.to_thread(self.report.make_early, entry, self.period_now(entry))
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
        while (step := await asyncio.to_thread(self.follow.step)) is not None:
            report += step
            progress(step.accepted + step.review + step.rejected)
        return report

    async def _logged(self, kind: RunKind, run: Awaitable[T], counts: Callable[[T], Mapping[str, int]]) -> T:
        """Leave a line in the run log, which takes none of a run that found nothing to do."""
        started = self.clock()
        try:
            result = await run
        except Exception as error:
            await self._record_failure(RunRecord(kind, started, self.clock(), {}, f"{type(error).__name__}: {error}"))
            raise
        figures = counts(result)
        if any(figures.values()):
            log.info("run.finished", run=kind.value, **figures)
        await self._record(RunRecord(kind, started, self.clock(), figures))
        return result

    async def _record_failure(self, record: RunRecord) -> None:
        """Where the database is what failed, the line cannot be left either: the first error is the one to show."""
        try:
            await self._record(record)
        except Exception:
            log.exception("run.unrecorded", run=record.kind.value)

    async def _record(self, record: RunRecord) -> None:
        await asyncio.to_thread(self.runs.record_run, record)


def wire(settings: Settings, clock: Clock = utc_now) -> Application:
    """Everything the settings ask for, on a database that exists. Opens no connection and starts no child yet.

    Raises SettingsError, WatchlistError and StoreError.
    """
    rules = load_rules(settings)
    database = open_existing(settings.database_url())
    renderer = _renderer(settings)
    channels = _channels(settings, renderer)
    fetcher, parser = _fetcher(settings), SandboxedParser()
    follow = Follow(SqlFollowStore(database), rules.judge, rules.coder, clock)
    return Application(
        rules=rules,
        database=database,
        refresh=Refresh(
            SqlRefreshStore(database), fetcher, parser, clock, settings.poll.interval, settings.http.concurrency
        ),
        follow=follow,
        replay=Replay(SqlReplayStore(database), follow),
        report=Report(
            store=SqlReportStore(database),
            watchlist=rules.watchlist,
            renderer=renderer,
            channels=channels,
            schedules=_schedules(settings, rules.watchlist),
            clock=clock,
            sender_domain=_sender_domain(settings),
        ),
        queries=Queries(database),
        runs=SqlRunLog(database),
        fetcher=fetcher,
        parser=parser,
        clock=clock,
    )


def _renderer(settings: Settings) -> Renderer:
    folder = settings.templates.folder
    return Renderer(resources.templates(), None if folder is None else settings.resolve(folder))


def _fetcher(settings: Settings) -> AiohttpFetcher:
    http = settings.http
    contact = f" (+{http.contact})" if http.contact else ""
    return AiohttpFetcher(
        f"india-japan-monitor/{__version__}{contact}",
        timeout=http.timeout.total_seconds(),
        max_bytes=http.max_body_mb * 1_000_000,
        allowed_hosts=http.allowed_hosts,
        politeness=Politeness(interval=http.per_host_seconds),
    )


def _channels(settings: Settings, renderer: Renderer) -> dict[str, Channel]:
    return {name: _channel(settings, name, channel, renderer) for name, channel in settings.channels.items()}


def _channel(settings: Settings, name: str, channel: ChannelSettings, renderer: Renderer) -> Channel:
    if isinstance(channel, FileSettings):
        return FileChannel(settings.resolve(channel.folder), renderer.render_index)
    server = MailServer(
        host=channel.host,
        port=channel.port_or_usual,
        security=Security(channel.security),
        username=channel.username,
        password=settings.password(name, channel),
    )
    return EmailChannel(server, channel.sender, channel.recipients)


def _schedules(settings: Settings, watchlist: Watchlist) -> tuple[Schedule, ...]:
    return tuple(
        Schedule(name, entry.title or watchlist.title, entry.cron, entry.zone, entry.channels, entry.quiet_days)
        for name, entry in settings.schedules.items()
    )


def _sender_domain(settings: Settings) -> str:
    """What ends every Message-ID: the domain mail is sent from, else this machine's name (RFC 5322, 3.6.4)."""
    senders = (channel.sender for channel in settings.channels.values() if isinstance(channel, EmailSettings))
    domain = next(senders, f"@{socket.gethostname()}").rpartition("@")[2]
    return re.sub(r"[^A-Za-z0-9.-]", "-", domain).strip(".-") or "localhost"
