"""How the polling looks to publishers: weeks of it, every request judged.

    python benchmarks/politeness.py [--days N]

Publishers on loopback (tests/support/scoring_server.py) judge each request of the real application by Rachel Kroll's
feed reader score, by what Earth Notes and Open RSS ask of readers, and by what this program promises. The clock is
simulated; HTTP, SQLite and parser children are real. The application is stopped and started again in mid-run, and once
the network is dead for three hours. Prints a table, then the faults, if any; exit code 1 when there are some.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.scoring import Score
from tests.support.simulated_weeks import Weeks

SHOWN = 5
"""Faults told of each criterion."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=21)
    days = parser.parse_args().days
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        score = asyncio.run(weeks(Path(folder), days))
    show(score)
    print(f"\n{days} days in {time.perf_counter() - started:.0f} s")
    return 1 if any(score.faults.values()) else 0


async def weeks(folder: Path, days: int) -> Score:
    restarts = [timedelta(days=days * part) + timedelta(minutes=7) for part in (0.3, 0.55, 0.8)]
    outage = timedelta(days=days * 0.45), timedelta(hours=3)
    return await Weeks(folder, timedelta(days=days)).run(restarts, [outage])


def show(score: Score) -> None:
    width = max(len(criterion) for criterion, _, _ in score.rows())
    print(f"{'criterion':<{width}}  judged  faults")
    for criterion, judged, faults in score.rows():
        print(f"{criterion:<{width}}  {judged:>6}  {faults:>6}")
    for criterion, told in score.faults.items():
        for fault in told[:SHOWN]:
            print(f"\n{criterion}\n  {fault}")


if __name__ == "__main__":
    sys.exit(main())
