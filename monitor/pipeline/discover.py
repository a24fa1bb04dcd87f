"""The feeds of a site: those its page names, else what is found where many sites keep theirs.

Nothing is believed before it was fetched and parsed. All requests go through the one fetcher, with its guard and its
pauses, and the usual places are tried one after the other until one is a feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from monitor.domain.catalogue import FeedLink, PageLinks, stranger
from monitor.domain.feed import NO_ANSWER, Failure, FetchFailed, ParsedFeed, ParseFailed
from monitor.pipeline.look import Look, look
from monitor.ports import Fetcher, PageReader, Parser
from monitor.text.sameness import are_one, content_of
from monitor.text.url import canonical_url

CANDIDATE_LIMIT = 20
"""Addresses of one page that are tried; with a second's pause for each that is half a minute."""

USUAL_PLACES = (
    "/feed",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/rss",
    "/index.xml",
    "/feeds/posts/default",
    "/?feed=rss2",
    "/feed.json",
)
"""Where WordPress, static site generators, newspapers' systems, Blogger and JSON feeds are: the usual ones first."""

_COMMENTS = ("/comments/feed", "/comments/default", "feed=comments-rss2", "feed=comments-atom")
_HOST_IS_UNWILLING = NO_ANSWER | {Failure.TLS, Failure.REFUSED_ADDRESS, Failure.THROTTLED, Failure.WAITING}


class How(StrEnum):
    """How a feed was found."""

    ITSELF = "is a feed"
    DECLARED = "named by the page"
    LINKED = "linked by the page"
    USUAL = "usual place"


@dataclass(frozen=True, slots=True)
class Found:
    """An address that is a feed, as its document shows. `same_as` is an earlier one of these that is the same feed."""

    url: str
    how: How
    parsed: ParsedFeed
    same_as: str | None = None

    @property
    def comments(self) -> bool:
        """Whether it holds what readers say, as software of weblogs offers beside the posts."""
        return any(mark in self.url for mark in _COMMENTS)


@dataclass(frozen=True, slots=True)
class Discovered:
    """The feeds of a site. `failure`: its page itself could not be had; None where it could."""

    found: tuple[Found, ...] = ()
    failure: FetchFailed | None = None

    @property
    def wanted(self) -> tuple[Found, ...]:
        """Those worth polling: without comments and repeats, and what a page only links to where it declares none.

        A page that declares its feed may link to those of twenty sections, which hold the same again.
        """
        worthy = [one for one in self.found if not one.comments and one.same_as is None]
        named = [one for one in worthy if one.how is not How.LINKED]
        return tuple(named or worthy)


def candidates(page: PageLinks, address: str) -> list[FeedLink]:
    """The addresses of a page at `address` that are tried, each once; the page itself is none."""
    once: dict[str, FeedLink] = {}
    for link in page.links:
        once.setdefault(canonical_url(link.url), link)
    once.pop(canonical_url(address), None)
    return list(once.values())[:CANDIDATE_LIMIT]


def usual_places(address: str) -> Iterator[str]:
    """Addresses to try for a site whose page names none: below the page's own folder first, then below its host."""
    folder = urljoin(address, ".").partition("?")[0].rstrip("/")
    root = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    if folder != root:
        yield f"{folder}{USUAL_PLACES[0]}"
    for place in USUAL_PLACES:
        yield f"{root}{place}"


def without_repeats(found: Sequence[Found]) -> tuple[Found, ...]:
    """The same, each that is an earlier one in another form marked as that."""
    contents = [content_of(one.parsed) for one in found]
    marked = []
    for place, one in enumerate(found):
        earlier = next((before for before in range(place) if are_one(contents[before], contents[place])), None)
        marked.append(one if earlier is None else replace(one, same_as=found[earlier].url))
    return tuple(marked)


@dataclass(frozen=True, slots=True)
class Discoverer:
    """Looks for feeds with the parts that polling uses; `progress` is told of each address tried."""

    fetcher: Fetcher
    parser: Parser
    pages: PageReader
    progress: Callable[[int], None] = lambda _tried: None

    async def discover(self, address: str) -> Discovered:
        """The feeds of the site at this address, which may be a feed itself."""
        seen = await self._look(address)
        if isinstance(seen, FetchFailed):
            return Discovered(failure=seen)
        if isinstance(seen.parsed, ParsedFeed):
            return Discovered((Found(address, How.ITSELF, seen.parsed),))
        links = await self.pages.links(seen.fetched)
        named = [] if isinstance(links, ParseFailed) else candidates(links, seen.fetched.url)
        found = await self._verified(named) or await self._at_usual_places(seen.fetched.url)
        return Discovered(without_repeats(found))

    async def _verified(self, links: Sequence[FeedLink]) -> list[Found]:
        looks = await asyncio.gather(*(self._look(link.url) for link in links))
        return [
            Found(link.url, How.DECLARED if link.declared else How.LINKED, seen.parsed)
            for link, seen in zip(links, looks, strict=True)
            if isinstance(seen, Look) and isinstance(seen.parsed, ParsedFeed)
        ]

    async def _at_usual_places(self, address: str) -> list[Found]:
        """The first feed found; none once the host does not answer or asks to be left alone."""
        for place in usual_places(address):
            seen = await self._look(place)
            if isinstance(seen, FetchFailed):
                if seen.kind in _HOST_IS_UNWILLING or seen.retry_after:
                    return []
            elif isinstance(seen.parsed, ParsedFeed):
                return [Found(place, How.USUAL, seen.parsed)]
        return []

    async def _look(self, url: str) -> Look | FetchFailed:
        found = await look(stranger(url), self.fetcher, self.parser)
        self.progress(1)
        return found
