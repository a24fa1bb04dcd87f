"""Blocks: reports that stand together while groups are formed."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.story import Report
from monitor.stories.facts import Facts
from monitor.stories.likeness import veto
from monitor.stories.rulings import Marks, apart
from monitor.stories.similarity import Space, Vector, length, total


@dataclass(frozen=True, slots=True)
class Block:
    """Reports that stand together. `vector` is the sum of theirs, `size` its length, `marks` the sides of splits."""

    members: tuple[Report, ...]
    vector: Vector
    size: float
    facts: Facts
    marks: Marks

    @classmethod
    def of(cls, report: Report, space: Space, marks: Marks) -> Block:
        """A block of one."""
        vector = space.vector(report)
        return cls((report,), vector, length(vector), Facts.of(report), marks)

    @classmethod
    def again(cls, block: Block, space: Space) -> Block:
        """The same reports in another space."""
        vector = total(map(space.vector, block.members))
        return cls(block.members, vector, length(vector), block.facts, block.marks)

    @classmethod
    def union(cls, left: Block, right: Block) -> Block:
        """Both together."""
        vector = total((left.vector, right.vector))
        facts, marks = Facts.joined(left.facts, right.facts), left.marks | right.marks
        return cls(left.members + right.members, vector, length(vector), facts, marks)

    def barred(self, other: Block) -> bool:
        """Whether the two may never merge, by an analyst's ruling or by their facts."""
        return apart(self.marks, other.marks) or veto(self.facts, other.facts)
