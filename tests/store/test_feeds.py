from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.domain.feed import Failure, FetchFailed, PollOutcome
from monitor.store.feeds import pause_feed, remove_feed, resume_feed, take_back_feed

if TYPE_CHECKING:
    from tests.store.conftest import World

URL = "https://wire.example/rss"


def test_a_paused_feed_is_not_due_until_it_is_resumed(world: World) -> None:
    feed = world.feed(URL)
    now = world.queries.feeds()[0].next_poll_at
    later = now + timedelta(days=9)
    assert [due.id for due in world.refresh.due_feeds(later, 10)] == [feed.id]
    pause_feed(world.database, feed.id)
    assert world.refresh.due_feeds(later, 10) == []
    assert world.queries.feeds()[0].paused
    resume_feed(world.database, feed.id)
    assert [due.id for due in world.refresh.due_feeds(later, 10)] == [feed.id]


def test_resuming_does_not_outrun_what_the_publisher_asked_for(world: World) -> None:
    feed = world.feed(URL)
    due = world.queries.feeds()[0].next_poll_at
    pause_feed(world.database, feed.id)
    resume_feed(world.database, feed.id)
    assert world.refresh.due_feeds(due - timedelta(seconds=1), 10) == []
    assert [found.id for found in world.refresh.due_feeds(due, 10)] == [feed.id]


def test_a_feed_that_was_never_polled_is_removed_for_good(world: World) -> None:
    feed = world.feed(URL, fresh=True)
    now = world.queries.feeds()[0].next_poll_at
    remove_feed(world.database, feed.id)
    assert world.rows("SELECT count(*) FROM feeds")[0][0] == 0
    assert not take_back_feed(world.database, URL, now)


def test_a_feed_without_items_that_was_throttled_is_not_due_when_it_is_added_again(world: World) -> None:
    feed = world.feed(URL)
    now = world.queries.feeds()[0].next_poll_at
    later, throttled = now + timedelta(days=3), FetchFailed(Failure.THROTTLED, "429", timedelta(days=3))
    world.refresh.save_polls([PollOutcome(feed, now, later, failure=throttled)])
    remove_feed(world.database, feed.id)
    assert take_back_feed(world.database, URL, now + timedelta(hours=2))
    assert world.refresh.due_feeds(later - timedelta(seconds=1), 10) == []
    assert [due.id for due in world.refresh.due_feeds(later, 10)] == [feed.id]


def test_a_feed_with_items_stays_behind_them(world: World) -> None:
    feed = world.feed(URL)
    (item,) = world.publish("Ministers to meet", feed=feed)
    remove_feed(world.database, feed.id)
    assert world.queries.feeds() == []
    assert world.refresh.feeds_by_id([feed.id]) == []
    assert world.queries.item(str(item.item_id)).feed == "Example Wire"


def test_a_poll_under_way_does_not_bring_a_removed_feed_back(world: World) -> None:
    feed = world.feed(URL)
    world.publish("Ministers to meet", feed=feed)
    remove_feed(world.database, feed.id)
    world.poll(feed)
    assert world.queries.feeds() == []


def test_a_removed_feed_can_be_taken_back(world: World) -> None:
    feed = world.feed(URL)
    now = world.queries.feeds()[0].next_poll_at
    world.publish("Ministers to meet", feed=feed)
    pause_feed(world.database, feed.id)
    remove_feed(world.database, feed.id)
    assert take_back_feed(world.database, URL, now)
    assert world.refresh.due_feeds(now, 10) == [], "it was polled just now"
    assert [due.id for due in world.refresh.due_feeds(now + timedelta(hours=1), 10)] == [feed.id]
    assert not take_back_feed(world.database, URL, now)
