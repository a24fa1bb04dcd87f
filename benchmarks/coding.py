"""Event coding on labelled items; grouping has a script of its own, grouping.py.

    python benchmarks/coding.py [GOLD.jsonl …]

Without arguments it takes the labelled positives in tests/gold and prints the slots for items of even index (their
errors guided the rules) and of odd index (their errors did not, but some of these items were read and their figures
watched, so they are no blind test).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from monitor.classify.judge import Judge
from monitor.domain.event import Coding
from monitor.domain.item import Article
from monitor.events.code import Coder
from monitor.events.evaluate import GoldEvent, checks, gold_event, score
from monitor.watchlists.loader import load

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold" / "dev-positives.jsonl"

Row = Mapping[str, object]


def main(paths: Sequence[str]) -> None:
    """Print every figure."""
    watchlist = load("india_japan")
    rows = [row for path in paths or [str(GOLD)] for row in _rows(Path(path)) if row["relevant"]]
    judge, coder = Judge(watchlist), Coder(watchlist)
    articles = [_article(row) for row in rows]
    judgements = [judge.judge(article) for article in articles]
    began = time.perf_counter()
    codings = [coder.code(article, judgement) for article, judgement in zip(articles, judgements, strict=True)]
    print(f"coded {len(rows) / (time.perf_counter() - began):.0f} articles/s")
    pairs = [(_gold(row), coding) for row, coding in zip(rows, codings, strict=True)]
    _print_slots("even (tuned)", pairs[::2])
    _print_slots("odd (not blind)", pairs[1::2])
    _print_errors(rows[::2], pairs[::2])


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _article(row: Row) -> Article:
    published = datetime.fromisoformat(str(row["published"]))
    return Article(str(row["title"]), str(row["summary"]), str(row["lang"]), published, published)


def _gold(row: Row) -> GoldEvent:
    event = row["event"]
    return gold_event(event if isinstance(event, Mapping) else {})


def _print_slots(name: str, pairs: Iterable[tuple[GoldEvent, Coding]]) -> None:
    figures = (f"{slot} {share.value or 0:.3f} ({share.total})" for slot, share in score(pairs).items())
    print(f"{name:18}", "  ".join(figures))


def _print_errors(rows: Sequence[Row], pairs: Sequence[tuple[GoldEvent, Coding]]) -> None:
    for row, (gold, coding) in zip(rows, pairs, strict=True):
        for slot, right in checks(gold, coding).items():
            if not right:
                print(f"  {row['id']}: {slot} {getattr(coding, slot, coding.start)} – {row['title']}")


if __name__ == "__main__":
    main(sys.argv[1:])
