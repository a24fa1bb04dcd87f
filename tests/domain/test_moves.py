"""When a permanent redirect becomes a feed's address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    FetchFailed,
    FetchResult,
    Move,
    NotModified,
    ParseFailed,
    Validators,
)
from monitor.domain.moves import LEAST_DAYS, MOVE_PATIENCE, is_settled, move_after

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
MOVE = Move("https://new.example/rss", NOW - timedelta(days=3), NOW - timedelta(days=1), days=2)
FEED = FeedForPoll(1, "https://old.example/rss", "", None, None, Validators(), 0, polled_before=True, move=MOVE)
DIRECT = NotModified(Validators())


def led(to: str) -> NotModified:
    return NotModified(Validators(), moved_to=to)


def test_the_first_permanent_redirect_begins_a_move() -> None:
    assert move_after(replace(FEED, move=None), led(MOVE.to), None, NOW) == Move(MOVE.to, NOW, NOW)


def test_the_same_redirect_again_keeps_the_day_it_began_and_counts_another_day_once() -> None:
    again = move_after(FEED, led(MOVE.to), None, NOW)
    assert again == replace(MOVE, seen_at=NOW, days=3)
    later = NOW + timedelta(hours=3)
    assert move_after(replace(FEED, move=again), led(MOVE.to), None, later) == replace(MOVE, seen_at=later, days=3)


def test_another_target_begins_anew() -> None:
    assert move_after(FEED, led("https://third.example/rss"), None, NOW) == Move("https://third.example/rss", NOW, NOW)


@pytest.mark.parametrize("result", [DIRECT, led(FEED.url)])
def test_an_answer_from_its_own_address_ends_the_move(result: FetchResult) -> None:
    """So does a redirect for a time, which is told by no `moved_to`."""
    assert move_after(FEED, result, None, NOW) is None


@pytest.mark.parametrize("kind", [Failure.NOT_A_FEED, Failure.PARSER])
def test_a_redirect_to_what_is_no_feed_ends_the_move(kind: Failure) -> None:
    assert move_after(FEED, led(MOVE.to), ParseFailed(kind, "a web page"), NOW) is None


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (Failure.CONNECTION, MOVE),
        (Failure.TIMEOUT, MOVE),
        (Failure.WAITING, MOVE),
        (Failure.HTTP, None),
        (Failure.GONE, None),
    ],
)
def test_no_answer_says_nothing_and_a_refusal_ends_the_move(kind: Failure, kept: Move | None) -> None:
    failure = FetchFailed(kind, "it failed")
    assert move_after(FEED, failure, failure, NOW) == kept


def test_a_move_is_settled_after_a_week_in_which_it_was_seen_on_four_days() -> None:
    week = replace(MOVE, since=NOW - MOVE_PATIENCE, days=LEAST_DAYS)
    assert not is_settled(None, NOW)
    assert not is_settled(replace(week, since=week.since + timedelta(seconds=1)), NOW)
    assert not is_settled(replace(week, days=LEAST_DAYS - 1), NOW)
    assert is_settled(week, NOW)


def test_a_redirect_seen_once_before_silence_settles_nothing() -> None:
    silent = FetchFailed(Failure.TIMEOUT, "no answer")
    feed = replace(FEED, move=Move(MOVE.to, NOW, NOW))
    for day in range(1, 9):
        feed = replace(feed, move=move_after(feed, silent, silent, NOW + timedelta(days=day)))
        assert not is_settled(feed.move, NOW + timedelta(days=day))


def test_two_sights_a_week_apart_settle_nothing() -> None:
    feed, later = replace(FEED, move=Move(MOVE.to, NOW, NOW)), NOW + MOVE_PATIENCE
    assert not is_settled(move_after(feed, led(MOVE.to), None, later), later)
