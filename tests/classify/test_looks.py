"""How names, sides and subject stand together: what each look sees and leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.watchlist import Watchlist

Read = Callable[..., Judgement]


@pytest.fixture(scope="module")
def read(watchlist: Watchlist, article: Callable[..., Article]) -> Read:
    judge = Judge(watchlist)
    return lambda *words, **more: judge.judge(article(*words, **more))


def points(judgement: Judgement) -> dict[str, float]:
    return {reason.rule: reason.points for reason in judgement.receipt.reasons}


def test_an_institution_ties_the_sides_more_than_loose_words(read: Read) -> None:
    firm, loose = points(read("Aland defence minister in Bland")), points(read("Aland and Bland hold drills"))
    assert {"relation.subject", "relation.loose"} & firm.keys() == {"relation.subject"}
    assert {"relation.subject", "relation.loose"} & loose.keys() == {"relation.loose"}


def test_a_body_of_one_side_meets_the_other_in_a_sentence(read: Read) -> None:
    assert points(read("Aland Navy calls at port in Bland"))["relation.meeting"] == 1.5
    assert "relation.meeting" not in points(read("Aland Navy at sea", "Bland spoke of drills."))


def test_a_title_and_the_line_below_share_the_news(read: Read) -> None:
    assert points(read("Aland Navy at sea", "Drills with Bland follow."))["relation.neighbours"] == 3


def test_neighbours_are_silent_where_another_country_or_one_whole_sentence_speaks(read: Read) -> None:
    assert "relation.neighbours" not in points(read("Aland Navy at sea", "Drills with Cland, not Bland, follow."))
    assert "relation.neighbours" not in points(read("Aland Navy at sea", "Aland and Bland hold drills."))


def test_an_exercise_of_others_counts_with_bodies_of_both(read: Read) -> None:
    assert points(read("Far Wave opens", "Aland Navy and Bland Navy sail."))["relation.company"] == 4.5
    assert "relation.company" not in points(read("Far Wave opens", "Aland Navy sails off Bland."))


def test_forces_of_a_list_of_countries_are_guests_of_an_exercise_of_others(read: Read) -> None:
    title = "Far Wave opens with Aland Navy"
    assert "relation.guests" in points(read(title, "Cland leads; Bland, Cland navies sail."))
    assert "relation.guests" in points(read("Far Wave opens", "Aland, Bland and Cland navies sail."))
    assert "relation.guests" not in points(read(title, "Cland leads; Bland, Cland look on."))


def test_where_play_speaks_a_ship_is_a_toy(read: Read) -> None:
    real, toy = read("AS Heron met Crane off Bland"), read("AS Heron met Crane off Bland", "A model kit.")
    assert points(real)["relation.counterparts"] == 2
    assert toy.receipt.gate[2] == ("subject", "")
    assert toy.decision is Decision.REJECT


def test_loose_words_with_another_matter_go_to_review_at_most(read: Read) -> None:
    title = "Aland and Bland: drills, defence minister"
    assert read(title, "Drills.").decision is Decision.ACCEPT
    judgement = read("Aland and Bland: drills", "The defence minister had a boss fight. Aland and Bland: drills.")
    assert 0.5 <= judgement.score < 0.8
    assert judgement.decision is Decision.REVIEW
    assert points(judgement)["review.loose"] == 0
    assert read(title, "The ship had a boss fight. Aland and Bland: drills.").decision is Decision.ACCEPT


def test_one_loose_word_goes_to_review_at_most(read: Read) -> None:
    judgement = read("Aland and Bland: drills; Bland and Aland")
    assert judgement.score >= 0.5
    assert judgement.decision is Decision.REVIEW


def test_one_loose_word_beside_the_two_in_a_title_is_enough_where_the_score_is_certain(read: Read) -> None:
    judgement = read("Aland-Bland: drills; Bland, Aland", "Aland-Bland plan. Aland-Bland: drills.")
    assert judgement.score >= 0.8
    assert judgement.decision is Decision.ACCEPT


def test_two_loose_words_with_both_sides_are_enough_where_nothing_else_is_spoken_of(read: Read) -> None:
    assert read("Aland and Bland: drills, defence; Bland and Aland").decision is Decision.ACCEPT
    assert read("Aland and Bland: drills, defence", "A boss fight. Bland and Aland.").decision is not Decision.ACCEPT
    assert read("Aland and Bland: drills, defence", "Cland and Bland and Aland.").decision is not Decision.ACCEPT


def test_a_title_of_one_side_with_another_country_is_elsewhere(read: Read) -> None:
    judgement = points(read("Aland, Cland hold drills; Bland looks on", "Aland Navy sailed. Aland and Bland: drills."))
    assert judgement["third.title"] == -2
    assert judgement["third.aside"] == -2.5
    assert "relation.meeting" not in judgement
    assert "third.title" not in points(read("Wary of Cland, Aland Navy and Bland Navy hold drills"))


def test_a_lead_that_names_both_is_no_aside(read: Read) -> None:
    assert "third.aside" not in points(read("Aland, Cland meet", "Aland and Bland: drills."))


def test_one_passed_over_for_another_country_is_no_partner(read: Read) -> None:
    assert "third.title" in points(read("Aland Navy picks Cland, not Bland, for drills"))


def test_one_word_for_a_side_and_another_country_is_their_relation(read: Read) -> None:
    assert "third.title" in points(read("Clabland drills interest Aland Navy"))
    assert "third.title" not in points(read("Aland Navy and Bland Navy: Clabland drills"))


def test_a_country_that_is_the_venue_is_no_partner(read: Read) -> None:
    assert "third.title" not in points(read("Aland Navy in Cland: drills with Bland Navy"))
    assert "third.title" in points(read("Aland Navy, Cland: drills near Bland Navy"))


def test_forces_of_a_list_act_together(read: Read) -> None:
    assert points(read("Navies of Aland, Bland and Cland hold drills"))["relation.company"] == 4.5
    judgement = points(read("Aland, Bland and Cland speak of drills"))
    assert judgement["third.list"] == -2
    assert "relation.company" not in judgement


def test_unnamed_forces_of_both_are_guests_of_a_wide_exercise(read: Read) -> None:
    judgement = points(read("Far Wave opens", "Aland navies came. Bland drills went on."))
    assert judgement["relation.guests"] == 1.5
    assert "relation.guests" not in points(read("Far Wave opens", "Aland navies came, Bland looks on."))


def test_play_as_the_topic_counts_more_than_in_passing(read: Read) -> None:
    passing = points(read("Aland and Bland: drills", "A model kit of it sells."))
    assert "penalty.topic" not in passing
    assert points(read("Model kit: Aland and Bland drills"))["penalty.topic"] == -3
    heaped = read("Model kit: Aland and Bland drills", "Cosplay, boss level.")
    assert points(heaped)["penalty.topic"] == -6


def test_keywords_heaped_in_a_title_count_against(read: Read) -> None:
    assert points(read("drills news Aland news Bland news"))["penalty.heap"] == -3
    assert "penalty.heap" not in points(read("Aland news, Bland news: drills"))


def test_a_word_by_which_a_side_means_its_own_opens_its_gate(read: Read) -> None:
    assert read("royal guard in Bland for drills").receipt.gate[0] == ("aland", "royal guard")


def test_a_silent_title_is_forgiven_where_bodies_meet_below(read: Read) -> None:
    assert "title.silent" in points(read("Six came", "Aland and Bland: drills."))
    assert "title.silent" not in points(read("Six came", "Aland Navy and Bland Navy: drills."))
