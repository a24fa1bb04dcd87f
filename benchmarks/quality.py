"""How good the classifier is on labelled items: precision, recall and F1 with 95 % Wilson intervals.

    python benchmarks/quality.py [GOLD.jsonl …]

It prints the figures of each file of tests/gold, all of which were tuned on, then of those named, else of
benchmarks/held_out.jsonl. Only items that nobody tuned on say how good the classifier is on news to come.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from monitor.classify.evaluate import Evaluation, GoldItem, evaluate, gold_item
from monitor.classify.judge import Judge
from monitor.domain.figures import Confusion, Share
from monitor.watchlists.loader import load

GOLD = Path(__file__).parents[1] / "tests" / "gold"
HELD_OUT = Path(__file__).with_name("held_out.jsonl")
UNSCORED = frozenset({"new-delhi", "tokyo"})
"""Capitals stand for their governments as often as for themselves; the labels leave them open."""


def read(path: Path) -> list[GoldItem]:
    """The items of a file, in order."""
    return [gold_item(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]


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
    """Print the figures of the project's own items, and those of each further file."""
    judge = Judge(load("india_japan"))
    tuned = {f"tuned on: {path.name}": path for path in sorted(GOLD.glob("*.jsonl"))}
    held = {path.name: path for path in map(Path, arguments)} or {"held out": HELD_OUT}
    for title, path in (tuned | held).items():
        print(f"== {title}")
        print("\n".join(lines(evaluate(judge, read(path), UNSCORED))))


if __name__ == "__main__":
    main(sys.argv[1:])
