"""Event coding and story grouping on labelled items, and grouping of headlines of any subject.

    python benchmarks/coding.py [GOLD.jsonl …]

Without arguments it takes the labelled positives in tests/gold and prints the slots for items of even index (their
errors guided the rules) and of odd index (their errors did not, but some of these items were read and their figures
watched, so they are no blind test), then BCubed over all, on which grouping was tuned. Where `stories-dev.jsonl` lies
in the folder `bench` of TEST_MATERIAL or of `../shared`, also BCubed on its 3,183 headlines. Plain online TF-IDF
reaches 0.78 to 0.83 on the later half of that collection, so the figures are not to be compared directly.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, EventType
from monitor.domain.item import Article
from monitor.domain.judgement import Judgement
from monitor.domain.story import Report
from monitor.events.code import Coder
from monitor.events.evaluate import GoldEvent, checks, gold_event, score
from monitor.stories.evaluate import BCubed, bcubed
from monitor.stories.group import group
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
    reports = list(map(_report, rows, articles, judgements, codings))
    _print_groups("labelled (tuned)", rows, reports)
    headlines = _shared() / "stories-dev.jsonl"
    if headlines.is_file():
        others = _rows(headlines)
        _print_groups("headlines (tuned)", others, [_headline(row) for row in others])


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _shared() -> Path:
    return Path(os.environ.get("TEST_MATERIAL", ROOT.parent / "shared")) / "bench"


def _article(row: Row) -> Article:
    published = datetime.fromisoformat(str(row["published"]))
    return Article(str(row["title"]), str(row["summary"]), str(row["lang"]), published, published)


def _gold(row: Row) -> GoldEvent:
    event = row["event"]
    return gold_event(event if isinstance(event, Mapping) else {})


def _report(row: Row, article: Article, judgement: Judgement, coding: Coding) -> Report:
    return Report(
        key=str(row["id"]),
        title=article.title,
        summary=article.summary,
        time=article.time,
        entities=frozenset(judgement.entities),
        coding=coding,
        language=judgement.language,
    )


def _headline(row: Row) -> Report:
    article = _article(row)
    coding = Coding(EventType.OTHER)
    return Report(str(row["id"]), article.title, article.summary, article.time, frozenset(), coding, str(row["lang"]))


def _print_slots(name: str, pairs: Iterable[tuple[GoldEvent, Coding]]) -> None:
    figures = (f"{slot} {share.value or 0:.3f} ({share.total})" for slot, share in score(pairs).items())
    print(f"{name:18}", "  ".join(figures))


def _print_errors(rows: Sequence[Row], pairs: Sequence[tuple[GoldEvent, Coding]]) -> None:
    for row, (gold, coding) in zip(rows, pairs, strict=True):
        for slot, right in checks(gold, coding).items():
            if not right:
                print(f"  {row['id']}: {slot} {getattr(coding, slot, coding.start)} – {row['title']}")


def _print_groups(name: str, rows: Sequence[Row], reports: Sequence[Report]) -> None:
    began = time.perf_counter()
    groups = group(reports)
    rate = len(reports) / (time.perf_counter() - began)
    result = _bcubed(rows, {key: str(number) for number, found in enumerate(groups) for key in found.keys})
    print(
        f"{name:18} BCubed precision {result.precision:.3f}  recall {result.recall:.3f}  F1 {result.f1:.3f}"
        f"  {len(groups)} groups of {len(reports)}  {rate:.0f}/s"
    )


def _bcubed(rows: Sequence[Row], groups: Mapping[str, str]) -> BCubed:
    return bcubed({str(row["id"]): str(row["story"] or f"alone {row['id']}") for row in rows}, groups)


if __name__ == "__main__":
    main(sys.argv[1:])
