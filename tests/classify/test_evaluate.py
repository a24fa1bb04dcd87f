"""The figures of an evaluation."""

from __future__ import annotations

import pytest

from monitor.classify.evaluate import Confusion, Share, evaluate, gold_item
from monitor.classify.judge import Judge
from monitor.domain.judgement import Decision
from monitor.domain.watchlist import Watchlist
from monitor.errors import InputError

ROW = {
    "id": "x",
    "title": "Quiet Wave begins",
    "summary": "",
    "published": "2025-05-04",
    "lang": "en",
    "relevant": True,
}


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


def test_right_and_wrong_answers_are_counted_by_kind(watchlist: Watchlist) -> None:
    rows = [
        {**ROW, "entities": ["quiet-wave", "ana-roy", "ignored"]},
        {**ROW, "id": "missed", "title": "Rice harvest"},
        {**ROW, "id": "trap", "relevant": False, "why": "collision"},
        {**ROW, "id": "easy", "relevant": False, "why": "background", "title": "Rice harvest", "lang": "hi"},
    ]
    figures = evaluate(Judge(watchlist), [gold_item(row) for row in rows], frozenset({"ignored"}))
    assert figures.relevance == Confusion(1, 1, 1, 1)
    assert figures.by_language["hi"] == Confusion(0, 0, 0, 1)
    assert figures.hard_accepted == Share(1, 1)
    assert figures.by_category == {"background": Share(0, 1), "collision": Share(1, 1)}
    assert figures.entities == Confusion(1, 0, 1)
    assert figures.errors == (("missed", Decision.REJECT), ("trap", Decision.ACCEPT))


@pytest.mark.parametrize(
    ("key", "value"), [("relevant", "yes"), ("title", None), ("published", "yesterday"), ("published", 7), ("id", 3)]
)
def test_a_row_that_cannot_be_used_names_its_key(key: str, value: object) -> None:
    with pytest.raises(InputError, match=f"`{key}`"):
        gold_item({**ROW, key: value})
