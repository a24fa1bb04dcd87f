"""How an event stands in its series, in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.digest.series import expected_words, standing_words
from monitor.domain.event import EventType
from monitor.domain.series import Expected, Standing
from monitor.domain.watchlist import Edition

VIENTIANE = Edition("line", date(2024, 11, 22), place="Vientiane")
JUNE = Edition("jimex", date(2012, 6, 1), precise=False)
YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(None, 1, None), ""),
        (
            Standing(VIENTIANE, 2, YEAR),
            "Second meeting in six months; the last was in Vientiane on Fri 22 Nov 2024",
        ),
        (Standing(VIENTIANE, 1, None), "The last was in Vientiane on Fri 22 Nov 2024"),
        (Standing(JUNE, 1, YEAR), "The last was in Jun 2012; usually every 12 months"),
        (Standing(VIENTIANE, 9, None), "The last was in Vientiane on Fri 22 Nov 2024"),
    ],
)
def test_a_standing(standing: Standing, words: str) -> None:
    assert standing_words(standing, EventType.MEETING) == words


@pytest.mark.parametrize(("overdue", "so"), [(True, "overdue"), (False, "about Nov 2025")])
def test_what_is_expected(overdue: bool, so: str) -> None:
    expected = Expected(VIENTIANE, YEAR, date(2025, 11, 22), overdue)
    words = f"no date known here; the last was in Vientiane on Fri 22 Nov 2024; usually every 12 months, so {so}"
    assert expected_words(expected) == words


def test_short_intervals_are_told_in_weeks() -> None:
    assert expected_words(Expected(JUNE, timedelta(days=28), date(2012, 6, 29), overdue=True)).endswith(
        "usually every 4 weeks, so overdue"
    )
