"""Whether two documents are one feed under two addresses: told by what they hold, since addresses prove nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from monitor.domain.feed import ParsedFeed
from monitor.text.url import canonical_url

OVERLAP = 0.8
"""At least this share of either document must be in the other: a section's feed lies wholly within the outlet's own,
and is another feed all the same."""

FEWEST_LINKS = 3
FEWEST_TITLES = 5
"""Fewer say nothing: two sections of one outlet may hold the same two reports, and titles recur."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a document is compared by: its self link, its items' canonical addresses, and their titles in one case."""

    own: str | None
    links: frozenset[str]
    titles: frozenset[str]


def content_of(parsed: ParsedFeed) -> Content:
    """The content of a document."""
    return Content(
        own=canonical_url(parsed.pointers.own) if parsed.pointers.own else None,
        links=frozenset(canonical_url(entry.link) for entry in parsed.entries if entry.link),
        titles=frozenset(title for entry in parsed.entries if (title := entry.title.strip().casefold())),
    )


def are_one(one: Content, other: Content) -> bool:
    """Whether both are one feed: nearly the same addresses or titles, or one self link and any item in common.

    A self link alone says too little: some outlets give all their sections the same.
    """
    shared = len(one.links & other.links)
    if one.own is not None and one.own == other.own and (shared or one.titles & other.titles):
        return True
    return _overlap(one.links, other.links, FEWEST_LINKS) or _overlap(one.titles, other.titles, FEWEST_TITLES)


def same_feeds(contents: Sequence[Content]) -> list[list[int]]:
    """Places of the documents that are one feed, two or more to a group, each group and all groups in order."""
    parents = list(range(len(contents)))

    def root(place: int) -> int:
        while parents[place] != place:
            place = parents[place]
        return place

    for one, other in _with_something_in_common(contents):
        if root(one) != root(other) and are_one(contents[one], contents[other]):
            parents[max(root(one), root(other))] = min(root(one), root(other))
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(contents)):
        groups[root(place)].append(place)
    return [group for group in groups.values() if len(group) > 1]


def looks_like(url: str) -> str:
    """What addresses that are likely one feed have in common: no scheme, "www.", slash at the end, or tracking."""
    parts = urlsplit(canonical_url(url))
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    return f"{host}{path}?{parts.query}"


def _overlap(one: frozenset[str], other: frozenset[str], fewest: int) -> bool:
    longer = max(len(one), len(other))
    return min(len(one), len(other)) >= fewest and len(one & other) >= OVERLAP * longer


def _with_something_in_common(contents: Sequence[Content]) -> Iterator[tuple[int, int]]:
    """Pairs of places that share an address or a title, so that unlike ones need no comparison."""
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, content in enumerate(contents):
        for mark in _marks(content):
            places[mark].append(place)
    pairs = Counter(pair for among in places.values() for pair in combinations(among, 2))
    return iter(sorted(pairs))


def _marks(content: Content) -> Iterable[tuple[str, str]]:
    yield from (("link", link) for link in content.links)
    yield from (("title", title) for title in content.titles)
