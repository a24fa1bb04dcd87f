"""The parser's children: hostile bodies end as values and hurt nobody else. Real processes throughout."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed, Validators
from monitor.parse.lane import Lane
from monitor.parse.process import NOT_STARTED, child_environment
from monitor.parse.sandbox import CLEAN_PARSES, SLOW_FEEDS, SandboxedParser, SlowFeeds

GOOD = b"<rss version='2.0'><channel><title>Good</title><item><title>One</title></item></channel></rss>"
HANG = b"<rss version='2.0'><channel><item>" + b"<a/>" * 1_000_000 + b"</item></channel></rss>"
"""4 MB that cost feedparser half a minute, in one entry, so that there is nothing to be saved."""

ROOT = Path(__file__).parents[2]


def fetched(body: bytes, url: str = "https://feeds.example/feed") -> Fetched:
    return Fetched(url, body, None, None, Validators())


@pytest.fixture
async def parser() -> AsyncIterator[SandboxedParser]:
    """Ample for an honest body on a busy machine, little for a hostile one."""
    async with SandboxedParser(children=1, fast_seconds=1.0, slow_seconds=1.5) as made:
        yield made


def pids(parser: SandboxedParser) -> list[int]:
    children = [*parser._fast.children, *parser._again.children, *parser._slow.children]
    return [child._process.pid for child in children if child._process is not None]


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent does not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return found.stdout.strip()[:1] not in {"", "Z"}


async def busy(lane: Lane) -> int:
    """The lane's child, once it has worked for longer than its start takes."""
    while True:
        await asyncio.sleep(0.1)
        if (process := lane.children[0]._process) is not None and processor_seconds(process.pid) >= 1:
            return process.pid


def processor_seconds(pid: int) -> int:
    """Whole seconds of the processor that it has used; `ps` knows them as [[days-]hours:]minutes:seconds."""
    found = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    hours, minutes, seconds = ("0:0:" + found.stdout.strip().partition(".")[0]).split(":")[-3:]
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds or 0)


def gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_no_child_starts_before_the_first_parse(parser: SandboxedParser) -> None:
    assert pids(parser) == []


async def test_a_child_lives_on_from_parse_to_parse(parser: SandboxedParser) -> None:
    first = await parser.parse(fetched(GOOD))
    assert isinstance(first, ParsedFeed)
    before = pids(parser)
    assert await parser.parse(fetched(GOOD)) == first
    assert pids(parser) == before


async def test_failures_travel_as_values(parser: SandboxedParser) -> None:
    result = await parser.parse(fetched(b"<html></html>"))
    assert result == ParseFailed(Failure.NOT_A_FEED, "The address answered with a web page, not a feed.")


async def test_a_body_that_hangs_feedparser_fails_alone() -> None:
    async with SandboxedParser(children=1, fast_seconds=0.5, slow_seconds=2.0) as parser:
        hostile = asyncio.ensure_future(parser.parse(fetched(HANG, "https://hostile.example/feed")))
        await asyncio.sleep(0.9)  # it is in the slow lane by now
        assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)
        assert not hostile.done()
        result = await hostile
        assert isinstance(result, ParseFailed)
        assert result.kind is Failure.PARSER
        assert "2 seconds" in result.message
        assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


@pytest.mark.slow
async def test_the_same_with_the_limits_of_the_daemon() -> None:
    async with SandboxedParser() as parser:
        started = time.monotonic()
        hostile = asyncio.ensure_future(parser.parse(fetched(HANG, "https://hostile.example/feed")))
        parses = 0
        while not hostile.done():
            assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)
            parses += 1
            await asyncio.sleep(0.05)
        assert isinstance(hostile.result(), ParseFailed)
        assert time.monotonic() - started < 12.5
        assert parses > 50


async def test_a_slow_feed_keeps_to_the_slow_lane_until_it_has_behaved(parser: SandboxedParser) -> None:
    url = "https://hostile.example/feed"
    await parser.parse(fetched(HANG, url))
    fast = parser._fast.children[0]
    assert fast._process is not None, "a child that ran out of time is as good as before"
    fast.end()
    for _ in range(CLEAN_PARSES):
        assert url in parser._slow_feeds
        assert isinstance(await parser.parse(fetched(GOOD, url)), ParsedFeed)
        assert fast._process is None
    await parser.parse(fetched(GOOD, url))
    assert fast._process is not None


