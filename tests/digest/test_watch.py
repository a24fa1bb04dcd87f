"""What a digest says of the watch itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from monitor.digest.watch import FAILING_SHOWN, LEFT_OUT_SHOWN, QUIET_SHOWN, watch_lines
from monitor.domain.digest import FeedHealth, WatchState

if TYPE_CHECKING:
    from tests.digest.conftest import Day

WIRE = FeedHealth("Example Wire", "It timed out.", datetime(2025, 5, 3, 12, 40, tzinfo=UTC))


def lines(day: Day, watch: WatchState) -> tuple[str, ...]:
    return watch_lines(replace(day.model, watch=watch))


def test_failing_feed_is_named_with_reason_and_since_when(quiet_day: Day) -> None:
    assert lines(quiet_day, WatchState(28, (WIRE,), date(2025, 3, 30))) == (
        "27 of 28 feeds current",
        "Example Wire: It timed out since Sat 3 May 2025, 18:10 IST",
        "Role book checked 41 days ago",
    )


def test_many_failing_feeds_are_counted(quiet_day: Day) -> None:
    said = lines(quiet_day, WatchState(40, (WIRE,) * (FAILING_SHOWN + 3), date(2025, 5, 10)))
    assert len(said) == FAILING_SHOWN + 3
    assert said[-2:] == ("3 more feeds failing: see monitor status", "Role book checked today")


@pytest.mark.parametrize(
    ("feeds", "said"), [(0, "No feeds yet"), (1, "All 1 feed current"), (2, "All 2 feeds current")]
)
def test_healthy_feeds(quiet_day: Day, feeds: int, said: str) -> None:
    assert lines(quiet_day, WatchState(feeds, (), None)) == (said, "Role book never checked")


def test_role_book_checked_after_the_day_of_the_digest_is_told_by_its_day(quiet_day: Day) -> None:
    assert lines(quiet_day, WatchState(2, (), date(2026, 5, 31)))[-1] == "Role book checked Sun 31 May 2026"


def test_dead_deliveries_are_told(quiet_day: Day) -> None:
    said = lines(quiet_day, WatchState(2, (), date(2025, 5, 10), dead_deliveries=1))
    assert said[-1] == "1 message could not be delivered: see monitor deliveries list"


@pytest.mark.parametrize(("waiting", "said"), [(1, "1 item not judged yet"), (3000, "3000 items not judged yet")])
def test_items_that_wait_to_be_judged_are_told(quiet_day: Day, waiting: int, said: str) -> None:
    assert lines(quiet_day, WatchState(2, (), None, waiting=waiting))[1:] == (said, "Role book never checked")


def test_quiet_feeds_are_named_with_the_day_of_their_last_news(quiet_day: Day) -> None:
    silent = FeedHealth("Example Wire", None, datetime(2025, 4, 3, 20, 0, tzinfo=UTC))
    said = lines(quiet_day, WatchState(2, (), None, quiet=(silent,) * (QUIET_SHOWN + 1)))
    assert said[1] == "Example Wire: quiet, nothing new since Fri 4 Apr 2025"
    assert said[QUIET_SHOWN + 1 :] == ("1 more feed quiet: see monitor status", "Role book never checked")


def test_a_dead_network_is_told_first_and_blames_no_feed(quiet_day: Day) -> None:
    since = datetime(2025, 5, 3, 12, 40, tzinfo=UTC)
    said = lines(quiet_day, WatchState(2, (), None, offline_since=since))
    assert said[0] == "No network since Sat 3 May 2025, 18:10 IST: no feed can be reached"


def test_feeds_that_were_not_read_whole_are_named(quiet_day: Day) -> None:
    cut = tuple((f"Wire {number}", number) for number in range(1, LEFT_OUT_SHOWN + 3))
    said = lines(quiet_day, WatchState(9, (), None, left_out=cut))
    assert said[1:3] == (
        "Wire 1: 1 item of its last document not read",
        "Wire 2: 2 items of its last document not read",
    )
    assert said[-2] == "2 more feeds not read whole: see monitor status"
