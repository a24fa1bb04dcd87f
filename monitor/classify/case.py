"""What the rules look at, and what a look yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.classify.context import Context
from monitor.classify.gate import Evidence, Gatekeeper
from monitor.classify.reading import Reading


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence for a rule. Signs of one key count once, in the title if one of them stands there."""

    rule: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """All that the rules look at."""

    reading: Reading
    evidence: Sequence[Evidence]
    context: Context
    gatekeeper: Gatekeeper


def sign(rule: str, one: Evidence) -> Sign:
    """The sign that a find is by itself."""
    return Sign(rule, one.key, one.found.start, one.found.end)
