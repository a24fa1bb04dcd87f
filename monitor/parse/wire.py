"""What travels between the parser's parent and its children: framed JSON of plain lists.

JSON and not pickle, so that a child which a body has taken over can send the parent text and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime
from enum import StrEnum
from types import UnionType
from typing import IO, Any

from monitor.domain.asks import Asks
from monitor.domain.catalogue import FeedLink, Outline, Outlines, PageLinks
from monitor.domain.feed import Failure, Fetched, NewFeed, ParsedEntry, ParsedFeed, ParseFailed, Pointers, Validators

ANSWER_LIMIT = 64 * 1024 * 1024
"""Bytes of the longest answer a parent reads: above any honest one, below what would hurt it."""

READY = b"ready"
"""A child's first frame."""

OVERRUN = b"overrun"
"""The answer of a child that ran out of time, and is as good as before."""

_LENGTH_BYTES = 8


class Task(StrEnum):
    """What a child is to find in a body. A patient reading of a feed saves what entries it can."""

    FEED = "feed"
    PATIENT_FEED = "patient feed"
    PAGE = "page"
    OPML = "opml"


Answer = ParsedFeed | PageLinks | Outlines | ParseFailed
"""What it finds; any task may fail."""

MALFORMED = ParseFailed(Failure.PARSER, "The parser's answer over this document makes no sense, so it was dropped.")
"""What an answer is taken for that no honest child sends."""


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Send one payload with its length."""
    stream.write(len(payload).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int | None = None) -> bytes | None:
    """One payload; None when the other side has gone, or wants to send more than `limit` bytes."""
    length = int.from_bytes(header, "big") if len(header := stream.read(_LENGTH_BYTES)) == _LENGTH_BYTES else None
    if length is None or (limit is not None and length > limit):
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def pack_request(fetched: Fetched, seconds: float, task: Task = Task.FEED) -> tuple[bytes, bytes]:
    """The two payloads of one task: what is known of the body with the time allowed, and the body."""
    about = [fetched.url, fetched.content_type, fetched.content_location, seconds, task]
    return json.dumps(about).encode(), fetched.body


def unpack_request(about: bytes, body: bytes) -> tuple[Fetched, float, Task]:
    """The reverse of `pack_request`."""
    url, content_type, content_location, seconds, task = json.loads(about)
    return Fetched(url, body, content_type, content_location, Validators()), seconds, Task(task)


def pack_answer(result: Answer) -> bytes:
    """What was found, or a failure, as one payload: its kind and its fields."""
    if isinstance(result, ParseFailed):
        return _packed("failure", result.kind, result.message)
    if isinstance(result, PageLinks):
        return _packed("page", [astuple(link) for link in result.links])
    if isinstance(result, Outlines):
        return _packed("opml", [(one.line, astuple(one.feed)) for one in result.feeds], result.left_out)
    entries = [
        [e.guid, e.link, e.title, e.summary, e.published and e.published.timestamp(), e.published_raw,
         e.authors, e.tags, e.language, e.source, e.offset]
        for e in result.entries
    ]  # fmt: skip
    about = [result.title, result.format, result.language, result.site, result.hub, result.left_out]
    return _packed("feed", *about, astuple(result.pointers), result.asks.plain(), result.complete, entries)


def _packed(kind: str, *fields: object) -> bytes:
    return json.dumps([kind, *fields]).encode()


def unpack_answer(payload: bytes) -> Answer:
    """The reverse of `pack_answer`; `MALFORMED` for what it never makes."""
    try:
        kind, *fields = json.loads(payload)
        return _UNPACK[kind](*fields)
    except Exception:  # noqa: BLE001 - a child that a body has taken over may send anything
        return MALFORMED


def _page(links: list[Any]) -> PageLinks:
    return PageLinks(tuple(FeedLink(*link) for link in links))


def _outlines(feeds: list[Any], left_out: int) -> Outlines:
    return Outlines(tuple(Outline(line, NewFeed(*feed)) for line, feed in feeds), left_out)


def _feed(*fields: Any) -> ParsedFeed:  # noqa: ANN401 - plain JSON
    title, form, language, site, hub, left_out, pointers, asks, complete, rows = fields
    _expect(str, title, form)
    _expect(str | None, language, site, hub)
    _expect(int, left_out, complete)
    entries = tuple(map(_entry, rows))
    saying = Pointers(*pointers), Asks.of_plain(asks)
    return ParsedFeed(title, form, language, site, hub, entries, left_out, *saying, complete)


def _expect(kind: type | UnionType, *values: object) -> None:
    """Raise TypeError unless all are of this kind: what the store cannot hold would cost other feeds their polls."""
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(value)


def _entry(row: list[Any]) -> ParsedEntry:
    guid, link, title, summary, published, raw, authors, tags, language, source, offset = row
    _expect(str, title, summary, *authors, *tags)
    _expect(str | None, guid, link, raw, language, source)
    _expect(int | None, offset)
    when = None if published is None else datetime.fromtimestamp(published, UTC)
    return ParsedEntry(guid, link, title, summary, when, raw, tuple(authors), tuple(tags), language, source, offset)


_UNPACK: dict[str, Callable[..., Answer]] = {
    "failure": lambda kind, message: ParseFailed(Failure(kind), message),
    "page": _page,
    "opml": _outlines,
    "feed": _feed,
}
