"""Story grouping: labelled items as `monitor classify` groups them, headlines of any subject as `monitor group` does.

    python benchmarks/grouping.py [--errors] [GOLD.jsonl …]

Without arguments it takes the labelled items in tests/gold, each file by itself, and `held_out.jsonl` beside it.
Then, where it lies in the folder `bench` of TEST_MATERIAL or of `../shared`, `stories-dev.jsonl`: the earlier 60 % in
time, on which grouping was tuned, the later 40 %, and all. Last the speed on lines that are all alike, which must grow
with their number and not with its square.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, EventType
from monitor.domain.item import Article
from monitor.domain.story import Report
from monitor.events.code import Coder
from monitor.pipeline.offline import Assessed, accepted_only, assess, assess_any, number_stories
from monitor.stories.evaluate import bcubed
from monitor.stories.group import group
from monitor.watchlists.loader import load

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
        ROOT / "benchmarks/held_out.jsonl",
    ]
    for path in labelled:
        rows = _rows(path)
        if any(row["relevant"] for row in rows):
            assessed = [assess(_article(row), judge, coder) for row in rows]
            _score(path.stem, rows, [*accepted_only(assessed)], errors=arguments.errors)
    headlines = Path(os.environ.get("TEST_MATERIAL", ROOT.parent / "shared")) / "bench" / "stories-dev.jsonl"
    if not arguments.gold and headlines.is_file():
        rows = _rows(headlines)
        assessed = [assess_any(_article(row), judge, coder) for row in rows]
        cut = int(len(rows) * TUNED_SHARE)
        for name, part in (("earlier (tuned)", slice(cut)), ("later", slice(cut, None)), ("all", slice(None))):
            _score(f"headlines, {name}", rows[part], assessed[part], errors=False)
    if not arguments.gold:
        for size in SIZES:
            _time_alike(size)


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _article(row: Row) -> Article:
    published = datetime.fromisoformat(str(row["published"]))
    return Article(str(row["title"]), str(row["summary"]), str(row["lang"]), published, published)


def _score(name: str, rows: Sequence[Row], assessed: Sequence[Assessed | None], *, errors: bool) -> None:
    began = time.perf_counter()
    numbers, found = number_stories(assessed)
    rate = len(rows) / (time.perf_counter() - began)
    groups = {str(place): str(number) for place, number in enumerate(numbers) if number is not None}
    stories = {str(place): str(row["story"] or f"alone {place}") for place, row in enumerate(rows) if row["relevant"]}
    result = bcubed(stories, groups)
    print(
        f"{name:28} BCubed precision {result.precision:.3f}  recall {result.recall:.3f}  F1 {result.f1:.3f}"
        f"  {len(found)} groups of {len(groups)}  {rate:.0f}/s"
    )
    if errors:
        _print_errors(rows, assessed, stories, groups)


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
        one = assessed[int(place)]
        coding = one.coding if one and one.coding else Coding(EventType.OTHER)
        row = rows[int(place)]
        print(
            f"  {stories.get(place, 'NOT RELEVANT'):34} group {groups.get(place, 'none'):>4} {str(row['published'])[:10]}"
            f" {coding.type}/{coding.stage} {coding.stated_start or (coding.start and f'({coding.start})')}..{coding.end}"
            f" {coding.place} [{coding.series}] {','.join(coding.participants)} | {row['title']} | {row['id']}"
        )


def _time_alike(size: int) -> None:
    """Headlines of one subject: all share most of their words."""
    noon = datetime(2025, 5, 5, 12, tzinfo=UTC)
    reports = [
        Report(
            key=str(n),
            title=f"Stocks fall as central bank official number {n % 997} hints at taper {n % 89} in week {n % 31}",
            summary="",
            time=noon + timedelta(seconds=n),
            entities=frozenset(),
            coding=Coding(EventType.OTHER),
            language="en",
        )
        for n in range(size)
    ]
    began = time.perf_counter()
    groups = group(reports)
    print(f"{size} lines alike: {len(groups)} groups, {size / (time.perf_counter() - began):.0f}/s")


if __name__ == "__main__":
    main()
