# ruff: noqa: E501 - a case to a line
"""Servers that misbehave on the wire: each comes to its value in time, and the next fetch works as before."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import pytest
import trustme

from monitor.domain.feed import Failure, FeedForPoll, Fetched, FetchFailed, FetchResult, Validators
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
TIMEOUT = 0.8
"""Seconds for one feed in these tests."""

IN_TIME = TIMEOUT + 0.7
LIMIT = 200_000
OK = b"HTTP/1.1 200 OK\r\n"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """What a server does, and what that may come to: one of these failures, None being the feed fetched after all."""

    serve: Serve
    kinds: frozenset[Failure | None]


def says(answer: bytes, *kinds: Failure | None, stays: bool = False) -> Case:
    """A server that reads the request, answers, and closes, or stays."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if stays:
            await asyncio.sleep(30)

    return Case(serve, frozenset(kinds or {None}))


def drips(start: bytes, piece: bytes, *kinds: Failure | None, every: float = 0.02) -> Case:
    """A server that never comes to an end."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)

    return Case(serve, frozenset(kinds))


def resets(answer: bytes, *kinds: Failure | None, read: bool = True) -> Case:
    """A server that resets the connection after its answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if read:
            await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.transport.abort()

    return Case(serve, frozenset(kinds))


def silent() -> Case:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    return Case(serve, frozenset[Failure | None]({Failure.TIMEOUT}))


def with_length(body: bytes, headers: bytes = b"") -> bytes:
    return OK + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def to(location: bytes, status: bytes = b"302 Found") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\nLocation: " + location + b"\r\n\r\n"


CONNECTION, HTTP, TIMED, LARGE = Failure.CONNECTION, Failure.HTTP, Failure.TIMEOUT, Failure.TOO_LARGE
REFUSED = Failure.REFUSED_ADDRESS
GZIP = b"Content-Encoding: gzip\r\n"
BOMB = gzip.compress(b"\0" * 20_000_000, mtime=0)
RAW = zlib.compressobj(wbits=-15)
RAW_DEFLATE = RAW.compress(FEED) + RAW.flush()
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

