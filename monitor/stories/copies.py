"""Copies: reports that are one text, by address, by title, or by nearly the same words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from monitor.domain.story import Report
from monitor.stories.block import Block
from monitor.stories.rulings import Bonds
from monitor.stories.similarity import Shingle, Space, shingles
from monitor.text.tokens import search_words
from monitor.text.url import canonical_url

COPY = 0.5
"""Jaccard index from which two texts are copies; chosen by judgement, above the 0.3 that others found to be enough."""

_OUTLET = re.compile(r"\s+(?:[|•·»]|--?|–|—)\s+[^|•·»–—]{2,40}$")
_LABEL = re.compile(r"^\s*(?:[A-Z][A-Z &/]{2,24}|Live|LIVE|Watch|WATCH|Video|Exclusive|Breaking)\s*[:|]\s+")


def copies(reports: Sequence[Report], space: Space, bonds: Bonds) -> list[Block]:
    """Blocks of reports that are one text or were ruled together, in order of their first report."""
    blocks: list[Block] = []
    ruled: dict[str, int] = {}
    shelf = _Shelf(reports)
    for report in reports:
        alone = Block.of(report, space, bonds.marks(report.key))
        if bonds.bound(report.key):
            home = ruled.setdefault(bonds.root(report.key), len(blocks))
        else:
            home = next((i for i in shelf.alike(report) if not blocks[i].barred(alone)), len(blocks))
        if home == len(blocks):
            blocks.append(alone)
        else:
            blocks[home] = Block.union(blocks[home], alone)
        shelf.put(report, home)
    return blocks


def normalised_title(title: str) -> str:
    """The words of a title without the label before it and the outlet's name after it."""
    cut = _LABEL.sub("", _OUTLET.sub("", title))
    return " ".join(search_words(cut))


class _Shelf:
    """Texts seen so far with the block each is in, found by what copies have in common.

    Two texts of index `COPY` or more share at least one of the rarest shingles that make up that share of either, so
    that only these are looked up (prefix filtering, Chaudhuri and others 2006): nothing is missed.
    """

    def __init__(self, reports: Sequence[Report]) -> None:
        self._texts = {report.key: shingles(report) for report in reports}
        self._counts = Counter(shingle for text in self._texts.values() for shingle in text)
        self._by_mark: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_shingle: dict[Shingle, dict[frozenset[Shingle], None]] = defaultdict(dict)
        self._by_text: dict[frozenset[Shingle], list[int]] = defaultdict(list)

    def put(self, report: Report, home: int) -> None:
        """Take in a report of the block."""
        text = self._texts[report.key]
        for homes in (*(self._by_mark[mark] for mark in _marks(report)), self._by_text[text]):
            if home not in homes:
                homes.append(home)
        for shingle in self._rarest(text):
            self._by_shingle[shingle][text] = None

    def alike(self, report: Report) -> Iterator[int]:
        """Blocks that hold a copy of the report: by a mark first, then by words, most alike first."""
        for mark in _marks(report):
            yield from self._by_mark.get(mark, ())
        own = self._texts[report.key]
        if not own:
            return
        yield from self._by_text.get(own, ())
        others = dict.fromkeys(text for shingle in self._rarest(own) for text in self._by_shingle.get(shingle, ()))
        near = [(index, text) for text in others if (index := _jaccard(own, text)) >= COPY]
        for _, text in sorted(near, key=lambda pair: -pair[0]):
            yield from self._by_text[text]

    def _rarest(self, text: frozenset[Shingle]) -> list[Shingle]:
        by_rarity = sorted(text, key=lambda shingle: (self._counts[shingle], shingle))
        return by_rarity[: len(text) - _least(len(text)) + 1]


def _marks(report: Report) -> list[tuple[str, str]]:
    """What two copies have in common outright: the address and the title, a title of three words or more."""
    marks = [("url", canonical_url(report.url))] if report.url else []
    title = normalised_title(report.title)
    if len(title.split()) > 2:  # noqa: PLR2004 - "Editorial", "News in brief" and the like name no story
        marks.append(("title", title))
    return marks


def _least(size: int) -> int:
    """How many shingles a text of that size shares at least with any copy of it."""
    return -int(-size * COPY // 1)


def _jaccard(left: frozenset[Shingle], right: frozenset[Shingle]) -> float:
    common = len(left & right)
    return common / (len(left) + len(right) - common) if common else 0.0
