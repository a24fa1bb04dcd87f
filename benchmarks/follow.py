"""What follow costs (judging, coding, grouping, storing) beside judgement alone, and whether it grows with the store.

    python benchmarks/follow.py [--items N] [--stored N …]

A stream of N items is followed on SQLite: 95 % to reject, 3 % for review, 2 % to accept, the last all in one burst of
wire copies, each under another outlet's title. Two databases hold a few and many items of the same mix, spread over the
two years before; each turn copies each of them and follows the stream there. Figures are CPU time of this process in
medians of the turns, taken in turn, so that a busy machine hurts all alike.

Prints a table, then the same as one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from speed import shelves

from monitor.classify.judge import Judge
from monitor.domain.item import Article, ImportedItem
from monitor.domain.judgement import Decision
from monitor.events.code import Coder
from monitor.pipeline.follow import Follow
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore
from monitor.store.refresh import SqlRefreshStore
from monitor.watchlists.loader import built_in, load

NOW = datetime(2025, 5, 20, 12, tzinfo=UTC)
YEARS = timedelta(days=730)
TURNS = 3
MIX = {Decision.REJECT: 0.95, Decision.REVIEW: 0.03, Decision.ACCEPT: 0.02}
CHUNK = 2_000


def main() -> None:
    """Print every figure."""
    options = _options()
    watchlist = load(built_in()[0])
    judge, coder = Judge(watchlist), Coder(watchlist)
    kinds = shelves(judge, 5_000)
    stream = list(burst(kinds, options.items))
    seconds: dict[str, list[float]] = {"judgement": []} | {f"follow on {stored}": [] for stored in options.stored}
    with tempfile.TemporaryDirectory() as folder:
        bases = {stored: _base(Path(folder), stored, kinds, judge, coder) for stored in options.stored}
        for _ in range(TURNS):
            seconds["judgement"].append(_judging(judge, stream))
            for stored, base in bases.items():
                seconds[f"follow on {stored}"].append(_following(base, stream, judge, coder))
    _print({name: statistics.median(taken) for name, taken in seconds.items()}, options.items)


def spread(kinds: dict[Decision, list[Article]], count: int) -> Iterator[Article]:
    """Stored items: the mix, by turns, evenly over the two years before the stream."""
    per_kind = {kind: cycle(articles) for kind, articles in kinds.items()}
    order = [kind for kind, share in MIX.items() for _ in range(round(share * 100))]
    for number, kind in enumerate(islice(cycle(order), count)):
        at = NOW - YEARS * (count - number) / count - timedelta(days=1)
        yield _dated(next(per_kind[kind]), at, f" ({number})")


def burst(kinds: dict[Decision, list[Article]], count: int) -> Iterator[Article]:
    """The stream, kind by kind; what is accepted is one wire story under the titles of as many outlets."""
    story = next(article for article in kinds[Decision.ACCEPT] if article.summary)
    for kind, share in MIX.items():
        for number, article in enumerate(islice(cycle(kinds[kind]), round(share * count))):
            at = NOW + timedelta(seconds=number)
            if kind is Decision.ACCEPT:
                yield _dated(replace(story, title=f"{story.title} | Outlet {number}"), at, "")
            else:
                yield _dated(article, at, f" [{number}]")


def _dated(article: Article, at: datetime, mark: str) -> Article:
    return replace(article, title=article.title + mark, published=at, first_seen=at)


def _base(folder: Path, stored: int, kinds: dict[Decision, list[Article]], judge: Judge, coder: Coder) -> Path:
    path = folder / f"base-{stored}.db"
    database = _opened(path)
    _import(database, "base", list(spread(kinds, stored)))
    _follow(database, judge, coder)
    database.close()
    return path


def _following(base: Path, stream: Sequence[Article], judge: Judge, coder: Coder) -> float:
    copy = base.with_name("turn.db")
    shutil.copy(base, copy)
    database = _opened(copy)
    _import(database, "stream", stream)
    began = time.process_time()
    _follow(database, judge, coder)
    taken = time.process_time() - began
    database.close()
    for leftover in copy.parent.glob("turn.db*"):
        leftover.unlink()
    return taken


def _follow(database: Database, judge: Judge, coder: Coder) -> None:
    Follow(SqlFollowStore(database), judge, coder, lambda: NOW).run()


def _judging(judge: Judge, stream: Sequence[Article]) -> float:
    began = time.process_time()
    for article in stream:
        judge.judge(article)
    return time.process_time() - began


def _opened(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    return database


def _import(database: Database, name: str, articles: Sequence[Article]) -> None:
    store = SqlRefreshStore(database)
    for start in range(0, len(articles), CHUNK):
        rows = [
            ImportedItem(f"{name}-{start + number}", None, None, one.title, one.summary, one.language, one.published)
            for number, one in enumerate(articles[start : start + CHUNK])
        ]
        store.save_imported(name, rows, NOW)


def _print(seconds: dict[str, float], items: int) -> None:
    judgement, *follows = seconds.values()
    print(f"{items} items, of these {round(MIX[Decision.ACCEPT] * items)} copies of one wire story; CPU time")
    for name, taken in seconds.items():
        print(f"{name:<24} {taken:8.2f} s {1e6 * taken / items:8.0f} µs/item {taken / judgement:6.2f} × judgement")
    print(f"the last against the first store: {follows[-1] / follows[0]:.2f}")
    print(json.dumps({"seconds": seconds, "ratio": follows[0] / judgement, "growth": follows[-1] / follows[0]}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000, 100_000])
    return parser.parse_args()


if __name__ == "__main__":
    main()
