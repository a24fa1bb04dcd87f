"""Live or archive, and dates that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.domain.item import Article, clamp_published, is_archive

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


def test_an_undated_article_counts_from_its_first_sight() -> None:
    article = Article("Title", "", None, None, NOW)
    assert article.time == NOW
    assert article.day == NOW.date()
