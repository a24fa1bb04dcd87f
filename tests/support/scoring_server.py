"""Publishers on loopback who judge every request they get. Time is the clock's: weeks pass in seconds.

A wish is judged up to the cap that the program documents for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import takewhile

from aiohttp import web
from aiohttp.test_utils import unused_port

from monitor.schedule.polling import FRESH_CAP, GONE_INTERVAL, PERIOD_CAP, RETRY_CAP, TTL_CAP
from tests.support.scoring import (
    AGENT,
    BACKOFF,
    CLEAN,
    CONDITIONAL,
    DAY,
    ETAG,
    FRESH,
    GONE,
    GZIP,
    HOUR,
    MODIFIED,
    MOVED,
    PACE,
    PACED,
    RETRY,
    SKIPPED,
    SPACING,
    STALE,
    THROTTLED,
    TTL,
    UNCONDITIONAL,
    Publisher,
    Score,
)


class ScoringServer:
    """Serves all publishers, each host on a loopback address of its own, and judges as requests come in."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.publishers: Sequence[Publisher] = ()
        self.start = clock()
        self.score = Score()
        self.agents: set[str] = set()
        self._clock = clock
        self._by_address: dict[tuple[str, str], Publisher] = {}
        self._last_on: dict[str, datetime] = {}
        self._running: Counter[str] = Counter()
        self._sites: list[web.TCPSite] = []
        self._runner: web.AppRunner | None = None
        self.port = unused_port()

    def url(self, publisher: Publisher) -> str:
        return f"http://{publisher.host}:{self.port}{publisher.path}"

    @asynccontextmanager
    async def serving(self, publishers: Sequence[Publisher]) -> AsyncIterator[ScoringServer]:
        self.publishers = publishers
        self._by_address = {(one.host, one.path.partition("?")[0]): one for one in publishers}
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await self.connect()
        try:
            yield self
        finally:
            await self._runner.cleanup()

    async def connect(self) -> None:
        """Be there, at the same addresses as before."""
        assert self._runner is not None
        for host in sorted({one.host for one in self.publishers}):
            site = web.TCPSite(self._runner, host, self.port, reuse_address=True)
            await site.start()
            self._sites.append(site)

    @property
    def connected(self) -> bool:
        """Whether anybody can reach it."""
        return bool(self._sites)

    async def disconnect(self) -> None:
        """A dead network: nothing can be connected to."""
        assert self._runner is not None
        assert self._runner.server is not None
        for site in self._sites:
            await site.stop()
        self._sites = []
        await self._runner.server.shutdown(0.1)

    async def _answer(self, request: web.Request) -> web.Response:
        now, publisher = self._clock(), self._by_address[request.url.host or "", request.raw_path.partition("?")[0]]
        self._running[publisher.host] += 1
        try:
            self._judge(request, publisher, now)
            return self._respond(request, publisher, now)
        finally:
            self._running[publisher.host] -= 1

    def _respond(self, request: web.Request, publisher: Publisher, now: datetime) -> web.Response:
        answer = publisher.instead(now)
        status, headers = (200, dict(publisher.headers)) if answer is None else (answer.status, dict(answer.headers))
        body = b"" if answer is None else answer.body
        if answer is None:
            body = publisher.document(self.start, now)
            validators = self._validators(publisher, now)
            headers |= validators
            if publisher.expires is not None:
                headers["Expires"] = format_datetime(now + publisher.skew + publisher.expires, usegmt=True)
            if _matches(request, publisher, validators):
                status, body = 304, b""
                if publisher.expires is None and "ETag" in headers:
                    headers = {"ETag": headers["ETag"]} | publisher.headers
            else:
                publisher.sent.append(validators)
        headers["Date"] = format_datetime(now + publisher.skew, usegmt=True)
        publisher.times.append(now)
        publisher.statuses.append(status)
        publisher.not_before = list(self._wishes(publisher, status, headers, now))
        return web.Response(status=status, headers=headers | {"Set-Cookie": "id=1"}, body=body)

    def _validators(self, publisher: Publisher, now: datetime) -> dict[str, str]:
        count = publisher.published(self.start, now)
        tag = f'W/"{count}-{len(publisher.sent) if publisher.restless else "a"} ~!"'
        modified = format_datetime(self.start + count * publisher.every, usegmt=True)
        every = {"ETag": tag, "Last-Modified": modified.replace("GMT", "+0000 (not a form anybody parses)")}
        return {name: value for name, value in every.items() if name in publisher.validators}

    def _wishes(
        self, publisher: Publisher, status: int, headers: dict[str, str], now: datetime
    ) -> list[tuple[str, datetime]]:
        """Before when the next request is a fault, and against what."""
        wishes = [(SPACING, now + HOUR)]
        asks = publisher.asks
        if status in {200, 304}:
            waits = (asks.ttl, TTL_CAP), (asks.period, PERIOD_CAP)
            wishes += [(TTL, now + min(wish, cap)) for wish, cap in waits if wish is not None]
            if asks.fresh is not None:
                wishes.append((FRESH, now + min(asks.fresh, FRESH_CAP)))
        if status == 410:
            wishes.append((GONE, now + GONE_INTERVAL))
        if status == 429:
            wishes.append((THROTTLED, now + 2 * HOUR))
        if status in {404, 500, 503}:
            in_row = len(list(takewhile(lambda code: code == status, reversed(publisher.statuses))))
            wishes.append((BACKOFF, now + min(HOUR * 2 ** min(in_row - 1, 10), DAY)))
        if status in {429, 503} and publisher.asks.fresh is None and "X-Wait" in headers:
            wishes.append((RETRY, now + min(timedelta(seconds=int(headers["X-Wait"])), RETRY_CAP)))
        return wishes

    def _judge(self, request: web.Request, publisher: Publisher, now: datetime) -> None:
        judge, who = self.score.judge, f"{publisher.name} at {now:%d %H:%M:%S}"
        self._judge_validators(request, publisher, who)
        for criterion, moment in publisher.not_before:
            judge(criterion, f"{who}: {moment - now} early" if now < moment else None)
        extra = {"Cookie", "Referer"} & set(request.headers)
        as_given = request.raw_path == publisher.path
        judge(CLEAN, None if as_given and not extra else f"{who}: {request.raw_path} {extra or ''}")
        codings = {part.partition(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").split(",")}
        judge(GZIP, None if codings == {"gzip"} else f"{who}: {codings}")
        agent = request.headers.get("User-Agent", "")
        self.agents.add(agent)
        named = "/" in agent and "(+" in agent and len(self.agents) == 1
        judge(AGENT, None if named else f"{who}: {self.agents}")
        if publisher.asks.skip_hours or publisher.asks.skip_days:
            known = bool(publisher.sent)
            judge(SKIPPED, f"{who}: a skipped time" if known and publisher.asks.skips(now) else None)
        last = self._last_on.get(publisher.host)
        self._last_on[publisher.host] = now
        wrong = (last is not None and now - last < PACE) or self._running[publisher.host] > 2
        judge(PACED, f"{who}: too close to the one before" if wrong else None)
        if publisher.moved_by is not None:
            judge(MOVED, f"{who}: it moved long ago" if now > publisher.moved_by else None)

    def _judge_validators(self, request: web.Request, publisher: Publisher, who: str) -> None:
        if not publisher.sent:
            return
        judge, (*older, last) = self.score.judge, publisher.sent
        if not last:
            return
        for criterion, name, header in (
            (ETAG, "ETag", "If-None-Match"),
            (MODIFIED, "Last-Modified", "If-Modified-Since"),
        ):
            given, wanted = request.headers.get(header), last.get(name)
            stale = given != wanted and given is not None and any(given == one.get(name) for one in older)
            judge(criterion, None if given == wanted or stale else f"{who}: {given!r} for {wanted!r}")
            judge(STALE, f"{who}: {given!r}, which is out of date" if stale else None)
        bare = not {"If-None-Match", "If-Modified-Since"} & set(request.headers)
        for criterion in (UNCONDITIONAL, CONDITIONAL):
            judge(criterion, f"{who}: unconditional" if bare else None)


def _matches(request: web.Request, publisher: Publisher, validators: dict[str, str]) -> bool:
    if publisher.restless or not validators:
        return False
    if "ETag" in validators:
        return request.headers.get("If-None-Match") == validators["ETag"]
    return request.headers.get("If-Modified-Since") == validators["Last-Modified"]
