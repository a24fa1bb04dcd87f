"""How good the classifier is on labelled items: precision, recall and F1 with 95 % Wilson intervals.

    python benchmarks/quality.py [GOLD.jsonl …]

It prints the figures of each file of tests/gold, all of which were tuned on, then of those named, else of
benchmarks/held_out_*.jsonl together. Only items that nobody tuned on say how good the classifier is on news to come.

The writers of the held-out items could name the entities of held_out_entities.txt alone, half of what the watchlist
knows: others found there are neither right nor wrong. `monitor evaluate` counts them as wrong.
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
HELD_OUT = tuple(sorted(Path(__file__).parent.glob("held_out_*.jsonl")))
INVENTORY = Path(__file__).with_name("held_out_entities.txt")
UNSCORED = frozenset({"new-delhi", "tokyo"})
"""Capitals stand for their governments as often as for themselves; the labels leave them open."""


def read(*paths: Path) -> list[GoldItem]:
    """The items of these files, in order."""
    return [gold_item(json.loads(line)) for path in paths for line in path.read_text("utf-8").split("\n") if line]


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
    watchlist = load("india_japan")
    judge, unnamed = Judge(watchlist), watchlist.entities.keys() - set(INVENTORY.read_text("utf-8").split())
    tuned = {f"tuned on: {path.name}": (path,) for path in sorted(GOLD.glob("*.jsonl"))}
    held = {path.name: (path,) for path in map(Path, arguments)} or {"held out": HELD_OUT}
    for title, paths in (tuned | held).items():
        print(f"== {title}")
        unscored = UNSCORED | unnamed if paths == HELD_OUT else UNSCORED
        print("\n".join(lines(evaluate(judge, read(*paths), unscored))))


if __name__ == "__main__":
    main(sys.argv[1:])
