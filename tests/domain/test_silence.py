"""When a feed that works is quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.silence import LEAST_SILENCE, gap_before, is_quiet

ADDED = datetime(2025, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("gap", "silence", "quiet"),
    [
        (4 * DAY, 11 * DAY, False),
        (4 * DAY, 12 * DAY, True),
        (HOUR, 10 * HOUR, False),  # a night
        (HOUR, LEAST_SILENCE - HOUR, False),  # a long weekend
        (HOUR, LEAST_SILENCE, True),
        (None, 29 * DAY, False),
        (None, 30 * DAY, True),
    ],
)
def test_three_times_its_own_longest_gap(gap: timedelta | None, silence: timedelta, quiet: bool) -> None:
    now = ADDED + 60 * DAY
    seconds = None if gap is None else int(gap.total_seconds())
    assert is_quiet(now - silence, seconds, ADDED, now) is quiet


def test_a_new_feed_has_not_shown_its_gaps_yet() -> None:
    assert not is_quiet(ADDED, 3600, ADDED, ADDED + 13 * DAY)
    assert is_quiet(ADDED, 3600, ADDED, ADDED + 14 * DAY)


def test_a_feed_that_never_brought_anything_is_quiet_after_a_month() -> None:
    assert not is_quiet(None, None, ADDED, ADDED + 29 * DAY)
    assert is_quiet(None, None, ADDED, ADDED + 30 * DAY)


def test_what_nobody_saw_is_no_silence() -> None:
    """While the daemon rests or the feed fails, nothing can be said of it."""
    assert not is_quiet(ADDED + 20 * DAY, 3600, ADDED, ADDED + 21 * DAY)
    assert not is_quiet(None, None, ADDED, None)


def test_a_gap_ends_with_the_last_poll_that_brought_nothing() -> None:
    assert gap_before(ADDED, ADDED + 3 * DAY) == 3 * DAY
    assert gap_before(ADDED, ADDED) == timedelta()
    assert gap_before(None, ADDED) is None
