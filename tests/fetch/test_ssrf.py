"""No address but a public one is connected to, however it is spelled and whoever leads there.

The proof is at the system's door: every connect of this process is seen (`tests.support.connections`), and servers on
loopback of both families count who came.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from monitor.domain.feed import Failure, FeedForPoll, Fetched, FetchFailed, FetchResult, Validators
from monitor.fetch.client import AiohttpFetcher
from monitor.fetch.politeness import Politeness
from monitor.fetch.resolver import Found, system_look_up
from tests.support.connections import watched

SPECIAL_V4 = [
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "0.0.0.1", "0.255.255.255",  # this network
    "10.0.0.1", "10.255.255.254",
    "100.64.0.1", "100.127.255.254", "100.100.100.200",  # carrier-grade NAT, with one cloud's metadata in it
    "127.0.0.1", "127.0.0.2", "127.127.127.127", "127.255.255.254",
    "169.254.0.1", "169.254.169.254", "169.254.170.2",  # link-local, metadata
    "172.16.0.1", "172.31.255.254",
    "192.0.0.1", "192.0.0.170", "192.0.0.192",  # protocol assignments
    "192.0.2.1", "198.51.100.1", "203.0.113.1",  # documentation
    "192.88.99.1",  # 6to4 relay
    "192.168.0.1", "192.168.255.254",
    "198.18.0.1", "198.19.255.254",  # benchmarking
    "224.0.0.1", "224.0.0.251", "239.255.255.250",  # multicast
    "240.0.0.1", "254.255.255.254", "255.255.255.255",  # reserved, broadcast
]  # fmt: skip

SPECIAL_V6 = [
    "::", "::1", "0:0:0:0:0:0:0:1", "::2",
    "::127.0.0.1", "::7f00:1", "::10.0.0.1", "::8.8.8.8",  # IPv4-compatible
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",  # mapped
    "::ffff:0:127.0.0.1",  # translated (SIIT)
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1",  # NAT64
    "64:ff9b:1::127.0.0.1", "64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::1",  # local-use NAT64
    "100::1", "100:0:0:1::1",  # discard only, dummy
    "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "3fff:fff::1", "5f00::1",
    "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::1",  # 6to4
    "2002:7f00:1::5efe:808:808", "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:a00:1", "fe80::5efe:a00:1",  # ISATAP
    "fc00::1", "fd00::1", "fd00:ec2::254", "fd12:3456:789a::1",  # unique local, one cloud's metadata
    "fe80::1", "fe80::a9fe:a9fe", "fe80::1%25lo", "fe80::1%25eth0", "fe80::1%251", "febf::1",
    "fec0::1", "feff::1",  # site-local
    "ff01::1", "ff02::1", "ff02::1%25lo", "ff05::2", "ff0e::1",
    "4000::1", "8000::1",  # not assigned
]  # fmt: skip

SPELLINGS = [
    "127.1", "127.0.1", "127.0x0.0.1", "0x7f.1", "0x7f.0.0.1", "0x7f000001", "0X7F000001", "2130706433", "017700000001",
    "0177.1", "0177.0.0.1", "00000177.0.0.1", "127.000.000.001", "127.0.0.01", "127.0.0.1.", "2130706433.", "0", "0x0",
    "00", "10.1", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "3232235777", "192.168.257",
    "①②⑦.⓪.⓪.①", "１２７.０.０.１", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "⑯⑨.254.169.254",
    "②①③⓪⑦⓪⑥④③③", "١٢٧.٠.٠.١", "१२७.०.०.१",
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "ip6-loopback",
    "x.localhost", "a.b.localhost.", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "local\u200bhost",
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "%6c%6f%63%61%6c%68%6f%73%74", "127.0.0.1%00.example.org", "127.0.0.1%09",
    "user@127.0.0.1", "user:password@127.0.0.1", "8.8.8.8@127.0.0.1", "8.8.8.8:80@127.0.0.1", "8.8.8.8%40127.0.0.1",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::%31]", "[::1%25lo]", "[::1]%25lo", "[::127.1]",
    "[v1.127.0.0.1]", "[127.0.0.1]",
]  # fmt: skip
"""What a resolver, a library or a browser somewhere takes for loopback, or for another address that is not public."""

TRICKS = [
    "http://8.8.8.8\\@{loopback}/", "http://{loopback}\\@8.8.8.8/", "http:{loopback}/", "http:/{loopback}/",
    "http:///{loopback}/", "http:\\\\{loopback}/", "//{loopback}/", "http://{loopback}#@8.8.8.8/",
    "http://{loopback}?@8.8.8.8/", "http://{loopback};@8.8.8.8/", "\thttp://{loopback}/", "http://{loopback}\t/",
    "ht\ntp://{loopback}/", "http://{loopback} /", "HTTP://{loopback}/", "https://{loopback}/", "ftp://{loopback}/",
    "file:///etc/passwd", "gopher://{loopback}/", "dict://{loopback}/", "ws://{loopback}/", "unix:///tmp/socket",
    "data:text/xml,<rss/>", "javascript:alert(1)", "view-source:http://{loopback}/", "feed:http://{loopback}/",
    "jar:http://{loopback}!/",
]  # fmt: skip

PUBLIC = "93.184.216.34"
"""What a name resolves to before it is turned against us. It is never connected to: the watch refuses it."""


def hosts() -> list[str]:
    """Every address as it stands in a URL, each once."""
    return list(dict.fromkeys([*SPECIAL_V4, *(f"[{one}]" for one in SPECIAL_V6), *SPELLINGS]))


@dataclass
class Canary:
    """Servers on one port of both loopbacks that count who comes; `leads_to` makes the allowed one redirect."""

    port: int = 0
    allowed: int = 0
    visits: int = 0
    location: str = ""
    requests: list[bytes] = field(default_factory=list)

    async def visited(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss/>")
        writer.close()

    async def redirect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        location = self.location.encode()
        writer.write(
            b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        )
        writer.close()

    def leads_to(self, location: str) -> str:
        self.location = location
        return f"http://127.0.0.1:{self.allowed}/feed"


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    made = Canary()
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(await asyncio.start_server(made.visited, "127.0.0.1", 0))
        made.port = first.sockets[0].getsockname()[1]
        if socket.has_ipv6:
            try:
                await stack.enter_async_context(await asyncio.start_server(made.visited, "::1", made.port))
            except OSError:
                logging.getLogger(__name__).info("no IPv6 here")
        allowed = await stack.enter_async_context(await asyncio.start_server(made.redirect, "127.0.0.1", 0))
        made.allowed = allowed.sockets[0].getsockname()[1]
        yield made


@asynccontextmanager
async def fetching(
    allowed: tuple[str, ...] = (), look_up: Callable[[str, int, int], Found] = system_look_up
) -> AsyncIterator[AiohttpFetcher]:
    politeness = Politeness(per_host=10, interval=0.0)
    async with AiohttpFetcher(
        "test", timeout=5, allowed_hosts=allowed, politeness=politeness, look_up=look_up
    ) as fetcher:
        yield fetcher


def feed(url: str) -> FeedForPoll:
    return FeedForPoll(1, url, "Feed", None, None, Validators('"v"', "then"), failures=0, polled_before=True)


def refused(result: FetchResult) -> bool:
    """Whether it failed for what it is: a name without an address is no connection either."""
    return isinstance(result, FetchFailed) and result.kind in {Failure.REFUSED_ADDRESS, Failure.CONNECTION}


def test_there_are_enough_addresses() -> None:
    assert len(hosts()) >= 60


async def test_no_special_address_is_connected_to_directly(canary: Canary) -> None:
    async with fetching() as fetcher:
        with watched() as watch:
            wrong = [
                host for host in hosts() if not refused(await fetcher.fetch(feed(f"http://{host}:{canary.port}/feed")))
            ]
    assert (wrong, watch.tried, canary.visits) == ([], [], 0)


async def test_no_redirect_leads_to_a_special_address(canary: Canary) -> None:
    async with fetching((f"127.0.0.1:{canary.allowed}",)) as fetcher:
        with watched({("127.0.0.1", canary.allowed)}) as watch:
            wrong = []
            for host in hosts():
                url = canary.leads_to(f"http://{host}:{canary.port}/feed")
                if not refused(await fetcher.fetch(feed(url))):
                    wrong.append(host)
    assert (wrong, watch.strayed, canary.visits) == ([], [], 0)
    assert len(canary.requests) == len(hosts()), "every redirect was really met"


async def test_no_name_leads_to_a_special_address_once_it_is_rebound(canary: Canary) -> None:
    """A name of one's own resolver is public at the first fetch, and a special address at the second."""
    numbered = {f"n{number}.rebind.example": _numeric(host) for number, host in enumerate(hosts())}
    names = {name: address for name, address in numbered.items() if address is not None}
    asked: set[str] = set()

    def look_up(host: str, port: int, family: int) -> Found:
        address = names[host] if host in asked else PUBLIC
        asked.add(host)
        return _found(address, port)

    async with fetching(look_up=look_up) as fetcher:
        for name, address in names.items():
            with watched() as watch:
                await fetcher.fetch(feed(f"http://{name}:{canary.port}/feed"))
                assert watch.tried == [(PUBLIC, canary.port)], "the public answer passed the guard"
                _forget_names(fetcher)
                second = await fetcher.fetch(feed(f"http://{name}:{canary.port}/feed"))
            assert watch.tried[1:] == [], address
            assert isinstance(second, FetchFailed)
            assert second.kind is Failure.REFUSED_ADDRESS, (address, second)
    assert canary.visits == 0
    assert len(names) >= 60


