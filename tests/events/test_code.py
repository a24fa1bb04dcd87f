"""Coding of articles told in our own words, with the real watchlist and judge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.event import Coding, EventType, Stage, Status
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement, Receipt
from monitor.domain.story import Report
from monitor.domain.watchlist import Side, Watchlist
from monitor.events.code import Coder
from monitor.events.ledger import advance

Code = Callable[..., Coding]
MAY_5 = date(2025, 5, 5)


def test_the_reference_article_is_a_planned_meeting(code: Code, shared: Path) -> None:
    title, _, text = (shared / "reference-article.txt").read_text(encoding="utf-8").partition("\n")
    for coding in (code(title, text), code("", f"{title}\n{text}")):
        assert (coding.type, coding.stage, coding.status) == (EventType.MEETING, Stage.ANNOUNCED, Status.PLANNED)
        assert (coding.start, coding.end, coding.place) == (MAY_5, MAY_5, "New Delhi")
        assert set(coding.participants) == {"rajnath-singh", "gen-nakatani"}
        assert {"cyber", "maritime-domain-awareness", "undersea-warfare", "exchanges"} <= set(coding.topics)


def test_ministers_named_by_their_titles_take_part(code: Code) -> None:
    coding = code("Raksha Mantri to meet Japanese Defence Minister in New Delhi on Monday", "")
    assert coding.participants == ("rajnath-singh", "gen-nakatani")


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Rajnath Singh to receive Gen Nakatani in Delhi on Monday",
            "India and Japan's defence ministers last saw each other in Vientiane in November 2024.",
        ),
        ("सोमवार को दिल्ली में जेन नाकातानी से मिलेंगे राजनाथ सिंह", "जापान के रक्षा मंत्री के साथ यह बैठक अहम मानी जा रही है।"),
        (
            "中谷防衛相、5日にインド国防相と会談へ",
            "中谷元・防衛相は5日にニューデリーでラージナート・シン国防相と会談する予定。",
        ),
    ],
)
def test_a_preview_in_three_languages(code: Code, title: str, summary: str) -> None:
    coding = code(title, summary)
    assert (coding.type, coding.status, coding.start) == (EventType.MEETING, Status.PLANNED, MAY_5)
    assert coding.place == "New Delhi"
    assert set(coding.participants) == {"rajnath-singh", "gen-nakatani"}


def test_a_verb_after_an_announcing_word_is_no_outcome(code: Code) -> None:
    coding = code(
        "India-Japan defence talks set for Monday",
        "Rajnath Singh and Gen Nakatani are due to meet on May 5. They will review exercises and discuss the region.",
    )
    assert (coding.stage, coding.start) == (Stage.ANNOUNCED, date(2025, 5, 5))


def test_an_outcome_is_concluded_and_the_earlier_meeting_is_context(code: Code) -> None:
    coding = code(
        "Rajnath Singh, Gen Nakatani hold talks in New Delhi",
        "The defence ministers of India and Japan met on Monday. Their first meeting took place in Vientiane in "
        "November 2024.",
        "2025-05-05",
    )
    assert (coding.type, coding.stage, coding.start, coding.place) == (
        EventType.MEETING,
        Stage.CONCLUDED,
        MAY_5,
        "New Delhi",
    )


def test_a_text_without_a_date_gives_none(code: Code) -> None:
    coding = code("Indian Navy and JMSDF exercise together", "JIMEX brings ships of both navies to sea.")
    assert coding.type is EventType.EXERCISE
    assert (coding.start, coding.end) == (None, None)


def test_a_date_twenty_years_off_is_not_the_event(code: Code) -> None:
    coding = code(
        "Rajnath Singh meets Gen Nakatani in New Delhi",
        "Coast guards of India and Japan signed a memorandum on 27 November 2006.",
        "2025-05-05",
    )
    assert coding.type is EventType.MEETING
    assert coding.stated_start is None


def test_an_anniversary_is_not_the_event(code: Code) -> None:
    coding = code(
        "India and Japan navies begin JIMEX at Visakhapatnam on 8 October",
        "The drill comes as both countries mark the 70th anniversary of diplomatic relations on April 28.",
        "2025-10-08",
    )
    assert (coding.type, coding.series) == (EventType.EXERCISE, "jimex")
    assert (coding.start, coding.place) == (date(2025, 10, 8), "Visakhapatnam")


def test_of_contradictory_dates_the_headline_wins(code: Code) -> None:
    coding = code(
        "India-Japan 2+2 in Tokyo on September 8",
        "Ministers of both countries will meet in Tokyo on September 9, an official said.",
        "2022-08-25",
    )
    assert (coding.type, coding.start, coding.place) == (EventType.DIALOGUE, date(2022, 9, 8), "Tokyo")


def test_of_two_events_the_headline_one_is_coded(code: Code) -> None:
    coding = code(
        "Dharma Guardian to begin at Chaubattia on February 24",
        "The Indian Army will host Japan's soldiers. Separately, the navies of both concluded JIMEX on January 30.",
        "2026-02-20",
    )
    assert (coding.series, coding.start, coding.place) == ("dharma-guardian", date(2026, 2, 24), "Chaubattia")
    assert coding.status is Status.PLANNED


def test_a_length_gives_the_last_day(code: Code) -> None:
    coding = code(
        "Dharma Guardian starts at Mahajan on 25 February",
        "For five days the armies of India and Japan train together.",
        "2024-02-25",
    )
    assert (coding.start, coding.end, coding.stage) == (date(2024, 2, 25), date(2024, 2, 29), Stage.UNDER_WAY)


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("India-Japan 2+2 dialogue postponed", Stage.POSTPONED),
        ("日印2プラス2を延期", Stage.POSTPONED),
        ("India, Japan call off JIMEX naval exercise: drill cancelled", Stage.CANCELLED),
        ("भारत-जापान 2+2 वार्ता स्थगित", Stage.POSTPONED),
    ],
)
def test_setbacks_are_read(code: Code, title: str, stage: Stage) -> None:
    assert code(title).stage is stage


@pytest.mark.parametrize(
    ("title", "summary", "start", "status"),
    [
        ("JIMEX 2025 postponed", "It was to begin on 20 May; no new date was announced.", None, Status.NONE),
        ("JIMEX 2025 postponed to 30 May", "It was to begin on 20 May.", date(2025, 5, 30), Status.PLANNED),
        ("日印共同訓練JIMEXを延期", "5月20日に予定されていたが延期された。", None, Status.NONE),
        ("日印共同訓練JIMEX、5月30日に延期", "5月20日に予定されていた。", date(2025, 5, 30), Status.PLANNED),
        ("भारत-जापान रक्षा मंत्रियों की बैठक स्थगित", "5 मई को होने वाली बैठक स्थगित कर दी गई।", None, Status.NONE),
    ],
)
def test_the_date_that_fell_through_is_not_the_new_one(
    code: Code, title: str, summary: str, start: date | None, status: Status
) -> None:
    coding = code(title, summary)
    assert (coding.stage, coding.start, coding.status) == (Stage.POSTPONED, start, status)


@pytest.mark.parametrize(
    "title",
    [
        "Why India and Japan need a deeper defence partnership",
        "日印防衛協力の意味を読み解く",
        "भारत-जापान रक्षा संबंधों के क्या मायने हैं",
    ],
)
def test_analysis_has_neither_stage_nor_day(code: Code, title: str) -> None:
    coding = code(title, "Rajnath Singh met Gen Nakatani in New Delhi on May 5.", "2025-05-06")
    assert coding.type is EventType.ANALYSIS
    assert (coding.stage, coding.status, coding.start) == (None, Status.NONE, None)


def test_evidence_points_at_the_words_of_the_article(code: Code) -> None:
    title = "Rajnath Singh to host Gen Nakatani in New Delhi on 5 May"
    slots = {slot.name: slot for slot in code(title).slots}
    spans = {name: slot.span for name, slot in slots.items() if slot.span is not None}
    assert {name: title[span.start : span.end] for name, span in spans.items()} == {
        "type": "host",
        "stage": "to host",
        "participants": "Gen Nakatani",
        "start": "5 May",
        "place": "New Delhi",
    }
    assert all(0 <= slot.confidence <= 1 for slot in slots.values())


def test_an_empty_article_is_other(code: Code) -> None:
    assert code("", "") == Coding(EventType.OTHER)


def test_what_no_word_names_opens_no_row(code: Code) -> None:
    """OTHER is coded only where nothing is named, so the ledger must not be asked for a row about it."""
    coding = code("Notes from Delhi and Tokyo", "", "2025-05-04")
    assert (coding.type, coding.stage, coding.start) == (EventType.OTHER, None, None)
    report = Report("a", "Notes", "", datetime(2025, 5, 4, 9, tzinfo=UTC), frozenset(), coding, "en")
    assert advance([], [report]) is None


def test_a_type_that_no_word_names_is_told_from_who_is_named(code: Code) -> None:
    coding = code("Rajnath Singh at Ichigaya", "", "2025-11-05")
    assert coding.type is EventType.VISIT
    assert next(slot.confidence for slot in coding.slots if slot.name == "type") < 0.2


def test_a_watchlist_of_two_other_countries_codes_by_its_own_words() -> None:
    """Nothing in the code knows India or Japan."""
    sides = (Side("fr", "France", "French", (), "Europe/Paris"), Side("de", "Germany", "German", (), "Europe/Berlin"))
    watchlist = Watchlist(
        id="x",
        title="x",
        version="1",
        subject="defence",
        sides=sides,
        entities={},
        cues=(),
        decoys=(),
        rules={},
        thresholds={},
        coding={
            "types": {"meeting": ("rencontre",)},
            "stages": {"announced": ("aura lieu",)},
            "places": {"Paris": ("Paris",)},
            "place_before": {"at": ("à",)},
        },
    )
    article = Article("Une rencontre aura lieu à Paris le 5 May", "", "fr", None, datetime(2025, 5, 1, tzinfo=UTC))
    coding = Coder(watchlist).code(article, _judgement())
    assert (coding.type, coding.stage, coding.place, coding.start) == (
        EventType.MEETING,
        Stage.ANNOUNCED,
        "Paris",
        MAY_5,
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=300))
def test_any_text_is_coded(code: Code, title: str, summary: str) -> None:
    coding = code(title, summary)
    assert coding.start is None or coding.end is None or coding.start <= coding.end
    assert coding.type.makes_event or coding.stage is None


def _judgement() -> Judgement:
    return Judgement(Decision.ACCEPT, 1.0, None, "fr", (), Receipt("1", (), ()))
