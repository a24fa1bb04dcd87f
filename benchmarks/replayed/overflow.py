"""What scrolls out of feeds' documents between two polls, unseen."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from replayed.series import HOUR

from monitor.domain.rhythm import Rhythm
from monitor.schedule.adaptive import adaptive_interval, norm_of


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
        # Up to the floor the daemon polls each feed as often as any (`schedule.polling.interval_of`).
        norm = norm_of(known, timedelta(hours=hours)) if hours * HOUR > floor else None
        for used in (None, norm):
            counts = [overflow(one, hours * HOUR, floor, used) for one in captured]
            lost = [lost for lost, _ in counts]
            cells += [sum(map(bool, lost)), sum(lost), sum(requests for _, requests in counts)]
        print(f"| {hours} h | " + " | ".join(map(str, cells)) + " |")
