from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.asks import LEAST_APART, NO_ASKS, Asks
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
from monitor.domain.rhythm import Rhythm
from monitor.schedule.adaptive import norm_of
from monitor.schedule.polling import (
    BACKOFF_CAP,
    FRESH_CAP,
    GONE_INTERVAL,
    JITTER,
    OUTAGE_RETRY,
    PERIOD_CAP,
    POLL_FLOOR,
    RETRY_CAP,
    SKIP_MARGIN,
    TTL_CAP,
    asks_after,
    first_allowed,
    interval_of,
    next_after_outage,
    next_poll,
)

NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
UNCHANGED = NotModified(Validators())
DOWN = FetchFailed(Failure.CONNECTION, "refused")


def feed(url: str = "https://outlet.example/rss", failures: int = 0, asks: Asks = NO_ASKS) -> FeedForPoll:
    return FeedForPoll(1, url, "Outlet", None, None, Validators(), failures, polled_before=True, asks=asks)


def wait(result: FetchResult, failures: int = 0, interval: timedelta = HALF_HOUR, asks: Asks = NO_ASKS) -> timedelta:
    failure = result if isinstance(result, FetchFailed) else None
    return next_poll(feed(failures=failures), failure, asks, NOW, interval) - NOW


def test_a_healthy_feed_waits_its_interval_and_at_most_the_jitter_more() -> None:
    assert HALF_HOUR <= wait(UNCHANGED) <= HALF_HOUR * (1 + JITTER)


def test_the_jitter_belongs_to_the_address() -> None:
    waits = {next_poll(feed(f"https://outlet.example/{n}"), None, NO_ASKS, NOW, HALF_HOUR) - NOW for n in range(200)}
    assert wait(UNCHANGED) == wait(UNCHANGED)
    assert len(waits) == 200
    assert min(waits) >= HALF_HOUR
    assert max(waits) - min(waits) > HALF_HOUR * JITTER / 2


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        (Asks(fresh=timedelta(hours=2)), timedelta(hours=2)),
        (Asks(ttl=timedelta(hours=3)), timedelta(hours=3)),
        (Asks(period=timedelta(hours=4)), timedelta(hours=4)),
        (Asks(ttl=timedelta(hours=3), period=timedelta(hours=4), fresh=timedelta(hours=2)), timedelta(hours=4)),
        (Asks(fresh=timedelta(days=16 * 365)), FRESH_CAP),
        (Asks(ttl=timedelta(days=7)), TTL_CAP),
        (Asks(period=timedelta(days=365)), PERIOD_CAP),
    ],
)
def test_each_wish_is_a_floor_up_to_its_cap(asks: Asks, expected: timedelta) -> None:
    assert wait(UNCHANGED, asks=asks) == expected
    assert wait(DOWN, asks=asks) >= expected


def test_no_wish_hastens_a_poll() -> None:
    short = timedelta(seconds=5)
    assert wait(UNCHANGED, asks=Asks(ttl=short, period=short, fresh=short)) == wait(UNCHANGED)


def test_a_long_interval_outweighs_the_caps_of_wishes() -> None:
    asks = Asks(fresh=timedelta(days=30), ttl=timedelta(days=30))
    assert wait(UNCHANGED, asks=asks, interval=timedelta(days=3)) >= timedelta(days=3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("asks", "moment", "expected"),
    [
        (Asks(skip_hours=frozenset({13, 14})), "2025-05-04T12:30", "2025-05-04T12:30"),
        (Asks(skip_hours=frozenset({13, 14})), "2025-05-04T13:10", "2025-05-04T15:00"),
        (Asks(skip_hours=frozenset({13, 14})), "2025-05-04T12:59", "2025-05-04T15:00"),  # could slip in while it waits
        (Asks(skip_hours=frozenset({23, 0, 1})), "2025-05-04T23:30", "2025-05-05T02:00"),
        (Asks(skip_hours=frozenset(range(23))), "2025-05-04T13:10", "2025-05-04T23:00"),
        (Asks(skip_hours=frozenset(range(24))), "2025-05-04T13:10", "2025-05-04T13:10"),  # names all, so says nothing
        (Asks(skip_days=frozenset({5, 6})), "2025-05-04T13:10", "2025-05-05T00:00"),  # a Sunday
        (Asks(skip_days=frozenset({0, 6})), "2025-05-04T13:10", "2025-05-06T00:00"),
        (Asks(skip_days=frozenset(range(7))), "2025-05-04T13:10", "2025-05-04T13:10"),
        (Asks(skip_hours=frozenset({0, 1}), skip_days=frozenset({6})), "2025-05-04T13:10", "2025-05-05T02:00"),
    ],
)
def test_a_skipped_moment_moves_to_the_first_that_is_not(asks: Asks, moment: str, expected: str) -> None:
    assert first_allowed(asks, at(moment)) == at(expected)


