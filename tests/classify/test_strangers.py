"""Whose ministers, forums and ties are meant where other countries stand in the item."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Judgement
from monitor.domain.watchlist import Watchlist

Read = Callable[..., Judgement]


@pytest.fixture(scope="module")
def read(watchlist: Watchlist, article: Callable[..., Article]) -> Read:
    judge = Judge(watchlist)
    return lambda *words, **more: judge.judge(article(*words, **more))


def near_misses(judgement: Judgement) -> dict[str, str]:
    return {reason.rule: reason.text for reason in judgement.receipt.near_misses}


def test_a_general_name_beside_both_sides_is_their_own(read: Read) -> None:
    assert "two-talks" in read("Aland, Bland hold Two Talks", "Cland looks on.").entities


def test_a_general_name_beside_another_country_is_borrowed(read: Read) -> None:
    judgement = read("Cland, Bland hold Two Talks", "Aland looks on.")
    assert "two-talks" not in judgement.entities
    assert "another country" in near_misses(judgement)["not two-talks"]


def test_a_general_name_in_a_later_sentence_follows_the_title(read: Read) -> None:
    assert "two-talks" not in read("Cland calls Bland", "They plan Two Talks. Aland: drills.").entities
    assert "two-talks" in read("Aland calls Bland", "They plan Two Talks. Cland: drills.").entities
    assert "two-talks" not in read("Bland calls", "Two Talks with Cland. Aland: drills.").entities


def test_officials_of_both_in_the_title_keep_a_general_name(read: Read) -> None:
    title = "Ana Roy, Ine on Cland: the minister and the Guardian of Aland"
    assert "two-talks" in read(title, "Two Talks with Bland in Cland.").entities
    assert "two-talks" not in read("Aland on Cland", "Two Talks with Bland in Cland.").entities


def test_a_general_name_in_a_clause_of_a_title_belongs_to_that_clause(read: Read) -> None:
    assert "two-talks" not in read("Bland, Cland hold Two Talks; Keeper flies on to Aland").entities
    assert "two-talks" in read("Bland, Aland hold Two Talks; Keeper flies on to Cland").entities


def test_a_minister_behind_a_country_is_its_own(read: Read) -> None:
    for written in ("Cland Keeper", "Cland's Keeper", "Cland's Li Keeper"):
        judgement = read(f"Aland: {written} spoke of Bland and drills")
        assert near_misses(judgement)["not keeper"] == "the office of another country", written
    assert "not keeper" not in near_misses(read("Aland: the Keeper spoke of Cland, Bland and drills"))


def test_a_tie_means_its_own_press_where_no_other_country_is_named(read: Read) -> None:
    assert read("A pact with Bland on drills").receipt.gate[0] == ("aland", "pact with")
    assert read("A pact with Bland on drills", "Cland agreed.").receipt.gate[0] == ("aland", "")
