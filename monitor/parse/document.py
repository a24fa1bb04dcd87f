"""A body of any kind to a feed, or to one sentence that says what it is instead."""

from __future__ import annotations

import re

from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed
from monitor.parse.feed import parse_xml
from monitor.parse.json_feed import parse_json

_SPACE = b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf"
_BEGINNING = 4096
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_MAGIC = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip file"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)


def parse_document(fetched: Fetched) -> ParsedFeed | ParseFailed:
    """The feed in the body. Never raises for anything a body holds, short of exhausting the process."""
    try:
        return _parse_json(fetched) if _is_json(fetched) else _parse_xml(fetched)
    except MemoryError:
        return ParseFailed(Failure.PARSER, "The document needs more memory than one feed may use.")
    except Exception as error:  # noqa: BLE001 - feedparser raises many things (210 of 10,000 mutants); each is a bad body
        return ParseFailed(Failure.PARSER, f"The parser cannot read this document ({type(error).__name__}).")


def _parse_json(fetched: Fetched) -> ParsedFeed | ParseFailed:
    try:
        parsed = parse_json(fetched)
    except ValueError:
        return _not_a_feed("answered with JSON that is broken")
    return parsed or _not_a_feed("answered with JSON that is not a JSON Feed")


def _parse_xml(fetched: Fetched) -> ParsedFeed | ParseFailed:
    body = fetched.body.strip(_SPACE)
    if not body:
        return _not_a_feed("answered with an empty body")
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return _not_a_feed(f"answered with {name}, not a feed")
    parsed = parse_xml(fetched)
    if parsed is None or (parsed.format == "unknown" and _HTML.search(body[:_BEGINNING])):
        return _not_a_feed(_what_it_is(body))
    return parsed


def _what_it_is(body: bytes) -> str:
    if _HTML.search(body[:_BEGINNING]):
        return "answered with a web page, not a feed"
    if body.startswith(b"<"):
        return "answered with XML that is not a feed"
    return "answered with something that is not a feed"


def _is_json(fetched: Fetched) -> bool:
    """Whether to read it as JSON: by its first character, since media types of JSON Feeds are all over the place."""
    return fetched.body[:_BEGINNING].lstrip(_SPACE)[:1] in {b"{", b"["}


def _not_a_feed(what: str) -> ParseFailed:
    return ParseFailed(Failure.NOT_A_FEED, f"The address {what}.")
