from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import sqrt
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.rhythm import HOURS, WEEKDAYS, Rhythm
from monitor.schedule.adaptive import (
    LONGEST,
    SAFE_SHARE,
    SHORTEST,
    USUAL_NORM,
    adaptive_interval,
    norm_of,
    overflow_guard,
)

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
JANUARY = datetime(2026, 1, 1)  # noqa: DTZ001, hypothesis adds the zone
HOUR = timedelta(hours=1)
BASE = 4 * HOUR

counts = st.floats(0, 1000)
rhythms = st.builds(
    Rhythm,
    polled_at=st.just(MONDAY),
    watched=st.floats(0, 3000),
    arrivals=st.floats(0, 3000),
    hours=st.tuples(*[counts] * HOURS),
    weekdays=st.tuples(*[counts] * WEEKDAYS),
    window=st.integers(0, 500),
    peak=st.floats(0, 500),
)
moments = st.datetimes(JANUARY, JANUARY.replace(year=2027), timezones=st.just(UTC))
bases = st.timedeltas(timedelta(minutes=1), timedelta(days=7))
norms = st.floats(1e-3, 100)


def steady(a_day: float, window: int = 0, peak: float = 0.0) -> Rhythm:
    """A feed that brings something so often a day at no certain time."""
    return Rhythm(MONDAY, watched=1e6, arrivals=a_day / 24 * 1e6, window=window, peak=peak)


def test_a_feed_of_which_nothing_is_known_waits_the_base() -> None:
    assert adaptive_interval(None, MONDAY, BASE, USUAL_NORM) == BASE


def test_a_feed_at_the_norm_waits_the_base() -> None:
    assert adaptive_interval(steady(a_day=6), MONDAY, BASE, sqrt(6 / 24)) == BASE


def test_intervals_go_with_one_over_the_root_of_the_rate() -> None:
    four_times = adaptive_interval(steady(a_day=24), MONDAY, BASE, sqrt(6 / 24))
    assert four_times == BASE / 2


@settings(deadline=None)
@given(st.floats(0.001, 500), st.floats(1, 100), moments, bases, norms)
def test_a_busier_feed_never_waits_longer(
    a_day: float, times: float, now: datetime, base: timedelta, norm: float
) -> None:
    busier = adaptive_interval(steady(a_day * times), now, base, norm)
    assert busier <= adaptive_interval(steady(a_day), now, base, norm)


@settings(deadline=None)
@given(rhythms, moments, bases, norms)
def test_an_interval_is_bounded_and_keeps_to_the_guard(
    rhythm: Rhythm, now: datetime, base: timedelta, norm: float
) -> None:
    interval, guard = adaptive_interval(rhythm, now, base, norm), overflow_guard(rhythm)
    assert timedelta() <= interval <= LONGEST * base
    if guard is None:
        assert interval >= SHORTEST * base
    else:
        assert interval <= guard
        assert interval >= min(SHORTEST * base, guard)


def test_the_guard_is_a_share_of_the_time_a_window_takes_to_fill() -> None:
    assert overflow_guard(steady(1, window=20, peak=5)) == SAFE_SHARE * 4 * HOUR
    assert overflow_guard(steady(1, window=20)) is None
    assert overflow_guard(steady(1, peak=5)) is None
    assert adaptive_interval(steady(0.1, window=20, peak=5), MONDAY, BASE, 1.0) == 2 * HOUR


def test_a_poll_falls_behind_the_hour_in_which_items_come() -> None:
    """Daily between 9 and 10 h: who polls at 6 h comes again soon after 10 h, and not shortly before 9 h."""
    hours = tuple(1000.0 * (hour == 9) for hour in range(HOURS))
    rhythm = Rhythm(MONDAY, watched=24_000, arrivals=1000, hours=hours)
    due = 6 * HOUR + adaptive_interval(rhythm, MONDAY + 6 * HOUR, BASE, 0.5)
    assert 9.9 * HOUR <= due <= 11 * HOUR


def test_the_time_zone_of_now_does_not_matter() -> None:
    hours = tuple(100.0 * (hour == 9) for hour in range(HOURS))
    rhythm = Rhythm(MONDAY, watched=2400, arrivals=100, hours=hours)
    tokyo = datetime.fromisoformat("2026-01-05T15:00:00+09:00")
    assert adaptive_interval(rhythm, tokyo, BASE, 0.2) == adaptive_interval(rhythm, tokyo.astimezone(UTC), BASE, 0.2)


def test_without_feeds_there_is_a_usual_norm() -> None:
    assert norm_of([], BASE) == USUAL_NORM


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.05, 50), min_size=1, max_size=20))
def test_with_the_norm_of_all_they_are_polled_as_often_as_each_base(days: list[float]) -> None:
    feeds = [steady(a_day) for a_day in days]
    norm = norm_of(feeds, BASE)
    polls = fmean(BASE / adaptive_interval(feed, MONDAY, BASE, norm) for feed in feeds)
    assert polls == pytest.approx(1, rel=0.15)


def published(draws: random.Random, a_day: float, weeks: int) -> list[float]:
    """Hours since Monday at which items come: five times as busy in office hours of working days."""
    most = 5 * a_day / 24
    times = accumulate(draws.expovariate(most) for _ in range(int(most * weeks * 168 * 2) + 50))
    inside = [time for time in times if time < weeks * 168]
    return [time for time in inside if (8 <= time % 24 < 18 and time % 168 < 120) or draws.random() < 0.2]


def replayed(times: list[float], weeks: int, norm: float | None) -> tuple[int, list[float], Rhythm]:
    """Polls, and hours of delay in the second half; `norm` None: polled each base. Last, what was learned."""
    now, seen, made, delays = 0.0, 0, 0, list[float]()
    rhythm, base = Rhythm(MONDAY), BASE / HOUR
    while now < weeks * 168:
        at = MONDAY + now * HOUR
        now += base if norm is None else adaptive_interval(rhythm, at, BASE, norm) / HOUR
        here = sum(time <= now for time in times)
        rhythm = rhythm.after(MONDAY + now * HOUR, here - seen, None)
        if now > weeks * 84:
            made += 1
            delays += [now - time for time in times[seen:here]]
        seen = here
    return made, delays, rhythm


def test_a_replay_sees_items_sooner_than_a_fixed_interval_with_no_more_polls() -> None:
    draws, weeks = random.Random(4), 12
    feeds = [published(draws, a_day, weeks) for a_day in (0.3, 0.6, 1, 2, 4, 8)]
    fixed = [replayed(times, weeks, None) for times in feeds]
    ours = fixed
    for _ in range(2):  # polls that come at the right time sharpen what is known, and so change the norm
        norm = norm_of([rhythm for _, _, rhythm in ours], BASE)
        ours = [replayed(times, weeks, norm) for times in feeds]
    assert sum(made for made, _, _ in ours) <= 1.03 * sum(made for made, _, _ in fixed)
    mean = fmean(delay for _, delays, _ in ours for delay in delays)
    assert mean < 0.8 * fmean(delay for _, delays, _ in fixed for delay in delays)
