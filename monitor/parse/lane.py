"""A lane of the sandbox: some of its children, with one wall limit, and what waits for them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, PriorityQueue, SimpleQueue

from monitor.domain.feed import Fetched
from monitor.parse.process import Attempt, Child
from monitor.parse.wire import Task


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A body that waits for a child: the shortest is next, and of equal ones the first that came."""

    size: int
    number: int
    fetched: Fetched = field(compare=False)
    task: Task = field(compare=False)
    seconds: float = field(compare=False)
    attempt: Future[Attempt] = field(compare=False, default_factory=Future)


class Lane:
    """Some children with one wall limit. Threads carry the waiting, so that a lane serves any event loop.

    Long bodies wait for short ones: a feed of fifty items has 30 KB and takes 20 ms, and what costs most is long as a
    rule. No run has so many feeds that a long body would wait for minutes.
    """

    def __init__(self, children: int, seconds: float, memory_bytes: int, niceness: int = 0) -> None:
        self.seconds = seconds
        self.children = [Child(memory_bytes, niceness) for _ in range(children)]
        self._idle: SimpleQueue[Child] = SimpleQueue()
        for child in self.children:
            self._idle.put(child)
        self._numbers = count()
        self._waiting: PriorityQueue[_Waiting] = PriorityQueue()
        self._threads = ThreadPoolExecutor(children, thread_name_prefix="parse")

    async def parse(self, fetched: Fetched, task: Task = Task.FEED, seconds: float | None = None) -> Attempt:
        """Have one body parsed when its turn comes, which gives up after `seconds`, None: those of the lane."""
        limit = self.seconds if seconds is None else seconds
        waiting = _Waiting(len(fetched.body), next(self._numbers), fetched, task, limit)
        self._waiting.put(waiting)
        self._threads.submit(self._parse_next)
        return await asyncio.wrap_future(waiting.attempt)

    def close(self) -> None:
        """End the children; a parse under way ends with them, and what waits is cancelled."""
        for child in self.children:
            child.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        while (waiting := self._next()) is not None:
            waiting.attempt.cancel()
        for child in self.children:
            child.end()

    def _next(self) -> _Waiting | None:
        try:
            return self._waiting.get_nowait()
        except Empty:
            return None

    def _parse_next(self) -> None:
        waiting = self._next()
        if waiting is None or not waiting.attempt.set_running_or_notify_cancel():
            return
        child = self._idle.get()
        try:
            attempt = child.parse(waiting.fetched, self.seconds, waiting.task, waiting.seconds)
        except BaseException as error:  # noqa: BLE001, raised where it is awaited
            waiting.attempt.set_exception(error)
        else:
            waiting.attempt.set_result(attempt)
        finally:
            self._idle.put(child)
