"""Titles of offices stand for who held them on the day; told with the real watchlist, in its three languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.watchlists import loader


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(loader.load("india_japan"))


def holders(judge: Judge, title: str, day: str) -> dict[str, str]:
    time = datetime.fromisoformat(day).replace(tzinfo=UTC)
    judgement = judge.judge(Article(title, "", None, time, time))
    return {mention.span.surface: mention.entity for mention in judgement.receipt.offices}


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        ("Raksha Mantri flies to Tokyo", "2018-08-20", {"Raksha Mantri": "nirmala-sitharaman"}),
        ("Raksha Mantri flies to Tokyo", "2025-10-30", {"Raksha Mantri": "rajnath-singh"}),
        ("The navy chief left India for Tokyo", "2025-02-10", {"navy chief": "dinesh-tripathi"}),
        (
            "防衛相、インド国防相と会談",
            "2024-03-30",
            {"防衛相": "minoru-kihara", "インド国防相": "rajnath-singh"},
        ),
        ("防衛相、インド国防相と会談", "2025-11-05", {"防衛相": "shinjiro-koizumi", "インド国防相": "rajnath-singh"}),
        ("भारत आए जापान के नेताओं से मिले रक्षा मंत्री", "2022-09-08", {"रक्षा मंत्री": "rajnath-singh"}),
    ],
)
def test_a_title_stands_for_who_held_the_office_that_day(
    judge: Judge, title: str, day: str, expected: dict[str, str]
) -> None:
    assert holders(judge, title, day) == expected


@pytest.mark.parametrize(
    "title",
    [
        "インドと日本、フランス国防相が会談",
        "भारत और जापान के साथ फ्रांस के रक्षा मंत्री ने बैठक की",
        "India, Japan talk; the defence secretary of the United States and the army chief of Nepal wrote",
    ],
)
def test_another_countrys_minister_is_not_ours(judge: Judge, title: str) -> None:
    assert holders(judge, title, "2024-03-30") == {}


def test_a_title_is_no_mention_and_says_what_it_stands_for(judge: Judge) -> None:
    time = datetime(2025, 10, 30, tzinfo=UTC)
    judgement = judge.judge(Article("Raksha Mantri flies to Tokyo", "", None, time, time))
    (mention,) = judgement.receipt.offices
    assert "rajnath-singh" not in judgement.entities
    assert (mention.office, mention.sense) == ("Minister of Defence", "held office-raksha-mantri on 2025-10-30")
