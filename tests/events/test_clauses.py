from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.events.clauses import clause_at, clauses


def sentences(text: str) -> int:
    return clauses(text)[-1].sentence + 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("they met. they will meet again", 2),
        ("dr. s. jaishankar and gen. dwivedi met on oct. 21 in delhi", 1),
        ("会談した。次回は東京だ。", 2),
        ("बैठक हुई। अगली बैठक टोक्यो में होगी", 2),
        ("the u.s. navy took part", 1),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert sentences(text) == count


def test_clauses_part_at_conjunctions_and_commas_but_not_inside_dates() -> None:
    text = "they met on may 5, 2025, and will meet again while others wait"
    assert [clause.of(text).strip(" ,") for clause in clauses(text)] == [
        "they met on may 5, 2025",
        "and will meet again",
        "while others wait",
    ]


@given(st.text(max_size=200))
def test_clauses_cover_the_text_without_gap(text: str) -> None:
    found = clauses(text)
    assert "".join(clause.of(text) for clause in found) == text
    assert all(clause_at(found, position).start <= position for position in range(len(text)))
