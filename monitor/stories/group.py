"""Grouping: which reports tell of one happening.

A pure function of the set of reports: they are first put into an order that depends on their times and words alone
(the key only tells apart what is alike to the last letter), so that the order they come in cannot matter. Layers:

1. analysis stands alone
2. one canonical address, one title, or nearly the same words (exact Jaccard over shingles)     → copies
3. in order of time each joins the most similar block, by words, entities and facts             → blocks
4. blocks are merged, most similar first                                                        → groups

At every layer the facts have a veto: other days, other edition, other place, too far apart in time. An analyst's
rulings come before all of them: reports ruled together are one block from the start, analysis included.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.domain.event import EventType
from monitor.domain.story import Group, Report, Ruling
from monitor.stories.facts import Facts, agreement, apart, veto
from monitor.stories.rulings import Bonds, Marks
from monitor.stories.rulings import apart as ruled_apart
from monitor.stories.similarity import Space, Vector, length, shingles, total
from monitor.text.tokens import search_words
from monitor.text.url import canonical_url

# Found by trying a few values: JOIN and MERGE on 3,183 headlines of any subject, CODED on the 134 labelled items. None
# has been confirmed on items that were not tuned on.
JOIN = 0.25
"""Similarity from which a report joins a block while they are formed in order of time."""
MERGE = 0.15
"""Similarity from which two blocks merge."""
CODED = 0.35
"""Either, where entities were found in both: reports of one relation share words and names without being one story."""

COPY = 0.5
"""Jaccard index from which two texts are copies; chosen by judgement, above the 0.3 that others found to be enough."""

MEMORY = timedelta(days=10)
"""Similarity falls by a factor e over this time between reports."""

COMMON = 300
"""A term in more blocks than this is left out of the scalar products: it costs much and tells little."""

_OUTLET = re.compile(r"\s+(?:[|•·»]|--?|–|—)\s+[^|•·»–—]{2,40}$")
_LABEL = re.compile(r"^\s*(?:[A-Z][A-Z &/]{2,24}|Live|LIVE|Watch|WATCH|Video|Exclusive|Breaking)\s*[:|]\s+")


@dataclass(slots=True)
class _Block:
    """Reports that stand together while groups are formed. `vector` is the sum of theirs, `size` its length."""

    members: list[Report]
    vector: Vector
    size: float
    facts: Facts
    marks: Marks

    @classmethod
    def of(cls, report: Report, space: Space, marks: Marks) -> _Block:
        """A block of one."""
        vector = space.vector(report)
        return cls([report], vector, length(vector), Facts.of(report), marks)

    @classmethod
    def union(cls, left: _Block, right: _Block) -> _Block:
        """Both together."""
        vector = total((left.vector, right.vector))
        facts, marks = Facts.joined(left.facts, right.facts), left.marks | right.marks
        return cls(left.members + right.members, vector, length(vector), facts, marks)

    def barred(self, other: _Block) -> bool:
        """Whether the two may never merge, by an analyst's ruling or by their facts."""
        return ruled_apart(self.marks, other.marks) or veto(self.facts, other.facts)


def group(reports: Sequence[Report], rulings: Sequence[Ruling] = ()) -> list[Group]:
    """The partition of the reports into groups, in order of their earliest report.

    `rulings` are an analyst's, oldest first; a newer one outweighs an older one. They may name keys of absent reports.
    """
    ordered, bonds = sorted(reports, key=_order), Bonds(rulings)
    alone = [one for one in ordered if one.coding.type is EventType.ANALYSIS and not bonds.bound(one.key)]
    telling = [one for one in ordered if one.coding.type is not EventType.ANALYSIS or bonds.bound(one.key)]
    space = Space.of(telling)
    blocks = _merged(_joined(_copies(telling, space, bonds)))
    members = [block.members for block in blocks] + [[report] for report in alone]
    members.sort(key=lambda block: _order(min(block, key=_order)))
    return [Group(tuple(sorted(report.key for report in block)), _why(block)) for block in members]


def normalised_title(title: str) -> str:
    """The words of a title without the label before it and the outlet's name after it."""
    cut = _LABEL.sub("", _OUTLET.sub("", title))
    return " ".join(search_words(cut))


def _order(report: Report) -> tuple[object, ...]:
    return (report.time, report.title, report.summary, report.url or "", report.key)


def _copies(reports: Sequence[Report], space: Space, bonds: Bonds) -> list[_Block]:
    """Blocks of reports that are one text or were ruled together, in order of their first report."""
    blocks: list[_Block] = []
    ruled: dict[str, int] = {}
    homes: dict[object, list[int]] = defaultdict(list)
    texts = {report.key: shingles(report) for report in reports}
    for report in reports:
        marks, alone = _marks(report), _Block.of(report, space, bonds.marks(report.key))
        if bonds.bound(report.key):
            home = ruled.setdefault(bonds.root(report.key), len(blocks))
        else:
            alike = _alike(report, marks, homes, blocks, texts)
            home = next((i for i in alike if not blocks[i].barred(alone)), len(blocks))
        if home == len(blocks):
            blocks.append(alone)
        else:
            blocks[home] = _Block.union(blocks[home], alone)
        for mark in (*marks, *texts[report.key]):
            if home not in homes[mark]:
                homes[mark].append(home)
    return blocks


