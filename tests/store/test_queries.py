"""The read side: what lists, status and explain show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.digest import DeliveryState, Period, Sent
from monitor.domain.event import Stage
from monitor.domain.item import ImportedItem
from monitor.domain.judgement import Decision
from monitor.domain.run import RunKind, RunRecord
from monitor.domain.watchlist import Publisher
from monitor.errors import NotFoundError
from monitor.store.publishers import sync_publishers

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(kind: RunKind, at: datetime, error: str | None = None) -> RunRecord:
    return RunRecord(kind, at, at + timedelta(seconds=3), {"polled": 7, "failed": 1}, error)


def test_feeds_are_listed_with_what_they_hold(world: World) -> None:
    feed = world.feed(title="Wire", country="IN", kind="agency", confidence="high", language="hi", publisher="wire")
    world.poll(feed, world.entry("a"), world.entry("b"))
    world.refresh.save_imported("gold", [ImportedItem("1", None, None, "x", "", None, None)], NOW)
    [row] = world.queries.feeds()
    assert (row.title, row.country, row.kind, row.confidence, row.language, row.publisher, row.format) == (
        "Wire",
        "IN",
        "agency",
        "high",
        "hi",
        "wire",
        "rss20",
    )
    assert (row.items, row.site, row.paused, row.polled_at) == (2, "https://wire.example", False, NOW)


def test_counts(world: World) -> None:
    world.ready()
    first, second, third, fourth = world.publish("a", "b", "c", "d")
    world.save([world.accepted(first), world.reviewed(second), world.rejected(third)], world.story([first]))
    home, [told] = world.tell("e", stage=Stage.ANNOUNCED)
    world.refresh.save_imported("gold", [ImportedItem("1", None, None, "x", "", None, None)], NOW)
    world.freeze()
    counts = world.queries.counts()
    assert (counts.feeds, counts.failing, counts.paused) == (1, 0, 0)
    assert (counts.items, counts.archive, counts.pending) == (6, 1, 2)
    assert counts.decisions == {Decision.ACCEPT: 2, Decision.REVIEW: 1, Decision.REJECT: 1}
    assert (counts.stories, counts.events, counts.digests) == (2, 1, 1)
    assert (home, told, fourth.placed) == (world.home(told), told, False)


def test_schedules(world: World) -> None:
    world.ready()
    world.report.skip_period(Period("daily", date(2025, 5, 3), NOW))
    [row] = world.queries.schedules()
    assert (row.name, row.zone, row.first_seen) == ("daily", "Asia/Kolkata", NOW - timedelta(days=1))
    assert (row.last_period, row.last_digest_at) == (date(2025, 5, 3), None)
    world.freeze()
    [row] = world.queries.schedules()
    assert (row.last_period, row.last_digest_at) == (NOW.date(), NOW)


def test_digests_newest_first(world: World) -> None:
    world.ready()
    for day in (1, 2, 3):
        world.freeze(date(2025, 5, day))
    world.report.record(world.report.claim(NOW, 1, 14)[0], Sent("ok"), NOW, None)
    rows = world.queries.digests(2)
    assert [row.local_date.day for row in rows] == [3, 2]
    assert world.queries.digests(3)[2].deliveries == {DeliveryState.SENT: 1, DeliveryState.WAITING: 1}
    assert rows[0].deliveries == {DeliveryState.WAITING: 2}


@pytest.mark.parametrize("number", [0, 1, -1, 2**31, 10**30])
def test_a_digest_that_is_not_there(world: World, number: int) -> None:
    with pytest.raises(NotFoundError, match="monitor digest list"):
        world.queries.digest(number)


def test_an_item_is_found_by_number_and_by_any_form_of_its_url(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("a", link="https://wire.example/a?utm_medium=rss"))
    [item] = world.pending()
    for name in (str(item.item_id), "https://wire.example/a", "https://WIRE.example/a?utm_source=mail#end"):
        assert world.queries.item(name).id == item.item_id
    view = world.queries.item(str(item.item_id))
    assert (view.url, view.publisher, view.feed) == (
        "https://wire.example/a?utm_medium=rss",
        "Example Wire",
        "Example Wire",
    )
    assert (view.article, view.judgement, view.judged_article, view.verdict) == (item.article, None, None, None)


@pytest.mark.parametrize("name", ["7", "https://nowhere.example/", str(10**30), "9" * 5000, "१२", "", "-1"])
def test_an_item_that_is_not_there(world: World, name: str) -> None:
    with pytest.raises(NotFoundError, match="There is no item"):
        world.queries.item(name)


def test_deliveries_by_state(world: World) -> None:
    assert world.queries.outbox() == dict.fromkeys(DeliveryState, 0)
    world.ready()
    world.freeze()
    world.report.claim(NOW, 1, 14)
    assert world.queries.outbox() == dict.fromkeys(DeliveryState, 0) | {
        DeliveryState.WAITING: 1,
        DeliveryState.SENDING: 1,
    }


def test_the_last_run_of_each_kind(world: World) -> None:
    assert world.queries.last_runs() == []
    records = [
        run(RunKind.REFRESH, NOW),
        run(RunKind.FOLLOW, NOW),
        run(RunKind.REFRESH, NOW + HOUR, error="The disk is full."),
    ]
    for record in records:
        world.runs.record_run(record)
    assert world.queries.last_runs() == [records[2], records[1]]


def test_publishers_are_kept_as_the_watchlist_has_them(world: World) -> None:
    wire = Publisher("wire", "The Wire", "wire", "newspaper", "a", "IN", "en", ("Wire", "Wire.in"))
    for known in ([wire], [wire], [replace(wire, name="Wire"), replace(wire, id="other")], []):
        sync_publishers(world.database, known)
        assert [row.name for row in world.rows("SELECT name FROM publishers ORDER BY id DESC")] == [
            publisher.name for publisher in known
        ]
