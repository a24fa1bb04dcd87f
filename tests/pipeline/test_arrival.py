"""Stories do not depend on the order or the batches in which items arrive, through the real follow and the store."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.classify.judge import Judge
from monitor.domain.feed import NewFeed, ParsedEntry, ParsedFeed, PollOutcome, Validators
from monitor.events.code import Coder
from monitor.pipeline.follow import Follow
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.watchlists import loader

NOON = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://wire.example/feed"
MET = (
    "India's Defence Minister Rajnath Singh and Japan's Defence Minister Gen Nakatani held talks in New Delhi on 5 May."
)

ITEMS: Sequence[tuple[int, str, str]] = (
    (0, "Rajnath Singh to host Japan's Gen Nakatani in New Delhi on May 5", ""),
    (1, "राजनाथ सिंह 5 मई को नई दिल्ली में जापान के रक्षा मंत्री जेन नकातानी से मिलेंगे", ""),
    (28, "Rajnath Singh meets Gen Nakatani in New Delhi, India and Japan agree on defence forum", MET),
    (29, "India, Japan defence ministers agree on forum - The Daily", MET),
    (30, "日印防衛相、ニューデリーで会談 中谷氏とシン氏", "5日、中谷元防衛相とラージナート・シン国防相が会談した。"),
    (
        90,
        "JIMEX 2025 begins off Visakhapatnam",
        "The navies of India and Japan began the exercise JIMEX on 7 May 2025.",
    ),
    (200, "JIMEX ends in Bay of Bengal", "The Indian Navy and the Japan Maritime Self-Defense Force concluded JIMEX."),
    (210, "What the Nakatani visit means for India-Japan defence ties", "An analysis of India and Japan."),
    (250, "India, Japan hold defence policy dialogue in Tokyo", "Officials of India and Japan met in Tokyo on 14 May."),
)
"""Hours after noon, title and summary; all within the story window of each other."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    SqlRefreshStore(database).add_feeds([NewFeed(URL, "Example Wire")], NOON)
    database.close()
    return path


@pytest.fixture(scope="module")
def rules() -> tuple[Judge, Coder]:
    watchlist = loader.load("india_japan")
    return Judge(watchlist), Coder(watchlist)


def entry(number: int) -> ParsedEntry:
    hours, title, summary = ITEMS[number]
    time = NOON + hours * HOUR
    return ParsedEntry(str(number), f"https://wire.example/{number}", title, summary, time, time.isoformat())


def arrived(template: Path, rules: tuple[Judge, Coder], batches: Sequence[Sequence[int]]) -> set[frozenset[int]]:
    """The stories after each batch was polled and followed, by the numbers of their items."""
    now = NOON + 300 * HOUR
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{shutil.copy(template, Path(folder) / 'monitor.db')}")
        refresh, run = SqlRefreshStore(database), Follow(SqlFollowStore(database), *rules, lambda: now)
        for count, batch in enumerate(batches):
            validators = Validators(None, None, f"body {count}")
            parsed = ParsedFeed("Example Wire", "rss20", None, None, None, tuple(map(entry, batch)))
            feed = refresh.feeds_by_id(None)[0]
            refresh.save_polls([PollOutcome(feed, now, now + HOUR, validators, parsed)])
            run.run()
        homes: dict[int, set[int]] = {}
        for number in range(len(ITEMS)):
            story = Queries(database).item(f"https://wire.example/{number}").story_id
            if story is not None:
                homes.setdefault(story, set()).add(number)
        database.close()
    return set(map(frozenset, homes.values()))


@pytest.fixture(scope="module")
def at_once(template: Path, rules: tuple[Judge, Coder]) -> set[frozenset[int]]:
    return arrived(template, rules, [range(len(ITEMS))])


def test_previews_outcomes_and_copies_of_three_languages_are_one_story(at_once: set[frozenset[int]]) -> None:
    assert frozenset({0, 1, 2, 3, 4}) in at_once
    assert frozenset({5, 6}) in at_once
    assert frozenset({8}) in at_once


BATCHES = st.tuples(st.permutations(range(len(ITEMS))), st.sets(st.integers(1, len(ITEMS) - 1)))


@settings(deadline=None, max_examples=4)
@given(BATCHES)
def test_any_order_and_any_batches_give_the_same_stories(
    template: Path, rules: tuple[Judge, Coder], at_once: set[frozenset[int]], arrival: tuple[list[int], set[int]]
) -> None:
    assert arrived(template, rules, cut(*arrival)) == at_once


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(BATCHES)
def test_many_orders_and_batches_do(
    template: Path, rules: tuple[Judge, Coder], at_once: set[frozenset[int]], arrival: tuple[list[int], set[int]]
) -> None:
    assert arrived(template, rules, cut(*arrival)) == at_once


def cut(order: Sequence[int], cuts: set[int]) -> list[Sequence[int]]:
    """The order cut into batches."""
    edges = [0, *sorted(cuts), len(order)]
    return [order[start:stop] for start, stop in pairwise(edges)]
