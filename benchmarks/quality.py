"""How good the classifier is on labelled items: precision, recall and F1 with 95 % Wilson intervals.

    python benchmarks/quality.py [GOLD.jsonl …]

It reads tests/gold and prints the half that the rules were tuned on first and the other half apart, then each file
named. Only a file that nobody tuned on says how good the classifier is on news to come.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.classify.evaluate import Evaluation, GoldItem, evaluate, gold_item
from monitor.classify.judge import Judge
from monitor.domain.figures import Confusion, Share
from monitor.watchlists.loader import load

GOLD = Path(__file__).parents[1] / "tests" / "gold"
UNSCORED = frozenset({"new-delhi", "tokyo"})
"""Capitals stand for their governments as often as for themselves; the labels leave them open."""


def read(paths: Iterable[Path]) -> list[list[GoldItem]]:
    """The items of each file, in order."""
    return [[gold_item(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line] for path in paths]


def lines(evaluation: Evaluation) -> Iterator[str]:
    """The figures as text."""
    relevance = evaluation.relevance
    yield f"items {evaluation.items}"
    yield from _confusion("relevance", relevance)
    for language, confusion in evaluation.by_language.items():
        yield f"  {language:8} F1 {_number(confusion.f1)}  of {confusion.recall.total} relevant"
    yield f"hard negatives accepted  {_share(evaluation.hard_accepted)}"
    yield f"hard negatives to review {_share(evaluation.hard_reviewed)}"
    yield f"positives to review      {_share(evaluation.missed_to_review)}"
    for category, share in evaluation.by_category.items():
        if share.hits:
            yield f"  accepted of {category}: {_share(share)}"
    yield from _confusion("entities", evaluation.entities)
    yield from (f"  wrong: {item} {decision}" for item, decision in evaluation.errors)


def _confusion(name: str, confusion: Confusion) -> Iterator[str]:
    yield f"{name:9} precision {_share(confusion.precision)}"
    yield f"{name:9} recall    {_share(confusion.recall)}"
    yield f"{name:9} F1        {_number(confusion.f1)}"


def _share(share: Share) -> str:
    if share.interval is None:
        return "-"
    low, high = share.interval
    return f"{_number(share.value)} ({low:.3f}-{high:.3f}) {share.hits} of {share.total}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main(arguments: list[str]) -> None:
    """Print the figures of both halves of the project's own items, and those of each further file."""
    judge = Judge(load("india_japan"))
    files = read(sorted(GOLD.glob("dev-*.jsonl")))
    groups = {
        "tuned on (even lines)": [item for items in files for item in items[::2]],
        "tuned on later (odd lines)": [item for items in files for item in items[1::2]],
    }
    extra = list(map(Path, arguments))
    groups |= {path.name: items for path, items in zip(extra, read(extra), strict=True)}
    for title, items in groups.items():
        print(f"== {title}")
        print("\n".join(lines(evaluate(judge, items, UNSCORED))))


if __name__ == "__main__":
    main(sys.argv[1:])
