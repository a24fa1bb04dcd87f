"""Hostile bodies and mutants of honest ones, through the parser's children and into a store.

What must hold: no parse takes longer or needs more than it may, the children's parent is untouched, every honest entry
comes out once and is stored once, and nothing that comes out is anything but clean text and web addresses.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.feed import Fetched, NewFeed, ParsedFeed, ParseFailed, PollOutcome, Validators
from monitor.domain.run import SavedItems
from monitor.parse.clean import SUMMARY_LENGTH, TITLE_LENGTH
from monitor.parse.sandbox import MEMORY_BYTES, SLOW_SECONDS, SandboxedParser
from monitor.parse.values import GUID_LENGTH, LINK_LENGTH
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.refresh import SqlRefreshStore
from tests.support.hostile import TITLES, Hostile, bodies, honest, mutants

NOW = datetime(2025, 5, 6, 12, tzinfo=UTC)
LONGEST = SLOW_SECONDS + 1.5
"""Seconds from a body to its value: the fast lane's try and the slow lane's."""

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
TAG = re.compile(r"<(?:script|img|iframe|svg|style|object|a|b|div|form|meta|base)(?:\s[^<>]*)?/?>", re.IGNORECASE)


@dataclass
class Campaign:
    """Parses and stores one body after another, and keeps what was wrong with it."""

    parser: SandboxedParser
    database: Database
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    bodies: int = 0
    stored: int = 0
    entries: int = 0
    failures: int = 0

    async def attack(self, name: str, body: bytes, good: Iterable[str] = (), content_type: str | None = None) -> None:
        self.bodies += 1
        url = f"https://hostile.example/{self.bodies}"
        started = time.monotonic()
        result = await self.parser.parse(Fetched(url, body, content_type, None, Validators()))
        seconds = time.monotonic() - started
        self.slowest = max(self.slowest, seconds)
        self.wrong += [f"{name}: {what}" for what in self._faults(url, result, good)]
        if seconds > LONGEST:
            self.wrong.append(f"{name}: took {seconds:.1f} s")

    def _faults(self, url: str, result: ParsedFeed | ParseFailed, good: Iterable[str]) -> Iterator[str]:
        if isinstance(result, ParseFailed):
            self.failures += 1
            if good:
                yield f"failed: {result.message}"
            return
        self.entries += len(result.entries)
        counts = Counter(entry.title for entry in result.entries)
        yield from (f"{counts[title]} times {title}" for title in good if counts[title] != 1)
        yield from unclean(result)
        yield from self._stored(url, result, good)

    def _stored(self, url: str, result: ParsedFeed, good: Iterable[str]) -> Iterator[str]:
        """Stored once however often it is polled."""
        store = SqlRefreshStore(self.database)
        self.stored += store.add_feeds([NewFeed(url, url)], NOW)
        for at, expected in ((NOW, len(result.entries)), (NOW + timedelta(hours=1), 0)):
            (feed,) = store.feeds_by_id([self.stored])
            saved = store.save_polls([PollOutcome(feed, at, at + timedelta(hours=1), Validators(), result)])
            if saved != SavedItems(expected, 0):
                yield f"stored {saved} of {expected}"
        with self.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT v.title, count(DISTINCT i.id) FROM items i JOIN item_versions v ON v.item_id = i.id"
                " JOIN feeds f ON f.id = i.feed_id WHERE f.url = ? GROUP BY v.title",
                (url,),
            )
            stored = {str(title): int(count) for title, count in rows}
        yield from (f"stored {stored.get(title)} times: {title}" for title in good if stored.get(title) != 1)


def unclean(feed: ParsedFeed) -> Iterator[str]:
    """What must not come out of any document."""
    links = [feed.site, feed.hub, feed.pointers.own, feed.pointers.archive, feed.pointers.next]
    lines = [feed.title, feed.format, feed.language or ""]
    texts = []
    for entry in feed.entries:
        links.append(entry.link)
        lines += [
            entry.title,
            *entry.authors,
            *entry.tags,
            entry.language or "",
            entry.source or "",
            entry.published_raw or "",
        ]
        texts.append(entry.summary)
        if entry.guid is not None and (FORBIDDEN.search(entry.guid) or len(entry.guid) > GUID_LENGTH):
            yield f"guid {entry.guid[:50]!r}"
        if entry.published is not None and entry.published.tzinfo is not UTC:
            yield f"date {entry.published}"
    yield from (
        f"link {link[:50]!r}"
        for link in links
        if link is not None
        and (not re.match(r"https?://[^/]", link) or FORBIDDEN.search(link) or len(link) > LINK_LENGTH)
    )
    for text, limit in (*((line, TITLE_LENGTH) for line in lines), *((text, SUMMARY_LENGTH) for text in texts)):
        if len(text) > limit or FORBIDDEN.search(text) or TAG.search(text):
            yield f"text {text[:80]!r}"
    yield from (f"line {line[:50]!r}" for line in lines if "\n" in line)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/monitor.db")
    migrate.upgrade(made)
    yield made
    made.close()


def seeds() -> list[bytes]:
    return [document for number in range(5) for document in honest(number)]


def run(database: Database, attacks: Iterable[Hostile]) -> Campaign:
    """One campaign with the daemon's own limits; what it came to is printed."""
    parent, before = os.getpid(), resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()

    async def all_of_them() -> Campaign:
        async with SandboxedParser() as parser:
            campaign = Campaign(parser, database)
            for one in attacks:
                await campaign.attack(one.name, one.body, one.good, one.content_type)
            last = await parser.parse(Fetched("https://honest.example/", seeds()[0], None, None, Validators()))
            assert isinstance(last, ParsedFeed), "the parser is as good as before"
            return campaign

    campaign = asyncio.run(all_of_them())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = after.ru_maxrss * 1024
    print(  # noqa: T201 - the campaign's figures, shown by pytest -s
        f"\n{campaign.bodies} bodies in {time.monotonic() - started:.0f} s: {campaign.entries} entries, "
        f"{campaign.failures} no feeds, {len(campaign.wrong)} faults; slowest {campaign.slowest:.1f} s, children's CPU "
        f"{after.ru_utime - before.ru_utime:.0f} s, most memory of a child {memory // 2**20} MiB"
    )
    assert os.getpid() == parent
    assert memory <= MEMORY_BYTES
    return campaign


