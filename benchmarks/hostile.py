"""Fifty honest feeds, alone and beside twenty hostile ones: how long from due to commit.

Both cases take turns in one process; each has its own database and its own children. Prints the 95th percentile of the
honest feeds' delays at their first poll and at their second. What takes part is told in tests/support/isolation.py.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.logs import configure
from tests.support.isolation import HONEST, HOSTILE, delays

REPEATS = 3
ALLOWED_RISE = (0.10, 1.0)
"""Share and seconds, of which the larger holds."""


def measure(repeats: int = REPEATS) -> tuple[list[list[float]], list[list[float]]]:
    """The percentiles alone and beside the hostile feeds, one pair (first poll, second poll) per repeat."""
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    for _ in range(repeats):
        for kept, hostile in ((alone, False), (beside, True)):
            with tempfile.TemporaryDirectory() as folder:
                kept.append(asyncio.run(delays(Path(folder), hostile=hostile)))
    return alone, beside


def main() -> None:
    """Print both cases and the difference."""
    configure("error", "console")
    alone, beside = measure()
    print(f"p95 from due to commit of {HONEST} honest feeds, {REPEATS} repeats, median (all)")
    for place, poll in enumerate(("first poll", "second poll")):
        before, after = median(one[place] for one in alone), median(one[place] for one in beside)
        allowed = max(ALLOWED_RISE[0] * before, ALLOWED_RISE[1])
        shown = [" ".join(f"{one[place]:.2f}" for one in kept) for kept in (alone, beside)]
        print(
            f"{poll:12} alone {before:.2f} s ({shown[0]})   beside {HOSTILE} hostile {after:.2f} s ({shown[1]})   "
            f"rise {after - before:+.2f} s, allowed {allowed:.2f} s"
        )


if __name__ == "__main__":
    main()
