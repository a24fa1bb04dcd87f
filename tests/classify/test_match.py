"""Words found in three scripts, and who keeps a place that several claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.classify.match import Matcher, boundary_class
from monitor.domain.watchlist import Alias, Cue, Side, Watchlist
from monitor.text.canonical import canonical

WORDS = ("US-2", "JIMEX", "भारत", "हिंद", "インド", "日印", "speaks at", "south", "2+2", "BEL", "RM")


SIDES = (Side("a", "A", "A", (Alias("aaaaa"),), "UTC"), Side("b", "B", "B", (Alias("bbbbb"),), "UTC"))


def matcher(*words: str) -> Matcher:
    cues = tuple(Cue("r", word, exact_case=word.isupper() and word.isalpha()) for word in words)
    return Matcher(Watchlist("w", "w", "1", "s", SIDES, {}, cues, (), {}, {}))


def found(text: str, *words: str) -> list[str]:
    form, searcher = canonical(text), matcher(*words)
    return [form.text[h.start : h.end] for h in searcher.scan(form.folded) if searcher.meanings(form.text, h)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tokyo's US-2.", ["US-2"]),
        ("US-20 and BUS-2", []),
        ("#JIMEX25 and 24JIMEX", ["JIMEX"]),
        ("भारत-जापान", ["भारत"]),
        ("भारतीयों ने", []),
        ("हिंदी में", []),
        ("インドネシアとインド洋", ["インド"]),
        ("ザ・インド", ["インド"]),
        ("今日印刷", ["日印"]),
        ("speaks at South", ["speaks at", "South"]),
        ("12+2 but 2+2会談", ["2+2"]),
        ("BELT bel BEL", ["BEL"]),
        ("IRM RMS rm", []),
    ],
)
def test_words_stand_alone_by_the_rules_of_their_script(text: str, expected: list[str]) -> None:
    assert found(text, *WORDS) == expected


def test_overlapping_words_are_all_found() -> None:
    assert found("speaks at South", "speaks at So", "speaks at", "South") == ["speaks at", "South"]


@given(st.text("सककिज्रँ", min_size=1, max_size=1))
def test_marks_of_devanagari_are_letters(char: str) -> None:
    assert boundary_class(char) == "devanagari"


@given(st.text("印日a ा2-ンィ", max_size=30))
def test_every_hit_lies_where_its_word_stands(text: str) -> None:
    form, searcher = canonical(text), matcher("印", "日印", "ンィ", "a2")
    for hit in searcher.scan(form.folded):
        assert form.folded[hit.start : hit.end] in {"印", "日印", "ンィ", "a2", "aaaaa"}


def test_words_that_open_no_gate_tell_nothing() -> None:
    cues = (Cue("penalty.sport", "goal"), Cue("subject.strong", "army"), Cue("subject.strong", "IN", exact_case=True))
    searcher = Matcher(Watchlist("w", "w", "1", "s", SIDES, {}, cues, ("goal line",), {}, {}))

    def is_telling(text: str) -> bool:
        return searcher.is_telling(text, searcher.scan(text.lower()))

    assert not is_telling("a goal on the goal line")
    assert not is_telling("in the goal")
    assert is_telling("the army's goal")
    assert is_telling("the IN's goal")


def test_a_word_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter"):
        matcher("\u200d")
