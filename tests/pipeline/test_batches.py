"""What is ready is handed on, however long others take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from time import monotonic

import pytest

from monitor.pipeline.batches import in_batches


async def after(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def taken(delays: Sequence[float], most: int, seconds: float) -> list[list[float]]:
    return [batch async for batch in in_batches(map(after, delays), most, seconds)]


async def test_what_is_ready_does_not_wait_for_what_takes_long() -> None:
    started = monotonic()
    async with aclosing(in_batches(map(after, [0.0, 60.0, 0.01]), 100, 0.1)) as batches:
        assert await anext(batches) == [0.0, 0.01]
    assert monotonic() - started < 5


async def test_the_last_batch_does_not_wait_for_more() -> None:
    started = monotonic()
    assert await taken([0.0, 0.01], 100, 60.0) == [[0.0, 0.01]]
    assert monotonic() - started < 5


async def test_a_batch_has_a_size() -> None:
    assert [len(batch) for batch in await taken([0.0] * 25, 10, 60.0)] == [10, 10, 5]


async def test_without_works_there_is_no_batch() -> None:
    assert await taken([], 10, 1.0) == []


async def test_what_comes_in_while_a_batch_is_worked_on_is_one_batch() -> None:
    sizes = []
    async for batch in in_batches(map(after, [0.0, 0.1, 0.2, 0.3]), 100, 0.01):
        sizes.append(len(batch))
        await asyncio.sleep(0.6)
    assert sizes == [1, 3]


async def test_an_error_is_raised_and_ends_the_others() -> None:
    ended = asyncio.Event()

    async def endless() -> float:
        try:
            return await after(60.0)
        finally:
            ended.set()

    async def broken() -> float:
        await asyncio.sleep(0.01)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        async for _ in in_batches([endless(), broken()], 100, 0.01):
            pass
    assert ended.is_set()
