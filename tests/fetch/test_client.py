"""The fetcher against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from monitor.domain.feed import (
    Elsewhere,
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    Validators,
)
from monitor.fetch.client import REDIRECT_LIMIT, AiohttpFetcher
from monitor.fetch.politeness import Politeness

AGENT = "monitor-test/1.0 (+https://monitor.example/contact)"
FEED = b'<rss version="2.0"><channel><title>News</title></channel></rss>'
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """A server on loopback that keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.handlers: dict[str, Handler] = {}
        self.server: TestServer | None = None

    def url(self, path: str) -> str:
        assert self.server is not None
        return str(self.server.make_url(path))

    def on(self, path: str, body: bytes = FEED, status: int = 200, headers: dict[str, str] | None = None) -> str:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=body, status=status, headers=headers)

        return self.handle(path, answer)

    def handle(self, path: str, handler: Handler) -> str:
        self.handlers[path] = handler
        return self.url(path)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.handlers[request.path](request)


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    site.server = TestServer(app, scheme="https" if tls else "http")
    await site.server.start_server(ssl=tls) if tls else await site.server.start_server()
    try:
        yield site
    finally:
        await site.server.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as found:
        yield found


@pytest.fixture
async def fetcher() -> AsyncIterator[AiohttpFetcher]:
    async with fetching() as made:
        yield made


def fetching(
    timeout: float = 5.0, max_bytes: int = 100_000, allowed_hosts: tuple[str, ...] = ("127.0.0.1",)
) -> AiohttpFetcher:
    politeness = Politeness(per_host=10, interval=0.0)
    return AiohttpFetcher(
        AGENT, timeout=timeout, max_bytes=max_bytes, allowed_hosts=allowed_hosts, politeness=politeness
    )


def feed(url: str, validators: Validators | None = None) -> FeedForPoll:
    return FeedForPoll(1, url, "Feed", None, None, validators or Validators(), failures=0, polled_before=True)


def failed(result: FetchResult, kind: Failure) -> FetchFailed:
    assert isinstance(result, FetchFailed)
    assert result.kind is kind
    assert result.message.endswith(".")
    assert "Traceback" not in result.message
    return result


async def test_a_plain_fetch_brings_body_validators_and_freshness(site: Site, fetcher: AiohttpFetcher) -> None:
    headers = {"ETag": 'W/"a b"', "Last-Modified": "some day", "Cache-Control": "max-age=900"}
    url = site.on("/feed", headers=headers | {"Content-Type": "application/rss+xml", "Content-Location": "/canonical"})
    assert await fetcher.fetch(feed(url)) == Fetched(
        url=url,
        body=FEED,
        content_type="application/rss+xml",
        content_location="/canonical",
        validators=Validators('W/"a b"', "some day", hashlib.sha256(FEED).hexdigest()),
        fresh_for=timedelta(minutes=15),
    )


async def test_a_request_says_who_asks_and_nothing_else(site: Site, fetcher: AiohttpFetcher) -> None:
    url = site.on("/feed?b=%2f&a=1~", headers={"Set-Cookie": "spy=1"})
    site.handlers["/feed"] = site.handlers["/feed?b=%2f&a=1~"]
    await fetcher.fetch(feed(url))
    await fetcher.fetch(feed(url))
    second = site.requests[1]
    assert second.headers["User-Agent"] == AGENT
    assert second.headers["Accept-Encoding"] == "gzip"
    assert {"Cookie", "Referer", "If-None-Match", "If-Modified-Since"}.isdisjoint(second.headers)


async def test_the_address_is_requested_character_for_character(site: Site, fetcher: AiohttpFetcher) -> None:
    site.on("/feed/")
    await fetcher.fetch(feed(site.url("/") + "feed/?x=%2F%7e&y='+(,)"))
    assert site.requests[0].raw_path == "/feed/?x=%2F%7e&y='+(,)"


async def test_validators_are_sent_back_byte_for_byte_and_304_keeps_the_hash(
    site: Site, fetcher: AiohttpFetcher
) -> None:
    url = site.on("/feed", b"", 304, {"ETag": '"newer"'})
    stored = Validators('W/"1-gzip"', "Sun, 4 May 2025 06:00:00 +0000", "abc")
    result = await fetcher.fetch(feed(url, stored))
    assert site.requests[0].headers["If-None-Match"] == stored.etag
    assert site.requests[0].headers["If-Modified-Since"] == stored.last_modified
    assert result == NotModified(Validators('"newer"', stored.last_modified, "abc"))


async def test_validators_follow_every_200_even_when_the_body_is_the_same(site: Site, fetcher: AiohttpFetcher) -> None:
    url = site.on("/feed")
    same = hashlib.sha256(FEED).hexdigest()
    result = await fetcher.fetch(feed(url, Validators('"stale"', "stale", same)))
    assert isinstance(result, Fetched)
    assert result.validators == Validators(None, None, same)


