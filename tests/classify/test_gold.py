"""The shipped watchlist on labelled items, a real article and a stream of headlines that have nothing to do with it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.classify.evaluate import Evaluation, GoldItem, evaluate, gold_item
from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement, Strength
from monitor.watchlists.loader import load
from tests.support.material import material

GOLD = Path(__file__).parents[1] / "gold"
UNSCORED = frozenset({"new-delhi", "tokyo"})
HALVES = {"tuned": 0, "kept aside": 1}


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load("india_japan"))


def rows() -> list[list[dict[str, object]]]:
    files = sorted(GOLD.glob("dev-*.jsonl"))
    return [[json.loads(line) for line in path.read_text("utf-8").split("\n") if line] for path in files]


def items(path: Path) -> list[GoldItem]:
    return [gold_item(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]


@pytest.fixture(scope="module", params=HALVES)
def half(request: pytest.FixtureRequest, judge: Judge) -> Evaluation:
    first = HALVES[request.param]
    return evaluate(judge, [gold_item(row) for file in rows() for row in file[first::2]], UNSCORED)


def test_relevance(half: Evaluation) -> None:
    assert (half.relevance.f1 or 0) >= 0.96


def test_hard_negatives(half: Evaluation) -> None:
    """At most one in twenty of the items that were written to fool a matcher."""
    assert (half.hard_accepted.value or 0) <= 0.05
    assert (half.hard_reviewed.value or 0) <= 0.05


def test_entities(half: Evaluation) -> None:
    assert (half.entities.f1 or 0) >= 0.96


@pytest.mark.parametrize("name", ["more-1", "more-2", "more-3", "more-4", "more-5", "more-6"])
def test_items_of_other_writers(judge: Judge, name: str) -> None:
    """Tuned on, after F1 was 0.88 to 0.97 on them and a sixth, then a fortieth of the hard ones accepted."""
    evaluation = evaluate(judge, items(GOLD / f"{name}.jsonl"), UNSCORED)
    assert (evaluation.relevance.f1 or 0) >= 0.98
    assert (evaluation.core_recall.value or 0) >= 0.98
    assert (evaluation.hard_accepted.value or 0) <= 0.02
    assert (evaluation.hard_reviewed.value or 0) <= 0.04
    assert (evaluation.entities.f1 or 0) >= 0.97


def test_items_written_to_guard_against_overfitting(judge: Judge) -> None:
    """1,351 items of other kinds: those from w001, n001 and q001 on came before the rules that their errors led to."""
    evaluation = evaluate(judge, items(Path(__file__).parent / "guard.jsonl"))
    assert evaluation.items == 1351
    assert (evaluation.relevance.f1 or 0) >= 0.96
    assert (evaluation.hard_accepted.value or 0) <= 0.005
    assert (evaluation.hard_reviewed.value or 0) <= 0.025


def test_strength_is_right_for_nearly_all_relevant_items(judge: Judge) -> None:
    positives = [row for file in rows() for row in file if row["relevant"]]
    right = sum(judge.judge(gold_item(row).article).strength == row["strength"] for row in positives)
    assert right >= 0.95 * len(positives)


def told(judge: Judge, day: str, title: str, summary: str = "") -> Judgement:
    time = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return judge.judge(Article(title, summary, "en", time, time))


def test_a_given_name_that_looks_like_a_rank(judge: Judge) -> None:
    judgement = told(
        judge, "2025-05-04", "Nakatani due in Delhi", "Rajnath Singh receives Gen Nakatani of Japan on Monday."
    )
    offices = {mention.entity: mention.office for mention in judgement.mentions}
    assert (judgement.decision, judgement.strength) == (Decision.ACCEPT, Strength.CORE)
    assert {"rajnath-singh", "gen-nakatani"} <= offices.keys()
    assert "Defence" in (offices["rajnath-singh"] or "")
    assert "Defen" in (offices["gen-nakatani"] or "")


def test_the_office_follows_the_day(judge: Judge) -> None:
    words = ("Nakatani speaks on India", "Gen Nakatani praised defence cooperation between Japan and India.")
    after = {mention.entity: mention.office for mention in told(judge, "2026-03-01", *words).mentions}
    assert after["gen-nakatani"] is None


def test_a_real_article_of_the_kind_this_is_for(judge: Judge) -> None:
    judgement = told(judge, "2025-05-04", "", material("reference-article.txt").read_text("utf-8"))
    assert (judgement.decision, judgement.strength) == (Decision.ACCEPT, Strength.CORE)
    assert {"rajnath-singh", "gen-nakatani", "admm-plus", "jimex", "dharma-guardian"} <= set(judgement.entities)


def test_general_news_is_left_alone(judge: Judge) -> None:
    """3,183 headlines of 2014: none accepted, at most 1 in 1,000 for review."""
    lines = material("bench/stories-dev.jsonl").read_text("utf-8").split("\n")
    titles = [json.loads(line)["title"] for line in lines if line]
    decisions = Counter(told(judge, "2014-03-10", title).decision for title in titles)
    assert len(titles) > 3000
    assert decisions[Decision.ACCEPT] == 0
    assert decisions[Decision.REVIEW] <= 0.001 * len(titles)


def test_a_drill_of_firemen_is_none_of_the_forces(judge: Judge) -> None:
    firemen = told(judge, "2022-08-01", "Indian and Japanese firefighters hold joint drill in Surat")
    assert firemen.decision is Decision.REJECT
    assert told(judge, "2022-08-01", "India, Japan hold joint drill").decision is Decision.ACCEPT


def test_words_heaped_on_goods_do_not_sell_them(judge: Judge) -> None:
    words = ("India Japan defence dialogue, Dharma Guardian, Malabar, JIMEX: notes", "Combo with 2+2. Limited seats.")
    judgement = told(judge, "2025-11-17", *words)
    assert judgement.decision is Decision.REJECT
    assert "reject.sold" in {one.rule for one in judgement.receipt.reasons}


def test_a_surname_stands_beside_the_other_sides_minister(judge: Judge) -> None:
    assert "rajnath-singh" in told(judge, "2024-11-22", "Vientiane: Nakatani, Singh talk co-production").entities
    assert "rajnath-singh" not in told(judge, "2024-11-22", "Singh beats Suzuki in Tokyo marathon").entities


def test_two_surnames_of_chiefs_vouch_for_each_other_beside_an_act(judge: Judge) -> None:
    chiefs = {"bipin-rawat", "koji-yamazaki"}
    assert chiefs <= set(told(judge, "2020-12-15", "Rawat, Yamazaki speak of joint drills").entities)
    assert not chiefs & set(told(judge, "2020-12-15", "Rawat, Yamazaki open flower show").entities)


def test_a_meeting_with_others_in_a_capital_is_none_of_its_own(judge: Judge) -> None:
    assert told(judge, "2025-10-01", "Rajnath meets Hegseth in Tokyo on arms").decision is Decision.REJECT


def test_ships_named_together_stand_beside_the_other_navy(judge: Judge) -> None:
    ships = {"ins-sahyadri", "ins-kadmatt", "ins-ranvijay"}
    words = ("JMSDF opens JIMEX at Visakhapatnam", "Sahyadri, Kadmatt and Ranvijay sail on Sunday.")
    assert ships <= set(told(judge, "2022-09-11", *words).entities)
    assert not ships & set(told(judge, "2022-09-11", "Visit the hills", "Sahyadri, Kadmatt and Ranvijay.").entities)
