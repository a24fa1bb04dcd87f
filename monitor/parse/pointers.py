"""Where a document says that it and its older entries are: RFC 5005, JSON Feed's `next_url`, and WordPress."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.domain.feed import ParsedEntry, Pointers
from monitor.parse.values import absolute_link

_WORDPRESS_GUID = re.compile(r"https?://[^?#\s]{1,500}\?(?:[a-z_]{1,40}=[\w-]{1,100}&){0,3}p=\d{1,12}\Z")
"""What WordPress writes as a guid, whatever its addresses look like; many of its sites hide the generator."""


def xml_pointers(feed: Mapping[str, Any], base: str, entries: Sequence[ParsedEntry]) -> Pointers:
    """Of a feed element as feedparser gives it; `entries` are those of the document."""
    links = [link for link in feed.get("links", ()) if isinstance(link, Mapping)]

    def first(rel: str) -> str | None:
        found = (absolute_link(link.get("href"), base) for link in links if link.get("rel") == rel)
        return next(filter(None, found), None)

    generator = feed.get("generator", "")
    named = isinstance(generator, str) and "wordpress" in generator.lower()
    return Pointers(first("self"), first("prev-archive"), first("next"), named or _wordpress_guids(entries))


def json_pointers(document: Mapping[str, object], base: str) -> Pointers:
    """Of a JSON Feed."""
    return Pointers(
        own=absolute_link(document.get("feed_url"), base), next=absolute_link(document.get("next_url"), base)
    )


def _wordpress_guids(entries: Iterable[ParsedEntry]) -> bool:
    """Whether every entry has a guid that WordPress writes, and there is one."""
    guids = [entry.guid or "" for entry in entries]
    return bool(guids) and all(map(_WORDPRESS_GUID.match, guids))
