"""How fast the whole judgement is, beside a spaCy PhraseMatcher that only finds the same names in the same run.

    python benchmarks/speed.py [--articles N]

A judgement gives decision, senses, offices and receipt; the matcher gives spans. The articles are a stream as a desk
sees it: 95 % to reject, 3 % for review, 2 % to accept. What is accepted or reviewed comes from tests/gold. What is
rejected comes from `bench/stories-dev.jsonl` of the tests' material (tests/support/material.py), three headlines an
article, or else from sentences made up here. Both run over the same articles in turns; each figure is the median of
the turns, so that a busy machine hurts both alike. Load time and memory of the watchlist are measured in a process of
their own.

Prints a table, then the same as one line of JSON. spaCy is needed by this script alone: without it only our own figures
are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision
from monitor.domain.watchlist import Watchlist
from monitor.watchlists.loader import built_in, load
from tests.support.material import FOLDER

ROOT = Path(__file__).resolve().parent.parent
MIX = {Decision.REJECT: 0.95, Decision.REVIEW: 0.03, Decision.ACCEPT: 0.02}
TURNS = 7
LOAD_TURNS = 5
STATM = Path("/proc/self/statm")
DAY = datetime(2025, 5, 4, tzinfo=UTC)
SUBJECTS = (
    "The council",
    "A court in Leeds",
    "The central bank",
    "The home side",
    "A team of biologists",
    "The ministry",
)
DEEDS = (
    "approved a plan for",
    "was surprised by",
    "put off a decision on",
    "found new evidence about",
    "won praise for",
)
MATTERS = (
    "the harbour road",
    "school meals",
    "interest rates",
    "the cup final",
    "river dolphins",
    "train fares in Peru",
)


def articles(judge: Judge, count: int) -> list[Article]:
    """The stream, shuffled; each article is of its kind by the judge's own decision."""
    kinds = shelves(judge, count)
    stream = [
        article for decision, share in MIX.items() for article in islice(cycle(kinds[decision]), round(share * count))
    ]
    random.Random(1).shuffle(stream)
    return stream


def shelves(judge: Judge, count: int) -> dict[Decision, list[Article]]:
    """Articles by the judge's decision: labelled ones, and of other matters (`count` or fewer) what it rejects."""
    kinds: dict[Decision, list[Article]] = {decision: [] for decision in Decision}
    for article in _labelled():
        kinds[judge.judge(article).decision].append(article)
    kinds[Decision.REJECT] = [one for one in _others(count) if judge.judge(one).decision is Decision.REJECT]
    return kinds


def _labelled() -> Iterator[Article]:
    for path in sorted((ROOT / "tests" / "gold").glob("*.jsonl")):
        for row in map(json.loads, path.read_bytes().splitlines()):
            published = datetime.fromisoformat(row["published"])
            yield Article(row["title"], row["summary"], row["lang"], published, published)


def _others(count: int) -> list[Article]:
    headlines = FOLDER / "bench" / "stories-dev.jsonl"
    if headlines.is_file():
        titles = [json.loads(line)["title"] for line in headlines.read_bytes().splitlines()]
        triples = zip(titles, titles[1:], titles[2:], strict=False)
        return [Article(title, f"{second}. {third}.", "en", DAY, DAY) for title, second, third in triples]
    chance = random.Random(2)

    def sentence() -> str:
        return " ".join(map(chance.choice, (SUBJECTS, DEEDS, MATTERS)))

    return [Article(sentence(), f"{sentence()}. {sentence()}.", "en", DAY, DAY) for _ in range(count)]


def phrase_matcher(watchlist: Watchlist) -> Callable[[Article], object] | None:
    """The matcher of spaCy over every name of every entity, case ignored; None where spaCy is not installed."""
    try:
        import spacy  # noqa: PLC0415, the script works without it
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415
    except ImportError:
        return None
    language = spacy.blank("xx")
    matcher = PhraseMatcher(language.vocab, attr="LOWER")
    for entity in watchlist.entities.values():
        matcher.add(entity.id, [language.make_doc(alias.text) for alias in entity.aliases])
    return lambda article: matcher(language.make_doc(f"{article.title}\n{article.summary}"))


def rates(stream: Sequence[Article], works: dict[str, Callable[[Article], object]]) -> dict[str, float]:
    """Articles a second of each, the median of `TURNS` interleaved turns."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(TURNS):
        for name, work in works.items():
            began = time.perf_counter()
            for article in stream:
                work(article)
            seconds[name].append(time.perf_counter() - began)
    return {name: len(stream) / statistics.median(taken) for name, taken in seconds.items()}


def load_cost() -> tuple[float, float, float]:
    """Seconds to load the watchlist, seconds to build its judge, and MB both add, in a new process: medians."""
    runs = [
        json.loads(subprocess.run([sys.executable, __file__, "--child"], capture_output=True, check=True).stdout)  # noqa: S603
        for _ in range(LOAD_TURNS)
    ]
    loading, building, megabytes = (statistics.median(run[column] for run in runs) for column in range(3))
    return loading, building, megabytes


def _child() -> None:
    before, began = _megabytes(), time.perf_counter()
    watchlist = load(built_in()[0])
    loaded = time.perf_counter()
    judge = Judge(watchlist)
    built = time.perf_counter()
    judge.judge(Article("a", "b", "en", DAY, DAY))
    print(json.dumps([loaded - began, built - loaded, _megabytes() - before]))


def _megabytes() -> float:
    """What this process holds now; 0 on a system without /proc.

    The peak that `resource` tells would count what the parent held when it forked.
    """
    if not STATM.is_file():
        return 0.0
    pages = int(STATM.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000, help="length of the stream")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        _child()
        return
    watchlist = load(built_in()[0])
    judge, matcher = Judge(watchlist), phrase_matcher(watchlist)
    stream = articles(judge, chosen.articles)
    works: dict[str, Callable[[Article], object]] = {"judgement": judge.judge}
    found = rates(stream, works if matcher is None else works | {"phrase matcher": matcher})
    loading, building, megabytes = load_cost()
    figures: dict[str, object] = {
        "python": platform.python_version(),
        "articles": len(stream),
        "names": sum(len(entity.aliases) for entity in watchlist.entities.values()),
        "judgements per s": round(found["judgement"]),
        "watchlist loaded in s": round(loading, 3),
        "judge built in s": round(building, 3),
        "memory of both in MB": round(megabytes, 1),
    }
    if matcher is not None:
        figures["spaCy PhraseMatcher per s"] = round(found["phrase matcher"])
        figures["judgement / PhraseMatcher"] = round(found["judgement"] / found["phrase matcher"], 2)
    for name, figure in figures.items():
        print(f"{name:28}{figure}")
    if matcher is None:
        print("spaCy is not installed, so there is nothing to compare with: install it with pip install spacy.")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
