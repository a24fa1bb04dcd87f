"""Names that stand by the company they are in."""

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


def test_a_ship_stands_beside_one_of_the_other_side_and_says_so(read: Read) -> None:
    judgement = read("AS Heron trains with Crane")
    senses = {mention.entity: mention.sense for mention in judgement.mentions}
    assert senses["bland-crane"] == "forces or officials of the relation stand beside it"
    assert read("Crane trains").entities == ()


def test_only_the_same_sentence_is_beside(read: Read) -> None:
    assert read("AS Heron sails", "A crane fell over. Nobody was hurt.").entities == ("aland-heron",)


def test_an_exercise_of_many_needs_a_body_and_both_sides_in_the_item(read: Read) -> None:
    assert "shy-wave" in read("Shy opens", "AS Heron is there. Bland came too.").entities
    assert "shy-wave" not in read("Shy opens", "AS Heron is there.").entities
    assert "shy-wave" not in read("Shy opens", "Aland and Bland came.").entities


def test_what_stands_by_its_company_is_company_to_others(read: Read) -> None:
    assert set(read("Shy opens", "AS Heron met Crane.").entities) == {"aland-heron", "bland-crane", "shy-wave"}


def test_counterparts_in_office_vouch_for_each_other_on_their_days_only(read: Read) -> None:
    assert set(read("Oak receives Ine", day="2024-05-04").entities) == {"ed-oak", "bo-ine"}
    assert read("Oak receives Ine", day="2025-05-04").entities == ()


def test_a_sides_name_vouches_where_a_firm_phrase_stands_with_it(read: Read) -> None:
    assert read("Aland defence minister calls Ine").entities == ("bo-ine",)
    assert read("Aland calls Ine").entities == ()
