"""The analyst's part: verdicts, the queue that waits for them, and what samples of rejected items tell of misses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.figures import Share
from monitor.domain.judgement import Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an analyst says of an item: accept or reject. Verdicts are appended; the last one counts."""

    decision: Decision
    analyst: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A judged item as an analyst sees it in the queue or in a sample. `why` is its receipt in one line."""

    id: int
    title: str
    url: str | None
    publisher: str
    language: str
    time: datetime
    archive: bool
    decision: Decision
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Sampled:
    """Rejected items that were drawn at random, and what analysts said of them since.

    `missed` were accepted by the last verdict. A later rule that accepts one does not unmake the miss: the share tells
    of the rules that were in force at each draw.
    """

    drawn: int
    judged: int
    missed: int

    @property
    def misses(self) -> Share:
        """Of the drawn items with a verdict, those that should not have been rejected."""
        return Share(self.missed, self.judged)
