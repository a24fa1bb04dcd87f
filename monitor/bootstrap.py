"""Settings in, wired application out: the only composition root."""

from __future__ import annotations

import re
import socket
from datetime import UTC, datetime
from pathlib import Path

from monitor import __version__, resources
from monitor.application import Application, Rules
from monitor.classify.judge import Judge
from monitor.deliver.email import EmailChannel, MailServer, Security
from monitor.deliver.file import FileChannel
from monitor.digest.render import Renderer
from monitor.domain.digest import Schedule
from monitor.domain.watchlist import Watchlist
from monitor.errors import SettingsError
from monitor.events.code import Coder
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness
from monitor.parse.sandbox import SandboxedParser
from monitor.pipeline.backfill import Backfill
from monitor.pipeline.follow import Follow
from monitor.pipeline.refresh import Refresh
from monitor.pipeline.replay import Replay
from monitor.pipeline.report import Report
from monitor.ports import Channel, Clock
from monitor.settings import ChannelSettings, Settings
from monitor.settings import EmailChannel as EmailSettings
from monitor.settings import FileChannel as FileSettings
from monitor.store.backfill import SqlBackfillStore
from monitor.store.database import open_existing
from monitor.store.follow import SqlFollowStore
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.store.replay import SqlReplayStore
from monitor.store.report import SqlReportStore
from monitor.store.runs import SqlRunLog
from monitor.watchlists import catalogue, loader


def utc_now() -> datetime:
    """The clock of every ordinary run."""
    return datetime.now(UTC)


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


def wire(settings: Settings, clock: Clock = utc_now, politeness: Politeness | None = None) -> Application:
    """Everything the settings ask for, on a database that exists. Opens no connection and starts no child yet.

    `politeness` takes the place of one that keeps real time. Raises SettingsError, WatchlistError and StoreError.
    """
    rules = load_rules(settings)
    database = open_existing(settings.database_url())
    renderer = load_renderer(settings)
    channels = _channels(settings, renderer)
    fetcher, parser = _fetcher(settings, politeness), SandboxedParser()
    follow = Follow(SqlFollowStore(database), rules.judge, rules.coder, clock)
    return Application(
        rules=rules,
        database=database,
        refresh=Refresh(
            SqlRefreshStore(database), fetcher, parser, clock, settings.poll.interval, settings.http.concurrency
        ),
        backfill=Backfill(SqlBackfillStore(database), fetcher, parser, clock),
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


def load_renderer(settings: Settings) -> Renderer:
    """What fills the templates, the user's own before those that come with the program."""
    folder = settings.templates.folder
    return Renderer(resources.templates(), None if folder is None else settings.resolve(folder))


def _fetcher(settings: Settings, politeness: Politeness | None) -> AiohttpFetcher:
    http = settings.http
    contact = f" (+{http.contact})" if http.contact else ""
    return AiohttpFetcher(
        f"india-japan-monitor/{__version__}{contact}",
        timeout=http.timeout.total_seconds(),
        max_bytes=http.max_body_mb * 1_000_000,
        allowed_hosts=http.allowed_hosts,
        politeness=politeness or Politeness(interval=http.per_host_seconds),
        proxy=None if http.proxy is None else http.proxy.get_secret_value(),
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
