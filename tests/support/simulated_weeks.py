"""Weeks of polling in seconds: the real application, SQLite and HTTP, with a clock that jumps to what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from monitor.application import Application
from monitor.bootstrap import wire
from monitor.domain.feed import NewFeed
from monitor.fetch.politeness import Politeness
from monitor.settings import Settings, load
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.tables import feeds, items
from tests.support.publishers import START, cast
from tests.support.scoring import DAY, KEPT, STAYED, STORED, Score
from tests.support.scoring_server import ScoringServer

TICK = timedelta(seconds=5)
"""How often the daemon looks for what is due."""


class Clock:
    """A clock that only its owner and sleepers move, on the wall and monotonic alike."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return (self.time - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Take a tenth of the time, so that what is under way meanwhile arrives in its order."""
        until = self.time + timedelta(seconds=seconds)
        await asyncio.sleep(seconds / 10)
        self.time = max(self.time, until)


class Weeks:
    """One simulated run: publishers, the application that polls them, and what it comes to.

    `restarts` and `outages` (begin and length) count from the start.
    """

    def __init__(self, folder: Path, length: timedelta, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.folder = folder
        self.length = length

    async def run(self, restarts: Sequence[timedelta], outages: Sequence[tuple[timedelta, timedelta]]) -> Score:
        """Poll for the whole length, begin anew at each restart, and judge every request."""
        server = ScoringServer(self.clock.now)
        async with server.serving(cast(server.port, self.length)):
            self.found(server)
            ends = sorted({*(START + moment for moment in restarts), START + self.length})
            breaks = [(START + begin, START + begin + lasting) for begin, lasting in outages]
            for end in ends:
                async with self.wired().running() as application:
                    await self._poll_until(application, server, end, breaks)
            with Database(self.settings.database_url()) as database:
                self._conclude(server, database)
        return server.score

    async def _poll_until(
        self, application: Application, server: ScoringServer, end: datetime, breaks: list[tuple[datetime, datetime]]
    ) -> None:
        """What the daemon does at its ticks, without the ticks at which nothing is due."""
        while (due := _next_due(application.database)) is not None and due < end:
            moment = max(self.clock.time, due) + TICK
            for begin, over in [pair for pair in breaks if pair[0] <= moment]:
                if server.connected and moment < over:
                    await server.disconnect()
                elif moment >= over:
                    await server.connect()
                    breaks.remove((begin, over))
            self.clock.time = moment
            await application.refresh_due()
        self.clock.time = max(self.clock.time, end)

    @property
    def settings(self) -> Settings:
        """Those of a desk that changed nothing but its contact."""
        return load(self.folder / "monitor.toml")

    def wired(self) -> Application:
        politeness = Politeness(now=self.clock.seconds, sleep=self.clock.sleep)
        return wire(self.settings, self.clock.now, politeness)

    def found(self, server: ScoringServer) -> None:
        """Settings, a database, and the feeds."""
        hosts = ", ".join(f'"{host}"' for host in sorted({one.host for one in server.publishers}))
        (self.folder / "monitor.toml").write_text(
            f'[http]\ncontact = "https://desk.example/polling"\ntimeout = "5s"\nallowed_hosts = [{hosts}]\n'
        )
        with Database(self.settings.database_url()) as database:
            migrate.upgrade(database)
        application = self.wired()
        listed = [NewFeed(server.url(one), one.name) for one in server.publishers if one.listed]
        application.refresh.store.add_feeds(listed, START)
        application.database.close()

    def _conclude(self, server: ScoringServer, database: Database) -> None:
        """What can be judged at the end alone."""
        judge = server.score.judge
        with database.read() as connection:
            addresses: dict[str, str] = dict(connection.execute(select(feeds.c.title, feeds.c.url)).all())
            stored: dict[str, int] = dict(
                connection.execute(
                    select(feeds.c.title, func.count(items.c.id))
                    .join(items, items.c.feed_id == feeds.c.id)
                    .group_by(feeds.c.title)
                ).all()
            )
        for one in server.publishers:
            if one.listed:
                silent = self.clock.time - one.times[-1] if one.moved_by is None else timedelta()
                judge(KEPT, f"{one.name}: not asked for {silent}" if silent > 8 * DAY else None)
            if one.stays:
                judge(
                    STAYED, None if addresses[one.name] == server.url(one) else f"{one.name}: at {addresses[one.name]}"
                )
            if one.listed and one.alone:
                expected = one.published(server.start, one.told())
                held = stored.get(one.name, 0)
                judge(STORED, None if held == expected else f"{one.name}: {held} of {expected}")


def _next_due(database: Database) -> datetime | None:
    query = select(func.min(feeds.c.next_poll_at)).where(~feeds.c.paused)
    with database.read() as connection:
        due: datetime | None = connection.execute(query).scalar()
    return due
