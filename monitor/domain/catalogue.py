"""What names feeds that nobody polls yet: a web page, or an OPML file."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.feed import FeedForPoll, NewFeed, Validators

CATEGORY_DEPTH = 20
CATEGORY_LENGTH = 200
"""Folders within folders, and characters of their path, that are kept of a category."""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address that a web page links to and that may be a feed's; absolute, http or https.

    `declared`: a `<link>` says that it is the page's feed; otherwise an anchor looks like it. `title` may be empty.
    """

    url: str
    title: str
    declared: bool


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a web page links to as feeds: declared ones first, each address once."""

    links: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML file and the line it stands in, from 1. Its address is as it was written, of whatever kind."""

    line: int
    feed: NewFeed


@dataclass(frozen=True, slots=True)
class Outlines:
    """The feeds of an OPML file in order; `left_out` counts those beyond the reader's limit."""

    feeds: tuple[Outline, ...]
    left_out: int = 0


def category_steps(path: str) -> list[str]:
    """The folders of a category like "Asia/Japan", outermost first, as many as are kept; without blanks around them."""
    return [step for step in map(str.strip, path[:CATEGORY_LENGTH].split("/")) if step][:CATEGORY_DEPTH]


def stranger(url: str, title: str = "") -> FeedForPoll:
    """An address to fetch that is no stored feed; without validators, so that the server sends the document."""
    return FeedForPoll(
        id=0,
        url=url,
        title=title,
        language=None,
        publisher=None,
        validators=Validators(),
        failures=0,
        polled_before=False,
    )
