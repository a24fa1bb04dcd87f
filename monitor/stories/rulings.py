"""What an analyst ruled, as grouping obeys it: reports bound into one, and blocks that may not meet.

The newest ruling counts first: where an older one contradicts it, the older one gives way for those reports alone.
Reports that are not at hand bind nevertheless: two that were each ruled together with a third stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.domain.story import Ruling

Marks = frozenset[tuple[int, bool]]
"""The sides of splits that a report, or a block of reports, stands on: the split's number, and whether on the left."""

NO_MARKS: Marks = frozenset()


class Bonds:
    """Which reports are bound together by rulings, given oldest first, and on which sides of splits they stand."""

    def __init__(self, rulings: Sequence[Ruling] = ()) -> None:
        self._parents: dict[str, str] = {}
        self._marks: dict[str, Marks] = {}
        for number in reversed(range(len(rulings))):
            self._take(number, rulings[number])

    def root(self, key: str) -> str:
        """The key that stands for all that are bound to this one; itself when there are none."""
        while (parent := self._parents.get(key, key)) != key:
            self._parents[key] = key = self._parents.get(parent, parent)
        return key

    def marks(self, key: str) -> Marks:
        """The marks of all that are bound to this report."""
        return self._marks.get(self.root(key), NO_MARKS)

    def bound(self, key: str) -> bool:
        """Whether any ruling binds the report to another."""
        return key in self._parents

    def _take(self, number: int, ruling: Ruling) -> None:
        if ruling.together:
            self._gather(sorted(ruling.left | ruling.right))
            return
        for side, members in ((True, ruling.left), (False, ruling.right)):
            for key in members:
                self._mark(key, {(number, side)})

    def _gather(self, keys: Iterable[str]) -> None:
        """Bind them into one; where newer splits keep some apart, each goes to the first block that may have it."""
        heads: list[str] = []
        for key in keys:
            head = next((head for head in heads if self._may_bind(head, key)), None)
            if head is None:
                heads.append(key)
            else:
                self._bind(head, key)

    def _may_bind(self, key: str, other: str) -> bool:
        return self.root(key) == self.root(other) or not apart(self.marks(key), self.marks(other))

    def _bind(self, key: str, other: str) -> None:
        first, second = sorted((self.root(key), self.root(other)))
        if first == second:
            return
        self._parents[first] = self._parents[second] = first
        self._mark(first, self.marks(first) | self._marks.pop(second, NO_MARKS))

    def _mark(self, key: str, marks: Iterable[tuple[int, bool]]) -> None:
        root = self.root(key)
        self._marks[root] = self._marks.get(root, NO_MARKS).union(marks)


def apart(left: Marks, right: Marks) -> bool:
    """Whether two blocks stand on opposite sides of a split."""
    return any((number, not side) in right for number, side in left)
