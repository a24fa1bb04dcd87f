"""Who is next in a lane. Real children."""

from __future__ import annotations

import asyncio

import pytest

from monitor.domain.feed import Fetched, ParsedFeed, Validators
from monitor.parse.lane import Lane
from monitor.parse.sandbox import MEMORY_BYTES

LONG = b"<rss version='2.0'><channel><item>" + b"<a/>" * 1_000_000 + b"</item></channel></rss>"


def document(items: int) -> Fetched:
    body = b"<rss version='2.0'><channel>" + b"<item><title>One</title></item>" * items + b"</channel></rss>"
    return Fetched("https://feeds.example/feed", body, None, None, Validators())


async def test_the_short_do_not_wait_for_the_long() -> None:
    lane = Lane(1, 20.0, MEMORY_BYTES)
    ended: list[int] = []

    async def read(items: int) -> None:
        attempt = await lane.parse(document(items))
        assert isinstance(attempt.result, ParsedFeed)
        ended.append(items)

    try:
        await asyncio.gather(*map(read, (10, 500, 300, 1, 2)))
    finally:
        lane.close()
    assert ended == [10, 1, 2, 300, 500], "the first came when nobody else was there"


async def test_closing_cancels_what_waits() -> None:
    lane = Lane(1, 30.0, MEMORY_BYTES)
    busy = asyncio.ensure_future(lane.parse(Fetched("https://x.example/", LONG, None, None, Validators())))
    waiting = asyncio.ensure_future(lane.parse(document(1)))
    await asyncio.sleep(0.5)
    lane.close()
    assert (await busy).result is None
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_what_is_cancelled_while_it_waits_is_not_parsed() -> None:
    lane = Lane(1, 20.0, MEMORY_BYTES)
    try:
        first = asyncio.ensure_future(lane.parse(document(200)))
        given_up = asyncio.ensure_future(lane.parse(document(1)))
        last = asyncio.ensure_future(lane.parse(document(2)))
        await asyncio.sleep(0)
        given_up.cancel()
        await first
        await last
        assert given_up.cancelled()
    finally:
        lane.close()
