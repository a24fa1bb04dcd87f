"""Days, spans, counts and lists read well at their edges."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.digest.words import clock_words, counted, listed, local_day, span_words


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 5, 5), date(2025, 5, 5), "Mon 5 May 2025"),
        (date(2025, 5, 5), None, "Mon 5 May 2025"),
        (None, date(2025, 5, 5), "Mon 5 May 2025"),
        (None, None, ""),
        (date(2025, 5, 5), date(2025, 5, 8), "Mon 5 – Thu 8 May 2025"),
        (date(2025, 4, 28), date(2025, 5, 2), "Mon 28 Apr – Fri 2 May 2025"),
        (date(2024, 12, 30), date(2025, 1, 2), "Mon 30 Dec 2024 – Thu 2 Jan 2025"),
    ],
)
def test_span_words(start: date | None, end: date | None, expected: str) -> None:
    assert span_words(start, end) == expected


def test_lists_and_counts() -> None:
    assert [listed(names) for names in ((), ("A",), ("A", "B"), ("A", "B", "C"))] == ["", "A", "A and B", "A, B and C"]
    assert [counted(count, "report") for count in (0, 1, 2)] == ["0 reports", "1 report", "2 reports"]


def test_times_are_those_of_the_zone() -> None:
    evening = datetime(2025, 5, 5, 20, 0, tzinfo=UTC)
    assert clock_words(evening, "Asia/Kolkata") == "Tue 6 May 2025, 01:30 IST"
    assert local_day(evening, "America/New_York") == date(2025, 5, 5)