def test_hours_are_those_of_gmt_whatever_zone_the_moment_is_given_in() -> None:
    tokyo = at("2025-05-04T13:10").astimezone(ZoneInfo("Asia/Tokyo"))
    assert first_allowed(Asks(skip_hours=frozenset({13})), tokyo) == at("2025-05-04T14:00")


hours = st.frozensets(st.integers(0, 23))
days = st.frozensets(st.integers(0, 6))
wishes = st.none() | st.timedeltas(timedelta(), timedelta(days=6000))


@given(hours, days, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_poll_lands_outside_what_is_skipped_within_eight_days(
    hours: frozenset[int], days: frozenset[int], moment: datetime
) -> None:
    asks = Asks(skip_hours=hours, skip_days=days)
    found = first_allowed(asks, moment)
    assert not asks.skips(found)
    assert not asks.skips(found + SKIP_MARGIN)
    assert moment <= found <= moment + timedelta(days=8)


def test_what_a_document_said_holds_while_answers_are_304() -> None:
    said = Asks(ttl=timedelta(hours=3), fresh=timedelta(hours=2), skip_hours=frozenset({3}))
    assert asks_after(feed(asks=said), UNCHANGED, None) == said


def test_a_304_may_bring_another_freshness_and_a_document_says_everything_anew() -> None:
    before = Asks(ttl=timedelta(hours=3), fresh=timedelta(hours=2))
    newer = NotModified(Validators(), fresh_for=timedelta(minutes=5))
    assert asks_after(feed(asks=before), newer, None) == Asks(ttl=timedelta(hours=3), fresh=timedelta(minutes=5))
    body = Fetched("https://outlet.example/rss", b"", None, None, Validators())
    assert asks_after(feed(asks=before), body, Asks(period=timedelta(hours=6))) == Asks(period=timedelta(hours=6))


def test_a_failure_forgets_freshness_and_keeps_the_rest() -> None:
    before = Asks(ttl=timedelta(hours=3), fresh=timedelta(hours=2))
    assert asks_after(feed(asks=before), DOWN, None) == Asks(ttl=timedelta(hours=3))


def test_failures_in_a_row_double_the_wait_up_to_a_day() -> None:
    first = wait(DOWN)
    assert first == wait(UNCHANGED)
    assert [wait(DOWN, failures) / first for failures in (1, 2, 3)] == [2, 4, 8]
    assert wait(DOWN, 6) == wait(DOWN, 10_000) == BACKOFF_CAP


def test_too_many_requests_doubles_the_wait_at_once() -> None:
    throttled = FetchFailed(Failure.THROTTLED, "429")
    assert wait(throttled) == 2 * wait(DOWN)
    assert wait(throttled, 10_000) == BACKOFF_CAP


def test_a_feed_that_waits_for_its_host_loses_nothing_by_it() -> None:
    waits = FetchFailed(Failure.WAITING, "its host is silent", timedelta(minutes=1))
    assert wait(waits) == wait(UNCHANGED)
    assert [wait(waits, failures) for failures in (1, 2, 3)] == [wait(DOWN, before) for before in (0, 1, 2)]
    fresh = Asks(fresh=timedelta(hours=2))
    assert asks_after(feed(asks=fresh), waits, None) == fresh


def test_backoff_never_polls_a_failing_feed_sooner_than_a_healthy_one() -> None:
    week = timedelta(days=7)
    assert wait(DOWN, 5, week) == wait(UNCHANGED, interval=week)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=3), timedelta(days=3)),
        (timedelta(days=90), RETRY_CAP),
    ],
)
@pytest.mark.parametrize("kind", [Failure.HTTP, Failure.THROTTLED])
def test_retry_after_is_a_floor_up_to_a_week(kind: Failure, asked: timedelta, expected: timedelta) -> None:
    assert wait(FetchFailed(kind, "later", retry_after=asked)) == expected


