"""A feed that moved for good: its new address, its validators, and the feed that may have that address already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.asks import Asks
from monitor.domain.feed import Elsewhere, Failure, FeedForPoll, FetchFailed, Move, ParseFailed, PollOutcome, Validators
from monitor.store.feeds import pause_feed, remove_feed, resume_feed
from monitor.store.polls import give_address

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW = "https://old.example/rss", "https://new.example/rss"
HELD = Validators('"own"', "then", "hash", Elsewhere(NEW, 'W/"there"', "now"))


def led(world: World, feed: FeedForPoll, since: datetime, validators: Validators = HELD) -> None:
    """A poll that permanent redirects led to the new address, as they did before."""
    (now,) = world.refresh.feeds_by_id([feed.id])
    world.refresh.save_polls([PollOutcome(now, NOW, NOW + DAY, validators, move=Move(NEW, since, NOW, days=4))])


def test_a_move_is_remembered_and_shown_until_it_is_settled(world: World) -> None:
    feed = world.feed(OLD)
    led(world, feed, NOW - 6 * DAY)
    (row,) = world.queries.feeds()
    assert (row.url, row.moved_to, row.moved_since) == (OLD, NEW, NOW - 6 * DAY)
    assert world.load(OLD).move == Move(NEW, NOW - 6 * DAY, NOW, days=4)
    assert world.load(OLD).validators == HELD


def test_after_a_week_the_feed_has_the_new_address_and_its_validators(world: World) -> None:
    feed = world.feed(OLD)
    led(world, feed, NOW - 7 * DAY)
    moved = world.load(NEW)
    assert (moved.id, moved.move, moved.validators) == (feed.id, None, Validators('W/"there"', "now", "hash"))


def test_a_poll_that_failed_settles_nothing(world: World) -> None:
    feed = world.feed(OLD)
    move, failed = Move(NEW, NOW - 9 * DAY, NOW - DAY, days=8), FetchFailed(Failure.TIMEOUT, "no answer")
    world.refresh.save_polls([PollOutcome(feed, NOW, NOW + DAY, failure=failed, move=move)])
    assert world.load(OLD).move == move


def test_a_page_that_is_no_feed_is_held_until_a_feed_comes(world: World) -> None:
    feed, page = world.feed(OLD), Validators('"page"', "now", "page")
    no_feed, silent = ParseFailed(Failure.NOT_A_FEED, "a web page"), FetchFailed(Failure.TIMEOUT, "no answer")
    world.refresh.save_polls([PollOutcome(feed, NOW, NOW + DAY, page, failure=no_feed)])
    world.refresh.save_polls([PollOutcome(world.load(OLD), NOW, NOW + DAY, failure=silent)])
    held = world.load(OLD)
    assert (held.validators, held.no_feed, held.failures) == (page, no_feed, 2)
    world.poll(feed, world.entry("news"))
    assert (world.load(OLD).no_feed, world.load(OLD).failures) == (None, 0)


def test_a_direct_answer_forgets_the_move(world: World) -> None:
    feed = world.feed(OLD)
    led(world, feed, NOW - 6 * DAY)
    world.poll(feed)
    assert world.load(OLD).move is None


def test_a_feed_whose_new_address_is_polled_already_is_paused_and_says_so(world: World) -> None:
    feed, other = world.feed(OLD), world.feed(NEW, title="The other")
    led(world, feed, NOW - 7 * DAY)
    row = next(row for row in world.queries.feeds() if row.id == feed.id)
    assert (row.url, row.paused, row.failure) == (OLD, True, Failure.DUPLICATE)
    assert row.failure_message is not None
    assert f"feed {other.id} (The other)" in row.failure_message
    resume_feed(world.database, feed.id)
    row = next(row for row in world.queries.feeds() if row.id == feed.id)
    assert (row.paused, row.failure, row.failure_message, row.moved_to) == (False, None, None, None)


@pytest.mark.parametrize("away", [pause_feed, remove_feed])
def test_nothing_is_given_up_for_a_feed_that_is_not_polled(world: World, away: object) -> None:
    feed, other = world.feed(OLD), world.feed(NEW)
    world.publish("Ministers meet", feed=other)
    away(world.database, other.id)  # type: ignore[operator]
    led(world, feed, NOW - 7 * DAY)
    row = next(row for row in world.queries.feeds() if row.id == feed.id)
    assert (row.url, row.paused, row.failure) == (OLD, False, None)


def test_an_address_that_another_program_took_is_told_and_costs_the_transaction_nothing(world: World) -> None:
    feed, other = world.feed(OLD), world.feed(NEW)
    with world.database.write() as connection:
        assert not give_address(connection, feed.id, {"url": NEW})
        assert give_address(connection, feed.id, {"url": f"{NEW}/2"})
    assert {world.load(NEW).id, world.load(f"{NEW}/2").id} == {other.id, feed.id}


def test_wishes_are_kept_for_the_polls_that_bring_no_document(world: World) -> None:
    feed = world.feed(OLD)
    asks = Asks(ttl=timedelta(hours=2), fresh=timedelta(minutes=9), skip_hours=frozenset({3}), skip_days=frozenset({6}))
    world.refresh.save_polls([PollOutcome(feed, NOW, NOW + DAY, asks=asks)])
    assert world.load(OLD).asks == asks


def test_a_poll_that_reached_nobody_as_all_did_changes_when_to_poll_alone(world: World) -> None:
    feed = world.feed(OLD)
    led(world, feed, NOW - 3 * DAY)
    before, after = world.queries.feeds()[0], NOW + timedelta(minutes=10)
    failed = FetchFailed(Failure.CONNECTION, "no network")
    world.refresh.save_polls([PollOutcome(world.load(OLD), NOW, after, failure=failed, offline=True)])
    assert world.queries.feeds()[0] == replace(before, next_poll_at=after)


def test_a_first_failure_is_taken_back_and_later_ones_are_not(world: World) -> None:
    once, twice = world.feed(OLD), world.feed(NEW)
    failed = FetchFailed(Failure.CONNECTION, "refused")
    for feed in (once, twice, twice):
        world.refresh.save_polls([PollOutcome(world.load(feed.url), NOW, NOW + DAY, failure=failed)])
    world.refresh.forgive([once.id, twice.id])
    rows = {row.id: row for row in world.queries.feeds()}
    assert (rows[once.id].failures, rows[once.id].failing_since, rows[once.id].failure) == (0, None, None)
    assert rows[twice.id].failures == 2


def test_news_tells_the_longest_gap_before_it(world: World) -> None:
    feed = world.feed(OLD)
    for days, titles in ((0, ["a"]), (2, ["a"]), (3, ["a", "b"]), (4, ["a", "b", "c"])):
        world.poll(feed, *map(world.entry, titles), at=NOW + days * DAY)
    (row,) = world.queries.feeds()
    assert (row.newest_at, row.longest_gap) == (NOW + 4 * DAY, 2 * 86_400)
    assert not row.quiet
    world.poll(feed, *map(world.entry, "abc"), at=NOW + 10 * DAY)
    assert world.queries.feeds()[0].quiet
