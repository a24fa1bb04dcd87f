"""How often the classifier stops at news that have nothing to do with the relation, and at what.

    python benchmarks/wild.py [FOLDER]

FOLDER is a collection of real news: `bench/stories-dev.jsonl` with one headline a line, and feeds as they were served
anywhere below `feeds`. Without it the material of the tests (tests/support/material.py). Prints every item that is
accepted or sent to review, then both shares per 1,000. The aims are at most 1 accepted and 5 to review.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.classify.judge import Judge
from monitor.domain.feed import Fetched, ParsedFeed, Validators
from monitor.domain.item import Article
from monitor.domain.judgement import Decision
from monitor.parse.document import parse_document
from monitor.watchlists.loader import load
from tests.support.material import FOLDER

UNDATED = datetime(2014, 3, 10, tzinfo=UTC)
"""The day the headlines are of; entries without a date are read as of it."""

LARGEST = 4_000_000
"""Bytes from which a file is a test of parsers and no feed that anybody serves."""


def headlines(folder: Path) -> Iterator[Article]:
    """The headlines of the collection; none where it is absent."""
    path = folder / "bench" / "stories-dev.jsonl"
    for line in path.read_text("utf-8").split("\n") if path.is_file() else ():
        if line:
            yield Article(json.loads(line)["title"], "", "en", UNDATED, UNDATED)


def entries(folder: Path) -> Iterator[Article]:
    """The entries of every feed below the folder, those that say the same only once."""
    seen: set[tuple[str, str]] = set()
    for path in sorted((folder / "feeds").rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        parsed = parse_document(Fetched("https://example.org/", path.read_bytes(), None, None, Validators()))
        if not isinstance(parsed, ParsedFeed):
            continue
        for entry in parsed.entries:
            if (entry.title, entry.summary) not in seen:
                seen.add((entry.title, entry.summary))
                day = entry.published or UNDATED
                yield Article(entry.title, entry.summary, entry.language or parsed.language, day, day)


def report(judge: Judge, name: str, articles: Iterable[Article]) -> None:
    """Print what was stopped at, and how often that was."""
    decisions: Counter[Decision] = Counter()
    for article in articles:
        judgement = judge.judge(article)
        decisions[judgement.decision] += 1
        if judgement.decision is not Decision.REJECT:
            print(f"{judgement.decision} {judgement.score} {article.day} {article.title[:150]!r}")
    total = decisions.total()
    for decision in (Decision.ACCEPT, Decision.REVIEW):
        rate = 1000 * decisions[decision] / (total or 1)
        print(f"{name}: {decision} {decisions[decision]} of {total}, {rate:.2f} per 1,000")


def main(arguments: list[str]) -> None:
    """Print the figures of headlines and of feeds, or say that the folder is absent."""
    folder = Path(arguments[0]) if arguments else FOLDER
    if not (folder / "bench").is_dir() and not (folder / "feeds").is_dir():
        print("The collection of real news is not here; name the folder that holds it.")
        return
    judge = Judge(load("india_japan"))
    report(judge, "headlines", headlines(folder))
    report(judge, "feeds", entries(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
