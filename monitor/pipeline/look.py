"""One look at an address as if nobody had ever asked it, for what is no poll."""

from __future__ import annotations

from dataclasses import dataclass, replace

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    ParsedFeed,
    ParseFailed,
    Validators,
)
from monitor.ports import Fetcher, Parser


@dataclass(frozen=True, slots=True)
class Look:
    """The document that came, and what it holds."""

    fetched: Fetched
    parsed: ParsedFeed | ParseFailed


async def look(feed: FeedForPoll, fetcher: Fetcher, parser: Parser) -> Look | FetchFailed:
    """Fetch and parse the feed; its validators belong to a poll and stay out of it, so that a document is sent."""
    fetched = await fetcher.fetch(replace(feed, validators=Validators()))
    if isinstance(fetched, Fetched):
        return Look(fetched, await parser.parse(fetched))
    if isinstance(fetched, FetchFailed):
        return fetched
    return FetchFailed(Failure.HTTP, "The server answered 304 to a request without validators.")
