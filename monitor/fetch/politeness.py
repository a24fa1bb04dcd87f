"""Not being a burden to any one host: few requests at a time, and a pause between their starts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

REMEMBERED_HOSTS = 10_000
"""Beyond this many, hosts whose pause is over are forgotten."""


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
        self._now = now
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
        now = self._now()
        start = max(now, self._next_start.get(host, now))
        if len(self._next_start) >= REMEMBERED_HOSTS:
            self._next_start = {known: time for known, time in self._next_start.items() if time > now}
        self._next_start[host] = start + self._interval
        if start > now:
            await self._sleep(start - now)
