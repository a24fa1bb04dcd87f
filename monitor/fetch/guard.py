"""Which addresses may be connected to: public ones only, whatever name, redirect or spelling led there.

The check is made on the numeric address of every socket about to be opened, so that neither a second DNS answer nor a
literal address nor a redirect gets around it.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""What the last 64 bits of an ISATAP address begin with (RFC 5214, 6.1), before the IPv4 address behind its tunnel."""

_SPECIAL_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")))
_SPECIAL_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
"""Ranges of the IANA special-purpose registries that some supported Python's `is_global` lets through."""


def refusal(address: str) -> str | None:
    """Why this numeric address may not be connected to; None for a global unicast address.

    Every IPv4 address that an IPv6 one holds (mapped, NAT64, 6to4, ISATAP) has to be public as well.
    """
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not a numeric address"
    for meant in _leads_to(given):
        if not _is_public(meant):
            return (
                f"{given} leads to {meant}, which is not public"
                if meant != given
                else f"{given} is not a public address"
            )
    return None


def _leads_to(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Where packets to it may end up: itself, unless it only stands for an IPv4 address, and those that it holds."""
    if isinstance(address, IPv4Address):
        return [address]
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in _NAT64:
        return [last]
    held = [address.sixtofour, last if int(address) >> 32 & 0xFFFFFFFF in _ISATAP else None]
    # Python 3.13 calls all of 6to4 not global: what counts there is the IPv4 address within.
    return [*filter(None, held), *([] if address.sixtofour else [address])]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL_V6)


@dataclass(frozen=True, slots=True)
class Hop:
    """One request under way: whether its host is allowed whatever its address, and the refusals it met."""

    allowed: bool
    refusals: list[str] = field(default_factory=list)


_hop: ContextVar[Hop | None] = ContextVar("hop", default=None)


class RefusedAddressError(OSError):
    """Stands in for a failed connect while a connection is being made; it never leaves `fetch`."""


class Guard:
    """Checks every socket of a client. `allowed_hosts` are names or addresses, each with or without ":port"."""

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self._allowed = frozenset(host.lower() for host in allowed_hosts)

    def allows(self, host: str, port: int) -> bool:
        """Whether the settings name this host, or this port of it, as one to trust."""
        host = host.lower()
        bracketed = f"[{host}]" if ":" in host else host
        return not self._allowed.isdisjoint((host, bracketed, f"{bracketed}:{port}"))

    @contextmanager
    def hop(self, host: str, port: int) -> Iterator[Hop]:
        """The span of one request, within which `open_socket` knows whom it is for."""
        token = _hop.set(hop := Hop(self.allows(host, port)))
        try:
            yield hop
        finally:
            _hop.reset(token)

    @contextmanager
    def to_proxy(self) -> Iterator[None]:
        """The span in which all sockets lead to the proxy that the settings name, wherever it is."""
        token = _hop.set(Hop(allowed=True))
        try:
            yield
        finally:
            _hop.reset(token)

    def open_socket(self, address: tuple[Any, ...]) -> socket.socket:
        """A socket for an address as `getaddrinfo` gives it; raises `RefusedAddressError` for one that is refused."""
        family, kind, protocol, _, target = address
        hop = _hop.get()
        if (hop is None or not hop.allowed) and (reason := refusal(target[0])) is not None:
            if hop is not None:
                hop.refusals.append(reason)
            raise RefusedAddressError(reason)
        return socket.socket(family, kind, protocol)
