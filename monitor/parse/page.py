"""The feeds that a web page names: `<link>` elements, and anchors that look like feeds. Runs in a parser's child."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urlsplit

from typing_extensions import override

from monitor.domain.catalogue import FeedLink, PageLinks
from monitor.domain.feed import Fetched
from monitor.parse.clean import line_of
from monitor.parse.encoding import to_utf8
from monitor.parse.feed import base_of
from monitor.parse.values import absolute_link

READ_BYTES = 1_000_000
"""Of a longer page only its beginning is read: what names feeds is the head, or a list of links."""

LINK_LIMIT = 50
"""Links kept of each kind; a page with more is a directory and no site of one outlet."""

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
        "application/rss",
        "text/rss+xml",
        "application/x-rss+xml",
    }
)
"""Media types by which a `<link>` names a feed, misspelt ones that browsers' feed finders accept as well included.

application/json is none: WordPress names every page's data so.
"""

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_FEED_WORDS = frozenset({"rss", "rss2", "feed", "feeds", "atom", "rdf", "rssfeed", "rssfeeds"})
"""Whole parts of an address that feeds have; not mere beginnings, since news of India is full of another RSS."""

_FEED_ENDINGS = (".rss", ".rdf", ".atom", "/index.xml", "feed.xml", "rss.xml", "atom.xml")
_FEED_HOSTS = ("feeds.", "rss.", "feed.")
_NO_FEED = (".css", ".gif", ".htm", ".html", ".ico", ".jpg", ".js", ".mp3", ".mp4", ".pdf", ".png", ".svg", ".zip")
_SEPARATORS = re.compile(r"[/?&=]")


def read_page(fetched: Fetched) -> PageLinks:
    """The feeds the page names. Whatever is no HTML names none."""
    finder = _Finder(base_of(fetched))
    with suppress(AssertionError):  # what html.parser raises on some declarations; what came before them counts
        # Never closed: what a page leaves open at its end would be scanned again from every "<" in it.
        finder.feed(_decoded(_beginning(fetched.body), fetched.content_type))
    once: dict[str, FeedLink] = {}
    for link in (*finder.declared, *finder.anchors):
        once.setdefault(link.url, link)
    return PageLinks(tuple(once.values()))


class _Finder(HTMLParser):
    """Collects links in order of appearance."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.declared: list[FeedLink] = []
        self.anchors: list[FeedLink] = []
        self._base = base
        self._based = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "base" and not self._based and (base := absolute_link(given.get("href"), self._base)):
            self._base, self._based = base, True
        elif tag == "link" and _names_feed(given):
            self._add(self.declared, given, declared=True)
        elif tag == "a" and _looks_like_feed(given.get("href", "")):
            self._add(self.anchors, given, declared=False)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _add(self, links: list[FeedLink], given: dict[str, str], *, declared: bool) -> None:
        url = absolute_link(given.get("href"), self._base)
        if url is not None and len(links) < LINK_LIMIT and urlsplit(url).username is None:
            links.append(FeedLink(url.partition("#")[0], line_of(given.get("title", "")), declared))


def _names_feed(given: dict[str, str]) -> bool:
    rels = given.get("rel", "").lower().split()
    media_type = given.get("type", "").partition(";")[0].strip().lower()
    return bool(given.get("href")) and ("feed" in rels or ("alternate" in rels and media_type in FEED_TYPES))


def _looks_like_feed(href: str) -> bool:
    """Whether host, path or query of an anchor's address have what feeds' addresses have."""
    try:
        parts = urlsplit(href.strip().lower())
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"", "http", "https"} or parts.path.endswith(_NO_FEED):
        return False
    if "http:" in parts.path or "https:" in parts.path:  # a reader's address that ends with the feed's own
        return False
    if parts.path.endswith(_FEED_ENDINGS) or (host.startswith(_FEED_HOSTS) and len(parts.path) > 1):
        return True
    words = (part.partition(".")[0] for part in _SEPARATORS.split(f"{parts.path}?{parts.query}"))
    return not _FEED_WORDS.isdisjoint(words)


def _beginning(body: bytes) -> bytes:
    """The body, or as many whole tags of it as are read."""
    return body if len(body) <= READ_BYTES else body[: body.rfind(b">", 0, READ_BYTES) + 1]


def _decoded(body: bytes, content_type: str | None) -> str:
    """The page's text; only addresses and titles are needed of it."""
    named = _META_CHARSET.search(body[:4096])
    if named and "charset" not in (content_type or "").lower():
        content_type = f"text/html; charset={named[1].decode('ascii')}"
    utf8 = to_utf8(body, content_type)
    return (body if utf8 is None else utf8).decode("utf-8", "replace")
