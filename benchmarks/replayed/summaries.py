"""What replays come to: delays, their differences, and a plot."""

from __future__ import annotations

import math
import random
import statistics
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from replayed.series import HOUR, Replay, total

RESAMPLES = 2000


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
