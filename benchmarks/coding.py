"""Event coding on labelled items; grouping has a script of its own, grouping.py.

    python benchmarks/coding.py [GOLD.jsonl …]

Prints for each file the share of right slots and what coding costs beside judging the same articles, and then every
error. Without arguments it takes all labelled files here. The rules were tuned on all of them: no figure is blind.
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
GOLD = (*sorted((ROOT / "tests" / "gold").glob("*.jsonl")), *sorted((ROOT / "benchmarks").glob("held_out_*.jsonl")))

Row = Mapping[str, object]


def main(paths: Sequence[str]) -> None:
    """Print every figure."""
    watchlist = load("india_japan")
    judge, coder = Judge(watchlist), Coder(watchlist)
    for path in map(Path, paths) if paths else GOLD:
        rows = [row for row in _rows(path) if row["relevant"]]
        if rows:
            _print(path.stem, rows, judge, coder)


def _print(name: str, rows: Sequence[Row], judge: Judge, coder: Coder) -> None:
    articles = [_article(row) for row in rows]
    began = time.process_time()
    judgements = [judge.judge(article) for article in articles]
    judged = time.process_time()
    codings = [coder.code(article, judgement) for article, judgement in zip(articles, judgements, strict=True)]
    cost = (time.process_time() - judged) / (judged - began)
    pairs = [(_gold(row), coding) for row, coding in zip(rows, codings, strict=True)]
    _print_slots(name, pairs)
    print(f"{'':18} coding costs {cost:.1f} times judging")
    _print_errors(rows, pairs)


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
