"""Which reading of a name stands, and what the others lacked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Judgement
from monitor.domain.watchlist import Watchlist
from monitor.watchlists.loader import load

Read = Callable[..., Judgement]


@pytest.fixture(scope="module")
def read(watchlist: Watchlist, article: Callable[..., Article]) -> Read:
    judge = Judge(watchlist)
    return lambda *words, **more: judge.judge(article(*words, **more))


def lacks(judgement: Judgement) -> dict[str, str]:
    return {miss.rule.removeprefix("not "): miss.text for miss in judgement.receipt.near_misses}


def test_a_longer_name_swallows_a_shorter_one(read: Read) -> None:
    assert read("Sail the Aland Ocean").entities == ("great-sea",)
    assert read("Sail the Aland Ocean").receipt.gate[0] == ("aland", "")


def test_the_title_of_a_chief_names_the_force_as_well(read: Read) -> None:
    judgement = read("アランド海軍参謀長が訪問")
    assert [mention.span.surface for mention in judgement.mentions] == ["アランド海軍"]
    assert read("参謀長が訪問").entities == ()


def test_a_decoy_absorbs_a_name_and_names_nothing(read: Read) -> None:
    assert read("Shop on Aland Ocean Drive").entities == ()
    assert read("アランドネシアの話").receipt.gate[0] == ("aland", "")
    assert read("アランドの話").receipt.gate[0] == ("aland", "アランド")


def test_a_short_form_counts_only_beside_a_full_name(read: Read) -> None:
    assert [mention.span.surface for mention in read("Ana Roy speaks", "Roy said").mentions] == ["Ana Roy", "Roy"]
    alone = read("Roy speaks")
    assert alone.entities == ()
    assert lacks(alone) == {"ana-roy": "no full name of it in the item"}


def test_a_word_that_must_be_near_must_be_near(read: Read) -> None:
    assert read("Ana of the Lee family").entities == ("ana-lee",)
    far = read("Ana", "x" * 130 + " Lee")
    assert far.entities == ()
    assert "within 120 characters" in lacks(far)["ana-lee"]


def test_a_name_never_vouches_for_itself(read: Read) -> None:
    """The word asked for must stand outside all places of the name."""
    assert read("Kim").entities == ()
    assert "in the item" in lacks(read("Kim"))["kim-one"]


def test_of_two_rivals_the_one_in_office_stands(read: Read) -> None:
    assert read("Kim leaves the ship").entities == ("kim-one",)


def test_rivals_with_equal_grounds_stay_unresolved(read: Read) -> None:
    judgement = read("Twin is a ship")
    assert judgement.entities == ()
    assert lacks(judgement) == dict.fromkeys(("twin-one", "twin-two"), "could be any of twin-one, twin-two")


def test_a_word_that_kills_a_sense_kills_it(read: Read) -> None:
    judgement = read("Quiet Wave boss fight")
    assert judgement.entities == ()
    assert lacks(judgement)["quiet-wave"] == "a word that rules this reading out"


def test_exact_letters_are_asked_for_where_the_watchlist_says_so(read: Read) -> None:
    assert read("the PACT holds").entities == ("old-pact",)
    assert read("the pact holds").entities == ()


def test_an_outlets_error_is_noted(read: Read) -> None:
    (mention,) = read("General Ana leaves").mentions
    assert (mention.entity, mention.sense) == ("ana-roy", "outlet error: Ana is her given name")


@pytest.mark.parametrize(
    ("day", "office", "note"),
    [
        ("2025-06-30", "Guardian", ""),
        ("2025-07-20", None, "former Guardian"),
        ("2025-08-30", None, ""),
        ("2023-12-15", None, "incoming Guardian"),
    ],
)
def test_the_day_decides_about_offices(read: Read, day: str, office: str | None, note: str) -> None:
    (mention,) = read("Ana Roy speaks", day=day).mentions
    assert mention.office == office
    assert mention.sense == ("; ".join(filter(None, ("full name", note))))


def test_who_holds_the_office_opens_the_subject_and_who_left_it_does_not(read: Read) -> None:
    assert dict(read("Ana Roy in Bland", day="2025-05-04").receipt.gate)["subject"] == "Ana Roy"
    assert dict(read("Ana Roy in Bland", day="2025-12-04").receipt.gate)["subject"] == ""


def test_an_office_opens_gates_and_is_no_mention(read: Read) -> None:
    judgement = read("Guardian of Aland in Bland")
    assert judgement.entities == ()
    assert dict(judgement.receipt.gate)["aland"] == "Guardian of Aland"


def test_spans_point_into_the_articles_own_text(read: Read, article: Callable[..., Article]) -> None:
    title, summary = "“Quiet\u00a0\u200bWave”", "ａｌａｎｄ\u3000navy — Bland  Navy"
    judgement = read(title, summary)
    texts = {"title": title, "summary": summary}
    spans = [mention.span for mention in judgement.mentions]
    assert [texts[span.field][span.start : span.end] for span in spans] == [span.surface for span in spans]
    assert [span.surface for span in spans] == ["Quiet\u00a0\u200bWave", "ａｌａｎｄ\u3000navy", "Bland  Navy"]


def test_a_forbidden_phrase_may_hold_the_name_itself() -> None:
    judge = Judge(load("india_japan"))
    day = datetime(2025, 5, 4, tzinfo=UTC)
    coast = judge.judge(Article("Rain lashes the Malabar coast as navy divers help", "", "en", day, day))
    exercise = judge.judge(Article("Malabar naval exercise begins off Guam", "", "en", day, day))
    assert "malabar" not in coast.entities
    assert "malabar" in exercise.entities
