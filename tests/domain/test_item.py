"""Live or archive, and dates that cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.item import Article, clamp_published, day_at, is_archive, offset_of

NOW = datetime(2025, 5, 5, 12, tzinfo=UTC)


def test_a_date_far_ahead_becomes_the_time_of_first_sight() -> None:
    assert clamp_published(NOW + timedelta(days=400), NOW) == (NOW, True)


def test_a_date_slightly_ahead_is_a_clock_that_runs_fast_and_stays() -> None:
    assert clamp_published(NOW + timedelta(hours=9), NOW) == (NOW + timedelta(hours=9), False)


def test_year_one_is_no_date() -> None:
    assert clamp_published(datetime(1, 1, 1, tzinfo=UTC), NOW) == (None, True)


def test_no_date_stays_no_date() -> None:
    assert clamp_published(None, NOW) == (None, False)


def test_only_old_items_of_a_first_poll_are_archive() -> None:
    old, fresh = NOW - timedelta(days=3), NOW - timedelta(hours=47)
    assert is_archive(old, NOW, first_poll=True)
    assert not is_archive(fresh, NOW, first_poll=True)
    assert not is_archive(old, NOW, first_poll=False)
    assert not is_archive(None, NOW, first_poll=True)


@pytest.mark.parametrize(
    ("time", "offset", "day"),
    [
        ("2025-05-05T22:00", 540, 6),  # 07:00 in Tokyo
        ("2025-05-05T14:59", 540, 5),
        ("2025-05-05T15:00", 540, 6),  # midnight in Tokyo
        ("2025-05-05T18:29", 330, 5),
        ("2025-05-05T18:30", 330, 6),  # midnight in Kolkata
        ("2025-05-06T03:00", -240, 5),
        ("2025-05-05T22:00", None, 5),
        ("2025-05-05T22:00", 0, 5),
    ],
)
def test_the_day_of_an_article_is_its_writers(time: str, offset: int | None, day: int) -> None:
    published = datetime.fromisoformat(time).replace(tzinfo=UTC)
    assert Article("Title", "", None, published, NOW, offset).day == date(2025, 5, day)
    assert Article("Title", "", None, None, published, offset).day == date(2025, 5, day), "of first sight too"


def test_the_ends_of_the_calendar_are_days_too() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert day_at(last, 540) == last.date()


@pytest.mark.parametrize(
    ("written", "offset"),
    [("2025-05-06T07:00+09:00", 540), ("2025-05-05T22:00Z", None), ("2025-05-06", 0), ("2025-05-06T07:00", 0)],
)
def test_what_a_written_time_says_of_its_calendar(written: str, offset: int | None) -> None:
    assert offset_of(datetime.fromisoformat(written)) == offset


def test_an_undated_article_counts_from_its_first_sight() -> None:
    article = Article("Title", "", None, None, NOW)
    assert article.time == NOW
    assert article.day == NOW.date()
