"""Many words in one pass."""

from __future__ import annotations

from monitor.text.automaton import Automaton, leftmost_longest


def test_every_match_is_found_overlaps_included() -> None:
    assert sorted(Automaton(["speaks at", "at so", "so"]).find("speaks at south")) == [
        (0, 0, 9),
        (1, 7, 12),
        (2, 10, 12),
    ]


def test_without_patterns_nothing_is_found() -> None:
    assert Automaton([]).find("speaks") == []


def test_leftmost_longest_keeps_equal_extents_together() -> None:
    extents = [(3, 5), (0, 4), (0, 2), (4, 9), (4, 9), (8, 12)]
    assert leftmost_longest(extents, lambda one: one) == [(0, 4), (4, 9), (4, 9)]
