"""Walking back: which page follows which, what is kept of it, and where the walk ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typing_extensions import override

from monitor.domain.catalogue import stranger
from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    ParsedEntry,
    ParsedFeed,
    ParseFailed,
    Pointers,
    Validators,
)
from monitor.domain.run import SavedItems
from monitor.errors import StoreError
from monitor.pipeline.backfill import Backfill, Backfilled, Ending, Step, Style, Trail, advance, begin
from monitor.ports import BackfillStore, Fetcher, Parser

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://wire.example/feed/?cat=3"
WORDPRESS = Pointers(wordpress=True)


def entry(day: int | None, name: str | None = None) -> ParsedEntry:
    """One of `day` days ago."""
    name = name or f"day {day}"
    return ParsedEntry(name, f"https://wire.example/{name}", name, "", None if day is None else NOW - day * DAY, None)


def page(days: Sequence[int | None], pointers: Pointers = WORDPRESS) -> ParsedFeed:
    return ParsedFeed("Wire", "rss20", "en", None, None, tuple(map(entry, days)), pointers=pointers)


def start(pointers: Pointers = WORDPRESS, since: int = 100) -> Step:
    return begin(URL, page(range(5), pointers), NOW - since * DAY, NOW)


def then(step: Step, *pages: ParsedFeed) -> Step:
    for one in pages:
        assert step.next is not None
        step = advance(step.trail, one, NOW)
    return step


def kept(step: Step) -> list[str]:
    return [one.title for one in step.keep]


@pytest.mark.parametrize(
    ("pointers", "style", "address"),
    [
        (Pointers(), None, None),
        (Pointers(own="https://wire.example/feed"), None, None),
        (Pointers(archive="https://wire.example/a"), Style.ARCHIVE, "https://wire.example/a"),
        (Pointers(next="https://wire.example/2"), Style.NEXT, "https://wire.example/2"),
        (Pointers(wordpress=True), Style.WORDPRESS, "https://wire.example/feed/?cat=3&paged=2"),
        (
            Pointers(archive="https://wire.example/a", next="https://wire.example/2", wordpress=True),
            Style.ARCHIVE,
            "https://wire.example/a",
        ),
    ],
)
def test_history_is_looked_for_where_the_feed_says_that_it_is(
    pointers: Pointers, style: Style | None, address: str | None
) -> None:
    step = start(pointers)
    assert (step.trail.style, step.next, step.keep) == (style, address, ())
    assert (step.then is Ending.NO_HISTORY) is (style is None)


def test_nothing_of_the_feeds_own_document_is_kept_even_when_it_comes_again() -> None:
    step = then(start(), page([3, 4, 5, 6]))
    assert kept(step) == ["day 5", "day 6"]


def test_wordpress_pages_are_numbered() -> None:
    step = then(start(), page([5, 6]), page([7, 8]))
    assert step.next == "https://wire.example/feed/?cat=3&paged=4"


def test_archive_documents_and_linked_pages_lead_on() -> None:
    archive = start(Pointers(archive="https://wire.example/a"))
    assert (
        then(archive, page([9], Pointers(archive="https://wire.example/b", next="x"))).next == "https://wire.example/b"
    )
    linked = start(Pointers(next="https://wire.example/2"))
    assert then(linked, page([9], Pointers(next="https://wire.example/3"))).next == "https://wire.example/3"
    assert then(linked, page([9], Pointers(wordpress=True))).then is Ending.LAST


def test_what_is_older_than_the_day_asked_for_is_left() -> None:
    step = then(start(since=7), page([5, 6, 7, 8]))
    assert kept(step) == ["day 5", "day 6", "day 7"]
    assert then(step, page([8, 9])).then is Ending.SINCE
    assert kept(then(step, page([8, 9]))) == []


def test_a_document_that_reaches_back_far_enough_needs_no_pages() -> None:
    assert start(since=1).then is Ending.SINCE


def test_undated_entries_are_kept_and_absurd_dates_decide_nothing() -> None:
    step = then(start(), page([5, 6, 20_000, -400, None]))
    assert kept(step) == ["day 5", "day 6", "day 20000", "day -400", "day None"]
    assert step.trail.middle == NOW - 6 * DAY
    undated = replace(page([]), entries=tuple(entry(None, f"undated {n}") for n in range(3)))
    assert then(step, undated).next is not None


def test_one_pinned_entry_ends_nothing() -> None:
    """Old among new, at the top of every page; or new among old."""
    step = then(start(since=50), page([90, 5, 6, 7]), page([90, 8, 9, 10]), page([2, 11, 12, 13]))
    assert step.next is not None


@pytest.mark.parametrize(
    ("again", "ending"),
    [
        (page([0, 1, 2, 3, 4]), Ending.REPEATED),  # a server that does not know `paged`
        (page([5, 6, 7]), Ending.REPEATED),
        (page([]), Ending.LAST),
        (replace(page([]), entries=(entry(1, "x"), entry(2, "y"))), Ending.NOT_OLDER),
    ],
)
def test_a_page_that_leads_no_further_is_the_last(again: ParsedFeed, ending: Ending) -> None:
    assert then(start(), page([5, 6, 7]), again).then is ending


def test_pages_of_one_day_without_hours_lead_on() -> None:
    def busy(name: str) -> ParsedFeed:
        return replace(page([]), entries=tuple(entry(6, f"{name}{n}") for n in range(5)))

    assert then(start(), busy("a"), busy("b"), busy("c")).next is not None
    assert then(start(), busy("a"), busy("b"), busy("b")).then is Ending.REPEATED


def test_what_a_last_page_brings_is_kept() -> None:
    step = then(start(), page([5, 6, 7]), replace(page([]), entries=(entry(3, "late"),)))
    assert (kept(step), step.then) == (["late"], Ending.NOT_OLDER)


def test_links_in_a_ring_end() -> None:
    step = start(Pointers(next="https://wire.example/2"))
    step = then(step, page([5], Pointers(next="https://wire.example/3")))
    assert then(step, page([6], Pointers(next="https://wire.example/2"))).then is Ending.REPEATED
    assert start(Pointers(next=URL)).then is Ending.REPEATED


class Site(Fetcher, Parser):
    """Pages by their addresses; what is missing is answered with 404."""

    def __init__(self, pages: Mapping[str, ParsedFeed | FetchFailed | ParseFailed | NotModified]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    @override
    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        assert feed.validators == Validators()
        self.asked.append(feed.url)
        found = self.pages.get(feed.url, FetchFailed(Failure.HTTP, "wire.example answered 404.", status=404))
        if isinstance(found, FetchFailed | NotModified):
            return found
        return Fetched(feed.url, b"", None, None, Validators())

    @override
    async def parse(self, fetched: Fetched) -> ParsedFeed | ParseFailed:
        found = self.pages[fetched.url]
        assert isinstance(found, ParsedFeed | ParseFailed)
        return found


class Shelf(BackfillStore):
    """Keeps titles; fails at the `broken`-th page."""

    def __init__(self, broken: int | None = None) -> None:
        self.titles: list[str] = []
        self.pages = 0
        self.broken = broken

    @override
    def save_backfilled(self, feed: FeedForPoll, page: ParsedFeed, now: datetime) -> SavedItems:
        self.pages += 1
        if self.pages == self.broken:
            raise StoreError("The disk is full.")
        new = [one.title for one in page.entries if one.title not in self.titles]
        self.titles += new
        return SavedItems(len(new))


def blog(pages: int) -> Iterator[tuple[str, ParsedFeed]]:
    yield URL, page(range(5))
    for number in range(2, pages + 1):
        yield f"{URL}&paged={number}", page(range(5 * number - 5, 5 * number))


async def walk(site: Site, shelf: Shelf, since: int = 10_000, limit: int = 100) -> Backfilled:
    feed = replace(stranger(URL), validators=Validators("etag", "date", "hash"))
    return await Backfill(shelf, site, site, lambda: NOW).run(feed, NOW - since * DAY, limit)


async def test_a_walk_to_the_beginning_keeps_everything_once() -> None:
    site, shelf = Site(dict(blog(4))), Shelf()
    done = await walk(site, shelf)
    assert (done.ending, done.style, done.pages, done.items) == (Ending.LAST, Style.WORDPRESS, 3, SavedItems(15))
    assert done.oldest == NOW - 19 * DAY
    assert shelf.titles == [f"day {n}" for n in range(5, 20)]
    assert len(site.asked) == len(set(site.asked)) == 5


async def test_an_interrupted_walk_goes_on_where_it_ended() -> None:
    site, shelf = Site(dict(blog(9))), Shelf(broken=3)
    with pytest.raises(StoreError):
        await walk(site, shelf)
    assert len(shelf.titles) == 10
    done = await walk(site, shelf, limit=2)
    assert (done.ending, done.pages, done.items) == (Ending.LIMIT, 4, SavedItems(10))
    done = await walk(site, shelf)
    assert done.ending is Ending.LAST
    assert shelf.titles == [f"day {n}" for n in range(5, 45)]
    assert (await walk(site, shelf)).items == SavedItems()


@pytest.mark.parametrize(
    "trouble",
    [
        FetchFailed(Failure.TIMEOUT, "too slow"),
        FetchFailed(Failure.HTTP, "503", status=503),
        ParseFailed(Failure.NOT_A_FEED, "a web page"),
    ],
)
async def test_trouble_on_the_way_is_told_and_costs_nothing_stored(trouble: FetchFailed | ParseFailed) -> None:
    shelf = Shelf()
    done = await walk(Site(dict(blog(9)) | {f"{URL}&paged=4": trouble}), shelf)
    assert (done.ending, done.failure, done.pages) == (Ending.FAILED, trouble, 2)
    assert len(shelf.titles) == 10


async def test_a_missing_archive_document_is_trouble_and_no_end() -> None:
    done = await walk(Site({URL: page(range(5), Pointers(archive="https://wire.example/a"))}), Shelf())
    assert (done.ending, done.failure and done.failure.kind) == (Ending.FAILED, Failure.HTTP)


@pytest.mark.parametrize("answer", [FetchFailed(Failure.TIMEOUT, "too slow"), NotModified(Validators())])
async def test_a_feed_that_cannot_be_had_ends_at_once(answer: FetchFailed | NotModified) -> None:
    done = await walk(Site({URL: answer}), Shelf())
    assert (done.ending, done.pages) == (Ending.FAILED, 0)
    assert done.failure is not None


async def test_a_feed_without_history_costs_one_request() -> None:
    site = Site({URL: page(range(5), Pointers())})
    assert (await walk(site, Shelf())).ending is Ending.NO_HISTORY
    assert site.asked == [URL]


def test_a_trail_begins_at_the_feeds_own_address() -> None:
    assert start().trail == Trail(
        URL, NOW - 100 * DAY, Style.WORDPRESS, 1, frozenset({URL, f"{URL}&paged=2"}),
        frozenset(f"day {n}" for n in range(5)), NOW - 2 * DAY,
    )  # fmt: skip
