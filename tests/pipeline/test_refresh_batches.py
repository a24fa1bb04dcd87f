"""When refresh commits, and what becomes of polls under way: by fetchers and stores that only count."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from typing_extensions import override

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    FetchResult,
    NewFeed,
    NotModified,
    ParsedFeed,
    ParseFailed,
    PollOutcome,
    Validators,
)
from monitor.domain.item import ImportedItem
from monitor.domain.rhythm import Rhythm
from monitor.domain.run import SavedItems
from monitor.errors import StoreError
from monitor.pipeline import refresh
from monitor.pipeline.refresh import Refresh
from monitor.ports import Fetcher, Parser, RefreshStore

NOW = datetime(2025, 5, 4, tzinfo=UTC)


class Steady(Fetcher):
    """Answers the n-th feed after n steps."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.given_up = 0

    @override
    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        try:
            await asyncio.sleep(feed.id * self.step)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return NotModified(Validators())


class Unused(Parser):
    @override
    async def parse(self, fetched: Fetched) -> ParsedFeed | ParseFailed:
        raise AssertionError(fetched)


class Counting(RefreshStore):
    """Remembers how many polls each commit held; fails at the first when told to."""

    def __init__(self, *, broken: bool = False) -> None:
        self.commits: list[int] = []
        self.saved: list[PollOutcome] = []
        self.broken = broken

    @override
    def save_polls(self, outcomes: Sequence[PollOutcome]) -> SavedItems:
        if self.broken:
            raise StoreError("The disk is full.")
        self.commits.append(len(outcomes))
        self.saved += outcomes
        return SavedItems()

    @override
    def add_feeds(self, feeds: Sequence[NewFeed], now: datetime) -> int:
        raise NotImplementedError

    @override
    def due_feeds(self, now: datetime, limit: int) -> list[FeedForPoll]:
        raise NotImplementedError

    @override
    def feeds_by_id(self, ids: Sequence[int] | None) -> list[FeedForPoll]:
        raise NotImplementedError

    @override
    def rhythms(self) -> list[Rhythm]:
        return []

    @override
    def put_off(self, polls: Mapping[int, datetime]) -> None:
        raise NotImplementedError

    @override
    def forgive(self, ids: Collection[int]) -> None:
        raise NotImplementedError

    @override
    def save_imported(self, name: str, items: Sequence[ImportedItem], now: datetime) -> SavedItems:
        raise NotImplementedError


def feeds(count: int) -> list[FeedForPoll]:
    return [
        FeedForPoll(n, f"https://outlet.example/{n}", "", None, None, Validators(), 0, polled_before=True)
        for n in range(count)
    ]


def run_with(store: Counting, fetcher: Fetcher) -> Refresh:
    return Refresh(store, fetcher, Unused(), lambda: NOW, timedelta(minutes=30))


async def test_polls_that_trickle_in_are_saved_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A steady trickle must not hold back what came until there are enough for a commit."""
    monkeypatch.setattr(refresh, "SECONDS_PER_COMMIT", 0.1)
    store = Counting()
    report = await run_with(store, Steady(0.01)).run(feeds(40))
    assert report.polled == sum(store.commits) == 40
    assert len(store.commits) >= 3


async def test_many_polls_at_once_are_saved_in_commits_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "SECONDS_PER_COMMIT", 60.0)
    store = Counting()
    told: list[int] = []
    await run_with(store, Steady(0.0)).run(feeds(250), told.append)
    assert told == store.commits
    assert sum(told) == 250
    assert all(count >= refresh.FEEDS_PER_COMMIT for count in told[:-1])


async def test_a_save_that_fails_ends_the_polls_under_way_and_shows_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing keeps fetching behind the error, and nothing is complained of but the error."""
    fetcher = Steady(5.0)
    with caplog.at_level(logging.WARNING), pytest.raises(StoreError, match="disk is full"):
        await run_with(Counting(broken=True), fetcher).run(feeds(4))
    assert fetcher.given_up == 3
    await asyncio.sleep(0)
    assert caplog.records == []


async def test_a_cancelled_refresh_ends_its_polls() -> None:
    fetcher, store = Steady(5.0), Counting()
    task = asyncio.create_task(run_with(store, fetcher).run(feeds(4)))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert fetcher.given_up == 3


async def test_a_failing_feed_is_an_outcome_like_others() -> None:
    class Down(Steady):
        @override
        async def fetch(self, feed: FeedForPoll) -> FetchResult:
            return FetchFailed(Failure.TIMEOUT, "It took too long.")

    report = await run_with(Counting(), Down(0.0)).run(feeds(2))
    assert (report.polled, report.failed, report.unchanged) == (2, 2, 0)


async def test_a_feed_that_was_not_asked_did_not_fail() -> None:
    class Waiting(Steady):
        @override
        async def fetch(self, feed: FeedForPoll) -> FetchResult:
            return FetchFailed(Failure.WAITING if feed.id else Failure.TIMEOUT, "Its host is silent.")

    report = await run_with(Counting(), Waiting(0.0)).run(feeds(3))
    assert report.counts() == {"polled": 3, "failed": 1, "unchanged": 0, "new": 0, "changed": 0, "waiting": 2}


class Surprising(Steady):
    """A fault of ours that two feeds bring out, one of them before all others have answered."""

    faulty = (0, 30)

    @override
    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        if feed.id in self.faulty:
            raise RuntimeError(f"feed {feed.id}")
        return await super().fetch(feed)


async def test_a_surprise_costs_the_other_feeds_nothing_and_is_raised_in_the_end() -> None:
    store, told = Counting(), list[int]()
    with pytest.raises(ExceptionGroup, match="Several polls failed") as raised:
        await run_with(store, Surprising(0.001)).run(feeds(80), told.append)
    assert {str(surprise) for surprise in raised.value.exceptions} == {"feed 0", "feed 30"}
    assert sum(told) == len(store.saved) == 80
    failed = [outcome for outcome in store.saved if outcome.failure is not None]
    assert sorted(outcome.feed.id for outcome in failed) == [0, 30]
    assert all(outcome.failure and outcome.failure.kind is Failure.PROGRAM for outcome in failed)
    assert all(outcome.next_poll_at > NOW + timedelta(minutes=20) for outcome in failed), "nor is its server hammered"


async def test_a_single_surprise_is_raised_as_it_is() -> None:
    with pytest.raises(RuntimeError, match="feed 0"):
        await run_with(Counting(), Surprising(0.0)).run(feeds(3))


class Half(Unused):
    """Reads as much of each document as there is time for."""

    def __init__(self, *, complete: bool) -> None:
        self.complete = complete

    @override
    async def parse(self, fetched: Fetched) -> ParsedFeed | ParseFailed:
        return ParsedFeed("Wire", "rss20", None, None, None, (), left_out=3, complete=self.complete)


class Sending(Steady):
    @override
    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        return Fetched(feed.url, b"<rss/>", None, None, Validators("etag", "date", "hash"))


@pytest.mark.parametrize("complete", [True, False])
async def test_the_validators_of_a_document_that_was_half_read_are_not_kept(complete: bool) -> None:
    """With them the server would say that nothing changed, and the rest would never be read."""
    store = Counting()
    await Refresh(store, Sending(0.0), Half(complete=complete), lambda: NOW, timedelta(minutes=30)).run(feeds(1))
    (outcome,) = store.saved
    assert outcome.parsed is not None
    assert outcome.validators == (Validators("etag", "date", "hash") if complete else None)
