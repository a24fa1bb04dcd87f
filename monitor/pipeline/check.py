"""Looking at a feed without storing anything: one request, as for an address nobody ever asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.feed import (
    FeedForPoll,
    FetchFailed,
    ParsedEntry,
    ParsedFeed,
    ParseFailed,
    Validators,
)
from monitor.pipeline.look import look
from monitor.ports import Fetcher, Parser
from monitor.text.language import detect_language
from monitor.text.sameness import content_of, same_feeds


@dataclass(frozen=True, slots=True)
class Checked:
    """What one look at a feed showed: `parsed` or `failure`.

    `validators` are those the server sends, None where no document came; `fresh_for` is what its headers ask to wait;
    `moved_to` is where permanent redirects led, None without any.
    """

    feed: FeedForPoll
    parsed: ParsedFeed | None = None
    failure: FetchFailed | ParseFailed | None = None
    validators: Validators | None = None
    fresh_for: timedelta | None = None
    moved_to: str | None = None


async def check(feed: FeedForPoll, fetcher: Fetcher, parser: Parser) -> Checked:
    """Fetch and parse the feed."""
    seen = await look(feed, fetcher, parser)
    if isinstance(seen, FetchFailed):
        return Checked(feed, failure=seen)
    fetched, parsed = seen.fetched, seen.parsed
    found, failure = (parsed, None) if isinstance(parsed, ParsedFeed) else (None, parsed)
    return Checked(feed, found, failure, fetched.validators, fetched.fresh_for, fetched.moved_to)


def language_shares(parsed: ParsedFeed) -> dict[str, float]:
    """The share of the items in each language, 0..1, the largest first: told by each item's words."""
    counts = Counter(_language(entry) for entry in parsed.entries)
    return {language: round(count / len(parsed.entries), 3) for language, count in counts.most_common()}


def newest_of(parsed: ParsedFeed) -> datetime | None:
    """The latest date of its items; None where none has one."""
    return max((entry.published for entry in parsed.entries if entry.published is not None), default=None)


def repeated(checked: Sequence[Checked]) -> list[list[Checked]]:
    """Those that are one feed under several addresses, two or more to a group."""
    read = [(one, one.parsed) for one in checked if one.parsed is not None]
    groups = same_feeds([content_of(parsed) for _, parsed in read])
    return [[read[place][0] for place in group] for group in groups]


def _language(entry: ParsedEntry) -> str:
    return detect_language(f"{entry.title}\n{entry.summary}", entry.language)
