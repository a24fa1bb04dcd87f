"""How soon new items are seen when feeds are polled by their own rhythm, beside other ways of equal cost.

    python benchmarks/polling.py [--data FOLDER] [--base HOURS] [--floor HOURS] [--plot | --choose]

Replays the times at which items of real feeds were first seen (`olshansk-first-seen.jsonl`, those in the first capture
left out). A way of polling sees what was there at each of its polls and nothing else. The feeds with at least ten
arrivals are taken; an arrival is all that came at one time. Each feed's first half, up to its middle arrival, is polled
at the fixed interval to learn its rhythm; the second half, to its last arrival, is scored. `monitor.schedule.adaptive`
and `monitor.domain.rhythm` are called as the daemon calls them. The scale of each way is set so that all make the same
number of requests over the second halves; all have the same floor, and the same jitter of up to a tenth.

Miniflux's rule (`ScheduleNextCheck` and `WeeklyFeedEntryCount` of miniflux/v2): a week divided by the weekly entries
and by a factor, at most 24 hours. The weekly entries are a week divided by the mean gap between the entries of the last
week, rounded up; with fewer than two of them the interval is the 24 hours.

Overflow: items of `captured-publish-times.jsonl` are published again and again at their real distances, and a document
holds as many as the captured one did. What was not in any document that was polled has overflowed.

`--choose` prints what the figures of both modules were chosen by: the first halves alone, split once more. `--plot`
also writes a plot beside this script.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from monitor.domain import rhythm as rhythm_module
from monitor.domain.rhythm import HOURS, WEEKDAYS, Rhythm
from monitor.schedule import adaptive as adaptive_module
from monitor.schedule.adaptive import LONGEST, adaptive_interval, norm_of

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "feeds" / "timelines"
PLOT = ROOT / "benchmarks" / "polling.svg"

HOUR, WEEK = 3600.0, 7 * 24 * 3600.0
FEWEST_ARRIVALS = 10
PHASES = 8
"""Replays of each feed, begun at other moments of the first interval: where the polls fall is luck."""

JITTER = 0.1
MINIFLUX_MAX = 24 * HOUR
RESAMPLES = 2000
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


@dataclass(frozen=True, slots=True)
class Summary:
    """Delays in hours: per arrival, and `by_item` the mean where a batch counts as its items."""

    requests: float
    mean: float
    median: float
    p95: float
    longest: float
    by_item: float


def summary(result: dict[str, Replay]) -> Summary:
    delays = [delay for replay in result.values() for delay in replay.delays]
    hours = sorted(hours for hours, _ in delays)
    return Summary(
        total(result),
        statistics.fmean(hours),
        statistics.median(hours),
        hours[math.ceil(0.95 * len(hours)) - 1],
        hours[-1],
        sum(hours * items for hours, items in delays) / sum(items for _, items in delays),
    )


def interval_by_feed(ours: dict[str, Replay], theirs: dict[str, Replay]) -> tuple[float, float, float]:
    """Our mean delay less theirs in hours, and the ends of its 95 % bootstrap interval over feeds."""
    draws = random.Random(2)
    names = sorted(ours)
    sums = {
        name: [(sum(hours for hours, _ in way[name].delays), len(way[name].delays)) for way in (ours, theirs)]
        for name in names
    }

    def difference(chosen: Sequence[str]) -> float:
        (our_sum, our_count), (their_sum, their_count) = (
            map(sum, zip(*(sums[name][way] for name in chosen), strict=True)) for way in (0, 1)
        )
        return our_sum / our_count - their_sum / their_count

    spread = sorted(difference(draws.choices(names, k=len(names))) for _ in range(RESAMPLES))
    return difference(names), spread[int(0.025 * RESAMPLES)], spread[int(0.975 * RESAMPLES) - 1]


def compare(many: Sequence[Series], base: float, floor: float, phases: int) -> dict[str, dict[str, Replay]]:
    """Each way's score at the requests that polling each `base` makes, and ours as the product scales it by itself."""
    every = starts(many, base, phases)
    norm = norm_of([start.learned for start in every], timedelta(seconds=base))
    at_fixed = score(every, fixed(base), 1.0, floor)
    budget = total(at_fixed)
    ours = adaptive(base, norm)
    as_scaled = {"… as scaled by norm_of alone": score(every, by_rhythm(ours), 1.0, floor)}
    if floor >= base:  # no other way can spend as much
        return {"fixed interval": at_fixed} | as_scaled
    return {
        "fixed interval": at_fixed,
        "Miniflux, weekly count": tuned(every, miniflux(MINIFLUX_MAX), budget, floor),
        "Miniflux with our maximum": tuned(every, miniflux(LONGEST * base), budget, floor),
        "one over the rate, long memory": tuned(every, by_rhythm(one_over_rate), budget, floor),
        "adaptive": tuned(every, by_rhythm(ours), budget, floor),
        "… no pattern of hours and days": tuned(every, by_rhythm(adaptive(base, norm, pattern=False)), budget, floor),
        "… nothing learned while scored": tuned(every, by_rhythm(ours, update=False), budget, floor),
    } | as_scaled


