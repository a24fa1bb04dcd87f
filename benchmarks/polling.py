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
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[1]))

from replayed.overflow import OVERFLOW_DAYS, print_overflow, read_captured
from replayed.series import HOUR, Replay, Series, read_series, score, starts, total, tuned
from replayed.summaries import interval_by_feed, plot, summary
from replayed.ways import MINIFLUX_MAX, adaptive, by_rhythm, fixed, miniflux, one_over_rate

from monitor.domain import rhythm as rhythm_module
from monitor.schedule import adaptive as adaptive_module
from monitor.schedule.adaptive import LONGEST, norm_of
from tests.support.material import FOLDER

PLOT = Path(__file__).with_name("polling.svg")
PHASES = 8
"""Replays of each feed, begun at other moments of the first interval: where the polls fall is luck."""


def compare(many: Sequence[Series], base: float, floor: float, phases: int) -> dict[str, dict[str, Replay]]:
    """Each way's score at the requests that polling each `base` makes, and ours as the product scales it by itself."""
    every = starts(many, base, phases)
    norm = norm_of([start.learned for start in every], timedelta(seconds=base))
    at_fixed = score(every, fixed(base), 1.0, floor)
    budget = total(at_fixed)
    ours = adaptive(base, norm)
    if floor >= base:  # no other way can spend as much, and the daemon does not try
        return {"fixed interval": at_fixed}
    return {
        "fixed interval": at_fixed,
        "Miniflux, weekly count": tuned(every, miniflux(MINIFLUX_MAX), budget, floor),
        "Miniflux with our maximum": tuned(every, miniflux(LONGEST * base), budget, floor),
        "one over the rate, long memory": tuned(every, by_rhythm(one_over_rate), budget, floor),
        "adaptive": tuned(every, by_rhythm(ours), budget, floor),
        "… no pattern of hours and days": tuned(every, by_rhythm(adaptive(base, norm, pattern=False)), budget, floor),
        "… nothing learned while scored": tuned(every, by_rhythm(ours, update=False), budget, floor),
        "… as scaled by norm_of alone": score(every, by_rhythm(ours), 1.0, floor),
    }


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
    parser.add_argument("--data", type=Path, default=FOLDER / "feeds" / "timelines", help="folder of the two files")
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
    print()
    if "adaptive" in results:
        print_differences(results)
    else:
        print("No feed may be polled oftener than this, so that the daemon polls each as often.")
    if asked.plot and "adaptive" in results:
        PLOT.write_text(plot(results, base))
    print(f"\nOverflow of {len(captured := read_captured(asked.data))} captured windows in {OVERFLOW_DAYS} days\n")
    print_overflow(captured, floor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
