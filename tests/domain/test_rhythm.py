from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.rhythm import HOURS, MEMORY, PRIOR_RATE, SHORTEST_LOOK, WEEKDAYS, Rhythm

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

gaps = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
polls = st.lists(st.tuples(gaps, st.integers(0, 500), st.none() | st.integers(0, 1000)), max_size=12)


def polled(told: list[tuple[timedelta, int, int | None]]) -> Rhythm:
    rhythm = Rhythm(MONDAY)
    for gap, new_items, window in told:
        rhythm = rhythm.after(rhythm.polled_at + gap, new_items, window)
    return rhythm


def daily(hour: int, weeks: int, every: timedelta = HOUR, items: int = 1) -> Rhythm:
    """A feed that brings items at that hour of each working day, polled so often."""
    rhythm, now = Rhythm(MONDAY), MONDAY
    while now < MONDAY + weeks * 7 * DAY:
        now += every
        due = now - every <= now.replace(hour=hour, minute=0) < now and now.weekday() < 5
        rhythm = rhythm.after(now, items if due else 0, 20)
    return rhythm


def expected(rhythm: Rhythm, at: datetime) -> float:
    """Arrivals an hour at that time of UTC."""
    return rhythm.week()[at.weekday() * HOURS + at.hour]


def test_a_feed_of_which_nothing_was_seen_is_believed_to_publish_once_a_day_at_any_time() -> None:
    rhythm = Rhythm(MONDAY)
    assert rhythm.rate() == pytest.approx(PRIOR_RATE)
    assert rhythm.week() == pytest.approx([PRIOR_RATE] * HOURS * WEEKDAYS)


def test_a_rate_is_learned_from_how_often_something_came() -> None:
    assert daily(9, weeks=8).rate() == pytest.approx(5 / 7 / 24, rel=0.05)


def test_silence_lowers_the_rate() -> None:
    silent = Rhythm(MONDAY).after(MONDAY + 30 * DAY, 0, 10)
    assert silent.rate() < PRIOR_RATE / 20


def test_a_batch_is_one_arrival() -> None:
    assert daily(9, weeks=4, items=30).week() == daily(9, weeks=4).week()


def test_the_hours_and_days_in_which_items_come_stand_out() -> None:
    rhythm = daily(9, weeks=8)
    assert expected(rhythm, MONDAY + 9 * HOUR) > 4 * rhythm.rate()
    assert expected(rhythm, MONDAY + 21 * HOUR) < rhythm.rate() / 2
    assert expected(rhythm, MONDAY + 5 * DAY + 9 * HOUR) < expected(rhythm, MONDAY + 9 * HOUR) / 2


def test_the_hour_is_found_by_polls_that_are_hours_apart() -> None:
    rhythm = daily(9, weeks=12, every=5 * HOUR)
    busiest = max(range(24), key=lambda hour: expected(rhythm, MONDAY + hour * HOUR))
    assert abs(busiest - 9) <= 1


def test_times_of_other_zones_are_the_same_times() -> None:
    rhythm, at = daily(9, weeks=4), datetime.fromisoformat("2026-02-02T18:30:00+09:00")
    assert rhythm.after(at, 1, 20).hours == rhythm.after(at.astimezone(UTC), 1, 20).hours


def test_what_was_seen_longer_ago_counts_less() -> None:
    early, late = Rhythm(MONDAY).after(MONDAY + HOUR, 1, 10), MONDAY + HOUR + MEMORY
    assert early.after(late, 0, 10).arrivals == pytest.approx(0.5)


def test_few_arrivals_make_no_sharp_pattern() -> None:
    once = Rhythm(MONDAY).after(MONDAY + HOUR, 1, 10)
    assert max(once.week()) < 5 * min(once.week())


def test_an_answer_without_a_document_keeps_the_window() -> None:
    assert Rhythm(MONDAY, window=25).after(MONDAY + HOUR, 0, None).window == 25
    assert Rhythm(MONDAY, window=25).after(MONDAY + HOUR, 3, 40).window == 40


