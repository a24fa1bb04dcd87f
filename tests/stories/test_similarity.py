from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.domain.event import Coding, EventType
from monitor.domain.story import Report
from monitor.stories.similarity import Space, length, shingles, stem, total


def report(key: str, title: str, entities: set[str] = frozenset()) -> Report:  # type: ignore[assignment]
    return Report(key, title, "", datetime(2025, 5, 5, tzinfo=UTC), frozenset(entities), Coding(EventType.OTHER), "en")


def test_vectors_have_length_one_with_or_without_entities() -> None:
    reports = [report("a", "Navies drill", {"jimex"}), report("b", "Ministers talk"), report("c", "", {"jimex"})]
    space = Space.of(reports)
    assert [round(length(space.vector(one)), 9) for one in reports] == [1.0, 1.0, 1.0]


def test_a_report_without_words_has_an_empty_vector() -> None:
    only = report("a", "!!")
    assert Space.of([only]).vector(only) == {}


def test_words_that_keep_to_one_block_weigh_more() -> None:
    blocks = [
        [report(f"{topic}{n}", f"navy {topic}") for n in range(2)] for topic in ("drill", "visit", "talks", "pact")
    ]
    space = Space.of([one for block in blocks for one in block]).weighted(blocks)
    assert space.weights["drill"] == 1.0
    assert space.weights["navy"] == pytest.approx(0.5)


def test_a_word_of_one_report_weighs_less_than_one_shared_within_a_block() -> None:
    block = [report("a", "navy drill"), report("b", "navy talks")]
    weights = Space.of(block).weighted([block]).weights
    assert 0 < weights["drill"] < weights["navy"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("drills", "drill"),
        ("signed", "sign"),
        ("ships", "ship"),
        ("bus", "bus"),
        ("अभ्यासs", "अभ्यासs"),
        ("会談", "会談"),
    ],
)
def test_only_english_endings_are_cut(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_short_texts_are_one_shingle() -> None:
    assert shingles(report("a", "Navies drill")) == frozenset({("navies", "drill")})
    assert shingles(report("a", "")) == frozenset()
    assert len(shingles(report("a", "one two three four"))) == 2


def test_sums_add_term_by_term() -> None:
    assert total([{"a": 1.0}, {"a": 2.0, "b": 0.5}]) == {"a": 3.0, "b": 0.5}
