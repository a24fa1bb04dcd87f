"""Figures of measurements: shares with their intervals, and what counts of right and wrong answers come to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.96
"""Standard deviations on either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the bounds of the 95 % Wilson interval; None where there is nothing to divide by."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share in 0..1."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval, within 0..1 (Wilson 1927)."""
        if not self.total:
            return None
        n, p = self.total, self.hits / self.total
        centre = p + Z * Z / (2 * n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of right and wrong answers, and the figures that follow from them."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int = 0

    @property
    def precision(self) -> Share:
        """Of what was found, how much is right."""
        return Share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Share:
        """Of what is right, how much was found."""
        return Share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where nothing was right and nothing was found."""
        found = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / found if found else None


def confusion(answers: Iterable[tuple[bool, bool]]) -> Confusion:
    """Counts (what is right, what was answered) pairs."""
    listed = list(answers)
    return Confusion(
        true_positives=listed.count((True, True)),
        false_positives=listed.count((False, True)),
        false_negatives=listed.count((True, False)),
        true_negatives=listed.count((False, False)),
    )
