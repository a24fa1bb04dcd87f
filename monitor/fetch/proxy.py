"""A proxy between us and the servers, from the settings alone: environment variables are not read.

The proxy may be anywhere, as the settings name it. What is fetched through it is checked as ever, before it is asked
for: every address of the target's name must be public. For https it is then asked for the checked numeric address, so
that it cannot be led elsewhere; for http it gets the name, as the name is what virtual hosts go by, and looks it up
again itself. So a name that is rebound between the two look-ups reaches what the proxy lets it reach: a proxy must
itself refuse the addresses of its own network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitor.fetch.guard import refusal


@dataclass(frozen=True, slots=True)
class Proxy:
    """Address and credentials apart, so that the former can be shown."""

    url: URL
    headers: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, address: str) -> Proxy:
        """The proxy of an address like http://user:password@proxy.example:3128; the settings checked its form."""
        url = URL(address)
        credentials = aiohttp.encode_basic_auth(url.user, url.password or "") if url.user else None
        return cls(url.with_user(None), {"Proxy-Authorization": credentials} if credentials else {})

    def request(self, target: URL, address: str | None) -> tuple[URL, dict[str, Any]]:
        """What to request and how; `address` is the checked one of the target, None where its name is to be kept."""
        if target.scheme != "https":
            return target, {"proxy": self.url, "headers": {**self.headers}}
        how: dict[str, Any] = {"proxy": self.url, "proxy_headers": self.headers, "headers": {}}
        if address is None:
            return target, how
        how |= {"server_hostname": target.host, "headers": {"Host": target.host_port_subcomponent}}
        return target.with_host(address), how


async def checked_address(target: URL, resolver: AbstractResolver) -> tuple[str | None, str | None]:
    """A public address of the target and None, or None and why it is refused. Raises OSError for a name of none.

    One address that is not public is enough to be refused: it is not for us to say which the proxy would take.
    """
    host = target.host or ""
    found = [one["host"] for one in await resolver.resolve(host, target.port or 0)]
    refusals = list(filter(None, map(refusal, found)))
    return (None, refusals[0]) if refusals or not found else (found[0], None)
