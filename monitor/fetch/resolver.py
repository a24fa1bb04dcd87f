"""Looking names up in threads of our own: dozens of dead names must not block the threads that save polls."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

LOOKUPS_AT_ONCE = 64
"""A look-up cannot be stopped, and the name server that answers it may be hostile and silent for half a minute: there
are more threads than hostile names that are likely to come due together."""

Found = list[tuple[int, int, int, str, tuple[Any, ...]]]
LookUp = Callable[[str, int, int], Found]
"""Host, port and family (`AF_UNSPEC` for any) to what `socket.getaddrinfo` returns. Raises OSError for no address."""


def system_look_up(host: str, port: int, family: int) -> Found:
    """The system's own answer."""
    return [*socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)]


class ThreadResolver(AbstractResolver):
    """Asks `look_up` in a thread. Raises OSError for a name without an address."""

    def __init__(self, look_up: LookUp = system_look_up) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="resolve")

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host, host=address[0], port=address[1], family=kind, proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]  # fmt: skip

    @override
    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