async def test_304_to_an_unconditional_request_is_a_failure(site: Site, fetcher: AiohttpFetcher) -> None:
    failed(await fetcher.fetch(feed(site.on("/feed", b"", 304))), Failure.HTTP)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_followed_and_the_final_address_kept(
    site: Site, fetcher: AiohttpFetcher, status: int
) -> None:
    site.on("/new/feed")
    result = await fetcher.fetch(feed(site.on("/old", b"", status, {"Location": "new/feed"})))
    assert isinstance(result, Fetched)
    assert (result.url, result.feed_url) == (site.url("/new/feed"), site.url("/old"))


@pytest.mark.parametrize(("statuses", "moved"), [((301, 308), True), ((301, 302), False), ((307, 301), False)])
async def test_only_a_chain_of_permanent_redirects_is_a_move(
    site: Site, fetcher: AiohttpFetcher, statuses: tuple[int, int], moved: bool
) -> None:
    site.on("/feed")
    site.on("/b", b"", statuses[1], {"Location": "/feed#top"})
    result = await fetcher.fetch(feed(site.on("/a", b"", statuses[0], {"Location": "/b"})))
    assert isinstance(result, Fetched)
    assert result.moved_to == (site.url("/feed") if moved else None)


async def test_a_direct_answer_is_no_move(site: Site, fetcher: AiohttpFetcher) -> None:
    result = await fetcher.fetch(feed(site.on("/feed")))
    assert isinstance(result, Fetched)
    assert result.moved_to is None
    assert result.feed_url is None


@pytest.mark.parametrize("status", [301, 302])
async def test_each_address_gets_back_the_validators_it_gave(site: Site, fetcher: AiohttpFetcher, status: int) -> None:
    """Else every poll through a redirect to another site would be unconditional, and the first one after it too."""
    async with serving() as other:
        target = other.on("/feed", headers={"ETag": '"theirs"', "Last-Modified": "their day"})
        url = site.on("/old", b"", status, {"Location": target})
        first = await fetcher.fetch(feed(url, Validators('"own"', "own day", "abc")))
        assert isinstance(first, Fetched)
        assert (first.validators.etag, first.validators.elsewhere) == (
            '"own"',
            Elsewhere(target, '"theirs"', "their day"),
        )
        other.on("/feed", b"", 304)
        second = await fetcher.fetch(feed(url, first.validators))
        assert isinstance(second, NotModified)
        assert second.validators == first.validators
        again = site.on("/old", b"", 304)
        third = await fetcher.fetch(feed(again, second.validators))
    assert isinstance(third, NotModified)
    assert third.validators == first.validators
    assert [request.headers["If-None-Match"] for request in site.requests] == ['"own"'] * 3
    assert "If-None-Match" not in other.requests[0].headers
    assert other.requests[1].headers["If-None-Match"] == '"theirs"'
    assert other.requests[1].headers["If-Modified-Since"] == "their day"


async def test_feeds_that_queue_for_a_silent_host_do_not_wait_for_it_one_after_another(site: Site) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    politeness = Politeness(per_host=2, interval=0.0)
    async with AiohttpFetcher(AGENT, timeout=0.3, allowed_hosts=("127.0.0.1",), politeness=politeness) as fetcher:
        urls = [site.handle(f"/{n}", silent) for n in range(10)]
        started = asyncio.get_running_loop().time()
        results = await asyncio.gather(*(fetcher.fetch(feed(url)) for url in urls))
        took = asyncio.get_running_loop().time() - started
    assert took < 1.0, "ten feeds by two would take 1.5 seconds"
    assert len(site.requests) <= 4
    kinds = [result.kind for result in results if isinstance(result, FetchFailed)]
    assert set(kinds) == {Failure.TIMEOUT, Failure.WAITING}
    assert (len(kinds), kinds.count(Failure.TIMEOUT)) == (10, len(site.requests))


async def test_a_host_that_asks_for_fewer_requests_gets_none_from_its_other_feeds(
    site: Site, fetcher: AiohttpFetcher
) -> None:
    limited = site.on("/a", b"", 429, {"Retry-After": "3600"})
    failed(await fetcher.fetch(feed(limited)), Failure.THROTTLED)
    spared = failed(await fetcher.fetch(feed(site.on("/b"))), Failure.WAITING)
    assert spared.retry_after == timedelta(minutes=10)
    assert len(site.requests) == 1


async def test_303_is_not_followed(site: Site, fetcher: AiohttpFetcher) -> None:
    failed(await fetcher.fetch(feed(site.on("/form", b"", 303, {"Location": "/feed"}))), Failure.HTTP)


