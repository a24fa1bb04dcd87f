"""Every connection that this process tries to make, seen where Python asks the system for it.

An audit hook cannot be taken out again, so there is one, and it is silent except within `watched`.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Watch:
    """`tried` has the host and port of each connect in order; those beyond `permitted` were refused in the system's
    place, so that no packet left."""

    permitted: Collection[tuple[str, int]]
    tried: list[tuple[str, int]] = field(default_factory=list)

    @property
    def strayed(self) -> list[tuple[str, int]]:
        """The connects beyond what is permitted."""
        return [address for address in self.tried if address not in self.permitted]


_watches: list[Watch] = []
_hooked: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect" or not _watches:
        return
    opened, address = arguments
    if not isinstance(opened, socket.socket) or opened.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host, port = address[:2]  # type: ignore[index]
    watch = _watches[-1]
    watch.tried.append((host, port))
    if (host, port) not in watch.permitted:
        raise ConnectionRefusedError(111, "refused by the test")


@contextmanager
def watched(permitted: Collection[tuple[str, int]] = ()) -> Iterator[Watch]:
    """Watch all connects of the block, in any thread."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_hook)
    _watches.append(watch := Watch(permitted))
    try:
        yield watch
    finally:
        _watches.remove(watch)
