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
from monitor.domain.moves import MOVE_PATIENCE, is_settled, move_after

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
MOVE = Move("https://new.example/rss", NOW - timedelta(days=3))
FEED = FeedForPoll(1, "https://old.example/rss", "", None, None, Validators(), 0, polled_before=True, move=MOVE)
DIRECT = NotModified(Validators())


def led(to: str) -> NotModified:
    return NotModified(Validators(), moved_to=to)


def test_the_first_permanent_redirect_begins_a_move() -> None:
    assert move_after(replace(FEED, move=None), led(MOVE.to), None, NOW) == Move(MOVE.to, NOW)


def test_the_same_redirect_again_keeps_the_day_it_began() -> None:
    assert move_after(FEED, led(MOVE.to), None, NOW) == MOVE


def test_another_target_begins_anew() -> None:
    assert move_after(FEED, led("https://third.example/rss"), None, NOW) == Move("https://third.example/rss", NOW)


@pytest.mark.parametrize("result", [DIRECT, led(FEED.url)])
def test_an_answer_from_its_own_address_ends_the_move(result: FetchResult) -> None:
    """So does a redirect for a time, which is told by no `moved_to`."""
    assert move_after(FEED, result, None, NOW) is None


@pytest.mark.parametrize("kind", [Failure.NOT_A_FEED, Failure.PARSER])
def test_a_redirect_to_what_is_no_feed_ends_the_move(kind: Failure) -> None:
    assert move_after(FEED, led(MOVE.to), ParseFailed(kind, "a web page"), NOW) is None


@pytest.mark.parametrize(
    ("kind", "kept"),
    [(Failure.CONNECTION, MOVE), (Failure.TIMEOUT, MOVE), (Failure.HTTP, None), (Failure.GONE, None)],
)
def test_no_answer_says_nothing_and_a_refusal_ends_the_move(kind: Failure, kept: Move | None) -> None:
    failure = FetchFailed(kind, "it failed")
    assert move_after(FEED, failure, failure, NOW) == kept


def test_a_move_is_settled_after_a_week() -> None:
    assert not is_settled(None, NOW)
    assert not is_settled(Move(MOVE.to, NOW - MOVE_PATIENCE + timedelta(seconds=1)), NOW)
    assert is_settled(Move(MOVE.to, NOW - MOVE_PATIENCE), NOW)
