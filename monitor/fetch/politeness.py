"""Not being a burden to any one host: few requests at a time, and a pause between their starts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

from monitor.domain.feed import NO_ANSWER, Failure, FetchFailed

REMEMBERED_HOSTS = 10_000
"""Beyond this many, hosts whose pause is over are forgotten, and those that first left one request unanswered."""

STRIKES = 2
"""Requests in a row without an answer after which a host is given up: as many as are under way at once."""

UNWILLING_SECONDS = 60.0
"""How long it is given up for: the feeds of one run that queue for it are through by then."""

THROTTLED_SECONDS = 600.0
"""The longest that one feed's Retry-After keeps its host's other feeds waiting: the limit may be that feed's alone."""


class Politeness:
    """Takes turns per host: at most `per_host` requests at once, starting at least `interval` seconds apart.

    `now` (seconds of a monotonic clock) and `sleep` can be replaced by ones that do not take real time.
    """

    def __init__(
        self,
        per_host: int = 2,
        interval: float = 1.0,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._per_host = per_host
        self._interval = interval
        self.now = now
        self._sleep = sleep
        self._next_start: dict[str, float] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's next free slot and hold it."""
        self._users[host] += 1
        slots = self._slots.setdefault(host, asyncio.Semaphore(self._per_host))
        try:
            async with slots:
                await self._pause(host)
                yield
        finally:
            self._users[host] -= 1
            if not self._users[host]:
                del self._users[host], self._slots[host]

    async def _pause(self, host: str) -> None:
        """Book the next start, then wait for it: those who come meanwhile queue up behind."""
        now = self.now()
        start = max(now, self._next_start.get(host, now))
        if len(self._next_start) >= REMEMBERED_HOSTS:
            self._next_start = {known: time for known, time in self._next_start.items() if time > now}
        self._next_start[host] = start + self._interval
        if start > now:
            await self._sleep(start - now)


class Unwilling:
    """Hosts that just answered nobody, or asked for fewer requests: what waits for them then is not sent at all.

    A feed's own path may be what hangs, so a host is given up only after `STRIKES` requests in a row without an
    answer. `now` is in seconds of a monotonic clock.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._strikes: Counter[str] = Counter()
        self._until: dict[str, tuple[float, FetchFailed]] = {}

    def note(self, host: str, failure: FetchFailed | None) -> None:
        """To be told what each request to the host came to; None: it was answered."""
        if failure is not None and failure.kind in NO_ANSWER:
            if len(self._strikes) >= REMEMBERED_HOSTS and host not in self._strikes:
                del self._strikes[next(iter(self._strikes))]
            self._strikes[host] += 1
            if self._strikes[host] >= STRIKES:
                self._hold(host, UNWILLING_SECONDS, f"{host} left {STRIKES} requests in a row without an answer.")
            return
        self._strikes.pop(host, None)
        if failure is not None and failure.kind is Failure.THROTTLED:
            asked = UNWILLING_SECONDS if failure.retry_after is None else failure.retry_after.total_seconds()
            self._hold(host, min(asked, THROTTLED_SECONDS), f"{host} asked for fewer requests just now.")

    def failure(self, host: str) -> FetchFailed | None:
        """What a request to the host comes to without being sent; None: send it."""
        until, failure = self._until.get(host, (self._now(), None))
        if self._now() < until:
            return failure
        self._until.pop(host, None)
        return None

    def _hold(self, host: str, seconds: float, message: str) -> None:
        self._strikes.pop(host, None)
        now = self._now()
        if len(self._until) >= REMEMBERED_HOSTS:
            self._until = {known: held for known, held in self._until.items() if held[0] > now}
        self._until[host] = now + seconds, FetchFailed(Failure.WAITING, message, timedelta(seconds=seconds))
