from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.digest import Schedule
from monitor.schedule.periods import check_cron, due_periods

NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)


def daily(zone: str, cron: str = "0 7 * * *") -> Schedule:
    return Schedule("daily", "Daily", cron, zone, ("files",))


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type, misc]  # parts of a date


def dues(schedule: Schedule, first_seen: datetime, last: date | None, now: datetime) -> list[tuple[str, str]]:
    return [(str(p.local_date), f"{p.due_at:%d %H:%M}") for p in due_periods(schedule, first_seen, last, now)]


@pytest.mark.parametrize(
    ("zone", "due"), [("Asia/Kolkata", "05 01:30"), ("Asia/Tokyo", "04 22:00"), ("UTC", "05 07:00")]
)
def test_a_cron_line_is_read_in_the_zone_of_its_schedule(zone: str, due: str) -> None:
    now = datetime(2025, 5, 5, 7, 0, tzinfo=UTC)
    assert dues(daily(zone), NOW, None, now)[0] == ("2025-05-05", due)


def test_a_period_is_due_at_its_minute_and_not_before() -> None:
    due_at = local("Asia/Kolkata", 2025, 5, 5, 7, 0)
    schedule = daily("Asia/Kolkata")
    assert not due_periods(schedule, NOW, None, due_at - timedelta(microseconds=1))
    assert len(due_periods(schedule, NOW, None, due_at)) == 1


def test_nothing_is_due_before_the_schedule_was_first_seen() -> None:
    first_seen = local("Asia/Tokyo", 2025, 5, 4, 7, 1)
    assert dues(daily("Asia/Tokyo"), first_seen, None, first_seen + timedelta(hours=20)) == []


def test_a_day_that_had_its_period_gets_no_second_one_when_the_time_is_moved() -> None:
    now = local("Asia/Tokyo", 2025, 5, 4, 20, 0)
    evening = daily("Asia/Tokyo", "0 18 * * *")
    assert dues(evening, NOW - timedelta(days=9), date(2025, 5, 4), now) == []
    assert len(dues(evening, NOW - timedelta(days=9), date(2025, 5, 3), now)) == 1


def test_missed_days_are_all_due_oldest_first() -> None:
    now = local("UTC", 2025, 5, 4, 12)
    days = [day for day, _ in dues(daily("UTC"), NOW - timedelta(days=90), date(2025, 4, 30), now)]
    assert days == ["2025-05-01", "2025-05-02", "2025-05-03", "2025-05-04"]


def test_weekdays_count_from_sunday_as_zero() -> None:
    now = local("UTC", 2025, 5, 12)
    assert [d for d, _ in dues(daily("UTC", "0 7 * * 0"), NOW - timedelta(days=9), None, now)] == [
        "2025-04-27",
        "2025-05-04",
        "2025-05-11",
    ]


@pytest.mark.parametrize(
    ("zone", "cron", "day", "due"),
    [
        ("Europe/Berlin", "30 2 * * *", date(2026, 10, 25), "2026-10-25T00:30Z"),  # repeated: first pass
        ("Europe/Berlin", "30 2 * * *", date(2026, 3, 29), "2026-03-29T01:00Z"),  # skipped: 03:00
        ("America/Santiago", "0 0 * * *", date(2026, 9, 6), "2026-09-06T04:00Z"),  # midnight skipped: 01:00
        ("Africa/Cairo", "15 0 * * *", date(2026, 4, 24), "2026-04-23T22:00Z"),  # skipped: 01:00
        ("Australia/Lord_Howe", "15 2 * * *", date(2026, 10, 4), "2026-10-03T15:30Z"),  # half an hour: 02:30
        ("Australia/Lord_Howe", "45 1 * * *", date(2026, 4, 5), "2026-04-04T14:45Z"),  # repeated half hour
        ("America/Nuuk", "30 23 * * *", date(2026, 3, 28), "2026-03-29T01:00Z"),  # rolls over midnight
    ],
)
def test_clock_changes(zone: str, cron: str, day: date, due: str) -> None:
    due_at = datetime.fromisoformat(due)
    first_seen, yesterday = due_at - timedelta(days=3), day - timedelta(days=1)
    periods = due_periods(daily(zone, cron), first_seen, yesterday, due_at + timedelta(hours=20))
    assert [(period.local_date, period.due_at) for period in periods] == [(day, due_at)]


ZONES = (
    "Africa/Cairo",
    "America/Nuuk",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", ["0 0 * * *", "15 0 * * *", "45 1 * * *", "30 2 * * *", "30 23 * * *"])
def test_two_years_hold_one_period_a_date_in_order(zone: str, cron: str) -> None:
    start, end = local(zone, 2026, 1, 1), local(zone, 2028, 1, 1) - timedelta(minutes=1)
    periods = due_periods(daily(zone, cron), start, None, end)
    assert [p.local_date for p in periods] == [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    assert [p.due_at for p in periods] == sorted(p.due_at for p in periods)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 59),
    st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=4)), min_size=1, max_size=12),
)
def test_however_the_looks_fall_each_period_is_seen_once(
    zone: str, hour: int, minute: int, steps: list[timedelta]
) -> None:
    """Looking often or seldom gives the same periods, as long as the last one is remembered."""
    schedule = daily(zone, f"{minute} {hour} * * *")
    first_seen = now = datetime(2026, 3, 20, tzinfo=UTC)
    last, seen = None, []
    for step in steps:
        now += step
        seen += (found := due_periods(schedule, first_seen, last, now))
        last = found[-1].local_date if found else last
    assert seen == due_periods(schedule, first_seen, None, now)
    assert all(first_seen <= period.due_at <= now for period in seen)


@pytest.mark.parametrize(
    ("cron", "says"),
    [
        ("0 7 * *", "five fields"),
        ("0 0 7 * * *", "five fields"),
        ("0 25 * * *", "bad hour"),
        ("x 7 * * *", "bad minute"),
        ("0 7 31 2 *", "bad day-of-month"),
        ("0 7 */20 * 1L", "never falls due"),
        ("0 7,19 * * *", "several times of a day"),
        ("* * * * *", "several times of a day"),
    ],
)
def test_a_wrong_cron_line_is_told_what_is_wrong(cron: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_cron(cron)


@pytest.mark.parametrize("cron", ["0 7 * * *", "30 6 * * MON-FRI", "0 9 1 * *", "0 7 29 2 *"])
def test_a_right_cron_line_passes(cron: str) -> None:
    check_cron(cron)
