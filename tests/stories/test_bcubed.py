from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.evaluate import bcubed

STORIES = {"a": "1", "b": "1", "c": "2"}


@pytest.mark.parametrize(
    ("groups", "precision", "recall"),
    [
        ({"a": "x", "b": "x", "c": "y"}, 1.0, 1.0),
        ({"a": "x", "b": "x", "c": "x"}, 5 / 9, 1.0),
        ({}, 1.0, 2 / 3),
        ({"a": "x", "b": "x", "c": "y", "stranger": "y"}, 5 / 6, 1.0),
    ],
    ids=["right", "all in one", "all alone", "a stranger"],
)
def test_known_cases(groups: dict[str, str], precision: float, recall: float) -> None:
    result = bcubed(STORIES, groups)
    assert result.precision == pytest.approx(precision)
    assert result.recall == pytest.approx(recall)


def test_nothing_scores_nothing() -> None:
    assert bcubed({}, {}).f1 == 0.0


@given(st.dictionaries(st.text(max_size=3), st.sampled_from("abc"), min_size=1))
def test_the_truth_scores_full(stories: dict[str, str]) -> None:
    assert bcubed(stories, stories).f1 == pytest.approx(1.0)
