"""Gates, points, bands and receipts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.classify.judge import CODE_VERSION, Judge
from monitor.classify.score import EVEN, squash
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement, Strength
from monitor.domain.watchlist import Watchlist

Read = Callable[..., Judgement]
Make = Callable[..., Article]


@pytest.fixture(scope="module")
def judge(watchlist: Watchlist) -> Judge:
    return Judge(watchlist)


@pytest.fixture(scope="module")
def read(judge: Judge, article: Make) -> Read:
    return lambda *words, **more: judge.judge(article(*words, **more))


def points(judgement: Judgement) -> dict[str, float]:
    return {reason.rule: reason.points for reason in judgement.receipt.reasons}


def test_all_three_gates_must_open(read: Read) -> None:
    assert read("Aland defence minister holds drills").decision is Decision.REJECT
    assert read("Aland and Bland sign a rice deal").decision is Decision.REJECT
    assert read("Aland and Bland hold drills", "The defence minister of Aland spoke.").decision is Decision.ACCEPT


def test_a_thing_of_the_two_opens_all_three(read: Read) -> None:
    judgement = read("Quiet Wave begins")
    assert judgement.receipt.gate == tuple((gate, "Quiet Wave") for gate in ("aland", "bland", "subject"))
    assert (judgement.decision, judgement.strength) == (Decision.ACCEPT, Strength.CORE)


def test_the_title_weighs_more_than_the_summary(read: Read) -> None:
    assert read("Aland and Bland: drills").score > read("Aland report", "Aland and Bland: drills").score


def test_the_same_word_again_adds_nothing(read: Read) -> None:
    once = read("Aland, Bland", "They spoke of drills.")
    often = read("Aland, Bland", "They spoke of drills. " + "Drills, drills, drills. " * 20)
    assert points(often)["subject.strong"] == points(once)["subject.strong"]


def test_neither_relation_nor_subject_is_enough_by_itself(watchlist: Watchlist) -> None:
    """By their caps: all evidence of one kind stays below an even score, joint entities apart, which are both."""
    caps = {rule.id: rule.cap for rule in watchlist.rules.values()}
    assert sum(cap for rule, cap in caps.items() if rule.startswith("subject.")) < EVEN
    assert caps["relation.pair"] + caps["relation.sentence"] < EVEN


def test_another_matter_takes_points_away(read: Read) -> None:
    plain, game = read("Aland and Bland drills"), read("Aland and Bland drills", "A boss fight.")
    assert points(game)["penalty.game"] == -3
    assert game.score < plain.score


def test_a_longer_phrase_takes_the_place_of_a_shorter_word(read: Read) -> None:
    judgement = read("Aland and Bland", "defence shares rise after a ship docks")
    assert "subject.strong" not in points(judgement)


def test_sides_in_a_list_of_countries_are_no_pair(read: Read) -> None:
    pair = points(read("Aland and Bland: drills"))
    listed = points(read("Aland, Bland and Cland: drills"))
    assert "relation.pair" in pair
    assert "relation.pair" not in listed
    assert {"relation.sentence", "relation.subject"}.isdisjoint(listed)
    assert listed["third.list"] < 0


def test_a_title_about_one_side_and_another_country_counts_against(read: Read) -> None:
    judgement = read("Aland and Cland hold drills", "The defence minister flies on to Bland.")
    assert points(judgement)["third.title"] == -2
    assert judgement.decision is Decision.REJECT


def test_forces_of_both_tell_of_the_relation_without_a_countrys_name(read: Read) -> None:
    assert points(read("Aland Navy hosts Bland Navy"))["relation.counterparts"] == 2


def test_a_title_that_says_nothing_counts_against(read: Read) -> None:
    assert points(read("You will not believe this", "Aland, Bland: drills"))["title.silent"] == -2
    assert "title.silent" not in points(read("", "Aland, Bland: drills"))


def test_a_company_of_countries_in_the_title_makes_it_passing(read: Read) -> None:
    judgement = read("Wide Wave opens with drills", "Aland Navy and Bland Navy take part.")
    assert (judgement.decision, judgement.strength) == (Decision.ACCEPT, Strength.PASSING)


def test_bands_follow_the_thresholds(watchlist: Watchlist, article: Make) -> None:
    item = article("Aland Navy and Bland: drills")
    score = Judge(watchlist).judge(item).score
    strict = Judge(replace(watchlist, thresholds={"review": score, "accept": score + 0.01, "core": 1.0}))
    lax = Judge(replace(watchlist, thresholds={"review": 0.0, "accept": score, "core": 1.0}))
    assert strict.judge(item).decision is Decision.REVIEW
    assert lax.judge(item).decision is Decision.ACCEPT


def test_the_score_is_the_squashed_sum_of_the_receipt(read: Read) -> None:
    judgement = read("Aland and Bland hold drills", "A ship of Cland looked on.")
    assert judgement.score == squash(sum(points(judgement).values()))
    assert squash(EVEN) == 0.5


def test_the_rules_version_names_watchlist_and_code(judge: Judge, read: Read) -> None:
    assert judge.rules_version == f"v1.{CODE_VERSION}"
    assert read("anything").receipt.rules_version == judge.rules_version


def test_hindi_words_count_as_english_ones_do(read: Read) -> None:
    judgement = read("अलैंड और ब्लैंड: रक्षा")
    assert judgement.language == "hi"
    assert {"relation.pair", "subject.strong"} <= points(judgement).keys()


def test_a_very_long_article_is_read_from_its_beginning_and_says_so(read: Read) -> None:
    judgement = read("Quiet Wave begins", "Aland Navy and Bland Navy, Ana Roy, Roy, Kim, Twin ship. " * 40_000)
    assert judgement.decision is Decision.ACCEPT
    assert "text.clipped" in points(judgement)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\ud800", "\udfff Aland \ud83d Bland drills", "१२३", "\u202eAland\u2066", "🛳️" * 50, "a" * 3000],
)
def test_odd_texts_are_judged_in_either_field(read: Read, text: str) -> None:
    for judgement in (read(text, ""), read("", text), read(text, text)):
        assert judgement.decision in set(Decision)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.lists(
        st.sampled_from(["Aland", "Bland", "Quiet Wave", "drills", "Cland,", "and", "\ud800", "Roy", "रक्षा", "．"])
        | st.text(max_size=4)
    ).map(" ".join),
    summary=st.text(max_size=60),
)
def test_any_text_has_a_judgement_with_true_spans(judge: Judge, article: Make, title: str, summary: str) -> None:
    judgement = judge.judge(article(title, summary))
    texts = {"title": title, "summary": summary}
    spans = [mention.span for mention in judgement.mentions]
    spans += [span for reason in judgement.receipt.reasons for span in reason.spans]
    assert 0 <= judgement.score <= 1
    assert (judgement.strength is None) == (judgement.decision is Decision.REJECT)
    assert all(texts[span.field][span.start : span.end] == span.surface for span in spans)
