"""The figures of an evaluation."""

from __future__ import annotations

import pytest

from monitor.classify.evaluate import evaluate, gold_item
from monitor.classify.judge import Judge
from monitor.domain.figures import Confusion, Share
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
