"""Back-filled entries in the store: archive, once, and never over what a poll brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from monitor.domain.feed import ParsedEntry, ParsedFeed
from monitor.domain.run import SavedItems
from monitor.store.backfill import SqlBackfillStore
from monitor.store.feeds import remove_feed
from monitor.store.tables import item_versions, items

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)


def entry(name: str, **about: object) -> ParsedEntry:
    blank = ParsedEntry(name, f"https://wire.example/{name}", name, "", NOW - timedelta(hours=1), "raw")
    return replace(blank, **about)  # type: ignore[arg-type]


def page(*entries: ParsedEntry) -> ParsedFeed:
    return ParsedFeed("Wire", "rss20", "hi", None, None, entries)


def stored(world: World) -> list[tuple[str, bool, int]]:
    with world.database.read() as connection:
        return [
            (row.title, row.archive, row.latest)
            for row in connection.execute(
                select(item_versions.c.title, items.c.archive, items.c.latest).join(items).order_by(item_versions.c.id)
            )
        ]


def test_entries_become_archive_however_new_they_are(world: World) -> None:
    feed, store = world.feed(), SqlBackfillStore(world.database)
    assert store.save_backfilled(feed, page(entry("a"), entry("b")), NOW) == SavedItems(2)
    assert stored(world) == [("a", True, 1), ("b", True, 1)]
    with world.database.read() as connection:
        assert set(connection.scalars(select(item_versions.c.language))) == {"hi"}


def test_a_page_that_comes_again_changes_nothing(world: World) -> None:
    feed, store = world.feed(), SqlBackfillStore(world.database)
    store.save_backfilled(feed, page(entry("a")), NOW)
    assert store.save_backfilled(feed, page(entry("a", summary="longer"), entry("c")), NOW) == SavedItems(1)
    assert stored(world) == [("a", True, 1), ("c", True, 1)]


def test_what_a_poll_brought_stays_live_and_as_it_was(world: World) -> None:
    feed = world.feed()
    world.poll(feed, entry("news"))
    saved = SqlBackfillStore(world.database).save_backfilled(
        world.load(feed.url), page(entry("news", title="old words")), NOW
    )
    assert (saved, stored(world)) == (SavedItems(), [("news", False, 1)])


def test_a_poll_after_it_tells_nothing_that_was_back_filled(world: World) -> None:
    feed = world.feed()
    SqlBackfillStore(world.database).save_backfilled(feed, page(entry("a")), NOW)
    world.poll(feed, entry("a"), entry("b"))
    assert stored(world) == [("a", True, 1), ("b", False, 1)]


def test_a_feed_that_was_removed_meanwhile_takes_nothing(world: World) -> None:
    feed = world.feed()
    remove_feed(world.database, feed.id)
    assert SqlBackfillStore(world.database).save_backfilled(feed, page(entry("a")), NOW) == SavedItems()
    assert stored(world) == []


def test_a_page_whose_names_are_made_anew_for_every_request_is_stored_once(world: World) -> None:
    feed, store = world.feed(), SqlBackfillStore(world.database)
    for request in "xyz":
        renamed = [
            entry(
                f"{n}", guid=f"{n}{request}", link=f"https://wire.example/{n}?session={request}", summary=f"words {n}"
            )
            for n in range(5)
        ]
        store.save_backfilled(feed, page(*renamed), NOW)
    assert len(stored(world)) == 5