@pytest.mark.parametrize("later", [timedelta(), -HOUR])
def test_a_poll_no_later_than_the_last_is_ignored(later: timedelta) -> None:
    rhythm = daily(9, weeks=1)
    assert rhythm.after(rhythm.polled_at + later, 5, 10) == rhythm


def test_the_peak_is_the_busiest_rate_and_fades() -> None:
    rhythm = Rhythm(MONDAY).after(MONDAY + 4 * HOUR, 20, 25)
    assert rhythm.peak == pytest.approx(5)
    assert 2 < rhythm.after(MONDAY + 30 * DAY, 0, 25).peak < 3


def test_a_batch_just_after_a_poll_is_no_flood() -> None:
    batch = Rhythm(MONDAY).after(MONDAY + timedelta(minutes=5), 12, 50)
    assert batch.peak == pytest.approx(12 / (SHORTEST_LOOK / HOUR))


def test_a_first_document_tells_rate_hours_and_peak() -> None:
    now = MONDAY + 14 * DAY
    published = [MONDAY + day * DAY + timedelta(hours=9, minutes=7 * day) for day in range(14)]
    rhythm = Rhythm.learned(now, published, 14)
    assert rhythm.rate() == pytest.approx(1 / 24, rel=0.1)
    assert expected(rhythm, now + 10 * HOUR) > 2 * rhythm.rate()
    assert (rhythm.window, rhythm.polled_at) == (14, now)
    assert rhythm.peak == pytest.approx(1 / 3)


def test_dates_without_a_time_tell_no_hour() -> None:
    rhythm = Rhythm.learned(MONDAY + 14 * DAY, [MONDAY + day * DAY for day in range(14) for _ in range(3)], 42)
    assert sum(rhythm.hours) == 0
    assert sum(rhythm.weekdays) > 10
    assert rhythm.peak == pytest.approx(3 / 24)


def test_dates_to_come_and_documents_without_dates_tell_nothing() -> None:
    assert Rhythm.learned(MONDAY, [MONDAY + DAY], 5) == Rhythm(MONDAY, window=5)
    assert Rhythm.learned(MONDAY, [], 5) == Rhythm(MONDAY, window=5)


def test_the_oldest_date_there_is_can_be_learned_from() -> None:
    rhythm = Rhythm.learned(MONDAY, [datetime.min.replace(tzinfo=UTC), MONDAY - HOUR], 2)
    assert rhythm.peak == pytest.approx(1 / 3)


@settings(deadline=None)
@given(polls)
def test_what_is_known_stays_bounded_and_positive(told: list[tuple[timedelta, int, int | None]]) -> None:
    rhythm = polled(told)
    assert 0 < rhythm.rate() < 3600
    assert min(rhythm.week()) > 0
    assert sum(rhythm.week()) / len(rhythm.week()) == pytest.approx(rhythm.rate())
    assert sum(rhythm.hours) == pytest.approx(rhythm.arrivals)
    assert sum(rhythm.weekdays) == pytest.approx(rhythm.arrivals)


@settings(deadline=None)
@given(polls)
def test_json_keeps_it(told: list[tuple[timedelta, int, int | None]]) -> None:
    rhythm = polled(told)
    plain = json.loads(json.dumps(rhythm.plain()))
    again = Rhythm.of_plain(plain)
    assert len(plain) == 36
    assert again.plain() == plain
    assert abs(again.polled_at - rhythm.polled_at) < timedelta(milliseconds=1)
    assert again.week() == pytest.approx(rhythm.week(), rel=1e-2)
    assert again.window == rhythm.window


@settings(deadline=None)
@given(st.lists(st.timedeltas(-400 * DAY, 4000 * DAY), max_size=40))
def test_any_dates_can_be_learned_from(ages: list[timedelta]) -> None:
    rhythm = Rhythm.learned(MONDAY, [MONDAY - age for age in ages], len(ages))
    assert rhythm.rate() > 0
    assert rhythm.peak <= len(ages) / (SHORTEST_LOOK / HOUR)
    assert Rhythm.of_plain(rhythm.plain()).plain() == rhythm.plain()
