"""Results of many tasks in batches: what is ready is handed on soon, though others take long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def in_batches(works: Iterable[Awaitable[T]], most: int, seconds: float) -> AsyncGenerator[list[T]]:
    """The results as they come in, at most `most` at a time, none kept for more than `seconds` for others to join it.

    What comes in while a batch is worked on waits for that only. An error of a work is raised in its turn. Works still
    under way are cancelled, and waited for, when this is closed.
    """
    ready: asyncio.Queue[asyncio.Task[T]] = asyncio.Queue()
    running = {asyncio.ensure_future(_awaited(work)) for work in works}
    for task in running:
        task.add_done_callback(ready.put_nowait)
    left = len(running)
    try:
        while left:
            batch = await _batch(ready, min(most, left), seconds)
            left -= len(batch)
            yield [task.result() for task in batch]
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _awaited(work: Awaitable[T]) -> T:
    return await work


async def _batch(ready: asyncio.Queue[T], most: int, seconds: float) -> list[T]:
    """The next of those that are ready, as soon as there are `most` or the first has waited for `seconds`."""
    batch = [await ready.get()]
    try:
        async with asyncio.timeout(seconds):
            while len(batch) < most:
                batch.append(await ready.get())
    except TimeoutError:
        pass
    return batch
