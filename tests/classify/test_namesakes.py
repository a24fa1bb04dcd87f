"""Farmers, firms and teams that bear the names of ministers, exercises and forces."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.watchlists.loader import load


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load("india_japan"))


def told(judge: Judge, title: str, summary: str = "") -> Judgement:
    time = datetime(2025, 5, 4, tzinfo=UTC)
    return judge.judge(Article(title, summary, "", time, time))


@pytest.mark.parametrize(
    ("title", "entity"),
    [
        ("Rajnath Singh, a farmer from Ballia, sells Japanese pears to the Indian Army", "rajnath-singh"),
        ("Rajnath Singh, 54, tours Japan with the Indian Army's band", "rajnath-singh"),
        ("Folk singer Rajnath Singh sings for Japan's navy", "rajnath-singh"),
        ("गायक राजनाथ सिंह का जापान में शो, सेना के लिए गाया", "rajnath-singh"),
        ("中谷元さん、インドへ　海自の艦を描く", "gen-nakatani"),
        ("JIMEX Industries sells valves to the Japanese navy and India", "jimex"),
        ("Veer Guardian Facility Services guards Indian Army gates for Japan", "veer-guardian"),
        ("空港会社ACSA、インドと日本の軍用機に給油", "acsa-rpss"),
        ("マラバール食堂、インド海軍と海自に人気", "malabar"),
    ],
)
def test_a_word_beside_the_name_says_who_bears_it(judge: Judge, title: str, entity: str) -> None:
    judgement = told(judge, title)
    assert entity not in judgement.entities
    assert f"not {entity}" in {miss.rule for miss in judgement.receipt.near_misses}


@pytest.mark.parametrize(
    ("title", "entity"),
    [
        ("Rajnath Singh, the defence minister, flies to Japan", "rajnath-singh"),
        ("Japan: Rajnath Singh, Nakatani and a farmer at the table", "rajnath-singh"),
        ("JIMEX under way, Indian Navy says", "jimex"),
        ("US-2, made by a Japanese company, offered to the Indian Navy", "us-2"),
        ("日印2プラス2会合、海自も", "india-japan-2plus2"),
    ],
)
def test_other_words_leave_the_name_alone(judge: Judge, title: str, entity: str) -> None:
    assert entity in told(judge, title).entities


def test_what_the_sentence_below_takes_up_is_what_the_title_named(judge: Judge) -> None:
    lead = "The trading house sells Self-Defense Forces lorries."
    assert "jimex" not in told(judge, "JIMEX to close Yokohama yard, sells to India", lead).entities
    assert "jimex" in told(judge, "JIMEX ends off Yokohama, India says", "The navies met.").entities


def test_a_force_that_was_left_or_only_lends_its_name_opens_nothing(judge: Judge) -> None:
    for title in ("Former Indian Navy man in Japan", "Indian Navy hospital buys beds in Japan", "Japan: ex Navy chief"):
        assert dict(told(judge, title).receipt.gate)["subject"] != "Indian Navy", title
    assert dict(told(judge, "Indian Navy ship in Japan").receipt.gate)["subject"] == "Indian Navy"


def test_one_bare_name_beside_another_matter_is_not_believed(judge: Judge) -> None:
    bare = told(judge, "Mogami to Ganga: researchers swap notes", "A navy diver helped. Mogami and India have silt.")
    assert bare.decision is not Decision.ACCEPT
    borne_out = told(judge, "Mogami frigate and Indian Navy researchers meet", "Japan's navy helped.")
    assert borne_out.decision is Decision.ACCEPT


def test_a_soldier_who_wins_abroad_is_no_relation(judge: Judge) -> None:
    win = told(judge, "Subedar wins athletics gold for India in Tokyo; Army chief cheers", "Rajnath Singh was pleased.")
    assert win.decision is Decision.REJECT
    assert "reject.abroad" in {reason.rule for reason in win.receipt.reasons}


@pytest.mark.parametrize(
    ("title", "holder"),
    [
        ("Navy chief in Tokyo for talks with the Self-Defense Forces", "dinesh-tripathi"),
        ("नौसेना प्रमुख जापान पहुंचे", "dinesh-tripathi"),
        ("海軍参謀長が来日　インド海軍", "dinesh-tripathi"),
        ("Japan's navy chief arrives in Delhi", "akira-saito"),
    ],
)
def test_a_chief_in_his_own_press_is_the_holder_of_the_day(judge: Judge, title: str, holder: str) -> None:
    assert holder in {office.entity for office in told(judge, title).receipt.offices}


@pytest.mark.parametrize(
    "title",
    [
        "Dharma Guardian VI begins, Mt Fuji",
        "JIMEX閉幕　ベンガル湾",
        "चेन्नई: तटरक्षकों का साझा अभ्यास रद्द, जापानी जहाज नहीं आएगा",
        "थलसेना प्रमुख चार दिन के जापान दौरे पर",
    ],
)
def test_terse_items_are_heard(judge: Judge, title: str) -> None:
    assert told(judge, title).decision is Decision.ACCEPT
