"""Agencies' credits, told with the real publishers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.domain.item import Article
from monitor.events.credit import CreditReader
from monitor.watchlists import loader

NOW = datetime(2025, 5, 4, tzinfo=UTC)
BODY = "The ministers will meet on Monday and discuss exercises. " * 8


@pytest.fixture(scope="module")
def credits_() -> CreditReader:
    return CreditReader(loader.load("india_japan").publishers.values())


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("New Delhi [India], May 4 (ANI): The ministers will meet.", "ani"),
        ("TOKYO (AP) — The ministers will meet.", "ap"),
        ("TOKYO (Kyodo) -- The ministers will meet.", "kyodo"),
        ("【ニューデリー時事】防衛相が会談する。", "jiji"),
        ("防衛相が会談する。（共同）", "kyodo"),
        ("नई दिल्ली, 4 मई (भाषा) रक्षा मंत्री मिलेंगे।", "pti"),
        (f"{BODY} —IANS", "ians"),
        (f"{BODY} PTI", "pti"),
        (f"{BODY} (With inputs from ANI)", "ani"),
    ],
)
def test_a_credit_names_the_agency_whose_copy_it_is(credits_: CreditReader, text: str, agency: str) -> None:
    assert credits_.read(Article("A title", text, None, NOW, NOW)) == agency


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The minister told PTI on Monday that talks go on.",
        "The Press Trust of India (PTI) quoted the minister.",
        f"{BODY} It was a joint (ANI) matter. {BODY}",
        "भारत और जापान की वार्ता",
        "VIJAYAWADA (AP): The ministers will meet.",
        "A drill off Visakhapatnam (AP) ended.",
        "Rajnath Singh flew in from Ani.",
    ],
)
def test_what_only_names_an_agency_is_no_credit(credits_: CreditReader, text: str) -> None:
    assert credits_.read(Article("A title", text, None, NOW, NOW)) is None


def test_without_agencies_nothing_is_credited() -> None:
    assert CreditReader([]).read(Article("A title", "(ANI) said", None, NOW, NOW)) is None
