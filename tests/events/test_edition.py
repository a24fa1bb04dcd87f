from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.domain.event import Coding

Code = Callable[..., Coding]


@pytest.mark.parametrize(
    ("title", "summary", "number", "year"),
    [
        ("Eighth edition of JIMEX begins at Yokosuka", "", 8, None),
        ("JIMEX 24: Shivalik reaches Yokosuka", "The eighth edition has a harbour phase.", 8, 2024),
        ("Navies begin JIMEX-2025 off Yokosuka", "", None, 2025),
        ("9th round of India-Japan Defence Policy Dialogue held", "", 9, None),
        ("भारत-जापान अभ्यास जिमेक्स का आठवां संस्करण शुरू", "", 8, None),
        ("日印共同訓練JIMEX始まる 第8回", "", 8, None),
        ("日印の共同訓練ダルマ・ガーディアン、6回目は東富士で", "", 6, None),
    ],
)
def test_an_edition_is_counted_or_named_by_its_year(
    code: Code, title: str, summary: str, number: int | None, year: int | None
) -> None:
    coding = code(title, summary, "2025-06-12" if year != 2024 else "2024-06-12")
    assert (coding.edition, coding.year) == (number, year)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("JIMEX begins at Yokosuka", "The first edition took place in 2012."),
        ("JIMEX begins at Yokosuka", "JIMEX 12 was the first of its kind, years ago."),
        ("Sixth Air Wing hosts Indian crews of Veer Guardian", ""),
        ("JIMEX 25 ships sail together", ""),
    ],
)
def test_another_edition_is_not_this_one(code: Code, title: str, summary: str) -> None:
    coding = code(title, summary, "2020-06-12")
    assert (coding.edition, coding.year) == (None, None)


def test_an_edition_has_its_evidence(code: Code) -> None:
    title = "JIMEX 24, the eighth edition, begins at Yokosuka"
    slots = {slot.name: slot for slot in code(title, "", "2024-06-12").slots}
    spans = {name: slots[name].span for name in ("edition", "year")}
    assert {name: title[span.start : span.end] for name, span in spans.items() if span} == {
        "edition": "eighth edition",
        "year": "24",
    }
