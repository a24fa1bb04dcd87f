"""Refresh in the store: feeds with their health, items with their versions, one commit for all of a batch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.feed import (
    Failure,
    FetchFailed,
    NewFeed,
    ParsedEntry,
    ParsedFeed,
    ParseFailed,
    PollOutcome,
    Validators,
)
from monitor.domain.item import ImportedItem
from monitor.domain.run import SavedItems
from monitor.errors import InputError
from monitor.store.database import Database
from monitor.store.drafts import KEY_LIMIT, storable_key
from monitor.store.refresh import SqlRefreshStore

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(title: str, **about: object) -> ParsedEntry:
    blank = ParsedEntry(title, f"https://wire.example/{title}", title, "", NOW - HOUR, "raw")
    return replace(blank, **about)  # type: ignore[arg-type]


def outcome(world: World, url: str, **about: object) -> PollOutcome:
    return replace(PollOutcome(world.load(url), NOW, NOW + HOUR), **about)  # type: ignore[arg-type]


def imported(key: str, title: str = "Vientiane", **about: object) -> ImportedItem:
    blank = ImportedItem(key, "https://a.example/x", "Mint", title, "More.", "en", datetime(2024, 11, 22, tzinfo=UTC))
    return replace(blank, **about)  # type: ignore[arg-type]


def test_a_feed_is_added_once_and_due_at_once(world: World) -> None:
    news = [NewFeed(f"https://a.example/{n}", f"Feed {n}", language="ja", publisher="nhk") for n in range(3)]
    assert world.refresh.add_feeds(news, NOW) == 3
    assert (
        world.refresh.add_feeds([*news, NewFeed("https://b.example", "B"), NewFeed("https://b.example", "B")], NOW) == 1
    )
    due = world.refresh.due_feeds(NOW, 10)
    assert {feed.url for feed in due} == {*(feed.url for feed in news), "https://b.example"}
    first = next(feed for feed in due if feed.url == "https://a.example/0")
    assert (first.title, first.language, first.publisher) == ("Feed 0", "ja", "nhk")
    assert (first.validators, first.failures, first.polled_before) == (Validators(), 0, False)


def test_a_feed_that_nobody_named_takes_the_name_its_document_gives(world: World) -> None:
    unnamed, named = world.feed(title="wire.example"), world.feed("https://b.example/rss", title="My own name")
    for feed in (unnamed, named):
        world.poll(feed)
    assert [world.load(feed.url).title for feed in (unnamed, named)] == ["Example Wire", "My own name"]


def test_an_address_too_long_for_an_index_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="longer than 2000 characters"):
        world.refresh.add_feeds([NewFeed("https://a.example/" + "x" * 2000, "A")], NOW)


def test_due_feeds_come_longest_overdue_first_within_the_limit(world: World) -> None:
    for number in range(5):
        world.refresh.add_feeds([NewFeed(f"https://a.example/{number}", "A")], NOW - number * HOUR)
    due = [feed.url[-1] for feed in world.refresh.due_feeds(NOW - HOUR, 3)]
    assert due == ["4", "3", "2"]


def test_paused_feeds_are_not_due_but_can_be_named(world: World) -> None:
    feed = world.feed()
    world.change("UPDATE feeds SET paused = :paused", paused=True)
    assert world.refresh.due_feeds(NOW + HOUR, 10) == []
    assert world.refresh.feeds_by_id(None) == []
    assert [found.id for found in world.refresh.feeds_by_id([feed.id, 999])] == [feed.id]


def test_saving_the_same_poll_again_adds_nothing(world: World) -> None:
    feed = world.feed()
    entries = [entry("a"), entry("b"), entry("c")]
    assert world.poll(feed, *entries) == SavedItems(3, 0)
    assert world.poll(feed, *entries, at=NOW + HOUR) == SavedItems(0, 0)
    assert len(world.pending()) == 3


def test_an_item_keeps_its_id_whatever_becomes_of_its_guid_and_link(world: World) -> None:
    feed = world.feed()
    world.poll(feed, entry("Talks", guid="home"))
    [item] = world.pending()
    steps = [
        (entry("Drill", guid="home"), entry("Talks", guid="home")),
        (entry("Talks", guid="home", summary="Edited."),),
        (entry("Talks", guid=None, summary="Edited again."),),
        (entry("Talks", guid="made-anew"),),
        (entry("Talks", guid="made-anew", link="https://wire.example/moved"),),
        (entry("Talks", guid="made-anew", link=None),),
    ]
    for hours, window in enumerate(steps, 1):
        world.poll(feed, *window, at=NOW + hours * HOUR)
        titles = {one.article.title: one.item_id for one in world.pending()}
        assert titles["Talks"] == item.item_id
        assert len(titles) == len(world.pending()) == 2
    assert [row.guid for row in world.rows("SELECT guid FROM items ORDER BY id")] == ["made-anew", "home"]


def test_a_new_item_that_looks_as_an_old_one_once_did_is_not_lost(world: World) -> None:
    """The old one took its key with it: the guid was its own, until it moved and another came in its place."""
    feed = world.feed()
    world.poll(feed, entry("One", guid="g"))
    world.poll(feed, entry("One", guid="g", link="https://wire.example/moved"))
    again = [entry("One", guid="g", link="https://wire.example/moved"), entry("One", guid="g", summary="Another.")]
    assert world.poll(feed, *again) == SavedItems(1, 0)
    assert world.poll(feed, *again[::-1]) == SavedItems(0, 0)
    assert world.poll(feed, entry("Two", guid="g"), *again) == SavedItems(1, 0), "the key is taken, and free to be had"
    assert len({row.key for row in world.rows("SELECT key FROM items")}) == len(world.pending()) == 3


def test_guids_are_compared_within_a_feed_alone(world: World) -> None:
    world.poll(world.feed("https://a.example/rss"), entry("Talks", guid="1"))
    assert world.poll(world.feed("https://b.example/rss"), entry("Talks", guid="1")) == SavedItems(1, 0)


def test_a_date_written_anew_at_every_request_makes_no_versions(world: World) -> None:
    feed = world.feed()
    for hours in range(3):
        later = NOW + hours * HOUR
        world.poll(feed, entry("Talks", published=later, published_raw=later.isoformat()), at=later)
    [item] = world.pending()
    assert item.article.published == NOW, "the date it came with"
    assert world.queries.item(str(item.item_id)).versions == 1


def test_an_older_document_saved_later_changes_nothing(world: World) -> None:
    """Two programs polled the feed; the one that got the older document was the slower one to save it."""
    world.feed(url := "https://a.example/rss")
    world.poll(world.load(url), entry("Talks", guid="1"))
    loaded = world.load(url)
    slow = world.outcome(loaded, entry("Talks", guid="1", summary="Older."), validators=Validators(None, None, "b2"))
    quick = world.outcome(loaded, entry("Talks", guid="1", summary="Newer."), validators=Validators(None, None, "b3"))
    assert world.refresh.save_polls([quick]) == SavedItems(0, 1)
    assert world.refresh.save_polls([slow]) == SavedItems(0, 0)
    [item] = world.pending()
    assert item.article.summary == "Newer."
    assert world.load(url).validators.body_hash == "b3"


def test_two_programs_that_poll_one_feed_store_its_items_once(world: World, url: str) -> None:
    feed = world.feed()
    entries = [entry(f"t{number}") for number in range(50)]

    def save(_: int) -> SavedItems:
        database = Database(url)
        try:
            return SqlRefreshStore(database).save_polls([world.outcome(feed, *entries)])
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        saved = sum(pool.map(save, range(2)), SavedItems())
    assert saved == SavedItems(50, 0)


def test_an_edited_item_keeps_its_versions_and_waits_again(world: World) -> None:
    feed = world.feed()
    world.poll(feed, entry("Talks", guid="1"))
    [first] = world.pending()
    changed = entry("Talks end", guid="1", link="https://wire.example/new?utm_source=rss", published=NOW)
    assert world.poll(feed, changed, at=NOW + HOUR) == SavedItems(0, 1)
    [second] = world.pending()
    assert second.item_id == first.item_id
    assert second.version_id != first.version_id
    assert (second.article.title, second.article.published, second.article.first_seen) == ("Talks end", NOW, NOW)
    assert second.url == "https://wire.example/new"
    assert world.queries.item(str(first.item_id)).versions == 2


def test_at_a_feeds_first_poll_old_items_are_archive(world: World) -> None:
    feed = world.feed(fresh=True)
    old, young = NOW - timedelta(hours=49), NOW - timedelta(hours=47)
    world.poll(feed, entry("old", published=old), entry("young", published=young), entry("undated", published=None))
    assert {item.article.title: item.archive for item in world.pending()} == {
        "old": True,
        "young": False,
        "undated": False,
    }


def test_a_poll_that_failed_is_no_first_poll(world: World) -> None:
    world.feed(url := "https://a.example/rss", fresh=True)
    failed = outcome(world, url, failure=FetchFailed(Failure.TIMEOUT, "no answer"))
    world.refresh.save_polls([failed])
    assert not world.load(url).polled_before
    world.poll(world.load(url), entry("old", published=NOW - timedelta(days=9)))
    assert world.load(url).polled_before
    world.poll(world.load(url), entry("late", published=NOW - timedelta(days=9)))
    assert {item.article.title: item.archive for item in world.pending()} == {"old": True, "late": False}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (NOW + timedelta(hours=23), NOW + timedelta(hours=23)),
        (datetime(9999, 12, 31, tzinfo=UTC), NOW),
        (datetime(1, 1, 1, tzinfo=UTC), None),
        (None, None),
    ],
)
def test_absurd_dates_are_clamped_and_flagged(world: World, said: datetime | None, shown: datetime | None) -> None:
    world.poll(world.feed(), entry("a", published=said))
    [item] = world.pending()
    assert item.article.published == shown
    assert [row.date_flagged for row in world.rows("SELECT date_flagged FROM item_versions")] == [said != shown]


def test_validators_commit_with_the_items(world: World) -> None:
    feed = world.feed(url := "https://a.example/rss")
    world.poll(feed, entry("a"))
    assert world.load(url).validators == Validators('"v1"', None, "b1")


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (None, Validators('"v1"', "Sun", "b1")),
        (Validators(), Validators('"v1"', "Sun", "b1")),
        (Validators('"v2"'), Validators('"v2"', "Sun", "b1")),
        (Validators(None, None, "b2"), Validators(None, None, "b2")),
    ],
    ids=["kept", "a 304 that names none", "a 304 that names one", "a body"],
)
def test_which_validators_are_kept(world: World, found: Validators | None, kept: Validators) -> None:
    world.feed(url := "https://a.example/rss")
    world.refresh.save_polls([outcome(world, url, validators=Validators('"v1"', "Sun", "b1"))])
    world.refresh.save_polls([outcome(world, url, validators=found)])
    assert world.load(url).validators == kept


def test_entries_beyond_the_parsers_limit_are_not_forgotten(world: World) -> None:
    world.feed(url := "https://a.example/rss")
    for left_out in (7, 0):
        document = ParsedFeed("Wire", "rss20", None, None, None, (), left_out=left_out)
        world.refresh.save_polls([outcome(world, url, parsed=document)])
        assert [row.left_out for row in world.queries.feeds()] == [left_out]


def test_health_counts_failures_and_heals(world: World) -> None:
    world.feed(url := "https://a.example/rss")
    for number, failure in enumerate([FetchFailed(Failure.HTTP, "503"), ParseFailed(Failure.NOT_A_FEED, "a page")]):
        world.refresh.save_polls([outcome(world, url, failure=failure, polled_at=NOW + number * HOUR)])
    [row] = world.queries.feeds()
    assert (row.failures, row.failing_since, row.failure, row.failure_message) == (2, NOW, Failure.NOT_A_FEED, "a page")
    assert world.load(url).failures == 2
    world.refresh.save_polls([outcome(world, url, polled_at=NOW + 2 * HOUR)])
    [row] = world.queries.feeds()
    assert (row.failures, row.failing_since, row.failure, row.failure_message) == (0, None, None, None)
    assert (row.succeeded_at, row.next_poll_at) == (NOW + 2 * HOUR, NOW + HOUR)


@pytest.mark.parametrize("failures", [0, 2])
def test_a_feed_that_waits_for_its_host_is_left_as_it_is_and_says_so(world: World, failures: int) -> None:
    """It was not asked. One that fails anyway goes on saying why."""
    world.feed(url := "https://a.example/rss")
    for _ in range(failures):
        world.refresh.save_polls([outcome(world, url, failure=FetchFailed(Failure.HTTP, "404"))])
    [before] = world.queries.feeds()
    waits = FetchFailed(Failure.WAITING, "its host is silent")
    world.refresh.save_polls([outcome(world, url, failure=waits, next_poll_at=NOW + 7 * HOUR)])
    kind, message = (Failure.HTTP, "404") if failures else (Failure.WAITING, "its host is silent")
    [row] = world.queries.feeds()
    assert row == replace(before, next_poll_at=NOW + 7 * HOUR, failure=kind, failure_message=message)
    world.refresh.save_polls([outcome(world, url, polled_at=NOW + 7 * HOUR)])
    assert world.queries.feeds()[0].failure is None


def test_a_feed_removed_while_it_was_polled_costs_the_others_nothing(world: World) -> None:
    gone, there = world.feed("https://gone.example"), world.feed("https://there.example")
    world.change("DELETE FROM feeds WHERE id = :id", id=gone.id)
    saved = world.refresh.save_polls(
        [
            replace(world.outcome(gone, entry("a")), polled_at=NOW),
            replace(world.outcome(there, entry("b")), polled_at=NOW),
        ]
    )
    assert saved == SavedItems(1, 0)
    assert [item.article.title for item in world.pending()] == ["b"]


def test_text_no_database_can_hold_costs_no_neighbour(world: World) -> None:
    bad = entry("bad\0title\ud800", guid="nul\0", summary="\udc00\0", authors=("a\0",), tags=("\ud900",), source="\0")
    feed = world.feed()
    assert world.poll(feed, entry("before"), bad, entry("after")) == SavedItems(3, 0)
    assert world.poll(feed, entry("before"), bad, entry("after")) == SavedItems(0, 0)
    assert {item.article.title for item in world.pending()} == {"before", "badtitle", "after"}


def test_a_key_of_any_length_is_one_item(world: World) -> None:
    feed, long = world.feed(), "x" * 100_000
    entries = [entry("a", guid=long + "1", link="https://wire.example/" + long), entry("b", guid=long + "2")]
    assert world.poll(feed, *entries) == SavedItems(2, 0)
    assert world.poll(feed, *entries) == SavedItems(0, 0)


def test_keys_are_told_apart_even_where_their_stored_text_would_not_be() -> None:
    keys = ["guid:a", "guid:a\0", "guid:a\ud800", "guid:" + "x" * KEY_LIMIT, "guid:" + "x" * (KEY_LIMIT + 1)]
    assert len({storable_key(key) for key in keys}) == len(keys)
    assert storable_key("guid:a") == "guid:a"


def test_a_long_document_is_stored_whole(world: World) -> None:
    feed = world.feed()
    entries = [entry(f"t{number}") for number in range(1203)]
    assert world.poll(feed, *entries) == SavedItems(1203, 0)
    changed = [replace(one, summary="new") for one in entries[:7]]
    assert world.poll(feed, *entries[7:], *changed) == SavedItems(0, 7)


def test_imported_items_are_archive_and_never_polled(world: World) -> None:
    assert world.refresh.save_imported("gold", [imported("1"), imported("2", outlet=None)], NOW) == SavedItems(2, 0)
    assert world.refresh.due_feeds(NOW + timedelta(days=99), 10) == []
    assert world.refresh.feeds_by_id(None) == []
    assert world.queries.feeds() == []
    first, second = world.pending()
    assert first.archive
    assert second.archive
    assert (first.publisher, second.publisher) == ("Mint", None)
    assert first.article.published == datetime(2024, 11, 22, tzinfo=UTC)
    assert first.article.first_seen == NOW


def test_importing_again_adds_only_what_changed(world: World) -> None:
    world.refresh.save_imported("gold", [imported("1"), imported("2")], NOW)
    again = [imported("1"), imported("2", title="Vientiane, corrected"), imported("3")]
    assert world.refresh.save_imported("gold", again, NOW + HOUR) == SavedItems(1, 1)
    assert world.refresh.save_imported("other", [imported("1")], NOW) == SavedItems(1, 0)


def test_a_save_that_fails_leaves_neither_items_nor_validators(world: World) -> None:
    feed = world.feed(url := "https://a.example/rss")
    before = world.load(url).validators
    naive = replace(world.outcome(feed, entry("a")), next_poll_at=datetime(2025, 5, 4))  # noqa: DTZ001, on purpose
    good = world.outcome(world.feed("https://b.example/rss"), entry("b"))
    with pytest.raises(Exception, match="without a zone"):
        SqlRefreshStore(world.database).save_polls([good, naive])
    assert world.pending() == []
    assert world.load(url).validators == before
