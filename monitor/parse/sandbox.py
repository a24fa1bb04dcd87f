"""Parsing in child processes that a hostile body may kill: the `Parser` the pipeline uses.

A body of 64 KB can cost feedparser 39 s and some kill a process outright, so nothing is parsed in the daemon itself.
Two lanes keep such bodies away from the others: what overruns the fast lane's wall limit is tried again by the slow
lane's single child, and its feed stays there until it has behaved.
"""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from monitor.domain.catalogue import Outlines, PageLinks
from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed, Validators
from monitor.logs import get_logger
from monitor.parse.wire import (
    ANSWER_LIMIT,
    MALFORMED,
    OVERRUN,
    READY,
    Answer,
    Task,
    pack_request,
    read_frame,
    unpack_answer,
    write_frame,
)

FAST_SECONDS = 0.5
SLOW_SECONDS = 10.0
"""Wall limits of the two lanes for one body. Fifty items take 20 ms, 5 MB half a second."""

GLANCE_SECONDS = 0.15
"""What a body gets at first. One that needs more of the fast lane's time gets it from a child that is there for such:
the bombs of one run would else keep honest feeds waiting for half a second each."""

AGAIN_NICENESS = 5

SLOW_NICENESS = 10
"""The slow lane works when nobody else wants to: what is in it cost too much already."""

MEMORY_BYTES = 512 * 1024 * 1024
"""Address space of one child; feedparser needs about four times the body, and a body has at most 10 MB."""

CLEAN_PARSES = 3
"""Parses within the fast limit, in a row, that take a feed out of the slow lane."""

SLOW_FEEDS = 1000
"""Feeds known for being slow, of which the one that misbehaved least lately is forgotten for another."""

START_SECONDS = 60.0
"""A child that is not ready by then (0.2 s is usual) never will be."""

NOT_STARTED = ParseFailed(
    Failure.PARSER, "The parser could not be started on this machine: see that it has memory and processes to spare."
)

