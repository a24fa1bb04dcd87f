"""Finding many words in one pass over a text: the home of ahocorasick-rs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ahocorasick_rs import AhoCorasick

Found = TypeVar("Found")


class Automaton:
    """Patterns, numbered in the order given, none of them empty.

    All overlapping matches are found: an automaton that keeps only the longest would let "speaks at So|uth" hide
    "speaks at". Boundaries are the caller's; `leftmost_longest` settles what overlaps after that.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._automaton = AhoCorasick(patterns, store_patterns=False)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Number, start and end of every match, in order of ends."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)


def leftmost_longest(found: Iterable[Found], extent: Callable[[Found], tuple[int, int]]) -> list[Found]:
    """Of overlapping finds the leftmost, of those the longest; finds of one and the same extent all stay."""
    kept: list[Found] = []
    last = (-1, -1)
    for one in sorted(found, key=lambda each: (extent(each)[0], -extent(each)[1])):
        place = extent(one)
        if place[0] >= last[1] or place == last:
            kept.append(one)
            last = place
    return kept