def _marks(report: Report) -> list[object]:
    """What two copies have in common outright: the address and the title, a title of three words or more."""
    marks: list[object] = [("url", canonical_url(report.url))] if report.url else []
    title = normalised_title(report.title)
    if len(title.split()) > 2:  # noqa: PLR2004 - "Editorial", "News in brief" and the like name no story
        marks.append(("title", title))
    return marks


def _alike(
    report: Report,
    marks: Sequence[object],
    homes: dict[object, list[int]],
    blocks: Sequence[_Block],
    texts: dict[str, frozenset[tuple[str, ...]]],
) -> Iterator[int]:
    """Blocks that hold a copy of the report: by a mark first, then by shingles, most in common first."""
    yield from (home for mark in marks for home in homes.get(mark, ()))
    own = texts[report.key]
    shared: dict[int, int] = defaultdict(int)
    for shingle in own:
        for home in homes.get(shingle, ()):
            shared[home] += 1
    for home in sorted(shared, key=lambda i: (-shared[i], i)):
        if any(_jaccard(own, texts[member.key]) >= COPY for member in blocks[home].members):
            yield home


def _jaccard(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    common = len(left & right)
    return common / (len(left) + len(right) - common) if common else 0.0


def _joined(blocks: Sequence[_Block]) -> list[_Block]:
    """Blocks taken in order of time, each joining the most similar one so far."""
    formed: dict[int, _Block] = {}
    index = _Index(formed)
    for block in blocks:
        near = max(((similarity, -number) for number, similarity in index.near(block, JOIN)), default=None)
        if near is None:
            index.add(len(formed), block)
        else:
            index.replace((-near[1],), -near[1], _Block.union(formed[-near[1]], block))
    return list(formed.values())


def _merged(blocks: Sequence[_Block]) -> list[_Block]:
    """Blocks merged two by two, most similar first, until no two are similar enough."""
    living: dict[int, _Block] = {}
    index = _Index(living)
    heap: list[tuple[float, int, int]] = []
    for number, block in enumerate(blocks):
        heap += [(-similarity, other, number) for other, similarity in index.near(block, MERGE)]
        index.add(number, block)
    heapq.heapify(heap)
    following = len(blocks)
    while heap:
        _, first, second = heapq.heappop(heap)
        if first not in living or second not in living:
            continue
        block = _Block.union(living[first], living[second])
        index.replace((first, second), following, block)
        for other, similarity in index.near(block, MERGE):
            if other != following:
                heapq.heappush(heap, (-similarity, other, following))
        following += 1
    return list(living.values())


class _Index:
    """The blocks by number, and which of them hold a term with what weight."""

    def __init__(self, blocks: dict[int, _Block]) -> None:
        self._blocks = blocks
        self._holders: dict[str, dict[int, float]] = {}

    def add(self, number: int, block: _Block) -> None:
        """Take in a block."""
        self._blocks[number] = block
        for term, weight in block.vector.items():
            self._holders.setdefault(term, {})[number] = weight

    def replace(self, old: Sequence[int], number: int, block: _Block) -> None:
        """Put a block in the place of others, at the end of the order."""
        for gone in old:
            for term in self._blocks.pop(gone).vector:
                del self._holders[term][gone]
        self.add(number, block)

    def near(self, block: _Block, threshold: float) -> Iterator[tuple[int, float]]:
        """Blocks similar enough to this one, with the similarity, none that a veto keeps apart."""
        for number, product in self._products(block).items():
            other = self._blocks[number]
            bar = CODED if block.facts.entities and other.facts.entities else threshold
            similarity = _similarity(product / (block.size * other.size), block.facts, other.facts)
            if similarity >= bar and not block.barred(other):
                yield number, similarity

    def _products(self, block: _Block) -> dict[int, float]:
        """Scalar products with every block that shares a term; terms nearly all blocks have are left out."""
        products: dict[int, float] = {}
        for term, weight in block.vector.items():
            holders = self._holders.get(term, {})
            if len(holders) <= COMMON:
                for number, other in holders.items():
                    products[number] = products.get(number, 0.0) + weight * other
        return products


def _similarity(cosine: float, left: Facts, right: Facts) -> float:
    """The cosine, faded by the time between unless both give a day, with what the facts add or take."""
    fade = 1.0 if left.span and right.span else math.exp(-apart(left, right) / MEMORY)
    return cosine * fade + agreement(left, right)


def _why(members: Iterable[Report]) -> str:
    reports = list(members)
    if len(reports) == 1:
        return "Stands alone."
    shared = sorted(frozenset.intersection(*(report.entities for report in reports)))
    starts = sorted({report.coding.start for report in reports if report.coding.start is not None})
    by = f"all name {', '.join(shared)}" if shared else "their words and names are alike"
    when = f"; the day is {starts[0]}" if len(starts) == 1 else ""
    return f"{len(reports)} reports: {by}{when}."