def test_bodies_are_many_and_distinct() -> None:
    made = [(one.name, hash(one.body), one.content_type) for one in bodies()]
    assert len({name for name, _, _ in made}) == len(made) >= 300
    assert len({what for _, *rest in made for what in [tuple(rest)]}) >= 300


def test_a_share_of_the_hostile_bodies_hurts_nobody(database: Database) -> None:
    chosen = itertools.islice((one for one in bodies() if len(one.body) < 100_000), 0, None, 7)
    campaign = run(database, itertools.islice(chosen, 60))
    assert campaign.wrong == []


def test_a_share_of_the_mutants_hurts_nobody(database: Database) -> None:
    assert run(database, (Hostile(f"mutant {n}", body) for n, body in enumerate(mutants(seeds(), 300, 7)))).wrong == []


@pytest.mark.slow
def test_all_hostile_bodies_hurt_nobody(database: Database) -> None:
    assert run(database, bodies()).wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_mutants_hurt_nobody(database: Database, seed: int) -> None:
    attacks = (Hostile(f"mutant {n} of {seed}", body) for n, body in enumerate(mutants(seeds(), 10_000, seed)))
    assert run(database, attacks).wrong == []


def test_honest_seeds_come_out_whole(database: Database) -> None:
    assert run(database, (Hostile(f"seed {n}", body, TITLES) for n, body in enumerate(seeds()))).wrong == []