async def test_a_child_that_cannot_start_fails_the_feed_and_nothing_else(
    parser: SandboxedParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that dies at its start, then one that the machine refuses to start; afterwards all is well."""
    with monkeypatch.context() as broken:
        broken.setattr(sys, "path", ["/nowhere"])
        assert await parser.parse(fetched(GOOD)) == NOT_STARTED
        broken.setattr(sys, "executable", "/nowhere/python")
        assert await parser.parse(fetched(GOOD)) == NOT_STARTED
    assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


def test_a_child_is_given_what_it_needs_to_start_and_no_secret() -> None:
    ours = {"PATH": "/bin", "LANG": "C.UTF-8", "LC_ALL": "C", "HOME": "/root", "MONITOR_CHANNELS__MAIL__PASSWORD": "x"}
    assert child_environment(ours) == {"PATH": "/bin", "LANG": "C.UTF-8", "LC_ALL": "C"}


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows the environment of a process")
async def test_a_running_child_holds_no_secret(parser: SandboxedParser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE__PASSWORD", "hunter2")
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    await parser.parse(fetched(GOOD))
    (pid,) = pids(parser)
    given = environment(pid)
    assert b"PATH=" in given
    assert b"hunter2" not in given
    assert b"MONITOR_" not in given


async def test_a_slow_feed_is_known_wherever_its_redirects_lead(parser: SandboxedParser) -> None:
    own = "https://hostile.example/feed"
    await parser.parse(replace(fetched(HANG, f"{own}?t=1"), feed_url=own))
    assert own in parser._slow_feeds
    fast = parser._fast.children[0]
    fast.end()
    await parser.parse(replace(fetched(GOOD, f"{own}?t=2"), feed_url=own))
    assert fast._process is None


def test_of_slow_feeds_only_so_many_are_known() -> None:
    slow = SlowFeeds()
    for number in range(SLOW_FEEDS):
        slow.record(str(number), clean=False)
    slow.record("0", clean=False)
    slow.record("new", clean=False)
    assert ["0" in slow, "1" in slow, "2" in slow, "new" in slow] == [True, False, True, True]


def test_clean_parses_count_only_in_a_row() -> None:
    slow = SlowFeeds()
    slow.record("a", clean=True)
    assert "a" not in slow
    slow.record("a", clean=False)
    for clean in (True, True, False, True, True):
        slow.record("a", clean=clean)
    assert "a" in slow
    slow.record("a", clean=True)
    assert "a" not in slow


async def test_an_entry_beyond_the_memory_limit_costs_only_itself() -> None:
    async with SandboxedParser(children=1, fast_seconds=20, slow_seconds=20, memory_bytes=120_000_000) as parser:
        entry = b"<item><title>" + b"x" * 30_000_000 + b"</title></item>"
        result = await parser.parse(fetched(GOOD.replace(b"</channel>", entry + b"</channel>")))
        assert isinstance(result, ParsedFeed)
        assert [one.title for one in result.entries] == ["One"]
        assert result.left_out == 1
        alone = await parser.parse(fetched(b"<rss><channel>" + entry + b"</channel></rss>"))
        assert isinstance(alone, ParseFailed)
        assert alone.kind is Failure.PARSER
        assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


async def test_an_idle_child_that_is_killed_is_replaced(parser: SandboxedParser) -> None:
    """The system may kill any child at any time, also one that has nothing to do."""
    await parser.parse(fetched(GOOD))
    (pid,) = pids(parser)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


async def test_a_body_that_brings_every_child_down_fails_alone() -> None:
    async with SandboxedParser(children=1, fast_seconds=30.0, slow_seconds=30.0) as parser:
        await parser.parse(fetched(GOOD))
        under_way = asyncio.ensure_future(parser.parse(fetched(HANG)))
        for lane in (parser._again, parser._slow):
            os.kill(await busy(lane), signal.SIGKILL)
        result = await under_way
        assert isinstance(result, ParseFailed)
        assert "brought the parser down" in result.message
        assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a process that can be stopped")
async def test_a_child_that_does_not_react_at_all_is_replaced(parser: SandboxedParser) -> None:
    """As when a body hangs code that is not Python's, which no alarm interrupts."""
    await parser.parse(fetched(GOOD))
    (pid,) = pids(parser)
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed), "the slow lane's child reads it"
    assert 0.9 < time.monotonic() - started < 5
    assert gone(pid)
    assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)


async def test_a_child_leaves_interrupts_to_its_parent(parser: SandboxedParser) -> None:
    await parser.parse(fetched(GOOD))
    (pid,) = pids(parser)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    assert os.getpgid(pid) != os.getpgid(0)
    assert isinstance(await parser.parse(fetched(GOOD)), ParsedFeed)
    assert pids(parser) == [pid]


async def test_closing_is_quick_though_a_child_is_busy() -> None:
    parser = SandboxedParser(children=1, fast_seconds=30, slow_seconds=30)
    await parser.parse(fetched(GOOD))
    busy = asyncio.ensure_future(parser.parse(fetched(HANG)))
    await asyncio.sleep(0.2)
    running = pids(parser)
    started = time.monotonic()
    parser.close()
    assert time.monotonic() - started < 1.0
    assert all(map(gone, running))
    assert isinstance(await busy, ParseFailed)
    parser.close()


def test_a_parser_serves_one_event_loop_after_another() -> None:
    with closing(SandboxedParser(children=1, fast_seconds=5)) as parser:
        for _ in range(2):
            assert isinstance(asyncio.run(parser.parse(fetched(GOOD))), ParsedFeed)


ORPHAN = """
import asyncio, os, signal
from monitor.domain.feed import Fetched, Validators
from monitor.parse.sandbox import SandboxedParser
parser = SandboxedParser(children=1, fast_seconds=9)
asyncio.run(parser.parse(Fetched("https://x.example/", b"<rss><item/></rss>", None, None, Validators())))
print(parser._fast.children[0]._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_children_do_not_outlive_a_killed_parent() -> None:
    ended = subprocess.run([sys.executable, "-c", ORPHAN], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert gone(int(ended.stdout))


def test_the_parent_imports_neither_parser_nor_cleaner() -> None:
    """Short commands stay fast: feedparser alone costs 70 ms."""
    code = "import sys, monitor.parse.sandbox; print([name for name in ('feedparser', 'nh3') if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_child_imports_little() -> None:
    heavy = ("aiohttp", "sqlalchemy", "structlog", "pydantic", "asyncio")
    code = f"import sys, monitor.parse.child; print([name for name in {heavy} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