async def test_of_mixed_answers_only_the_public_ones_are_connected_to(canary: Canary) -> None:
    """A name with several addresses: those that are not public are passed over, in whatever order they come."""
    special = ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"]
    for mixed in ([PUBLIC, *special], [*special, PUBLIC]):

        def look_up(host: str, port: int, family: int, answers: list[str] = mixed) -> Found:
            return [found for address in answers for found in _found(address, port)]

        async with fetching(look_up=look_up) as fetcher:
            with watched() as watch:
                await fetcher.fetch(feed(f"http://mixed.example:{canary.port}/feed"))
        assert set(watch.tried) == {(PUBLIC, canary.port)}
    assert canary.visits == 0


async def test_no_trick_of_spelling_an_address_gets_through(canary: Canary) -> None:
    loopback = f"127.0.0.1:{canary.port}"
    urls = [trick.format(loopback=loopback) for trick in TRICKS]
    async with fetching((f"127.0.0.1:{canary.allowed}",)) as fetcher:
        with watched({("127.0.0.1", canary.allowed)}) as watch:
            for url in urls:
                assert isinstance(await fetcher.fetch(feed(url)), FetchFailed), url
                if "\n" not in url:
                    followed = await fetcher.fetch(feed(canary.leads_to(url)))
                    assert isinstance(followed, FetchFailed), url
    # A host behind a backslash may be public: then it was tried and nothing left.
    assert [address for address in watch.strayed if address[0] != "8.8.8.8"] == []
    assert canary.visits == 0


