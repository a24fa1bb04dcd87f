"""The score: every rule's points with their caps, added up and squashed to 0..1.

Points and caps are the watchlist's; a rule the watchlist leaves out does not speak.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from monitor.classify.case import Case, Sign
from monitor.classify.looks import signs_of
from monitor.classify.reading import Reading
from monitor.domain.judgement import Reason
from monitor.domain.watchlist import Rule, Watchlist

EVEN = 7.0
"""Points at which the score is one half."""

SPREAD = 2.0
"""Points that move the score from one half to 0.73: the steepness of the logistic curve."""

SPANS_SHOWN = 12
"""Spans a reason carries at most; points count them all."""


def squash(points: float) -> float:
    """Points to a score in 0..1, three decimals."""
    return round(1.0 / (1.0 + math.exp(-(points - EVEN) / SPREAD)), 3)


def reasons(case: Case, watchlist: Watchlist) -> list[Reason]:
    """One line for every rule that spoke, the weightiest first."""
    signs: dict[str, list[Sign]] = defaultdict(list)
    for sign in signs_of(case):
        if sign.rule in watchlist.rules:
            signs[sign.rule].append(sign)
    lines = [_reason(case.reading, watchlist.rules[rule], found) for rule, found in signs.items()]
    return sorted((line for line in lines if line.points), key=lambda line: (-abs(line.points), line.rule))


def _reason(reading: Reading, rule: Rule, signs: Sequence[Sign]) -> Reason:
    weights: dict[str, float] = {}
    for sign in signs:
        weight = rule.points * (rule.title_factor if reading.in_title(sign.start) else 1.0)
        weights[sign.key] = max(weights.get(sign.key, 0.0), weight, key=abs)
    points = max(-rule.cap, min(rule.cap, sum(weights.values())))
    spans = tuple(reading.span(sign.start, sign.end) for sign in signs[:SPANS_SHOWN])
    return Reason(rule.id, round(points, 2), rule.text, spans)
