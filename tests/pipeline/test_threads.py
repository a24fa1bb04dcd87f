from __future__ import annotations

import asyncio
from threading import Event

import pytest

from monitor.pipeline.threads import in_thread


async def test_what_a_thread_returns_and_raises_comes_back() -> None:
    assert await in_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_thread(divmod, 7, 0)


@pytest.mark.parametrize("error", [None, ValueError("late")])
async def test_a_cancelled_call_ends_after_its_thread(error: ValueError | None) -> None:
    begun, released = Event(), Event()
    ended: list[str] = []

    def work() -> None:
        begun.set()
        released.wait(10)
        ended.append("thread")
        if error:
            raise error

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0.05)
    assert not task.done()
    released.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["thread"]
