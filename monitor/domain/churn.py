"""Which entry is an old item under a new guid and a new link: software that names its entries anew at every request.

Names say nothing then, so words and dates must. They say little where they are short, as titles recur ("Weekly
briefing"): so an entry is believed to be an old item for words that could hardly be written twice, or where most of
the document came back alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

LONG_SUMMARY = 80
"""Characters from which on a summary is hardly written twice for two articles of one title."""

CHURN_LEAST = 3
CHURN_SHARE = 0.5
"""Entries, and their share of the document, that came back alike for the feed to be called churning."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry tells, whatever it is called. `dated` is the date as the feed wrote it, "" for none."""

    title: str
    summary: str
    dated: str

    @property
    def telling(self) -> bool:
        """Whether its words are its own."""
        return bool(self.title) and len(self.summary) >= LONG_SUMMARY


def match_told(stored: Sequence[Told], found: Sequence[Told], entries: int) -> list[int | None]:
    """For each entry found, the place in `stored` of the item that it is; None for a new one.

    `found` are the entries of a document of `entries` that no name tells, `stored` the feed's last items of which none
    is in the document by its name. No item is given to two entries.
    """
    homes = dict(_pairs(stored, found, lambda one: one if one.telling else None))
    if _churns(stored, found, entries):
        for told in _RULES:
            left = [place for place in range(len(found)) if place not in homes]
            free = sorted(set(range(len(stored))) - set(homes.values()))
            pairs = _pairs([stored[place] for place in free], [found[place] for place in left], told)
            homes |= {left[here]: free[there] for here, there in pairs}
    return [homes.get(place) for place in range(len(found))]


_RULES: tuple[Callable[[Told], Hashable | None], ...] = (
    lambda one: one,
    lambda one: (one.title, one.dated) if one.title and one.dated else None,
)


def _churns(stored: Sequence[Told], found: Sequence[Told], entries: int) -> bool:
    """Whether so much came back with its title, and its date or a long summary, that the names must be what changed.

    Words under another date are those of another issue: a series has one title and one long summary for all of them.
    """
    by_date = _pairs(stored, found, lambda one: (one.title, one.dated) if one.title and one.dated else None)
    by_words = _pairs(stored, found, lambda one: one if one.telling else None)
    alike = {here for here, _ in by_date} | {here for here, _ in by_words}
    return len(alike) >= max(CHURN_LEAST, CHURN_SHARE * entries)


def _pairs(
    stored: Sequence[Told], found: Sequence[Told], told: Callable[[Told], Hashable | None]
) -> Iterator[tuple[int, int]]:
    """Places in `found` and `stored` that tell the same, each used once and in order; None tells nothing."""
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(range(len(stored))):
        waiting[told(stored[place])].append(place)
    for place, one in enumerate(found):
        known = told(one)
        if known is not None and waiting[known]:
            yield place, waiting[known].pop()
