from __future__ import annotations

import pytest

from monitor.events.background import is_ahead, is_beside, is_quoted, rests_on, urges


def _at(text: str, name: str) -> tuple[str, int, int]:
    start = text.index(name)
    return text, start, start + len(name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("meets in delhi under the 2006 memorandum", "memorandum", True),
        ("रसद समझौते के तहत ईंधन लिया", "समझौते", True),
        ("協定に基づき給油した", "協定", True),
        ("ministers sign memorandum", "memorandum", False),
        ("協定で合意", "協定", False),
    ],
)
def test_a_pact_that_something_rests_on_is_not_its_news(text: str, name: str, expected: bool) -> None:
    assert rests_on(*_at(text, name)) is expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("they spoke of the coming 2+2", "2+2", True),
        ("home with offer of winter training", "training", True),
        ("अगले महीने 2+2", "2+2", True),
        ("来月の2プラス2へ調整", "2プラス2", True),
        ("2+2 की तैयारी", "2+2", True),
        ("third 2+2 held", "2+2", False),
    ],
)
def test_what_lies_ahead_of_the_news_is_told_apart(text: str, name: str, expected: bool) -> None:
    assert is_ahead(*_at(text, name)) is expected


def test_a_clause_beside_the_news() -> None:
    assert is_beside(" as tsugaru docks in chennai")
    assert is_beside("before friday's talks")
    assert not is_beside(", japan sign pact")


@pytest.mark.parametrize(
    ("title", "order", "quotation"),
    [
        ("start with cadets: the missing rung", True, False),
        ("日印の協力を終わらせるな", True, False),
        ("drills, yes; a base, no, says indian admiral", False, True),
        ("「基地は置かないと明言する」インド海軍幹部", False, True),
        ("stealth antennas for india planned, sources say", False, False),
        ("exercise begins in goa", False, False),
    ],
)
def test_the_form_of_a_title(title: str, order: bool, quotation: bool) -> None:
    assert (urges(title), is_quoted(title)) == (order, quotation)