INHERITED = frozenset({"PATH", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"})
"""Variables, beside LC_*, that a child is given: what an interpreter may need to start, and never a secret."""

log = get_logger("parse")


class NotStartedError(Exception):
    """A child ended before it was ready."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a body: no result means that the child ended over it, or with `overrun` that time ran out."""

    result: Answer | None
    overrun: bool
    seconds: float


class Child:
    """One child process, started when first needed and again after every death. Used by one thread at a time."""

    def __init__(self, memory_bytes: int, niceness: int = 0) -> None:
        self._memory_bytes = memory_bytes
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def parse(self, fetched: Fetched, seconds: float, task: Task = Task.FEED, patience: float | None = None) -> Attempt:
        """Have the body parsed within `seconds` of wall time, not counting the start of a child.

        The child itself gives up after `patience`, None: after as many seconds, and is killed when it does not.
        """
        try:
            process = self._started()
        except (NotStartedError, OSError) as error:
            log.warning("parser.not_started", reason=str(error))
            return Attempt(NOT_STARTED, overrun=False, seconds=math.inf)
        started = monotonic()
        with _watchdog(process, seconds) as struck:
            answer = _exchange(process, fetched, seconds if patience is None else patience, task)
        result = None if answer is None or answer == OVERRUN else unpack_answer(answer)
        if answer is None or result is MALFORMED or struck.is_set():
            self.end()
        overrun = answer == OVERRUN or (answer is None and struck.is_set())
        return Attempt(result, overrun, monotonic() - started)

    def close(self) -> None:
        """Kill the process, whatever it does, and start no other; callable from any thread."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process and collect what is left of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        self._process = process = _spawn(self._memory_bytes)
        _be_nice(process, self._niceness)
        with _watchdog(process, 0 if self._closed else START_SECONDS):
            ready = read_frame(_pipe(process.stdout), len(READY))
        if ready != READY:
            self.end()
            raise NotStartedError("the parser's child process ended before it was ready")
        return process


@contextmanager
def _watchdog(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill the process unless the block ends within `seconds`; the event tells whether that happened."""
    struck = threading.Event()

    def strike() -> None:
        struck.set()
        process.kill()

    timer = threading.Timer(seconds, strike)
    timer.start()
    try:
        yield struck
    finally:
        timer.cancel()
        timer.join()


def _spawn(memory_bytes: int) -> subprocess.Popen[bytes]:
    """Start a child with this interpreter and its search path. Its own session keeps Ctrl-C away from it."""
    code = "import sys; sys.path[:] = sys.argv[2:]; from monitor.parse.child import serve; serve(int(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(memory_bytes), *sys.path]
    return subprocess.Popen(  # noqa: S603 - our own code
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=child_environment(os.environ),
    )


def _be_nice(process: subprocess.Popen[bytes], niceness: int) -> None:
    """Let others go first, where the system knows such a thing; a process that has ended meanwhile needs it no more."""
    if niceness and hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, niceness)


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Those of our variables that a child is given: a hostile body may take it over and read them."""
    return {name: value for name, value in ours.items() if name in INHERITED or name.startswith("LC_")}


def _exchange(process: subprocess.Popen[bytes], fetched: Fetched, seconds: float, task: Task) -> bytes | None:
    """One request and its answer; None when the child ended over it."""
    try:
        for payload in pack_request(fetched, seconds, task):
            write_frame(_pipe(process.stdin), payload)
        return read_frame(_pipe(process.stdout), ANSWER_LIMIT)
    except OSError:
        return None


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the child was started without pipes")
    return stream


class Lane:
    """Some children with one wall limit. Threads carry the waiting, so that a lane serves any event loop."""

    def __init__(self, children: int, seconds: float, memory_bytes: int, niceness: int = 0) -> None:
        self.seconds = seconds
        self._children = [Child(memory_bytes, niceness) for _ in range(children)]
        self._idle: SimpleQueue[Child] = SimpleQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(children, thread_name_prefix="parse")

    async def parse(self, fetched: Fetched, task: Task = Task.FEED, seconds: float | None = None) -> Attempt:
        """Have one body parsed as soon as a child is free, which gives up after `seconds`, None: those of the lane."""
        run = asyncio.get_running_loop().run_in_executor
        return await run(self._threads, self._parse, fetched, task, self.seconds if seconds is None else seconds)

    def close(self) -> None:
        """End the children; a parse under way ends with them."""
        for child in self._children:
            child.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for child in self._children:
            child.end()

    def _parse(self, fetched: Fetched, task: Task, seconds: float) -> Attempt:
        child = self._idle.get()
        try:
            return child.parse(fetched, self.seconds, task, seconds)
        finally:
            self._idle.put(child)


class SlowFeeds:
    """Which feeds belong in the slow lane, by their own addresses: redirects may lead to a new one each time."""

    def __init__(self) -> None:
        self._clean: dict[str, int] = {}

    def __contains__(self, url: str) -> bool:
        return url in self._clean

    def record(self, url: str, *, clean: bool) -> None:
        """Note a parse that took long, or a clean one; after enough clean ones in a row the feed is let go."""
        if not clean:
            self._clean.pop(url, None)
            self._clean[url] = 0
            if len(self._clean) > SLOW_FEEDS:
                del self._clean[next(iter(self._clean))]
        elif url in self._clean:
            self._clean[url] += 1
            if self._clean[url] >= CLEAN_PARSES:
                del self._clean[url]


class SandboxedParser:
    """Implements `ports.Parser`. Children start with the first parse; `close` or `async with` ends them."""

    def __init__(
        self,
        children: int = 2,
        fast_seconds: float = FAST_SECONDS,
        slow_seconds: float = SLOW_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._fast = Lane(children, fast_seconds, memory_bytes)
        self._again = Lane(1, fast_seconds, memory_bytes, AGAIN_NICENESS)
        self._slow = Lane(1, slow_seconds, memory_bytes, SLOW_NICENESS)
        self._slow_feeds = SlowFeeds()
        self._closed = False

    async def parse(self, fetched: Fetched) -> ParsedFeed | ParseFailed:
        """Parse one document; one that ends its child or costs too much is a `ParseFailed`."""
        attempt = await self._attempt(fetched)
        if isinstance(attempt.result, ParsedFeed):
            if attempt.result.left_out:
                event = "feed.entries_left_out" if attempt.result.complete else "feed.took_too_long"
                log.warning(event, host=_host(fetched), left_out=attempt.result.left_out)
            return attempt.result
        return self._failure(attempt)

    async def links(self, fetched: Fetched) -> PageLinks | ParseFailed:
        """The feeds a web page names; there is time for a long one, as somebody asked for this very page."""
        attempt = await self._slow.parse(fetched, Task.PAGE)
        return attempt.result if isinstance(attempt.result, PageLinks) else self._failure(attempt)

    async def outlines(self, document: bytes) -> Outlines | ParseFailed:
        """The feeds in an OPML file."""
        attempt = await self._slow.parse(Fetched("", document, None, None, Validators()), Task.OPML)
        return attempt.result if isinstance(attempt.result, Outlines) else self._failure(attempt)

    def _failure(self, attempt: Attempt) -> ParseFailed:
        """Why there is no answer of the kind that was asked for."""
        if isinstance(attempt.result, ParseFailed):
            return attempt.result
        if attempt.overrun:
            limit = f"{self._slow.seconds:g} seconds"
            return ParseFailed(Failure.PARSER, f"Reading this document takes more than {limit}, so it was given up.")
        return ParseFailed(Failure.PARSER, "This document brought the parser down; other feeds are not affected.")

    async def _attempt(self, fetched: Fetched) -> Attempt:
        """The fast lane's try, or the slow lane's where that came to nothing or the feed is known for it."""
        feed = fetched.feed_url or fetched.url
        if feed not in self._slow_feeds:
            attempt = await self._fast.parse(fetched, seconds=min(GLANCE_SECONDS, self._fast.seconds))
            if attempt.overrun and not self._closed:
                attempt = await self._again.parse(fetched)
            if attempt.result is not None or self._closed:
                return attempt
            log.info("feed.slow", host=_host(fetched), bytes=len(fetched.body))
            self._slow_feeds.record(feed, clean=False)
        attempt = await self._slow.parse(fetched, Task.PATIENT_FEED)
        self._slow_feeds.record(feed, clean=_read(attempt) and attempt.seconds <= self._fast.seconds)
        return attempt

    def close(self) -> None:
        """End the children at once; may be called twice."""
        self._closed = True
        self._fast.close()
        self._again.close()
        self._slow.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)


def _read(attempt: Attempt) -> bool:
    """Whether the document was read to its end, be it a feed or not."""
    result = attempt.result
    return result is not None and not (isinstance(result, ParseFailed) and result.kind is Failure.PARSER)


def _host(fetched: Fetched) -> str | None:
    return urlsplit(fetched.url).hostname
