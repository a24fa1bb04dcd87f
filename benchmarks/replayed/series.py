"""Feeds as they were seen to publish, and what polling them gives."""

from __future__ import annotations

import json
import math
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.domain.rhythm import Rhythm

HOUR = 3600.0
FEWEST_ARRIVALS = 10
JITTER = 0.1
SAME = 0.003
"""Request counts that differ by no more than this share are called equal."""

TRIES = 40


@dataclass(frozen=True, slots=True)
class Series:
    """A feed from its first capture to its last arrival; times in seconds, `arrivals` as (time, items), in order."""

    name: str
    start: float
    arrivals: tuple[tuple[float, int], ...]

    @property
    def middle(self) -> float:
        return self.arrivals[len(self.arrivals) // 2 - 1][0]

    @property
    def end(self) -> float:
        return self.arrivals[-1][0]

    def first_half(self) -> Series:
        return replace(self, arrivals=self.arrivals[: len(self.arrivals) // 2])


@dataclass(frozen=True, slots=True)
class Replay:
    """What polling one feed gave: `requests` on average over the phases, `delays` in hours with their item counts."""

    requests: float
    delays: tuple[tuple[float, int], ...]


Rule = Callable[[float, Sequence[tuple[float, int]]], float]
"""From the time of a poll and the arrivals it brought to the seconds until the next."""

Poll = tuple[float, Sequence[tuple[float, int]]]
"""The time of a poll and the arrivals it brought."""

Way = Callable[[Series, Rhythm, float], Rule]
"""From a feed, what its first half taught and a scale to a rule. A larger scale makes fewer requests."""


def read_series(folder: Path) -> list[Series]:
    arrivals: dict[str, Counter[float]] = defaultdict(Counter)
    start: dict[str, float] = {}
    for line in (folder / "olshansk-first-seen.jsonl").read_text().splitlines():
        row = json.loads(line)
        start[row["feed"]] = min(start.get(row["feed"], math.inf), row["first_seen"])
        if not row["initial"]:
            arrivals[row["feed"]][row["first_seen"]] += 1
    series = [Series(name, start[name], tuple(sorted(times.items()))) for name, times in sorted(arrivals.items())]
    return [one for one in series if len(one.arrivals) >= FEWEST_ARRIVALS]


def polls(series: Series, since: float, until: float, rule: Rule) -> Iterator[Poll]:
    """(time, arrivals it brought) of each poll from `since` on, and of the first one from `until` on."""
    times = [time for time, _ in series.arrivals]
    now, seen = since, bisect_right(times, since)
    yield now, ()
    found: Sequence[tuple[float, int]] = ()
    while now < until:
        now += rule(now, found)
        here = bisect_right(times, now)
        found, seen = series.arrivals[seen:here], here
        yield now, found


def learn(series: Series, phase: float, base: float, stretch: float) -> Rhythm:
    """The rhythm after polling the first half each `base`."""
    learned = None
    for now, found in polls(series, series.start + phase * base, series.middle, lambda *_: base * stretch):
        at = datetime.fromtimestamp(now, UTC)
        learned = Rhythm(at) if learned is None else learned.after(at, sum(items for _, items in found), None)
    if learned is None:
        raise RuntimeError("a replay begins with a poll")
    return learned


@dataclass(frozen=True, slots=True)
class Start:
    """Where the scoring of one replay of a feed begins."""

    series: Series
    learned: Rhythm
    stretch: float


def starts(many: Sequence[Series], base: float, phases: int) -> list[Start]:
    draws = random.Random(1)
    every = []
    for series in many:
        for phase in range(phases):
            stretch = 1 + JITTER * draws.random()
            every.append(Start(series, learn(series, (phase + draws.random()) / phases, base, stretch), stretch))
    return every


def score(every: Sequence[Start], way: Way, scale: float, floor: float) -> dict[str, Replay]:
    """What polling the second halves gives, by feed."""
    requests: Counter[str] = Counter()
    delays: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for start in every:
        series, since = start.series, start.learned.polled_at.timestamp()
        rule = held(way(series, start.learned, scale), start.stretch, floor)
        for now, found in polls(series, since, series.end, rule):
            requests[series.name] += since < now <= series.end
            delays[series.name] += [((now - time) / HOUR, items) for time, items in found]
    phases = len(every) / len(delays)
    return {name: Replay(requests[name] / phases, tuple(delays[name])) for name in delays}


def held(rule: Rule, stretch: float, floor: float) -> Rule:
    """The rule as every way is held to it: jittered, and never below the floor."""
    return lambda now, found: max(rule(now, found) * stretch, floor)


def tuned(every: Sequence[Start], way: Way, budget: float, floor: float) -> dict[str, Replay]:
    """The score at the scale at which the way makes `budget` requests, or as near to them as it gets."""
    low, high, scale = 1e-3, 1e3, 1.0
    result = score(every, way, scale, floor)
    for _ in range(TRIES):
        made = total(result)
        if abs(made / budget - 1) <= SAME or high / low < 1 + SAME:
            break
        low, high = (scale, high) if made > budget else (low, scale)
        guess = scale * (made / budget) ** 1.5
        scale = guess if low < guess < high else math.sqrt(low * high)
        result = score(every, way, scale, floor)
    return result


def total(result: dict[str, Replay]) -> float:
    return sum(replay.requests for replay in result.values())
