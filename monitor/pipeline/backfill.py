"""Back-filling: older entries of one feed, from where it says that they are, into the store as archive.

load   the feed's own document, which says where older entries are; its entries are left to ordinary polls, for they
       may be news, and what is back-filled is never told
think  which entries of the page at hand are wanted, and which page comes next or why none does: `begin`, `advance`
save   the wanted entries that are not stored yet, one commit for each page, so that a crash loses one page at most

A page is a request like any other: guarded, paced, bounded. To run it again is to resume: pages that bring nothing new
do not count towards the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from statistics import median_low
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.domain.feed import (
    FeedForPoll,
    FetchFailed,
    ParsedEntry,
    ParsedFeed,
    ParseFailed,
)
from monitor.domain.identity import stripped_guid
from monitor.domain.item import clamp_published
from monitor.domain.run import SavedItems
from monitor.pipeline.look import Look, look
from monitor.pipeline.threads import in_thread
from monitor.ports import BackfillStore, Clock, Fetcher, Parser

READ_LIMIT = 1_000
"""Pages of one run, new ones or not: at one a second a quarter of an hour."""


class Style(StrEnum):
    """Where a feed has its older entries."""

    ARCHIVE = "archive documents"  # RFC 5005, section 4
    NEXT = "linked pages"  # RFC 5005, section 3, and JSON Feed's next_url
    WORDPRESS = "WordPress pages"  # the feed's own address with ?paged=2, 3, …


class Ending(StrEnum):
    """Why no page follows."""

    SINCE = "since"  # the day asked for was reached
    LAST = "last"  # there is no older page
    NO_HISTORY = "no history"  # there never was one
    REPEATED = "repeated"  # a page came again
    NOT_OLDER = "not older"  # a page held newer entries
    LIMIT = "limit"  # enough pages for one run
    FAILED = "failed"  # a page could not be had


@dataclass(frozen=True, slots=True)
class Trail:
    """What is known between pages.

    `address` is the feed's own; `page` the number of the page at hand, 1 for the feed's own document. `seen` are marks
    of all entries so far, `middle` the median date of the page at hand, None while no entry had a date.
    """

    address: str
    since: datetime
    style: Style | None = None
    page: int = 1
    asked: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    middle: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a page: entries to keep, and the address of the next page or why there is none."""

    trail: Trail
    keep: tuple[ParsedEntry, ...]
    then: str | Ending

    @property
    def next(self) -> str | None:
        """The next page's address; None at the end."""
        return None if isinstance(self.then, Ending) else self.then


def begin(address: str, own: ParsedFeed, since: datetime, now: datetime) -> Step:
    """What follows from the feed's own document, of which nothing is kept.

    Archive documents are preferred to pages, as they do not shift when entries are added; `?paged=` is sent to
    WordPress alone.
    """
    pointers = own.pointers
    styles = (
        (Style.ARCHIVE, pointers.archive),
        (Style.NEXT, pointers.next),
        (Style.WORDPRESS, _paged(address, 2) if pointers.wordpress else None),
    )
    style, following = next(((style, url) for style, url in styles if url), (None, None))
    seen = frozenset(map(_mark, own.entries))
    trail = Trail(address, since, style, 1, frozenset({address}), seen, _middle(own.entries, now))
    if following is None:
        return Step(trail, (), Ending.NO_HISTORY)
    if trail.middle is not None and trail.middle < since:
        return Step(trail, (), Ending.SINCE)
    return _onward(trail, (), following)


def advance(trail: Trail, page: ParsedFeed, now: datetime) -> Step:
    """What follows from an older page.

    Kept are entries that no page before had, of the day asked for or later, or without a date. The middle date of a
    page decides whether it goes back further, and far enough: one entry that is pinned or misdated must not. Pages that
    share a middle may be of one day, where dates have no hours.
    """
    fresh = [entry for entry in page.entries if _mark(entry) not in trail.seen]
    middle = _middle(fresh, now)
    keep = tuple(entry for entry in fresh if (date := _date(entry, now)) is None or date >= trail.since)
    onward = replace(
        trail, page=trail.page + 1, seen=trail.seen.union(map(_mark, fresh)), middle=middle or trail.middle
    )
    if not page.entries:
        return Step(onward, (), Ending.LAST)
    if not fresh:
        return Step(onward, (), Ending.REPEATED)
    if middle is not None and middle < trail.since:
        return Step(onward, keep, Ending.SINCE)
    if middle is not None and trail.middle is not None and middle > trail.middle:
        return Step(onward, keep, Ending.NOT_OLDER)
    return _onward(onward, keep, _following(onward, page))


