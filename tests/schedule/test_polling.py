from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feed import (
    Failure,
    FeedForPoll,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    ParseFailed,
    Validators,
)
from monitor.schedule.polling import BACKOFF_CAP, FRESH_CAP, GONE_INTERVAL, JITTER, POLL_FLOOR, next_poll

NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
UNCHANGED = NotModified(Validators())
DOWN = FetchFailed(Failure.CONNECTION, "refused")


def feed(url: str = "https://outlet.example/rss", failures: int = 0) -> FeedForPoll:
    return FeedForPoll(1, url, "Outlet", None, None, Validators(), failures, polled_before=True)


def wait(result: FetchResult, failures: int = 0, interval: timedelta = HALF_HOUR) -> timedelta:
    failure = result if isinstance(result, FetchFailed) else None
    return next_poll(feed(failures=failures), result, failure, NOW, interval) - NOW


def test_a_healthy_feed_waits_its_interval_give_or_take_the_jitter() -> None:
    assert HALF_HOUR * (1 - JITTER) <= wait(UNCHANGED) <= HALF_HOUR * (1 + JITTER)


def test_the_jitter_belongs_to_the_address() -> None:
    waits = {next_poll(feed(f"https://outlet.example/{n}"), UNCHANGED, None, NOW, HALF_HOUR) - NOW for n in range(200)}
    assert wait(UNCHANGED) == wait(UNCHANGED)
    assert len(waits) == 200
    assert max(waits) - min(waits) > HALF_HOUR * JITTER


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(days=300), FRESH_CAP),
    ],
)
def test_cache_control_delays_a_poll_up_to_its_cap(asked: timedelta, expected: timedelta) -> None:
    assert wait(NotModified(Validators(), fresh_for=asked)) == expected


def test_cache_control_never_hastens_a_poll() -> None:
    assert wait(NotModified(Validators(), fresh_for=timedelta(seconds=5))) == wait(UNCHANGED)


def test_a_long_interval_outweighs_the_cap_of_cache_control() -> None:
    assert wait(NotModified(Validators(), fresh_for=timedelta(days=3)), interval=timedelta(days=2)) > timedelta(days=1)


def test_failures_in_a_row_double_the_wait_up_to_a_day() -> None:
    first = wait(DOWN)
    assert first == wait(UNCHANGED)
    assert [wait(DOWN, failures) / first for failures in (1, 2, 3)] == [2, 4, 8]
    assert wait(DOWN, 6) == wait(DOWN, 10_000) == BACKOFF_CAP


def test_backoff_never_polls_a_failing_feed_sooner_than_a_healthy_one() -> None:
    week = timedelta(days=7)
    assert wait(DOWN, 5, week) == wait(UNCHANGED, interval=week)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(timedelta(hours=3), timedelta(hours=3)), (timedelta(days=90), BACKOFF_CAP)],
)
def test_retry_after_is_a_floor_up_to_a_day(asked: timedelta, expected: timedelta) -> None:
    assert wait(FetchFailed(Failure.HTTP, "503", retry_after=asked)) == expected


def test_a_feed_that_is_gone_is_looked_at_once_a_week() -> None:
    assert wait(FetchFailed(Failure.GONE, "410")) == GONE_INTERVAL


def test_a_body_that_is_no_feed_backs_off_though_the_fetch_went_well() -> None:
    fetched = Fetched("https://outlet.example/rss", b"<html>", "text/html", None, Validators())
    failed = ParseFailed(Failure.NOT_A_FEED, "a web page")
    healthy = next_poll(feed(failures=3), fetched, None, NOW, HALF_HOUR)
    assert next_poll(feed(failures=3), fetched, failed, NOW, HALF_HOUR) - NOW == 8 * (healthy - NOW)


durations = st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=4000)) | st.none()
results = st.one_of(
    st.builds(NotModified, st.just(Validators()), durations),
    st.builds(FetchFailed, st.sampled_from(Failure), st.just("it failed"), durations),
)


@given(results, st.integers(0, 10**9), st.timedeltas(timedelta(seconds=1), timedelta(days=7)))
def test_every_poll_lies_between_the_floor_and_ten_days(
    result: FetchResult, failures: int, interval: timedelta
) -> None:
    assert POLL_FLOOR <= wait(result, failures, interval) <= timedelta(days=10)
