"""Merging blocks, most alike first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from monitor.stories.block import Block
from monitor.stories.facts import Facts, apart
from monitor.stories.likeness import agreement

CODED = 0.35
"""Similarity from which two blocks merge where entities were found in both: reports of one relation share words and
names without being one story."""

MEMORY = timedelta(days=10)
"""Similarity falls by a factor e over this time between reports."""

COMMON = 300
"""A term in more blocks than this is left out of the scalar products until merging has brought it into fewer: it costs
much and tells little."""

PARTNERS = 8
"""Of so many blocks at most, the best, does each wait for its turn to merge. What is passed over loses nothing: when
the better ones have merged, the result is compared with all blocks again."""


def merged(blocks: Sequence[Block], threshold: float) -> list[Block]:
    """Blocks merged two by two, most similar first, until no two are similar enough.

    `threshold` is for blocks in which no entities were found. A tie goes to the blocks that came first.
    """
    living: dict[int, Block] = {}
    index = _Index(living)
    heap: list[tuple[float, int, int]] = []
    for number, block in enumerate(blocks):
        heap += [(-similarity, other, number) for other, similarity in index.near(block, threshold)]
        index.add(number, block)
    heapq.heapify(heap)
    following = len(blocks)
    while heap:
        _, first, second = heapq.heappop(heap)
        if first not in living or second not in living:
            continue
        block = Block.union(index.take(first), index.take(second))
        for other, similarity in index.near(block, threshold):
            heapq.heappush(heap, (-similarity, other, following))
        index.add(following, block)
        following += 1
    return list(living.values())


class _Index:
    """The blocks by number, and which of them hold a term with what weight."""

    def __init__(self, blocks: dict[int, Block]) -> None:
        self._blocks = blocks
        self._holders: dict[str, dict[int, float]] = {}

    def add(self, number: int, block: Block) -> None:
        """Take in a block."""
        self._blocks[number] = block
        for term, weight in block.vector.items():
            self._holders.setdefault(term, {})[number] = weight

    def take(self, number: int) -> Block:
        """Take a block out."""
        block = self._blocks.pop(number)
        for term in block.vector:
            del self._holders[term][number]
        return block

    def near(self, block: Block, threshold: float) -> list[tuple[int, float]]:
        """The blocks most similar to this one, with the similarity, none that a veto keeps apart."""
        alike = sorted(self._alike(block, threshold), key=lambda pair: (-pair[1], pair[0]))
        free = (pair for pair in alike if not block.barred(self._blocks[pair[0]]))
        return list(islice(free, PARTNERS))

    def _alike(self, block: Block, threshold: float) -> Iterator[tuple[int, float]]:
        """All blocks that are similar enough, with the similarity."""
        plain = not block.facts.entities
        for number, product in self._products(block).items():
            other = self._blocks[number]
            cosine = product / (block.size * other.size)
            uncoded = plain or not other.facts.entities
            if uncoded and cosine < threshold:
                continue
            similarity = _similarity(cosine, block.facts, other.facts)
            if similarity >= (threshold if uncoded else CODED):
                yield number, similarity

    def _products(self, block: Block) -> dict[int, float]:
        """Scalar products with every block that shares a term, but for the common terms."""
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
