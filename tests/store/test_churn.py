"""Feeds that name their entries anew at every poll: each article is stored once, and the feed says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.feed import ParsedEntry

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
WINDOW = 15
POLLS = 20
LONG = "A report of some length that nobody would write twice, with its own number at the very end of it: "


def window(world: World, poll: int, link: str, guid: str, summary: str) -> list[ParsedEntry]:
    """The newest entries at the n-th poll: one comes in and one goes out at each."""
    return [
        world.entry(
            f"Report {n} on the harbour",
            guid=guid.format(n=n, poll=poll),
            link=link.format(n=n, poll=poll),
            summary=summary.format(n=n, poll=poll),
            published_raw=f"Mon, 05 May 2025 {n // 60:02}:{n % 60:02}:00 GMT",
        )
        for n in range(poll, poll + WINDOW)
    ]


@pytest.mark.parametrize(
    ("link", "guid", "summary"),
    [
        ("https://wire.example/{n}", "{n}-{poll}", ""),
        ("https://wire.example/{n}", "{n}-{poll}", LONG + "{n}"),
        ("https://wire.example/{n}?token={poll}", "{n}", LONG + "{n}"),
        ("https://wire.example/r/{poll}/{n}", "{n}", LONG + "{n}"),
        ("https://wire.example/{n}?token={poll}", "{n}-{poll}", LONG + "{n}"),
        ("https://wire.example/r/{poll}{n}", "{n}-{poll}", ""),
        ("https://wire.example/r/{poll}{n}", "{n}-{poll}", "{poll} minutes ago"),
        ("https://wire.example/{n}?utm_source={poll}", "{n}-{poll}", ""),
    ],
)
def test_each_article_is_stored_once_over_twenty_polls(world: World, link: str, guid: str, summary: str) -> None:
    feed = world.feed()
    saved = [
        world.poll(feed, *window(world, poll, link, guid, summary), at=NOW + timedelta(hours=poll))
        for poll in range(POLLS)
    ]
    assert sum(one.new for one in saved) == WINDOW + POLLS - 1
    assert world.rows("SELECT count(*) AS n FROM items")[0].n == WINDOW + POLLS - 1
    assert {one.churned for one in saved[1:]} == {WINDOW - 1} or "ago" in summary or "utm" in link
    if "ago" not in summary:
        versions = world.rows("SELECT max(number) AS most FROM item_versions")[0].most
        assert versions <= (5 if "/r/" in link else 1)


def test_the_feed_says_how_much_came_back_and_stops_when_it_does(world: World) -> None:
    feed = world.feed()
    for poll in range(2):
        world.poll(feed, *window(world, poll, "https://wire.example/{n}", "{n}-{poll}", ""))
    assert world.queries.feeds()[0].churned == WINDOW - 1
    world.poll(feed, *window(world, 1, "https://wire.example/{n}", "{n}-1", ""))
    assert world.queries.feeds()[0].churned == 0
