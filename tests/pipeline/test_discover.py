"""Finding the feeds of a site: real servers on loopback, the real fetcher, the real parser's children."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.domain.catalogue import FeedLink, PageLinks
from monitor.domain.feed import Failure, ParsedEntry, ParsedFeed
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness
from monitor.parse.sandbox import SandboxedParser
from monitor.pipeline.discover import (
    CANDIDATE_LIMIT,
    USUAL_PLACES,
    Discovered,
    Discoverer,
    Found,
    How,
    candidates,
    usual_places,
    without_repeats,
)


def rss(*titles: str) -> str:
    items = "".join(f"<item><title>{title}</title><link>https://x.example/{title}</link></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"


def link(href: str) -> str:
    return f"<link rel=alternate type=application/rss+xml href='{href}'>"


class Site:
    """Documents by path and query; everything else is missing. A number is a status."""

    def __init__(self, documents: Mapping[str, str | int]) -> None:
        self.documents = documents
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        found = self.documents.get(request.path_qs, 404)
        if isinstance(found, int):
            return web.Response(status=found, headers={"Retry-After": "3600"} if found == 429 else None)
        return web.Response(text=found, content_type="text/html")


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[Callable[[str], str]]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        yield lambda path: str(server.make_url("/")).rstrip("/") + path
    finally:
        await server.close()


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    """One for all tests: its children serve any event loop."""
    made = SandboxedParser(children=1)
    yield made
    made.close()


Discovery = tuple[list[tuple[str, How]], Site, Discovered]


async def discovered(parser: SandboxedParser, documents: Mapping[str, str | int], path: str = "/") -> Discovery:
    """What is found at a path, as (path, how), and what was asked on the way."""
    site = Site(documents)
    async with (
        serving(site) as url,
        AiohttpFetcher("test/1", allowed_hosts=["127.0.0.1"], politeness=Politeness(interval=0.0)) as fetcher,
    ):
        result = await Discoverer(fetcher, parser, parser).discover(url(path))
        return [(one.url.removeprefix(url("")), one.how) for one in result.found], site, result


async def test_an_address_that_is_a_feed_is_its_own_answer(parser: SandboxedParser) -> None:
    found, site, _ = await discovered(parser, {"/feed": rss("a")}, "/feed")
    assert (found, site.asked) == ([("/feed", How.ITSELF)], ["/feed"])


async def test_feeds_that_a_page_names_are_verified_and_nothing_else_is_asked(parser: SandboxedParser) -> None:
    page = link("/f") + link("/page") + link("/gone") + "<a href=/rss>all</a><a href=/about>x</a>"
    found, site, _ = await discovered(parser, {"/": page, "/f": rss("a"), "/page": "<html>", "/rss": rss("b")})
    assert found == [("/f", How.DECLARED), ("/rss", How.LINKED)]
    assert sorted(site.asked) == ["/", "/f", "/gone", "/page", "/rss"]


async def test_the_usual_places_are_tried_in_order_until_one_is_a_feed(parser: SandboxedParser) -> None:
    found, site, _ = await discovered(
        parser, {"/blog/": "<html>", "/feed.xml": rss("a"), "/atom.xml": rss("b")}, "/blog/"
    )
    assert found == [("/feed.xml", How.USUAL)]
    assert site.asked == ["/blog/", "/blog/feed", "/feed", "/rss.xml", "/feed.xml"]


async def test_the_query_of_wordpress_is_a_usual_place(parser: SandboxedParser) -> None:
    found, _, _ = await discovered(parser, {"/": "<html>", "/?feed=rss2": rss("a")})
    assert found == [("/?feed=rss2", How.USUAL)]


async def test_a_site_without_feeds_costs_few_requests(parser: SandboxedParser) -> None:
    found, site, result = await discovered(parser, {"/": "<html>"})
    assert (found, result.failure) == ([], None)
    assert site.asked == ["/", *USUAL_PLACES]


async def test_a_host_that_asks_to_be_left_alone_is(parser: SandboxedParser) -> None:
    found, site, _ = await discovered(parser, {"/": "<html>", "/feed": 429, "/rss.xml": rss("a")})
    assert (found, site.asked) == ([], ["/", "/feed"])


@pytest.mark.parametrize("status", [404, 500, 403])
async def test_a_page_that_cannot_be_had_is_a_failure(parser: SandboxedParser, status: int) -> None:
    found, site, result = await discovered(parser, {"/": status})
    assert (found, site.asked) == ([], ["/"])
    assert result.failure is not None
    assert result.failure.status == status


async def test_a_page_cannot_lead_to_addresses_that_are_not_public(parser: SandboxedParser) -> None:
    """The test's own host is allowed by name, another spelling of it is not."""
    page = link("http://127.1:1/f") + link("http://[::1]:1/f") + link("http://169.254.169.254/feed")
    found, site, _ = await discovered(parser, {"/": page})
    assert found == []
    assert site.asked == ["/", *USUAL_PLACES]


async def test_one_feed_in_two_forms_is_wanted_once_and_comments_not_at_all(parser: SandboxedParser) -> None:
    page = link("/rss") + link("/atom") + link("/comments/feed/")
    feed = rss("a", "b", "c", "d")
    found, _, result = await discovered(parser, {"/": page, "/rss": feed, "/atom": feed, "/comments/feed/": rss("x")})
    assert len(found) == 3
    assert [one.url for one in result.wanted] == [result.found[0].url]
    assert result.found[1].same_as == result.found[0].url


async def test_a_hostile_page_costs_no_more_than_its_own_reading(parser: SandboxedParser) -> None:
    page = "<a <" * 5_000 + link("/f")
    found, site, _ = await discovered(parser, {"/": page, "/f": rss("a"), "/feed": rss("b")})
    assert found == [("/feed", How.USUAL)]
    assert site.asked == ["/", "/feed"]


def test_candidates_are_few_each_once_and_never_the_page_itself() -> None:
    links = [FeedLink(f"https://x.example/{n}", "", declared=True) for n in range(50)]
    again = FeedLink("https://X.example/1?utm_source=a", "", declared=False)
    page = FeedLink("https://x.example/page#top", "", declared=True)
    assert candidates(PageLinks((page, links[0], again, *links)), "https://x.example/page") == [
        links[0], again, *links[2:CANDIDATE_LIMIT],
    ]  # fmt: skip


def test_the_usual_places_of_a_folder_begin_there() -> None:
    assert list(usual_places("https://x.example/a/b?c=d"))[:2] == ["https://x.example/a/feed", "https://x.example/feed"]
    assert next(iter(usual_places("https://x.example"))) == "https://x.example/feed"


def test_what_a_page_only_links_to_is_wanted_where_it_names_nothing() -> None:
    def found(number: int, how: How) -> Found:
        entries = tuple(ParsedEntry(None, f"https://x.example/{number}/{n}", "", "", None, None) for n in range(5))
        return Found(f"https://x.example/{number}", how, ParsedFeed("", "rss20", None, None, None, entries))

    named, linked, other = found(1, How.DECLARED), found(2, How.LINKED), found(3, How.LINKED)
    assert Discovered((named, linked, other)).wanted == (named,)
    assert Discovered((linked, other)).wanted == (linked, other)
    assert without_repeats([named, linked]) == (named, linked)


async def test_a_host_that_cannot_be_reached_is_told(parser: SandboxedParser) -> None:
    async with AiohttpFetcher("test/1", politeness=Politeness(interval=0.0)) as fetcher:
        result = await Discoverer(fetcher, parser, parser).discover("http://127.0.0.1:9/")
    assert result.failure is not None
    assert result.failure.kind is Failure.REFUSED_ADDRESS
