"""The newsroom as its readers meet it over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from monitor.demo.documents import Outlet
from monitor.demo.newsroom import Newsroom, load_archive, load_dispatches, load_outlets
from monitor.demo.run import CLOSES, OPENS
from monitor.domain.feed import Fetched, ParsedFeed, Validators
from monitor.parse.document import parse_document

EVENING = datetime(2025, 5, 4, 16, tzinfo=UTC)


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with Newsroom(lambda: EVENING).open() as address:
        yield address


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def test_it_has_outlets_of_every_format_and_language() -> None:
    outlets = load_outlets()
    assert 20 <= len(outlets) <= 30
    assert {outlet.format for outlet in outlets} == {"rss20", "atom10", "rdf", "json11"}
    assert {outlet.language for outlet in outlets} == {"en", "hi", "ja"}
    assert {outlet.behaviour for outlet in outlets} == {"ordinary", "redirect", "slow", "broken"}


def test_nothing_of_the_archive_is_published_again() -> None:
    archive = load_archive()
    live = [dispatch for dispatches in load_dispatches().values() for dispatch in dispatches]
    assert len(archive) == 101
    assert len(live) == 207
    assert not {item.title for item in archive} & {dispatch.title for dispatch in live}
    assert all(OPENS - timedelta(hours=2) <= dispatch.published <= CLOSES for dispatch in live)


@pytest.mark.parametrize("outlet", [o for o in load_outlets() if o.behaviour != "broken"], ids=lambda outlet: outlet.id)
async def test_every_outlet_serves_what_was_published_by_its_clock(
    outlet: Outlet, address: str, session: aiohttp.ClientSession
) -> None:
    newsroom = Newsroom(lambda: EVENING)
    expected = newsroom.published(newsroom.outlets[outlet.id], EVENING)
    url = f"{address}/{outlet.id}"
    async with session.get(url) as response:
        fetched = Fetched(str(response.url), await response.read(), response.content_type, None, Validators())
    parsed = parse_document(fetched)
    assert isinstance(parsed, ParsedFeed)
    assert [(e.title, e.link, e.published) for e in parsed.entries] == [(d.title, d.url, d.published) for d in expected]


async def test_a_conditional_request_is_answered_with_304(address: str, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{address}/latestly") as response:
        etag = response.headers["ETag"]
        assert response.headers["Content-Encoding"] in {"gzip", "deflate"}
    async with session.get(f"{address}/latestly", headers={"If-None-Match": etag}) as response:
        assert response.status == 304


async def test_the_redirecting_outlet_sends_readers_to_its_document(
    address: str, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{address}/menafn", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/menafn/document")


async def test_the_broken_outlet_hangs_up(address: str, session: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ClientConnectionError):
        await session.get(f"{address}/example-wire")


async def test_an_outlet_it_does_not_have_is_not_found(address: str, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{address}/nobody") as response:
        assert response.status == 404
