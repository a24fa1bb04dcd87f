"""Parsing in child processes that a hostile body may kill: the `Parser` the pipeline uses.

A body of 64 KB can cost feedparser 39 s and some kill a process outright, so nothing is parsed in the daemon itself.
Two lanes keep such bodies away from the others: what overruns the fast lane's wall limit is tried again by the slow
lane's single child, and its feed stays there until it has behaved.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from monitor.domain.catalogue import Outlines, PageLinks
from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed, Validators
from monitor.logs import get_logger
from monitor.parse.lane import Lane
from monitor.parse.process import Attempt
from monitor.parse.wire import Task

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

log = get_logger("parse")


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
