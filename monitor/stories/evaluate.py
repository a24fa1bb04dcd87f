"""How good the grouping is: BCubed precision and recall (Bagga and Baldwin 1998)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BCubed:
    """Means over items, each in 0..1: of the share of an item's group that belongs with it, and of its story found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both, 0 where both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def bcubed(stories: Mapping[str, str], groups: Mapping[str, str]) -> BCubed:
    """Score `groups` (item to group) against `stories` (item to true story), both over item ids.

    Only items with a true story count, but a group also holds the others put into it. An item without a group stands
    alone. With no items both figures are 0.
    """
    if not stories:
        return BCubed(0.0, 0.0)
    found = {item: groups.get(item, f"alone:{item}") for item in {**stories, **groups}}
    sizes, story_sizes = Counter(found.values()), Counter(stories.values())
    common = Counter((story, found[item]) for item, story in stories.items())
    precision = sum(common[story, found[item]] / sizes[found[item]] for item, story in stories.items())
    recall = sum(common[story, found[item]] / story_sizes[story] for item, story in stories.items())
    return BCubed(precision / len(stories), recall / len(stories))