def _onward(trail: Trail, keep: tuple[ParsedEntry, ...], following: str | None) -> Step:
    """On to the next page, unless there is none or it was asked for before."""
    if following is None:
        return Step(trail, keep, Ending.LAST)
    if following in trail.asked:
        return Step(trail, keep, Ending.REPEATED)
    return Step(replace(trail, asked=trail.asked | {following}), keep, following)


def _following(trail: Trail, page: ParsedFeed) -> str | None:
    if trail.style is Style.WORDPRESS:
        return _paged(trail.address, trail.page + 1)
    return page.pointers.archive if trail.style is Style.ARCHIVE else page.pointers.next


def _paged(address: str, number: int) -> str:
    """The address of a WordPress feed's `number`-th page."""
    parts = urlsplit(address)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", number)]), fragment=""))


def _mark(entry: ParsedEntry) -> str:
    """What an entry is known by from page to page."""
    return stripped_guid(entry) or entry.link or f"{entry.title}\0{entry.published_raw}\0{entry.summary}"


def _date(entry: ParsedEntry, now: datetime) -> datetime | None:
    """The entry's date, unless it is absurd."""
    date, absurd = clamp_published(entry.published, now)
    return None if absurd else date


def _dates(entries: Sequence[ParsedEntry], now: datetime) -> list[datetime]:
    return [date for entry in entries if (date := _date(entry, now)) is not None]


def _middle(entries: Sequence[ParsedEntry], now: datetime) -> datetime | None:
    dates = _dates(entries, now)
    return median_low(dates) if dates else None


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What one run did. `pages` are those read beyond the feed's own document; `oldest` is the earliest date kept.

    `failure` is None unless a page could not be had; what came before it is stored.
    """

    ending: Ending
    style: Style | None = None
    pages: int = 0
    items: SavedItems = field(default_factory=SavedItems)
    oldest: datetime | None = None
    failure: FetchFailed | ParseFailed | None = None


@dataclass(frozen=True, slots=True)
class Backfill:
    """The runner with its collaborators."""

    store: BackfillStore
    fetcher: Fetcher
    parser: Parser
    clock: Clock

    async def run(
        self, feed: FeedForPoll, since: datetime, limit: int, progress: Callable[[int], None] = lambda _pages: None
    ) -> Backfilled:
        """Walk back to `since` over at most `limit` pages that bring something new; `progress` is told of each page."""
        own = await self._load(feed, feed.url)
        if not isinstance(own, ParsedFeed):
            return Backfilled(Ending.FAILED, failure=own)
        step = begin(feed.url, own, since, self.clock())
        done = Backfilled(Ending.LIMIT, step.trail.style)
        fruitful = 0
        while step.next is not None and fruitful < limit and done.pages < READ_LIMIT:
            page = await self._load(feed, step.next)
            if not isinstance(page, ParsedFeed):
                return _ended(done, page)
            step = advance(step.trail, page, self.clock())
            saved = await in_thread(self.store.save_backfilled, feed, replace(page, entries=step.keep), self.clock())
            done = _counted(done, step, saved, self.clock())
            fruitful += bool(saved.new)
            progress(1)
        return replace(done, ending=step.then) if isinstance(step.then, Ending) else done

    async def _load(self, feed: FeedForPoll, url: str) -> ParsedFeed | FetchFailed | ParseFailed:
        """The document at an address of the feed."""
        seen = await look(replace(feed, url=url), self.fetcher, self.parser)
        return seen.parsed if isinstance(seen, Look) else seen


def _counted(done: Backfilled, step: Step, saved: SavedItems, now: datetime) -> Backfilled:
    dates = [done.oldest, *_dates(step.keep, now)]
    return replace(
        done,
        pages=done.pages + 1,
        items=done.items + saved,
        oldest=min((date for date in dates if date is not None), default=None),
    )


def _ended(done: Backfilled, failure: FetchFailed | ParseFailed) -> Backfilled:
    """The end at a page that did not come: WordPress says 404 behind its last one, anything else is trouble."""
    missing = isinstance(failure, FetchFailed) and failure.status == HTTPStatus.NOT_FOUND
    if missing and done.style is Style.WORDPRESS:
        return replace(done, ending=Ending.LAST)
    return replace(done, ending=Ending.FAILED, failure=failure)