async def test_what_is_allowed_by_name_is_allowed_for_that_name_alone(canary: Canary) -> None:
    """The host is matched as the request names it: neither another name of its address nor another port of it."""

    def look_up(host: str, port: int, family: int) -> Found:
        return _found("127.0.0.1", port)

    async with fetching((f"intranet.example:{canary.port}",), look_up) as fetcher:
        assert isinstance(await fetcher.fetch(feed(f"http://intranet.example:{canary.port}/feed")), Fetched)
        with watched() as watch:
            for other in ("other.example", "intranet.example.evil.example", "127.0.0.1", "sub.intranet.example"):
                assert refused(await fetcher.fetch(feed(f"http://{other}:{canary.port}/feed"))), other
            assert refused(await fetcher.fetch(feed(f"http://intranet.example:{canary.allowed}/feed")))
    assert watch.tried == []
    assert canary.visits == 1


async def test_a_connection_kept_alive_serves_nobody_else() -> None:
    """One that stands open to an allowed host is no way in for another name of the same address."""
    requests = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while not reader.at_eof():
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            requests += 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
        writer.close()

    def look_up(host: str, port: int, family: int) -> Found:
        return _found("127.0.0.1", port)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with fetching(("intranet.example",), look_up) as fetcher:
            with watched({("127.0.0.1", port)}) as watch:
                for _ in range(2):
                    assert isinstance(await fetcher.fetch(feed(f"http://intranet.example:{port}/feed")), Fetched)
                assert len(watch.tried) == 1, "the connection is kept"
                for other in ("evil.example", "127.0.0.1", "localhost", "INTRANET.example.", "2130706433"):
                    assert refused(await fetcher.fetch(feed(f"http://{other}:{port}/feed"))), other
                assert len(watch.tried) == 1
    assert requests == 2


def _forget_names(fetcher: AiohttpFetcher) -> None:
    """aiohttp remembers a name's addresses for ten seconds; the second fetch is to ask again."""
    assert fetcher._open is not None
    connector = fetcher._open[0].connector
    assert isinstance(connector, aiohttp.TCPConnector)
    connector.clear_dns_cache()


def _found(address: str, port: int) -> Found:
    """What `getaddrinfo` gives for a numeric address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    target = (address, port) if family == socket.AF_INET else (address, port, 0, 0)
    return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", target)]


def _numeric(host: str) -> str | None:
    """The address that the system itself takes a spelling for; None where it takes it for none."""
    bare = host.strip("[]").replace("%25", "%")
    try:
        return str(socket.getaddrinfo(bare, 80, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError, ValueError):
        return None