def print_table(results: dict[str, dict[str, Replay]]) -> None:
    print(f"| {'way':30} | requests |  mean | median |   p95 | longest | mean by item |")
    print("|---|---|---|---|---|---|---|")
    for name, result in results.items():
        s = summary(result)
        print(
            f"| {name:30} | {s.requests:8.0f} | {s.mean:5.2f} | {s.median:6.2f} | {s.p95:5.2f} "
            f"| {s.longest:7.2f} | {s.by_item:12.2f} |"
        )


def print_differences(results: dict[str, dict[str, Replay]]) -> None:
    ours = results["adaptive"]
    for name in (
        "fixed interval",
        "Miniflux, weekly count",
        "Miniflux with our maximum",
        "one over the rate, long memory",
    ):
        theirs = summary(results[name])
        mean, low, high = interval_by_feed(ours, results[name])
        better = sum(mean_of(ours[feed]) < mean_of(results[name][feed]) for feed in ours)
        print(
            f"adaptive less {name}: {mean:+.2f} h (95 % interval {low:+.2f} to {high:+.2f}), "
            f"mean {summary(ours).mean / theirs.mean:.2f} times, p95 {summary(ours).p95 / theirs.p95:.2f} times, "
            f"{better} of {len(ours)} feeds sooner"
        )


def mean_of(replay: Replay) -> float:
    return statistics.fmean(hours for hours, _ in replay.delays)


@dataclass(frozen=True, slots=True)
class Captured:
    """A captured document: the times of its entries in order, in seconds."""

    path: str
    times: tuple[float, ...]


def read_captured(folder: Path) -> list[Captured]:
    rows = [json.loads(line) for line in (folder / "captured-publish-times.jsonl").read_text().splitlines()]
    return [Captured(row["path"], tuple(row["published"])) for row in rows if len(set(row["published"])) > 1]


OVERFLOW_DAYS = 14


def overflow(one: Captured, base: float, floor: float, norm: float | None) -> tuple[int, int]:
    """Items lost and requests made in two weeks after the captured document; `norm` None: polled each `base`."""
    window = len(one.times)
    span = one.times[-1] - one.times[0]
    period = span * window / (window - 1)
    copies = math.ceil((OVERFLOW_DAYS * 24 * HOUR + 2 * base) / period) + 2
    times = [time + period * copy for copy in range(copies) for time in one.times]
    start = now = one.times[-1]
    seen, lost, requests = window, 0, 0
    at = datetime(2026, 1, 5, tzinfo=UTC)
    known = Rhythm.learned(at, [at - timedelta(seconds=now - time) for time in one.times], window)
    while now < start + OVERFLOW_DAYS * 24 * HOUR:
        wait = base
        if norm is not None:
            wait = adaptive_interval(known, known.polled_at, timedelta(seconds=base), norm).total_seconds()
        now += max(wait, floor)
        here = bisect_right(times, now)
        lost += max(0, here - seen - window)
        known = known.after(at + timedelta(seconds=now - start), min(here - seen, window), window)
        seen, requests = here, requests + 1
    return lost, requests


def print_overflow(captured: Sequence[Captured], floor: float) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    print("| base | fixed: feeds overflowing | items lost | requests | adaptive: feeds | items lost | requests |")
    print("|---|---|---|---|---|---|---|")
    known = [
        Rhythm.learned(at, [at - timedelta(seconds=one.times[-1] - time) for time in one.times], len(one.times))
        for one in captured
    ]
    for hours in (1, 4, 8, 12, 24):
        cells = []
        norm = norm_of(known, timedelta(hours=hours))
        for used in (None, norm):
            counts = [overflow(one, hours * HOUR, floor, used) for one in captured]
            lost = [lost for lost, _ in counts]
            cells += [sum(map(bool, lost)), sum(lost), sum(requests for _, requests in counts)]
        print(f"| {hours} h | " + " | ".join(map(str, cells)) + " |")


