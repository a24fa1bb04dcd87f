"""The figures on labelled articles: how they are counted, and the floors under them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.classify.evaluate import unscored
from monitor.classify.judge import Judge
from monitor.domain.figures import Share
from monitor.domain.watchlist import Watchlist
from monitor.errors import InputError
from monitor.events.code import Coder
from monitor.pipeline.evaluate import Measured, gold, measure
from monitor.watchlists.loader import load

GOLD = Path(__file__).parents[1] / "gold"

# Reached by all labelled articles together. Floors may only be raised, ceilings only be lowered.
FLOORS: Mapping[str, tuple[float, Callable[[Measured], float | None]]] = {
    "relevance F1": (0.98, lambda m: m.judging.relevance.f1),
    "relevance F1, en": (0.98, lambda m: m.judging.by_language["en"].f1),
    "relevance F1, hi": (0.95, lambda m: m.judging.by_language["hi"].f1),
    "relevance F1, ja": (0.97, lambda m: m.judging.by_language["ja"].f1),
    "recall of core items": (0.99, lambda m: m.judging.core_recall.value),
    "recall of passing items": (0.87, lambda m: m.judging.passing_recall.value),
    "entities, micro F1": (0.98, lambda m: m.judging.entities.f1),
    "event type": (0.92, lambda m: m.slots["type"].value),
    "event status": (0.90, lambda m: m.slots["status"].value),
    "event start": (0.94, lambda m: m.slots["start"].value),
    "event place": (0.94, lambda m: m.slots["place"].value),
    "stories, BCubed F1": (0.94, lambda m: m.stories.f1),
}
CEILINGS: Mapping[str, tuple[float, Callable[[Measured], float | None]]] = {
    "hard negatives accepted": (0.02, lambda m: m.judging.hard_accepted.value),
    "hard negatives to review": (0.04, lambda m: m.judging.hard_reviewed.value),
}

TALKS = {
    "id": "talks",
    "title": "Rajnath Singh to hold talks with Gen Nakatani in New Delhi on 5 May",
    "summary": "The defence ministers of India and Japan will discuss defence cooperation in the Indian capital.",
    "published": "2025-05-04T06:00:00Z",
    "lang": "en",
    "relevant": True,
    "strength": "core",
    "entities": ["rajnath-singh", "gen-nakatani", "new-delhi"],
    "event": {"type": "meeting", "status": "planned", "start": "2025-05-05", "place": "New Delhi"},
    "story": "talks",
}
MISSED = TALKS | {"id": "missed", "title": "Rice harvest", "summary": "A good year.", "entities": []}
TRAP = TALKS | {"id": "trap", "relevant": False, "why": "trap", "event": None, "story": None}
EASY = MISSED | {"id": "easy", "relevant": False, "why": "background", "event": None, "story": None}


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load("india_japan")


@pytest.fixture(scope="module")
def measured(watchlist: Watchlist) -> Callable[..., Measured]:
    judge, coder = Judge(watchlist), Coder(watchlist)

    def run(*rows: Mapping[str, Any]) -> Measured:
        return measure([gold(row) for row in rows], judge, coder, unscored(watchlist))

    return run


@pytest.fixture(scope="module")
def shipped(measured: Callable[..., Measured]) -> Measured:
    lines = [line for path in sorted(GOLD.glob("dev-*.jsonl")) for line in path.read_bytes().splitlines()]
    return measured(*map(json.loads, lines))


@pytest.mark.parametrize("name", FLOORS)
def test_what_was_reached_is_kept(shipped: Measured, name: str) -> None:
    floor, figure = FLOORS[name]
    assert (figure(shipped) or 0) >= floor


@pytest.mark.parametrize("name", CEILINGS)
def test_what_was_fended_off_stays_out(shipped: Measured, name: str) -> None:
    ceiling, figure = CEILINGS[name]
    assert (figure(shipped) or 0) <= ceiling


def test_countries_and_their_capitals_are_not_scored(watchlist: Watchlist) -> None:
    assert unscored(watchlist) == {"india", "japan", "new-delhi", "tokyo"}


def test_a_right_answer_leaves_no_error(measured: Callable[..., Measured]) -> None:
    found = measured(TALKS, EASY)
    assert found.misread == ()
    assert found.judging.core_recall == Share(1, 1)
    assert found.judging.passing_recall == Share(0, 0)
    assert found.slots["start"] == Share(1, 1)
    assert found.stories.f1 == 1.0


def test_a_missed_article_has_all_slots_wrong_and_stands_alone(measured: Callable[..., Measured]) -> None:
    found = measured(TALKS, MISSED)
    (misread,) = found.misread
    assert misread.gold.item.id == "missed"
    assert misread.decided_wrong
    assert set(misread.slots) == {"type", "status", "start", "start_within_3_days", "place"}
    assert found.slots["type"] == Share(1, 2)
    assert (found.stories.precision, found.stories.recall) == (1.0, 0.5)


def test_an_accepted_negative_spoils_the_story_it_is_put_into(measured: Callable[..., Measured]) -> None:
    found = measured(TALKS, TRAP)
    assert [(one.gold.item.id, one.decided_wrong) for one in found.misread] == [("trap", True)]
    assert found.judging.by_category == {"trap": Share(1, 1)}
    assert (found.stories.precision, found.stories.recall) == (0.5, 1.0)


def test_entities_missed_and_invented_are_named(measured: Callable[..., Measured]) -> None:
    (misread,) = measured(TALKS | {"entities": ["gen-nakatani", "jimex"]}).misread
    assert (misread.missed, misread.invented) == (("jimex",), ("rajnath-singh",))
    assert not misread.decided_wrong


def test_an_id_that_stands_twice_is_refused(measured: Callable[..., Measured]) -> None:
    with pytest.raises(InputError, match="'talks' stands twice"):
        measured(TALKS, TALKS)


@pytest.mark.parametrize(
    ("key", "value"),
    [("event", []), ("story", 7), ("event", {"start": "soon"}), ("strength", "weak"), ("relevant", None)],
)
def test_a_label_that_cannot_be_used_is_refused(key: str, value: object) -> None:
    with pytest.raises(InputError, match="'talks'"):
        gold(TALKS | {key: value})
