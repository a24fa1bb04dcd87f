"""Story grouping: labelled items as `monitor classify` groups them, headlines of any subject as `monitor group` does.

    python benchmarks/grouping.py [--errors] [GOLD.jsonl …]

Without arguments it takes the labelled items in tests/gold, each file by itself, and each `held_out_*.jsonl` beside it.
Then, where the tests' material (tests/support/material.py) has it, `bench/stories-dev.jsonl`: the earlier 60 % in
time, on which grouping was tuned, the later 40 %, and all. Last the speed on lines that are all alike, which must grow
with their number and not with its square.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, EventType
from monitor.domain.item import Article
from monitor.domain.story import Report
from monitor.events.code import Coder
from monitor.pipeline.offline import Assessed, accepted_only, assess, assess_any, number_any, number_stories
from monitor.stories.evaluate import bcubed
from monitor.stories.group import group_any
from monitor.watchlists.loader import load
from tests.support.material import FOLDER

ROOT = Path(__file__).resolve().parent.parent
TUNED_SHARE = 0.6
SIZES = (5_000, 20_000)

Row = Mapping[str, object]


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--errors", action="store_true", help="also print the groups that are not one whole story")
    arguments = parser.parse_args()
    watchlist = load("india_japan")
    judge, coder = Judge(watchlist), Coder(watchlist)
    labelled = arguments.gold or [
        *sorted((ROOT / "tests" / "gold").glob("*.jsonl")),
        *sorted((ROOT / "benchmarks").glob("held_out_*.jsonl")),
    ]
    for path in labelled:
        rows = _rows(path)
        if any(row["relevant"] for row in rows):
            assessed = [assess(_article(row), judge, coder) for row in rows]
            accepted = [*accepted_only(assessed)]
            stories, groups = _score(path.stem, rows, accepted)
            if arguments.errors:
                _print_errors(rows, accepted, stories, groups)
    headlines = FOLDER / "bench" / "stories-dev.jsonl"
    if not arguments.gold and headlines.is_file():
        rows = _rows(headlines)
        assessed = [assess_any(_article(row), judge, coder) for row in rows]
        cut = int(len(rows) * TUNED_SHARE)
        for name, part in (("earlier (tuned)", slice(cut)), ("later", slice(cut, None)), ("all", slice(None))):
            _score(f"headlines, {name}", rows[part], assessed[part], any_subject=True)
    if not arguments.gold:
        for size in SIZES:
            _time_alike(size)


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _article(row: Row) -> Article:
    published = datetime.fromisoformat(str(row["published"]))
    return Article(str(row["title"]), str(row["summary"]), str(row["lang"]), published, published)


def _score(
    name: str, rows: Sequence[Row], assessed: Sequence[Assessed | None], *, any_subject: bool = False
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Print the figures of one set; returns the true story and the group of each item."""
    began = time.perf_counter()
    numbers, found = (number_any if any_subject else number_stories)(assessed)
    rate = len(rows) / (time.perf_counter() - began)
    groups = {str(place): str(number) for place, number in enumerate(numbers) if number is not None}
    stories = {str(place): str(row["story"] or f"alone {place}") for place, row in enumerate(rows) if row["relevant"]}
    result = bcubed(stories, groups)
    print(
        f"{name:28} BCubed precision {result.precision:.3f}  recall {result.recall:.3f}  F1 {result.f1:.3f}"
        f"  {len(found)} groups of {len(groups)}  {rate:.0f}/s"
    )
    return stories, groups


def _print_errors(
    rows: Sequence[Row],
    assessed: Sequence[Assessed | None],
    stories: Mapping[str, str],
    groups: Mapping[str, str],
) -> None:
    """The stories that are spread over groups or share one, with what grouping knew of each item."""
    members = defaultdict(set)
    for place, number in groups.items():
        members[number].add(stories.get(place, "not relevant"))
    spread = defaultdict(set)
    for place, story in stories.items():
        spread[story].add(groups.get(place, f"missed {place}"))
    wrong = {
        story for story, numbers in spread.items() if len(numbers) > 1 or any(len(members[n]) > 1 for n in numbers)
    }
    order = sorted((p for p in stories if stories[p] in wrong), key=lambda p: (stories[p], groups.get(p, "")))
    order += sorted(p for p in groups if p not in stories and len(members[groups[p]]) > 1)
    for place in order:
        one, row = assessed[int(place)], rows[int(place)]
        told = _told(one.coding) if one and one.coding else "not coded"
        home = f"{stories.get(place, 'not relevant'):34} group {groups.get(place, 'none'):>4}"
        print(f"  {home} {str(row['published'])[:10]} {told} | {row['title']} | {row['id']}")


def _told(coding: Coding) -> str:
    days = f"{coding.stated_start} ({coding.start}) to {coding.end}"
    return f"{coding.type}/{coding.stage} {days} {coding.place} [{coding.series}] {','.join(coding.participants)}"


def _time_alike(size: int) -> None:
    """Headlines made of a few words that hundreds share and some that few do: the worst case for an index of words."""
    random, noon = Random(size), datetime(2025, 5, 5, 12, tzinfo=UTC)
    lines = [[*random.sample(range(60), 6), *(random.randrange(60, 6_000) for _ in range(3))] for _ in range(size)]
    reports = [
        Report(
            key=str(n),
            title=" ".join(f"word{word}" for word in line),
            summary="",
            time=noon + timedelta(seconds=n),
            entities=frozenset(),
            coding=Coding(EventType.OTHER),
            language="en",
        )
        for n, line in enumerate(lines)
    ]
    began = time.perf_counter()
    groups = group_any(reports)
    print(f"{size} lines alike: {len(groups)} groups, {size / (time.perf_counter() - began):.0f}/s")


if __name__ == "__main__":
    main()
