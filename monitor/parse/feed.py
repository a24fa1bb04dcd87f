"""XML feeds of every dialect to domain values: the home of feedparser.

feedparser gets a `BytesIO`, since it would open a `str` or `bytes` that looks like a path or an address. Its own
sanitiser and URI resolver are off (they cost four fifths of its time): all text goes through `clean`, all links
through `values`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import feedparser.api
import feedparser.mixin
import feedparser.sanitizer

from monitor.domain.feed import Fetched, ParsedEntry, ParsedFeed
from monitor.parse.asks import asks_of
from monitor.parse.clean import SUMMARY_LENGTH, line_of, text_of
from monitor.parse.encoding import to_utf8
from monitor.parse.pointers import xml_pointers
from monitor.parse.prolog import without_declarations
from monitor.parse.values import absolute_link, guid_of, moment, primary_language, raw_date, written_offset

ENTRY_LIMIT = 5_000
"""Entries kept of one document; `ParsedFeed.left_out` counts the others. The longest honest feed seen has 1,046."""

AUTHOR_LIMIT = 20
TAG_LIMIT = 100
"""Names and tags kept of one entry."""

AUTHOR_LENGTH = 500
"""Characters of an author in which feedparser looks for a mail address: quadratic in its length (8 KB 0.6 s)."""

BUFFERED_DRIVER = "monitor.parse.expat"

_PREFIXED = re.compile(rb"<(/?)rss:")
_REFERENCE = re.compile(rb"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")
_ROOT_END = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:item|entry)\s*>", re.IGNORECASE)
_ENTRY_START = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
_MAILBOX = re.compile(r"\S+@\S+\s+\((.+)\)\Z")
_DATES = ("published", "created", "updated")


def parse_xml(fetched: Fetched) -> ParsedFeed | None:
    """The feed in the body, or None when feedparser finds neither a feed nor an entry in it.

    Raises whatever feedparser raises on a body it cannot stand.
    """
    base = base_of(fetched)
    plain = to_utf8(fetched.body, fetched.content_type)
    document = _read(fetched, plain, base)
    if not document.version and not document.entries:
        return None
    feed = document.feed
    language = primary_language(feed.get("language"))
    entries = tuple(_entry(entry, base, language) for entry in document.entries[:ENTRY_LIMIT])
    return ParsedFeed(
        title=line_of(feed.get("title", "")),
        format=document.version or "unknown",
        language=language,
        site=absolute_link(feed.get("link"), base),
        hub=next((absolute_link(link.get("href"), base) for link in feed.get("links", ()) if _is_hub(link)), None),
        entries=entries,
        left_out=max(0, len(document.entries) - ENTRY_LIMIT),
        pointers=xml_pointers(feed, base, entries),
        asks=asks_of(feed, fetched.body if plain is None else plain),
    )


def base_of(fetched: Fetched) -> str:
    """What relative links resolve against: Content-Location where it stays on the same host, else the address.

    Content-Location is often the name a server has behind its proxy; browsers ignore it for this reason.
    """
    try:
        location = urljoin(fetched.url, fetched.content_location or "")
        same = urlsplit(location)[:2] == urlsplit(fetched.url)[:2]
    except ValueError:
        return fetched.url
    return location if same else fetched.url


def _read(fetched: Fetched, body: bytes | None, base: str) -> Any:  # noqa: ANN401 - feedparser is untyped
    """What feedparser makes of the body, `body` being that in UTF-8 where it had to be recoded.

    One that it fails on is tried once more with what can be mended.
    """
    content_type = fetched.content_type if body is None else "application/xml; charset=utf-8"
    body = _trimmed(fetched.body if body is None else body)
    try:
        document = _feedparser(body, content_type, base)
    except (ValueError, OverflowError):
        mended = _REFERENCE.sub(_allowed_reference, body)
        if mended == body:
            raise
        return _feedparser(mended, content_type, base)
    if not document.entries and b"<rss:item" in body:  # elements prefixed without a namespace are seen in the wild
        return _feedparser(_PREFIXED.sub(rb"<\1", body), content_type, base)
    return document


def _trimmed(body: bytes) -> bytes:
    """The body up to the end of its root element, or, where that is missing, up to the end of its last whole entry.

    What follows a root was injected on the way; half an entry would come back as another one when it is whole.
    """
    roots = [match.end() for match in _ROOT_END.finditer(body)]
    if roots:
        return body[: roots[-1]]
    *_, whole = [0, *(match.end() for match in _ENTRY_END.finditer(body))]
    return body[:whole] if whole and _ENTRY_START.search(body, whole) else body


def _feedparser(body: bytes, content_type: str | None, base: str) -> Any:  # noqa: ANN401 - feedparser is untyped
    drivers = feedparser.api.PREFERRED_XML_PARSERS
    if BUFFERED_DRIVER not in drivers:
        drivers.insert(0, BUFFERED_DRIVER)
        _bound_authors()
        feedparser.api.replace_doctype = _undeclared
    headers = {"content-location": base} | ({"content-type": content_type} if content_type else {})
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _undeclared(document: bytes) -> tuple[str | None, bytes, dict[str, str]]:
    """Feedparser's step between recoding and reading: its version by the document type, which goes, and no entities.

    By now the document is in UTF-8 whatever its encoding was, as `without_declarations` needs it.
    """
    version, document, _ = feedparser.sanitizer.replace_doctype(without_declarations(document))
    return version, document, {}


def _bound_authors() -> None:
    """Have feedparser look for mail addresses at the beginning of authors only (kurtmckee/feedparser#562)."""
    look: Callable[..., None] = feedparser.mixin._FeedParserMixin._sync_author_detail  # noqa: SLF001 - no other way in

    def bounded(parser: Any, key: str = "author") -> None:  # noqa: ANN401 - feedparser is untyped
        context = parser._get_context()  # noqa: SLF001
        if isinstance(author := context.get(key), str):
            context[key] = author[:AUTHOR_LENGTH]
        look(parser, key)

    feedparser.mixin._FeedParserMixin._sync_author_detail = bounded  # noqa: SLF001


def _allowed_reference(match: re.Match[bytes]) -> bytes:
    """The character reference, or nothing where it names no character (feedparser raises on those)."""
    digits, radix = (match[1], 16) if match[1] else (match[2], 10)
    code = int(digits, radix) if len(digits) <= len("1114111") else -1
    named = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - Unicode's bounds
    return match[0] if named else b""


def _entry(entry: Any, base: str, language: str | None) -> ParsedEntry:  # noqa: ANN401 - feedparser is untyped
    published, raw = _date(entry)
    title_language = entry.get("title_detail", {}).get("language")
    return ParsedEntry(
        guid=guid_of(entry.get("id")),
        link=_link(entry, base),
        title=line_of(entry.get("title", "")),
        summary=text_of(_summary(entry), SUMMARY_LENGTH),
        published=published,
        published_raw=raw,
        authors=_names((author.get("name", "") for author in entry.get("authors", ())), AUTHOR_LIMIT),
        tags=_names((tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", ())), TAG_LIMIT),
        language=primary_language(entry.get("language")) or primary_language(title_language) or language,
        source=line_of(entry.get("source", {}).get("title", "")) or None,
        offset=written_offset(raw) if published and raw else None,
    )


def _link(entry: Any, base: str) -> str | None:  # noqa: ANN401 - feedparser is untyped
    """The article's address: what a counting redirect stands for, the link, else any alternate link that is one."""
    links = (link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate")
    candidates = (entry.get("feedburner_origlink"), entry.get("link"), *links)
    return next(filter(None, (absolute_link(candidate, base) for candidate in candidates)), None)


def _summary(entry: Any) -> str:  # noqa: ANN401 - feedparser is untyped
    """The description where there is one, else the first content that is text."""
    contents = (part.get("value", "") for part in entry.get("content", ()) if _is_text(part.get("type", "")))
    return next((str(value) for value in (entry.get("summary"), *contents) if value and value.strip()), "")


def _date(entry: Any) -> tuple[datetime | None, str | None]:  # noqa: ANN401 - feedparser is untyped
    """The first date that has a meaning and its own words; without any, the words of the first that has none."""
    given = [(raw_date(entry[name]), entry.get(f"{name}_parsed")) for name in _DATES if name in entry]
    for raw, parsed in given:
        if (published := moment(raw, parsed)) is not None:
            return published, raw
    return None, next((raw for raw, _ in given if raw), None)


def _names(values: Iterable[str], limit: int) -> tuple[str, ...]:
    """Names as plain text, each once, in order; of "mail@host (Name)" the name."""

    def cleaned() -> Iterator[str]:
        for value in values:
            name = line_of(value or "")
            match = _MAILBOX.match(name)
            yield match[1] if match else name

    return tuple(dict.fromkeys(filter(None, cleaned())))[:limit]


def _is_hub(link: Any) -> bool:  # noqa: ANN401 - feedparser is untyped
    return bool(link.get("rel") == "hub")


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type == "application/xhtml+xml"
