"""Shares with intervals, and the figures of a confusion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.figures import Confusion, Share, confusion


def test_wilson_interval_of_nine_in_ten() -> None:
    """Compared with the values of the textbook formula: 0.596 and 0.982."""
    low, high = Share(9, 10).interval or (0.0, 0.0)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_precision_recall_and_f1() -> None:
    confusion = Confusion(true_positives=6, false_positives=2, false_negatives=4)
    assert (confusion.precision.value, confusion.recall.value) == (0.75, 0.6)
    assert confusion.f1 == pytest.approx(2 / 3)
    assert Confusion(0, 0, 0).f1 is None


def test_answers_are_counted() -> None:
    answers = [(True, True), (True, False), (False, True), (False, False), (False, False)]
    assert confusion(answers) == Confusion(1, 1, 1, 2)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(hits: int, misses: int) -> None:
    share = Share(hits, hits + misses)
    if share.value is not None and share.interval is not None:
        low, high = share.interval
        assert 0 <= low <= share.value + 1e-12
        assert share.value - 1e-12 <= high <= 1