async def test_a_redirect_loop_ends(site: Site, fetcher: AiohttpFetcher) -> None:
    result = await fetcher.fetch(feed(site.on("/loop", b"", 302, {"Location": "/loop"})))
    assert "redirects" in failed(result, Failure.HTTP).message
    assert len(site.requests) == REDIRECT_LIMIT + 1


@pytest.mark.parametrize(
    "location", ["ftp://example.org/feed", "file:///etc/passwd", "javascript:alert(1)", "http://["]
)
async def test_redirects_lead_to_web_addresses_only(site: Site, fetcher: AiohttpFetcher, location: str) -> None:
    result = await fetcher.fetch(feed(site.on("/old", b"", 302, {"Location": location})))
    failed(result, Failure.REFUSED_ADDRESS)


async def test_validators_and_credentials_stay_with_the_feeds_own_site(site: Site, fetcher: AiohttpFetcher) -> None:
    async with serving() as other:
        target = other.on("/feed")
        url = site.on("/old", b"", 301, {"Location": target})
        secret = url.replace("http://", "http://user:secret@")
        result = await fetcher.fetch(feed(secret, Validators('"mine"', "then", "abc")))
    assert isinstance(result, Fetched)
    assert site.requests[0].headers["If-None-Match"] == '"mine"'
    assert site.requests[0].headers["Authorization"].startswith("Basic ")
    assert {"If-None-Match", "If-Modified-Since", "Authorization"}.isdisjoint(other.requests[0].headers)


async def test_credentials_reach_neither_messages_nor_the_final_address(site: Site, fetcher: AiohttpFetcher) -> None:
    good = site.on("/feed").replace("http://", "http://user:secret@")
    bad = site.on("/missing", b"", 404).replace("http://", "http://user:secret@")
    found = await fetcher.fetch(feed(good))
    assert isinstance(found, Fetched)
    assert "secret" not in found.url
    assert "secret" not in failed(await fetcher.fetch(feed(bad)), Failure.HTTP).message


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("GZIP", gzip.compress(FEED, mtime=0)),
        ("x-gzip", gzip.compress(FEED, mtime=0)),
        ("deflate", zlib.compress(FEED)),
        ("identity", FEED),
    ],
)
async def test_one_layer_of_compression_is_undone(
    site: Site, fetcher: AiohttpFetcher, coding: str, body: bytes
) -> None:
    result = await fetcher.fetch(feed(site.on("/feed", body, headers={"Content-Encoding": coding})))
    assert isinstance(result, Fetched)
    assert result.body == FEED
    assert result.validators.body_hash == hashlib.sha256(FEED).hexdigest()


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
async def test_other_codings_and_layers_are_refused(site: Site, fetcher: AiohttpFetcher, coding: str) -> None:
    failed(await fetcher.fetch(feed(site.on("/feed", FEED, headers={"Content-Encoding": coding}))), Failure.HTTP)


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"not gzip at all", Failure.HTTP), (gzip.compress(FEED * 50, mtime=0)[:-9], Failure.CONNECTION)],
)
async def test_broken_compression_is_a_failure(site: Site, fetcher: AiohttpFetcher, body: bytes, kind: Failure) -> None:
    failed(await fetcher.fetch(feed(site.on("/feed", body, headers={"Content-Encoding": "gzip"}))), kind)


async def test_a_gzip_bomb_is_too_large(site: Site, fetcher: AiohttpFetcher) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    assert len(bomb) < 100_000
    failed(await fetcher.fetch(feed(site.on("/bomb", bomb, headers={"Content-Encoding": "gzip"}))), Failure.TOO_LARGE)


async def test_an_announced_size_beyond_the_limit_is_not_read(site: Site, fetcher: AiohttpFetcher) -> None:
    failed(await fetcher.fetch(feed(site.on("/big", b"x" * 100_001))), Failure.TOO_LARGE)


async def test_an_endless_body_is_cut_off(site: Site, fetcher: AiohttpFetcher) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 10_000)

    failed(await fetcher.fetch(feed(site.handle("/endless", endless))), Failure.TOO_LARGE)


async def test_a_slow_drip_meets_the_deadline(site: Site) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.02)

    async with fetching(timeout=0.3) as fetcher:
        failed(await fetcher.fetch(feed(site.handle("/drip", drip))), Failure.TIMEOUT)


async def test_the_deadline_covers_all_hops_together(site: Site) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(0.15)
        return web.Response(status=302, headers={"Location": "/slow"})

    async with fetching(timeout=0.4) as fetcher:
        failed(await fetcher.fetch(feed(site.handle("/slow", slow))), Failure.TIMEOUT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, Failure.HTTP),
        (404, Failure.HTTP),
        (410, Failure.GONE),
        (500, Failure.HTTP),
        (599, Failure.HTTP),
        (204, Failure.HTTP),
    ],
)
async def test_statuses_without_a_feed_are_failures(
    site: Site, fetcher: AiohttpFetcher, status: int, kind: Failure
) -> None:
    failed(await fetcher.fetch(feed(site.on("/feed", b"", status))), kind)


