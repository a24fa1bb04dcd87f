"""Conditional GET of a feed, as publishers ask for it and as hostile servers cannot abuse it. Home of aiohttp's client.

One request per hop: the address is checked, the host's turn awaited, validators go to the feed's own site only, and
whatever comes is bounded in time, headers and decoded bytes. Every failure is a value.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    Validators,
)
from monitor.fetch.addresses import joined, of_feed, target_of, validators_for
from monitor.fetch.body import CODINGS, Body
from monitor.fetch.failures import RAISED, failure_of, failure_of_status
from monitor.fetch.guard import Guard, Hop, RefusedAddressError
from monitor.fetch.headers import (
    confirmed_validators,
    fresh_for,
    received_validators,
    request_validators,
    retry_after,
)
from monitor.fetch.politeness import Politeness, Unwilling
from monitor.fetch.proxy import Proxy, checked_address
from monitor.fetch.resolver import LookUp, ThreadResolver, system_look_up

REDIRECT_LIMIT = 5
REDIRECTS = frozenset({301, 302, 307, 308})
PERMANENT = frozenset({301, 308})

HEADER_LINE_BYTES = 8190
HEADER_LINES = 100
"""Bounds on the headers of one response; honest feeds send about 20 lines."""

CONNECTIONS = 256
"""Connections at a time, as many as refresh polls at once."""

KEEP_ALIVE_SECONDS = 15.0

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class _Redirect:
    url: str
    permanent: bool


class AiohttpFetcher:
    """Implements `ports.Fetcher`. Opens its session with the first fetch; belongs to one event loop until closed.

    `user_agent` should name program and contact. `timeout` is in seconds, for all hops together without the waits for
    a host's turn; `max_bytes` bounds the decoded body. `allowed_hosts` may be connected to though they are not public.
    `look_up` finds the addresses of names. `proxy` is an http(s) address, with credentials where it wants them.
    """

    def __init__(  # noqa: PLR0913 - limits and collaborators, each with a default
        self,
        user_agent: str,
        *,
        timeout: float = 30.0,
        max_bytes: int = 10_000_000,
        allowed_hosts: Iterable[str] = (),
        politeness: Politeness | None = None,
        look_up: LookUp = system_look_up,
        proxy: str | None = None,
    ) -> None:
        self._proxy = None if proxy is None else Proxy.of(proxy)
        self._look_up = look_up
        self._user_agent = user_agent
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._guard = Guard(allowed_hosts)
        self._politeness = politeness or Politeness()
        self._unwilling = Unwilling(self._politeness.now)
        self._open: tuple[aiohttp.ClientSession, ThreadResolver] | None = None

    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        """Fetch the feed's address with its validators, following at most `REDIRECT_LIMIT` redirects."""
        url, seconds, permanent = feed.url, self._timeout, True
        for hop in range(REDIRECT_LIMIT + 1):
            target = target_of(url)
            if isinstance(target, FetchFailed):
                return target
            started, result = await self._in_turn(target, feed, seconds)
            if not isinstance(result, _Redirect):
                return of_feed(result, feed, target if hop else None, permanent=permanent)
            permanent = permanent and result.permanent
            url, seconds = result.url, max(0.0, seconds - (monotonic() - started))
        return FetchFailed(Failure.HTTP, f"The address redirects more than {REDIRECT_LIMIT} times.")

    async def close(self) -> None:
        """Close all connections; a later fetch opens new ones."""
        if self._open is not None:
            (session, resolver), self._open = self._open, None
            await session.close()
            await resolver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _in_turn(self, target: URL, feed: FeedForPoll, seconds: float) -> tuple[float, FetchResult | _Redirect]:
        """When the host's turn came, and what it answered; one that answers nobody is not asked again and again."""
        host = target.host or ""
        async with self._politeness.turn(host):
            started = monotonic()
            if (failure := self._unwilling.failure(host)) is not None:
                return started, failure
            result = await self._hop(target, feed, seconds)
            self._unwilling.note(host, result if isinstance(result, FetchFailed) else None)
            return started, result

    async def _hop(self, target: URL, feed: FeedForPoll, seconds: float) -> FetchResult | _Redirect:
        host = target.host or ""
        stored = validators_for(target, feed)
        headers = request_validators(stored)
        with self._guard.hop(host, target.port or 0) as hop:
            try:
                async with asyncio.timeout(seconds):
                    if self._proxy is not None:
                        return await self._through(self._proxy, target, hop, stored)
                    async with self._session().get(target, headers=headers, allow_redirects=False) as response:
                        return await self._receive(response, target, stored)
            except RAISED as error:
                if hop.refusals and not isinstance(error, TimeoutError):
                    return FetchFailed(Failure.REFUSED_ADDRESS, f"{host} may not be fetched: {hop.refusals[0]}.")
                return failure_of(error, host)

    async def _through(self, proxy: Proxy, target: URL, hop: Hop, stored: Validators) -> FetchResult | _Redirect:
        """The same by a proxy, which is asked only for what may be fetched."""
        session, address = self._session(), None
        if not hop.allowed and self._open is not None:
            address, reason = await checked_address(target, self._open[1])
            if reason is not None or address is None:
                hop.refusals.append(reason or "it has no address")
                raise RefusedAddressError(reason)
        url, how = proxy.request(target, address)
        how["headers"] |= request_validators(stored)
        with self._guard.to_proxy():
            async with session.get(url, allow_redirects=False, **how) as response:
                return await self._receive(response, target, stored)

    async def _receive(
        self, response: aiohttp.ClientResponse, target: URL, stored: Validators
    ) -> FetchResult | _Redirect:
        """What the answer for `target` comes to, which a proxy may have been asked for by another name."""
        headers, host = response.headers, target.host or ""
        if response.status in REDIRECTS and "Location" in headers:
            return _Redirect(joined(target, headers["Location"]), response.status in PERMANENT)
        if response.status == HTTPStatus.NOT_MODIFIED and request_validators(stored):
            return NotModified(confirmed_validators(headers, stored), fresh_for(headers))
        if response.status != HTTPStatus.OK:
            return FetchFailed(*failure_of_status(response.status, host), retry_after(headers), response.status)
        body = await self._body(response, host)
        if isinstance(body, FetchFailed):
            return body
        return Fetched(
            url=str(target.with_user(None).with_fragment(None)),
            body=body,
            content_type=headers.get("Content-Type"),
            content_location=headers.get("Content-Location"),
            validators=received_validators(headers, hashlib.sha256(body).hexdigest()),
            fresh_for=fresh_for(headers),
        )

    async def _body(self, response: aiohttp.ClientResponse, host: str) -> bytes | FetchFailed:
        """The decoded body, read no further than its limit."""
        named = ", ".join(response.headers.getall("Content-Encoding", [])).strip().lower()
        if (coding := CODINGS.get(named)) is None:
            return FetchFailed(Failure.HTTP, f"{host} sent a content coding that was not asked for.")
        too_large = FetchFailed(Failure.TOO_LARGE, f"{host} sent more than {self._max_bytes:,} bytes.")
        if (response.content_length or 0) > self._max_bytes:
            return too_large
        body, received = Body(coding, self._max_bytes), 0
        async for chunk in response.content.iter_any():
            received += len(chunk)
            if received > self._max_bytes or not body.add(chunk):
                return too_large
        if not body.complete:
            return FetchFailed(Failure.CONNECTION, f"{host} ended its answer too early.")
        return body.data

    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            resolver = ThreadResolver(self._look_up)
            self._open = self._new_session(resolver), resolver
        return self._open[0]

    def _new_session(self, resolver: ThreadResolver) -> aiohttp.ClientSession:
        """A session without cookies, the environment's proxies, automatic decompression or a time limit of its own."""
        connector = aiohttp.TCPConnector(
            ssl=ssl.create_default_context(),
            resolver=resolver,
            socket_factory=self._guard.open_socket,
            limit=CONNECTIONS,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip"},
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            max_line_size=HEADER_LINE_BYTES,
            max_field_size=HEADER_LINE_BYTES,
            max_headers=HEADER_LINES,
        )