def test_a_feed_that_is_gone_is_looked_at_once_a_week() -> None:
    assert wait(FetchFailed(Failure.GONE, "410")) == GONE_INTERVAL


def test_after_an_outage_all_are_tried_soon_but_not_in_skipped_hours() -> None:
    assert next_after_outage(NO_ASKS, NOW) == NOW + OUTAGE_RETRY
    assert next_after_outage(Asks(skip_hours=frozenset({12})), NOW) == NOW + timedelta(hours=1)


def test_a_body_that_is_no_feed_backs_off_though_the_fetch_went_well() -> None:
    failed = ParseFailed(Failure.NOT_A_FEED, "a web page")
    healthy = next_poll(feed(failures=3), None, NO_ASKS, NOW, HALF_HOUR)
    assert next_poll(feed(failures=3), failed, NO_ASKS, NOW, HALF_HOUR) - NOW == 8 * (healthy - NOW)


durations = st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=4000)) | st.none()
results = st.one_of(
    st.builds(NotModified, st.just(Validators()), durations),
    st.builds(FetchFailed, st.sampled_from(Failure), st.just("it failed"), durations),
)
asking = st.builds(Asks, wishes, wishes, wishes, hours, days)


@given(results, st.integers(0, 10**9), st.timedeltas(timedelta(seconds=1), timedelta(days=7)), asking)
def test_every_poll_lies_between_the_floor_and_sixteen_days(
    result: FetchResult, failures: int, interval: timedelta, asks: Asks
) -> None:
    """At most a week's interval or wait, its jitter, and a week and a day of skipped time."""
    assert POLL_FLOOR <= wait(result, failures, interval, asks) <= timedelta(days=16)


def test_a_feed_waits_by_its_own_rhythm_but_an_hour_at_least() -> None:
    busy, idle = Rhythm(NOW), Rhythm(NOW)
    for hour in range(24 * 20):
        at = NOW + timedelta(hours=hour + 1)
        busy, idle = busy.after(at, 3, 30), idle.after(at, int(hour == 3), 30)
    later, base = NOW + timedelta(days=20), timedelta(hours=2)
    norm = norm_of([busy, idle], base)
    waits = [interval_of(replace(feed(), rhythm=known), later, base, norm) for known in (busy, None, idle)]
    assert LEAST_APART <= waits[0] < waits[1] == base < waits[2]
    hourly = [interval_of(replace(feed(), rhythm=known), later, LEAST_APART, norm) for known in (busy, idle)]
    assert hourly == [LEAST_APART, LEAST_APART]


@pytest.mark.parametrize("base", [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)])
def test_the_least_wait_costs_no_feed_its_polls(base: timedelta) -> None:
    """What busy feeds may not have at an hour goes to the others, so that as many polls are made as each `base`."""
    rhythms = [Rhythm(NOW, watched=1e6, arrivals=a_day / 24 * 1e6) for a_day in (0.2, 0.5, 1, 4, 20, 80)]
    norm = norm_of(rhythms, base)
    waits = [interval_of(replace(feed(), rhythm=one), NOW, base, norm) for one in rhythms]
    assert sum(base / wait for wait in waits) / len(waits) == pytest.approx(1, abs=0.1)


def test_who_sets_a_shorter_interval_gets_it() -> None:
    assert interval_of(feed(), NOW, timedelta(minutes=5), 1.0) == timedelta(minutes=5)
