"""A proxy opens no way around the guard, and its credentials show up nowhere. By a real proxy on loopback."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
import trustme

from monitor.domain.feed import Failure, FeedForPoll, Fetched, FetchFailed, Validators
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness
from monitor.fetch.resolver import Found, system_look_up
from tests.fetch.test_ssrf import hosts
from tests.support.connections import watched

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
PUBLIC = "93.184.216.34"
CA = trustme.CA()


@dataclass
class Served:
    """A proxy that answers for every http target, and tunnels every CONNECT to its own TLS server."""

    port: int = 0
    tls_port: int = 0
    refuses: bytes = b""
    asked: list[bytes] = field(default_factory=list)
    tunnelled: list[bytes] = field(default_factory=list)

    async def proxy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(request)
        if self.refuses:
            writer.write(b"HTTP/1.1 " + self.refuses + b"\r\nContent-Length: 0\r\n\r\n")
        elif not request.startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + FEED)
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.tls_port)
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        writer.close()

    async def server(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tunnelled.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + FEED)
        await writer.drain()
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    made, tls = Served(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("good.example").configure_cert(tls)
    async with (
        await asyncio.start_server(made.proxy, "127.0.0.1", 0) as proxy,
        await asyncio.start_server(made.server, "127.0.0.1", 0, ssl=tls) as server,
    ):
        made.port, made.tls_port = (one.sockets[0].getsockname()[1] for one in (proxy, server))
        yield made


def look_up(host: str, port: int, family: int) -> Found:
    """Names of `example` are public, but for those that say where they lead."""
    answers = {"rebound.example": ["127.0.0.1"], "mixed.example": [PUBLIC, "10.0.0.1"]}
    if host.endswith(".example"):
        return [one for address in answers.get(host, [PUBLIC]) for one in system_look_up(address, port, family)]
    return system_look_up(host, port, family)


@asynccontextmanager
async def fetching(proxy: str, allowed: tuple[str, ...] = ()) -> AsyncIterator[AiohttpFetcher]:
    politeness = Politeness(per_host=10, interval=0.0)
    async with AiohttpFetcher(
        "test", timeout=5, allowed_hosts=allowed, politeness=politeness, look_up=look_up, proxy=proxy
    ) as fetcher:
        yield fetcher


def feed(url: str) -> FeedForPoll:
    return FeedForPoll(1, url, "Feed", None, None, Validators('"v"'), failures=0, polled_before=True)


async def test_a_feed_is_fetched_by_the_proxy_and_no_other_way(served: Served) -> None:
    async with fetching(f"http://me:secret@127.0.0.1:{served.port}") as fetcher:
        with watched({("127.0.0.1", served.port)}) as watch:
            result = await fetcher.fetch(feed("http://good.example/feed"))
    assert isinstance(result, Fetched)
    assert (result.body, result.url) == (FEED, "http://good.example/feed")
    assert served.asked[0].startswith(b"GET http://good.example/feed HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"me:secret") in served.asked[0]
    assert b'If-None-Match: "v"' in served.asked[0]
    assert watch.strayed == []


async def test_a_tunnel_leads_to_the_checked_address_and_asks_for_the_name(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CA.cert_pem.tempfile() as authority:
        monkeypatch.setenv("SSL_CERT_FILE", authority)
        async with fetching(f"http://me:secret@127.0.0.1:{served.port}") as fetcher:
            good = await fetcher.fetch(feed("https://good.example/feed"))
            other = await fetcher.fetch(feed("https://other.example/feed"))
    assert isinstance(good, Fetched)
    assert good.url == "https://good.example/feed"
    assert served.asked[0].startswith(f"CONNECT {PUBLIC}:443 HTTP/1.1\r\n".encode())
    assert b"\r\nHost: good.example\r\n" in served.tunnelled[0]
    assert b"secret" not in served.tunnelled[0]
    assert b"Proxy-Authorization" not in served.tunnelled[0]
    assert isinstance(other, FetchFailed)
    assert other.kind is Failure.TLS, "the certificate is that of another name"


async def test_no_special_address_is_asked_of_the_proxy(served: Served) -> None:
    async with fetching(f"http://127.0.0.1:{served.port}") as fetcher:
        with watched() as watch:
            for host in (*hosts(), "rebound.example", "mixed.example"):
                for scheme in ("http", "https"):
                    result = await fetcher.fetch(feed(f"{scheme}://{host}/feed"))
                    assert isinstance(result, FetchFailed), host
    assert (watch.tried, served.asked) == ([], [])


async def test_what_is_allowed_by_name_goes_by_the_proxy_unchecked(served: Served) -> None:
    async with fetching(f"http://127.0.0.1:{served.port}", ("rebound.example",)) as fetcher:
        assert isinstance(await fetcher.fetch(feed("http://rebound.example/feed")), Fetched)


@pytest.mark.parametrize("status", [b"407 Proxy Authentication Required", b"403 Forbidden", b"502 Bad Gateway"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_refusing_proxy_is_a_failure_without_its_credentials(
    served: Served, status: bytes, scheme: str
) -> None:
    served.refuses = status
    async with fetching(f"http://me:secret@127.0.0.1:{served.port}") as fetcher:
        result = await fetcher.fetch(feed(f"{scheme}://good.example/feed"))
        assert isinstance(result, FetchFailed)
        assert "secret" not in result.message
        assert "secret" not in repr(fetcher._proxy)


async def test_a_proxy_that_is_not_there_is_a_failure() -> None:
    async with fetching("http://me:secret@127.0.0.1:9") as fetcher:
        result = await fetcher.fetch(feed("http://good.example/feed"))
    assert isinstance(result, FetchFailed)
    assert result.kind is Failure.CONNECTION
    assert "secret" not in result.message


async def test_the_proxies_of_the_environment_are_not_asked(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{served.port}")
    async with AiohttpFetcher("test", timeout=5, look_up=look_up) as fetcher:
        with watched() as watch:
            assert isinstance(await fetcher.fetch(feed("http://good.example/feed")), FetchFailed)
    assert {address[0] for address in watch.tried} == {PUBLIC}
    assert served.asked == []
