from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.events.words import Vocabulary, fold
from monitor.text.canonical import canonical

VOCABULARY = Vocabulary.of(
    {
        "meeting": ["talks", "met", "बैठक", "会談"],
        "staff-talks": ["staff talks"],
        "dialogue": ["2+2", "two-plus-two"],
        "both": ["talks"],
    }
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They met for Talks", ["meeting", "meeting", "both"]),
        ("ninth Staff Talks", ["staff-talks"]),
        ("the metre and the stalks", []),
        ("日印会談へ", ["meeting"]),
        ("बैठकें", []),
        ("बैठक।", ["meeting"]),
        ("２＋２ and two plus two", ["dialogue", "dialogue"]),
    ],
)
def test_words_count_whole_and_the_longest_wins(text: str, names: list[str]) -> None:
    assert [hit.name for hit in VOCABULARY.find(fold(text))] == names


def test_no_words_find_nothing() -> None:
    assert Vocabulary.of({}).find("anything") == []
    assert "anything" not in Vocabulary.of({"empty": []})


@given(st.text())
def test_folding_keeps_the_length_of_the_canonical_text(text: str) -> None:
    assert len(fold(text)) == len(canonical(text).text)


@given(st.lists(st.sampled_from(["talk", "talks", "staff", "staff talks", "会", "会談", "a b"]), min_size=1))
def test_every_word_finds_itself(words: list[str]) -> None:
    vocabulary = Vocabulary.of({"name": words})
    assert all([hit.end for hit in vocabulary.find(word)] == [len(word)] for word in words)
