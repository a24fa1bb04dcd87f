"""What can be saved of a document that cannot be read as a whole: its entries, one at a time.

Whatever makes an entry cost too much, or makes the parser fail, costs that entry and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.domain.feed import Failure, Fetched, ParsedEntry, ParsedFeed, ParseFailed
from monitor.parse.document import parse_document
from monitor.parse.encoding import to_utf8
from monitor.parse.feed import ENTRY_LIMIT
from monitor.parse.patience import Deadline, OverrunError, at_most
from monitor.parse.prolog import without_declarations

WHOLE_SHARE = 0.4
"""Of the time allowed, what the attempt at the whole may take; the rest is for saving entries."""

READY_SHARE = 0.85
"""When an answer must be ready: what is left goes into sending it."""

ENTRY_SECONDS = 0.2
"""For one entry; an honest one takes 1 ms."""

ENTRY_BYTES = 1_000_000
"""A longer entry is dropped unread."""

HEAD_BYTES = 100_000
"""What stands before the first entry is read up to this length."""

UTF8 = "application/xml; charset=utf-8"

_START = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_ROOT = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|rdf))(?=[\s>])([^<>]*)>", re.IGNORECASE)
_NAMESPACE = re.compile(rb"""\sxmlns(?::[\w.-]{1,40})?\s*=\s*(?:"[^"<>]{1,200}"|'[^'<>]{1,200}')""")
NAMESPACES = 30
"""Of a root element, those that an entry is read with when nothing else before it can be."""

_CHANNEL = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?channel)(?=[\s>])[^<>]{0,2000}>", re.IGNORECASE)


def parse_within(fetched: Fetched, seconds: float, *, patient: bool) -> ParsedFeed | ParseFailed | None:
    """The feed in the body, read whole or entry by entry; None when `seconds` are not enough.

    `patient`: this is the last attempt, so entries are saved rather than that more time is asked for.
    """
    deadline = Deadline(seconds * READY_SHARE)
    try:
        with at_most(seconds * WHOLE_SHARE if patient else deadline.left):
            result = parse_document(fetched)
    except OverrunError:
        if not patient:
            return None
        result = too_slow(seconds)
    except MemoryError:
        result = ParseFailed(Failure.PARSER, "Reading this document needs too much memory.")
    if isinstance(result, ParseFailed) and result.kind is Failure.PARSER:
        saved = _saved(fetched, deadline)
        return (saved or result) if patient or deadline.left else None
    return result


def too_slow(seconds: float) -> ParseFailed:
    """What a document comes to that takes longer."""
    limit = f"{seconds:g} seconds"
    return ParseFailed(Failure.PARSER, f"Reading this document takes more than {limit}, so it was given up.")


@dataclass(frozen=True, slots=True)
class _Shell:
    """What an entry needs around it to be read alone: `head` and `tail`; `fallback` is a head without anything else."""

    head: bytes
    fallback: bytes
    tail: bytes

    def around(self, entry: bytes) -> bytes:
        return self.head + entry + self.tail


class _Reader:
    """Reads small documents in the manner of `fetched`; `late` once any of them had to be given up for time."""

    def __init__(self, fetched: Fetched, deadline: Deadline) -> None:
        self._fetched = fetched
        self._deadline = deadline
        self.late = False

    def read(self, document: bytes) -> ParsedFeed | None:
        try:
            with at_most(min(ENTRY_SECONDS, self._deadline.left)):
                result = parse_document(replace(self._fetched, body=document))
        except OverrunError:
            self.late = True
            return None
        except MemoryError:
            return None
        return result if isinstance(result, ParsedFeed) else None


def _saved(fetched: Fetched, deadline: Deadline) -> ParsedFeed | None:
    """The entries that can be read alone, not `complete` where time cost any; None without any."""
    utf8 = to_utf8(fetched.body, fetched.content_type)
    body = without_declarations(fetched.body if utf8 is None else utf8)
    reader = _Reader(fetched if utf8 is None else replace(fetched, content_type=UTF8), deadline)
    starts = [match.start() for match in _START.finditer(body)]
    if not starts or (shell := _shell(body[: starts[0]])) is None:
        return None
    about = reader.read(shell.around(b"")) if len(shell.head) <= HEAD_BYTES else None
    if about is None:
        shell = replace(shell, head=shell.fallback)
    entries: list[ParsedEntry] = []
    for piece in _pieces(body, starts[:ENTRY_LIMIT]):
        if not deadline.left:
            reader.late = True
            break
        one = reader.read(shell.around(piece)) if piece else None
        if one is not None:
            about = about or one
            entries += one.entries
    if about is None or not entries:
        return None
    left_out = max(0, len(starts) - len(entries))
    return replace(about, entries=tuple(entries), left_out=left_out, complete=not (left_out and reader.late))


def _pieces(body: bytes, starts: list[int]) -> Iterator[bytes]:
    """Each entry from its start to its end tag; empty where it has none, or is too long."""
    for start, after in zip(starts, [*starts[1:], len(body)], strict=True):
        match = _START.match(body, start)
        closing = b"</" + match[1] + b">" if match else b""
        end = body.find(closing, start, min(after, start + ENTRY_BYTES))
        yield body[start : end + len(closing)] if end >= 0 else b""


def _shell(head: bytes) -> _Shell | None:
    """The shell of a document by what stands before its first entry; None where there is no root element."""
    root, channel = _ROOT.search(head), _CHANNEL.search(head)
    if root is None:
        return None
    namespaces = b"".join(_NAMESPACE.findall(root[2])[:NAMESPACES])
    fallback, tail = b"<" + root[1] + namespaces + b">", b"</" + root[1] + b">"
    if channel is None or b"</" + channel[1] in head:
        return _Shell(head, fallback, tail)
    return _Shell(head, fallback + b"<" + channel[1] + b">", b"</" + channel[1] + b">" + tail)
