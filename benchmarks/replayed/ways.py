"""Ways of deciding when a feed is polled next: ours, and those it is compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from replayed.series import HOUR, Rule, Series, Way

from monitor.domain.rhythm import HOURS, WEEKDAYS, Rhythm
from monitor.schedule.adaptive import adaptive_interval

WEEK = 7 * 24 * HOUR
MINIFLUX_MAX = 24 * HOUR


def fixed(base: float) -> Way:
    return lambda _series, _learned, scale: lambda *_: base * scale


def miniflux(longest: float) -> Way:
    """Miniflux's rule with this maximum, in seconds."""

    def interval(series: Series, now: float, scale: float) -> float:
        last = [(time, items) for time, items in series.arrivals if now - WEEK <= time <= now]
        count = sum(items for _, items in last)
        span = last[-1][0] - last[0][0] if last else 0.0
        weekly = math.ceil(WEEK / (span / (count - 1))) if span else 0
        return min(WEEK / weekly * scale, longest) if weekly else longest

    return lambda series, _learned, scale: lambda now, _found: interval(series, now, scale)


def by_rhythm(decide: Callable[[Rhythm, datetime, float], float], *, update: bool = True) -> Way:
    """A way that decides by the feed's rhythm, kept up to date by its polls unless it stays as it was learned."""

    def way(_series: Series, learned: Rhythm, scale: float) -> Rule:
        known = learned

        def rule(now: float, found: Sequence[tuple[float, int]]) -> float:
            nonlocal known
            at = datetime.fromtimestamp(now, UTC)
            if update:
                known = known.after(at, sum(items for _, items in found), None)
            return decide(known, at, scale)

        return rule

    return way


def adaptive(base: float, norm: float, *, pattern: bool = True) -> Callable[[Rhythm, datetime, float], float]:
    def decide(known: Rhythm, at: datetime, scale: float) -> float:
        known = known if pattern else replace(known, hours=(0.0,) * HOURS, weekdays=(0.0,) * WEEKDAYS)
        return adaptive_interval(known, at, timedelta(seconds=base), norm * scale).total_seconds()

    return decide


def one_over_rate(known: Rhythm, _at: datetime, scale: float) -> float:
    return min(scale * HOUR / known.rate(), MINIFLUX_MAX)