@pytest.mark.parametrize(("status", "kind"), [(429, Failure.THROTTLED), (503, Failure.HTTP)])
async def test_the_servers_wish_to_wait_is_passed_on(
    site: Site, fetcher: AiohttpFetcher, status: int, kind: Failure
) -> None:
    result = await fetcher.fetch(feed(site.on("/feed", b"", status, {"Retry-After": "3600"})))
    assert failed(result, kind).retry_after == timedelta(hours=1)


async def test_a_wish_by_date_counts_from_the_servers_own_clock(site: Site, fetcher: AiohttpFetcher) -> None:
    headers = {"Retry-After": "Tue, 01 Jan 1991 00:10:00 GMT", "Date": "Tue, 01 Jan 1991 00:00:00 GMT"}
    result = await fetcher.fetch(feed(site.on("/feed", b"", 503, headers)))
    assert failed(result, Failure.HTTP).retry_after == timedelta(minutes=10)


async def test_a_web_page_is_left_to_the_parser(site: Site, fetcher: AiohttpFetcher) -> None:
    result = await fetcher.fetch(feed(site.on("/feed", b"<html></html>", headers={"Content-Type": "text/html"})))
    assert isinstance(result, Fetched)
    assert result.content_type == "text/html"


async def test_private_addresses_are_refused_directly_and_by_redirect(site: Site, fetcher: AiohttpFetcher) -> None:
    secret = site.on("/secret")
    port = f"127.0.0.1:{site.server.port}"  # type: ignore[union-attr]
    async with fetching(allowed_hosts=()) as strict:
        assert "not a public address" in failed(await strict.fetch(feed(secret)), Failure.REFUSED_ADDRESS).message
    async with serving() as other, fetching(allowed_hosts=(port,)) as one_port:
        hidden = other.on("/hidden")
        hop = site.on("/hop", b"", 302, {"Location": hidden})
        failed(await one_port.fetch(feed(hop)), Failure.REFUSED_ADDRESS)
        assert not other.requests
    assert [request.path for request in site.requests] == ["/hop"]


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "0x7f.1"]
)
async def test_no_spelling_of_loopback_gets_through(site: Site, host: str) -> None:
    port = site.server.port  # type: ignore[union-attr]
    async with fetching(allowed_hosts=()) as strict:
        result = await strict.fetch(feed(f"http://{host}:{port}/secret"))
    assert isinstance(result, FetchFailed)
    assert not site.requests


@pytest.mark.parametrize("url", ["", "feed.xml", "ftp://example.org/x", "http://", "http:///x", "http://a:b/"])
async def test_what_is_no_web_address_is_refused(fetcher: AiohttpFetcher, url: str) -> None:
    failed(await fetcher.fetch(feed(url)), Failure.REFUSED_ADDRESS)


async def test_a_name_without_an_address_is_a_failed_connection(fetcher: AiohttpFetcher) -> None:
    failed(await fetcher.fetch(feed("http://no-such-host.invalid/feed")), Failure.CONNECTION)


async def test_a_closed_port_is_a_failed_connection(fetcher: AiohttpFetcher) -> None:
    failed(await fetcher.fetch(feed(f"http://127.0.0.1:{unused_port()}/feed")), Failure.CONNECTION)


async def test_an_untrusted_certificate_is_refused(fetcher: AiohttpFetcher) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    async with serving(tls) as secure:
        result = await fetcher.fetch(feed(secure.on("/feed")))
        assert "certificate" in failed(result, Failure.TLS).message
        assert not secure.requests


async def test_a_server_without_tls_at_all_is_refused(site: Site, fetcher: AiohttpFetcher) -> None:
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    failed(await fetcher.fetch(feed(site.on("/feed").replace("http://", "https://"))), Failure.TLS)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n", Failure.HTTP),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n", Failure.HTTP),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", Failure.HTTP),
        (b"", Failure.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Failure.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Failure.HTTP),
    ],
)
async def test_what_is_not_proper_http_is_a_failure(fetcher: AiohttpFetcher, answer: bytes, kind: Failure) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failed(await fetcher.fetch(feed(f"http://127.0.0.1:{port}/feed")), kind)


async def test_a_closed_fetcher_opens_again(site: Site) -> None:
    fetcher = fetching()
    url = site.on("/feed")
    for _ in range(2):
        assert isinstance(await fetcher.fetch(feed(url)), Fetched)
        await fetcher.close()
    await fetcher.close()
