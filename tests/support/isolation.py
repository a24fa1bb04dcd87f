"""Fifty honest feeds, alone and beside twenty hostile ones: how long from due to commit.

Everything is real: loopback servers in a process of their own, the fetcher with the daemon's limits, the parser's
children, which start within the measured time, refresh, SQLite on disk.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import monotonic

from typing_extensions import override

from monitor.domain.feed import NewFeed, PollOutcome
from monitor.domain.run import SavedItems
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.resolver import Found, system_look_up
from monitor.parse.sandbox import SandboxedParser
from monitor.pipeline.refresh import Refresh
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.refresh import SqlRefreshStore
from tests.support.hostile import bodies

ROOT = Path(__file__).parents[2]
HONEST, HOSTILE = 50, 20
ITEMS = 50

POISON = (
    "no feed: megabytes of tags", "no feed: megabytes of tags in a head", "many attributes of the root",
    "many categories", "many unknown tags", "deep xml 150000", "no feed: long html", "many atom people",
)  # fmt: skip
"""Bodies that cost the parser seconds each."""


class TimedStore(SqlRefreshStore):
    """Notes when each feed's poll was committed, in seconds of a monotonic clock."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.committed: dict[str, float] = {}

    @override
    def save_polls(self, outcomes: Sequence[PollOutcome]) -> SavedItems:
        """Save, then note."""
        saved = super().save_polls(outcomes)
        self.committed |= dict.fromkeys((outcome.feed.url for outcome in outcomes), monotonic())
        return saved


def honest_body(number: int, poll: int) -> bytes:
    """A feed of some 30 KB whose newest items are new at every poll."""
    items = "".join(
        f"<item><title>Report {number}.{poll + place}</title><link>https://x.example/{number}/{poll + place}</link>"
        f"<description>&lt;p&gt;{'Some words of a report. ' * 20}&lt;/p&gt;</description></item>"
        for place in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


async def drip(writer: asyncio.StreamWriter, start: bytes, piece: bytes, every: float) -> None:
    """Write for ever."""
    writer.write(start)
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(every)


def answer(body: bytes, headers: bytes = b"") -> bytes:
    """A whole answer."""
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Servers:
    """One server that plays every host by the name in the request."""

    def __init__(self) -> None:
        self.polls: Counter[str] = Counter()
        found = {one.name: one.body for one in bodies() if one.name in POISON}
        self.poison = [found[name] for name in POISON]
        self.bomb = answer(gzip.compress(b"\0" * 50_000_000), b"Content-Encoding: gzip\r\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request as its host does."""
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            kind, number = request.partition("host: ")[2].partition(".")[0].split("-")
            if kind == "honest":
                writer.write(answer(honest_body(int(number), 3 * self.polls[number])))
                self.polls[number] += 1
            else:
                await self._harm(int(number), writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _harm(self, number: int, writer: asyncio.StreamWriter) -> None:
        if number < len(self.poison):
            writer.write(answer(self.poison[number]))
            return
        match number % 6:
            case 0 | 1:
                await asyncio.sleep(60)
            case 2:
                await drip(writer, b"HTTP/1.1 200 OK\r\n\r\n", b"<a/>", 0.05)
            case 3:
                await drip(writer, b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", 0.5)
            case 4:
                writer.write(self.bomb)
            case _:
                await drip(writer, b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000, 0)


async def serve() -> None:
    """Be the servers, in a process of their own, until it is ended; its first line is the port all hosts share."""
    server = await asyncio.start_server(Servers().serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def serving() -> Iterator[int]:
    """The port of such a process."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.kill()


async def delays(folder: Path, *, hostile: bool) -> list[float]:
    """The 95th percentile of the honest feeds' delays in seconds, at the first poll and at the second."""
    hosts = [f"honest-{n}.example" for n in range(HONEST)] + [f"hostile-{n}.example" for n in range(HOSTILE * hostile)]

    def look_up(_: str, port: int, family: int) -> Found:
        return system_look_up("127.0.0.1", port, family)

    database = Database(f"sqlite:///{folder / 'monitor.db'}")
    migrate.upgrade(database)
    store, percentiles, start = TimedStore(database), [], datetime.now(UTC)
    with serving() as port:
        async with SandboxedParser() as parser:
            # In turns, so that honest and hostile feeds mix as they would.
            urls = sorted(
                (f"http://{host}:{port}/feed" for host in hosts), key=lambda url: hashlib.sha256(url.encode()).digest()
            )
            store.add_feeds([NewFeed(url, url) for url in urls], start)
            async with AiohttpFetcher("benchmark", allowed_hosts=hosts, look_up=look_up) as fetcher:
                refresh = Refresh(store, fetcher, parser, lambda: datetime.now(UTC), timedelta(hours=1))
                for _ in range(2):
                    store.committed.clear()
                    due = monotonic()
                    await refresh.run(store.feeds_by_id(None))
                    waits = [at - due for url, at in store.committed.items() if "honest" in url]
                    if len(waits) != HONEST:
                        raise RuntimeError(f"only {len(waits)} honest feeds were committed")
                    percentiles.append(quantiles(waits, n=20)[-1])
    database.close()
    return percentiles


if __name__ == "__main__":
    asyncio.run(serve())