CASES = {
    "accepts and is silent": silent(),
    "drips headers": drips(OK, b"X-Drip: 1\r\n", TIMED, HTTP),
    "drips one header's bytes": drips(OK + b"X-Drip: ", b"a", TIMED),
    "drips the status line": drips(b"HTTP/1.1", b" ", TIMED, HTTP),
    "drips the body": drips(OK + b"Content-Length: 100000\r\n\r\n", b"x", TIMED),
    "drips chunks": drips(CHUNKED, b"1\r\nx\r\n", TIMED),
    "drips within a chunk": drips(CHUNKED + b"fffff\r\n", b"x", TIMED),
    "drips a chunk's size": drips(CHUNKED, b"0", TIMED, HTTP),
    "drips a chunk's extension": drips(CHUNKED + b"1;", b"a" * 1000, TIMED, HTTP),
    "drips trailers": drips(CHUNKED + b"1\r\nx\r\n0\r\n", b"X-Trailer: 1\r\n", TIMED, HTTP, CONNECTION),
    "endless chunks": drips(CHUNKED, b"2710\r\n" + b"x" * 10_000 + b"\r\n", LARGE, every=0),
    "endless body": drips(OK + b"\r\n", b"x" * 10_000, LARGE, every=0),
    "endless empty gzip": drips(OK + GZIP + b"\r\n", gzip.compress(b"", mtime=0), HTTP, every=0),
    "endless interim answers": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, TIMED, HTTP, every=0),
    "endless early hints": drips(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50, TIMED, HTTP, every=0),
    "interim, then the answer": says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + with_length(FEED)),
    "length too large": says(OK + b"Content-Length: 1000\r\n\r\n" + FEED, CONNECTION),
    "length too large, and stays": says(OK + b"Content-Length: 1000\r\n\r\n" + FEED, TIMED, stays=True),
    "length too small": says(OK + b"Content-Length: 10\r\n\r\n" + FEED, HTTP),
    "length beyond the limit": says(OK + b"Content-Length: 99999999999999\r\n\r\n", LARGE, stays=True),
    "length of no number": says(OK + b"Content-Length: ten\r\n\r\n" + FEED, HTTP, CONNECTION),
    "length negative": says(OK + b"Content-Length: -1\r\n\r\n" + FEED, HTTP, CONNECTION),
    "two lengths": says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + FEED, HTTP, CONNECTION),
    "length and chunks": says(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HTTP, CONNECTION),
    "no end of chunks": says(CHUNKED + b"5\r\nhello\r\n", CONNECTION),
    "no end of chunks, and stays": says(CHUNKED + b"5\r\nhello\r\n", TIMED, stays=True),
    "chunk of no size": says(CHUNKED + b"zz\r\n", HTTP, CONNECTION),
    "chunk of huge size": says(CHUNKED + b"ffffffffffffffff\r\nx", HTTP, CONNECTION),
    "closes at once": says(b"", CONNECTION),
    "resets before the request is read": resets(b"", CONNECTION, read=False),
    "resets at once": resets(b"", CONNECTION),
    "resets within the status line": resets(b"HTTP/1.1 2", CONNECTION, HTTP),
    "resets within headers": resets(OK + b"X-A: 1\r\n", CONNECTION, HTTP),
    "resets within the body": resets(OK + b"Content-Length: 100\r\n\r\nhello", CONNECTION),
    "resets within chunks": resets(CHUNKED + b"5\r\nhel", CONNECTION),
    "100,000 headers": says(OK + b"X-A: b\r\n" * 100_000 + b"\r\n", HTTP),
    "a giant header": says(OK + b"X-A: " + b"b" * 1_000_000 + b"\r\n\r\n", HTTP),
    "a giant header name": says(OK + b"X" * 1_000_000 + b": 1\r\n\r\n", HTTP),
    "a giant reason": says(b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n", HTTP),
    "a header without end": says(OK + b"X-A: 1\r\n", TIMED, stays=True),
    "a folded header": says(OK + b"X-A: 1\r\n 2\r\nContent-Length: %d\r\n\r\n" % len(FEED) + FEED, HTTP, None),
    "a null in a header": says(OK + b"X-A: \0\r\n\r\n", HTTP),
    "a bare newline in a header": says(OK + b"X-A: 1\nSet-Cookie: x=1\r\n\r\n", HTTP, CONNECTION, None),
    "a header without a colon": says(OK + b"nonsense\r\n\r\n", HTTP),
    "a gzip bomb": says(with_length(BOMB, GZIP), LARGE),
    "a deflate bomb": says(with_length(zlib.compress(b"\0" * 20_000_000), b"Content-Encoding: deflate\r\n"), LARGE),
    "two layers of gzip": says(with_length(gzip.compress(BOMB), b"Content-Encoding: gzip, gzip\r\n"), HTTP),
    "two layers in two headers": says(with_length(gzip.compress(BOMB), GZIP + GZIP), HTTP),
    "broken gzip": says(with_length(gzip.compress(FEED)[:-12] + b"xxxxxxxxxxxx", GZIP), HTTP, CONNECTION),
    "cut gzip": says(with_length(gzip.compress(FEED * 50)[:-9], GZIP), CONNECTION),
    "gzip that is none": says(with_length(FEED, GZIP), HTTP),
    "raw deflate": says(with_length(RAW_DEFLATE, b"Content-Encoding: deflate\r\n")),
    "brotli that nobody asked for": says(with_length(FEED, b"Content-Encoding: br\r\n"), HTTP),
    "a coding of no name": says(with_length(FEED, b"Content-Encoding: x-magic\r\n"), HTTP),
    "transfer coding gzip": says(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", HTTP, CONNECTION, None),
    "redirects to itself": says(to(b"/feed"), HTTP),
    "redirects without Location": says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", HTTP),
    "redirects to nowhere": says(to(b""), HTTP, REFUSED),
    "redirects to ftp": says(to(b"ftp://127.0.0.1/feed"), REFUSED),
    "redirects to a file": says(to(b"file:///etc/passwd"), REFUSED),
    "redirects to data": says(to(b"data:text/xml,<rss/>"), REFUSED),
    "redirects to a giant address": says(to(b"/" + b"a" * 100_000), HTTP),
    "redirects with a line break": says(to(b"/x\r\nX-Injected: 1"), HTTP, REFUSED),
    "redirects with a null": says(to(b"/x\0y"), HTTP, REFUSED),
    "redirects with bytes": says(to(b"/\xff\xfe\xfd"), HTTP, REFUSED),
    "redirects with a body without end": drips(b"HTTP/1.1 302 Found\r\nLocation: /feed\r\n\r\n", b"x" * 1000, HTTP),
    "300 with choices": says(to(b"/other", b"300 Multiple Choices"), HTTP),
    "305 to a proxy": says(to(b"http://127.0.0.1:9/", b"305 Use Proxy"), HTTP),
    "204": says(b"HTTP/1.1 204 No Content\r\n\r\n", HTTP),
    "205": says(b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", HTTP),
    "206": says(b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/99\r\nContent-Length: 5\r\n\r\n<rss>", HTTP),
    "226": says(b"HTTP/1.1 226 IM Used\r\nContent-Length: 5\r\n\r\n<rss>", HTTP),
    "304 that nobody asked for": says(b"HTTP/1.1 304 Not Modified\r\n\r\n", HTTP),
    "401": says(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", HTTP),
    "407": says(b"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", HTTP),
    "421, 451 and others": says(b"HTTP/1.1 451 Unavailable\r\nContent-Length: 0\r\n\r\n", HTTP),
    "a status of no class": says(b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", HTTP),
    "a status of no number": says(b"HTTP/1.1 abc OK\r\n\r\n", HTTP),
    "switches protocols": says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + b"\x81\x05hello", HTTP, CONNECTION),
    "upgrade headers on a 200": says(with_length(FEED, b"Upgrade: h2c\r\nAlt-Svc: h2=:443\r\nConnection: Upgrade\r\n"), HTTP, CONNECTION, None),
    "HTTP/0.9": says(FEED, HTTP, CONNECTION),
    "HTTP/1.0": says(b"HTTP/1.0 200 OK\r\n\r\n" + FEED),
    "HTTP/2 preface": says(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HTTP),
    "another version": says(b"HTTP/9.9 200 OK\r\n\r\n" + FEED, HTTP),
    "another protocol": says(b"220 ftp.example FTP server ready\r\n", HTTP, CONNECTION),
    "noise": says(bytes(range(256)) * 100, HTTP, CONNECTION),
    "TLS on a plain port": says(b"\x15\x03\x01\x00\x02\x02\x16", HTTP, CONNECTION),
    "a second answer behind the first": says(with_length(FEED) + with_length(b"<rss>smuggled</rss>")),
    "refresh and clear headers": says(with_length(FEED, b"Refresh: 0; url=http://127.0.0.1:9/\r\nClear-Site-Data: *\r\n")),
}  # fmt: skip


def feed(url: str) -> FeedForPoll:
    return FeedForPoll(1, url, "Feed", None, None, Validators(), failures=0, polled_before=True)


def fetching() -> AiohttpFetcher:
    politeness = Politeness(per_host=100, interval=0.0)
    return AiohttpFetcher(
        "test", timeout=TIMEOUT, max_bytes=LIMIT, allowed_hosts=("127.0.0.1", "localhost"), politeness=politeness
    )


@asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server; what its connections still do ends with the block."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()


def comes_to(result: FetchResult, kinds: Collection[Failure | None]) -> bool:
    return (result.kind if isinstance(result, FetchFailed) else None) in kinds


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 30


SHARE = 4
"""One in so many runs with the fast tests, the others with the slow ones: together they take half a minute."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * bool(n % SHARE)) for n, name in enumerate(CASES)]
)
async def test_each_comes_to_its_value_in_time_and_hurts_no_neighbour(name: str) -> None:
    case = CASES[name]
    good = says(with_length(FEED))
    async with serving(case.serve) as port, serving(good.serve) as neighbour, fetching() as fetcher:
        started = monotonic()
        hostile = asyncio.ensure_future(fetcher.fetch(feed(f"http://127.0.0.1:{port}/feed")))
        beside = await fetcher.fetch(feed(f"http://localhost:{neighbour}/feed"))
        result = await hostile
        assert monotonic() - started < IN_TIME
        assert isinstance(beside, Fetched)
        assert comes_to(result, case.kinds), result
        after = await fetcher.fetch(feed(f"http://localhost:{neighbour}/feed"))
        assert isinstance(after, Fetched)
        if isinstance(result, Fetched):
            assert result.body in {FEED, b""}


async def test_a_redirect_that_grows_for_ever_ends() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        writer.write(to(path + b"&again" * 100))

    async with serving(serve) as port, fetching() as fetcher:
        result = await fetcher.fetch(feed(f"http://127.0.0.1:{port}/feed?x"))
        assert comes_to(result, {HTTP})


async def test_no_cookie_comes_back() -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        cookie = b"Set-Cookie: spy=1; Path=/\r\nSet-Cookie2: spy=2\r\n"
        writer.write(
            to(b"/again").replace(b"Location", cookie + b"Location") if len(asked) == 1 else with_length(FEED, cookie)
        )

    async with serving(serve) as port, fetching() as fetcher:
        for _ in range(2):
            assert isinstance(await fetcher.fetch(feed(f"http://127.0.0.1:{port}/feed")), Fetched)
    assert len(asked) == 3
    assert not any(b"spy" in request or b"cookie" in request.lower() for request in asked)


CA = trustme.CA()
YEAR = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def server_tls(name: str = "127.0.0.1", expires: dt.datetime | None = None, ca: trustme.CA = CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    before = None if expires is None else expires - dt.timedelta(days=90)
    ca.issue_cert(name, not_after=expires, not_before=before).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("tls", "trusted", "word"),
    [
        (server_tls(expires=YEAR), True, "expired"),
        (server_tls("other.example"), True, "certificate"),
        (server_tls(), False, "certificate"),
        (server_tls(ca=trustme.CA()), True, "certificate"),
        (server_tls(), True, None),
    ],
    ids=["expired", "wrong host", "not trusted", "of another authority", "good"],
)
async def test_certificates_are_checked(
    tls: ssl.SSLContext, trusted: bool, word: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the server's side of a failed handshake
    if trusted:
        with CA.cert_pem.tempfile() as authority:
            monkeypatch.setenv("SSL_CERT_FILE", authority)
            async with fetching() as fetcher:
                fetcher._session()
                await _check_certificate(fetcher, tls, word)
    else:
        async with fetching() as fetcher:
            await _check_certificate(fetcher, tls, word)


async def _check_certificate(fetcher: AiohttpFetcher, tls: ssl.SSLContext, word: str | None) -> None:
    async with serving(says(with_length(FEED)).serve, tls) as port:
        result = await fetcher.fetch(feed(f"https://127.0.0.1:{port}/feed"))
    if word is None:
        assert isinstance(result, Fetched)
    else:
        assert isinstance(result, FetchFailed)
        assert result.kind is Failure.TLS
        assert word in result.message


@pytest.mark.parametrize(
    ("case", "kinds"),
    [
        (silent(), {TIMED}),  # a handshake that never goes on
        (drips(b"", b"\x16"), {TIMED, Failure.TLS, CONNECTION}),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {TIMED, Failure.TLS, CONNECTION}),
        (resets(b"", read=False), {Failure.TLS, CONNECTION}),
    ],
    ids=["silent", "drips", "plain", "resets"],
)
async def test_what_is_no_tls_comes_to_its_value_in_time(case: Case, kinds: set[Failure]) -> None:
    async with serving(case.serve) as port, fetching() as fetcher:
        started = monotonic()
        result = await fetcher.fetch(feed(f"https://127.0.0.1:{port}/feed"))
        assert monotonic() - started < IN_TIME
        assert comes_to(result, kinds), result