COLOURS = {"fixed interval": "#666666", "Miniflux, weekly count": "#c0504d", "adaptive": "#1f6fb2"}
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 360, 60, 50, 40


def plot(results: dict[str, dict[str, Replay]], base: float) -> str:
    """For each way the share of arrivals that were seen within a time, up to three times `base`, as SVG."""
    longest = 3 * base / HOUR

    def x(hours: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * hours / longest

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<style>text { font: 12px sans-serif }</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22">Share of arrivals seen within so many hours, at equal requests</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 0.95, 1):
        parts.append(f'<path d="M{LEFT} {y(share):.1f}H{WIDTH - 20}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for step in range(13):
        hours = longest * step / 12
        parts.append(f'<text x="{x(hours):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{hours:g}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">hours from first seen to polled</text>')
    for number, (name, colour) in enumerate(COLOURS.items()):
        delays = sorted(hours for replay in results[name].values() for hours, _ in replay.delays)
        points = [(longest * i / 240, bisect_right(delays, longest * i / 240) / len(delays)) for i in range(241)]
        path = "L".join(f"{x(hours):.1f} {y(share):.1f}" for hours, share in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        row = y(0.08 + 0.08 * (2 - number))
        parts.append(
            f'<text x="{WIDTH - 30}" y="{row:.1f}" text-anchor="end" fill="{colour}">{name}: mean '
            f"{statistics.fmean(delays):.2f} h</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def choose(many: Sequence[Series], base: float, floor: float) -> None:
    """Print what each figure would give on the first halves: learned on their first halves, scored on their second."""
    halves = [series.first_half() for series in many]
    tries: list[tuple[str, ModuleType, str, object]] = [
        ("as it is", adaptive_module, "LONGEST", adaptive_module.LONGEST)
    ]
    tries += [(f"LONGEST {value}", adaptive_module, "LONGEST", value) for value in (1.25, 1.75, 2.0, 3.0)]
    tries += [(f"MEMORY {days} days", rhythm_module, "MEMORY", timedelta(days=days)) for days in (30, 90, 180)]
    tries += [(f"PRIOR_HOURS {value}", rhythm_module, "PRIOR_HOURS", value) for value in (4.0, 24.0)]
    tries += [(f"PRIOR_WEEKDAYS {value}", rhythm_module, "PRIOR_WEEKDAYS", value) for value in (3.0, 14.0)]
    print("| figure | mean, times fixed | p95, times fixed |\n|---|---|---|")
    for name, module, figure, value in tries:
        with changed(module, figure, value):
            print_try(name, halves, base, floor)


@contextmanager
def changed(module: ModuleType, figure: str, value: object) -> Iterator[None]:
    before = getattr(module, figure)
    setattr(module, figure, value)
    try:
        yield
    finally:
        setattr(module, figure, before)


def print_try(name: str, many: Sequence[Series], base: float, floor: float) -> None:
    every = starts(many, base, PHASES)
    at_fixed = score(every, fixed(base), 1.0, floor)
    way = by_rhythm(adaptive(base, norm_of([start.learned for start in every], timedelta(seconds=base))))
    ours, theirs = summary(tuned(every, way, total(at_fixed), floor)), summary(at_fixed)
    print(f"| {name} | {ours.mean / theirs.mean:.3f} | {ours.p95 / theirs.p95:.3f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the two files of times")
    parser.add_argument("--base", type=float, default=4.0, help="hours between two polls of the fixed way")
    parser.add_argument("--floor", type=float, default=1.0, help="fewest hours between two polls, whatever the way")
    parser.add_argument("--plot", action="store_true", help=f"write {PLOT.name} beside this script")
    parser.add_argument("--choose", action="store_true", help="only show what the figures were chosen by")
    asked = parser.parse_args()
    if not (asked.data / "olshansk-first-seen.jsonl").exists():
        print(f"{asked.data} has no timelines: name the folder that holds them with --data.", file=sys.stderr)
        return 1
    many, base, floor = read_series(asked.data), asked.base * HOUR, asked.floor * HOUR
    if asked.choose:
        choose(many, base, floor)
        return 0
    print(f"{len(many)} feeds, base {asked.base:g} h, floor {asked.floor:g} h; hours of delay per arrival\n")
    results = compare(many, base, floor, PHASES)
    print_table(results)
    if "adaptive" not in results:
        return 0
    print()
    print_differences(results)
    if asked.plot:
        PLOT.write_text(plot(results, base))
    print(f"\nOverflow of {len(captured := read_captured(asked.data))} captured windows in {OVERFLOW_DAYS} days\n")
    print_overflow(captured, floor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
