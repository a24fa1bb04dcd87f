"""A feed and what one poll of it can bring: types named for the stage they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.asks import NO_ASKS, Asks
from monitor.domain.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed as a catalogue, an OPML file or a user names it.

    `language` is the declared one (BCP 47 primary tag, for example "ja"), a prior only; None when nobody said.
    `publisher` is an id of `publishers.toml`; None when the outlet is not known there. `category` is the users' own
    word, a path like "Asia/Japan"; None without one.
    """

    url: str
    title: str
    site: str | None = None
    language: str | None = None
    publisher: str | None = None
    country: str | None = None
    kind: str | None = None
    confidence: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The validators of another address than the feed's own: each server gets back what it gave."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """What the next conditional request must send back, byte for byte, and the hash that skips parsing.

    `body_hash` is the SHA-256 of the decoded body, lower-case hex. None: never received. `elsewhere` are those of an
    address that the feed's own redirected to, None when it never did.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Where permanent redirects lead from a feed's address, and since when without a break.

    `days` (UTC) is on how many a feed came from there, `seen_at` when it last did.
    """

    to: str
    since: datetime
    seen_at: datetime
    days: int = 1


@dataclass(frozen=True, slots=True)
class FeedForPoll:
    """A due feed as loaded for one poll. `failures` counts consecutive failed polls, 0 when healthy.

    `asks` is what its publisher asked for until now; `move` None: its address is not known to redirect for good;
    `rhythm` None: no document of it was read yet. `no_feed` is why the document that `validators` are of is no feed,
    None where it is one.
    """

    id: int
    url: str
    title: str
    language: str | None
    publisher: str | None
    validators: Validators
    failures: int
    polled_before: bool
    asks: Asks = NO_ASKS
    move: Move | None = None
    rhythm: Rhythm | None = None
    no_feed: ParseFailed | None = None


class Failure(StrEnum):
    """Why a poll brought nothing, in the words `monitor status` shows."""

    REFUSED_ADDRESS = "refused address"
    CONNECTION = "connection failed"
    TIMEOUT = "timed out"
    TLS = "bad certificate"
    HTTP = "http error"
    THROTTLED = "too many requests"
    WAITING = "waiting for host"
    GONE = "gone"
    DUPLICATE = "moved to another feed"
    TOO_LARGE = "too large"
    NOT_A_FEED = "not a feed"
    PARSER = "parser gave up"
    PROGRAM = "fault of this program"


NO_ANSWER = frozenset({Failure.CONNECTION, Failure.TIMEOUT})
"""How a host that is down, or a network, shows itself: no name found, no connection, no answer in time."""

UNASKED = frozenset({Failure.REFUSED_ADDRESS, Failure.WAITING, Failure.PROGRAM})
"""Failures that asked nobody."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body was received. `url` is the final address after redirects; `fresh_for` what its headers ask for.

    `moved_to` is the final address where all redirects on the way were permanent; None without any. `feed_url` is the
    feed's own address, which may hold a password, where redirects led to another; None: it is `url`.
    """

    url: str
    body: bytes = field(repr=False)
    content_type: str | None
    content_location: str | None
    validators: Validators
    fresh_for: timedelta | None = None
    moved_to: str | None = None
    feed_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304; its validators replace ours where it sent any."""

    validators: Validators
    fresh_for: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Nothing usable came. `retry_after` is the server's own wish, None when it had none.

    `status` is that of an answer without a usable body, None when no answer came or its body was the trouble.
    """

    kind: Failure
    message: str
    retry_after: timedelta | None = None
    status: int | None = None


FetchResult = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry as plain text: no markup survives parsing.

    `link` is absolute http(s) or None. `published` is None when the feed gave no date or one without a meaning;
    `published_raw` then still holds what it said. `title` and `summary` may be empty. `language` is what the entry or
    its feed declares. `source` is the name in an RSS `<source>` element: the outlet an aggregator took it from.
    `offset` is that of the written date in minutes east of UTC, 0 where it names no zone, None where it is UTC or none.
    """

    guid: str | None
    link: str | None
    title: str
    summary: str
    published: datetime | None
    published_raw: str | None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    source: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Pointers:
    """Where a document says that it and its older entries are, as absolute addresses; None where it says nothing.

    `own` is its self link, `archive` RFC 5005's prev-archive, `next` the next page of a paged feed. `wordpress`: it was
    made by WordPress, whose feeds have older pages that no link names.
    """

    own: str | None = None
    archive: str | None = None
    next: str | None = None
    wordpress: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document that is a feed. `format` is "rss20", "atom10", "rss10", "json11" …; `hub` a WebSub hub, recorded.

    `left_out` counts entries that are not among `entries`: beyond the parser's limit, or not to be read. `complete`
    False: reading took too long, so that another time may bring more of the same document.
    """

    title: str
    format: str
    language: str | None
    site: str | None
    hub: str | None
    entries: tuple[ParsedEntry, ...]
    left_out: int = 0
    pointers: Pointers = Pointers()
    asks: Asks = NO_ASKS
    complete: bool = True


@dataclass(frozen=True, slots=True)
class ParseFailed:
    """The document is no feed, or parsing it cost more than a feed may cost."""

    kind: Failure
    message: str


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll leaves behind for its feed.

    `parsed` is None where the body was unchanged or the poll failed; `failure` is None where it succeeded.
    `validators` None means: keep those that are stored; a document that was no feed has some too. `asks` and `move` are
    those from now on. `offline`: no host at all could be reached, so that the failure says nothing of the feed.
    """

    feed: FeedForPoll
    polled_at: datetime
    next_poll_at: datetime
    validators: Validators | None = None
    parsed: ParsedFeed | None = None
    failure: FetchFailed | ParseFailed | None = None
    asks: Asks = NO_ASKS
    move: Move | None = None
    offline: bool = False

    @property
    def waits(self) -> bool:
        """Whether the feed was not asked, as its host left others unanswered or wished for fewer requests."""
        return self.failure is not None and self.failure.kind is Failure.WAITING
