"""What a report says of the step that an agreement or a platform deal has reached."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monitor.domain.watchlist import Step
from monitor.events.steps import StepReader
from monitor.watchlists.loader import load

if TYPE_CHECKING:
    from tests.events.conftest import Code


def steps(code: Code, title: str, summary: str = "") -> dict[str, Step]:
    return {told.entity: told.step for told in code(title, summary).steps}


@pytest.mark.parametrize(
    ("title", "entity", "step"),
    [
        ("India, Japan ink military logistics pact", "acsa-rpss", Step.SIGNED),
        ("India-Japan military logistics pact enters into force", "acsa-rpss", Step.IN_FORCE),
        ("India, Japan to sign ACSA during defence ministers' meeting", "acsa-rpss", Step.ANNOUNCED),
        ("India and Japan agree to start talks on a military logistics pact", "acsa-rpss", Step.TALKS),
        ("日印ACSAが発効 食料や燃料の融通可能に", "acsa-rpss", Step.IN_FORCE),
        ("インド海軍向け「ユニコーン」移転で細目取極に署名", "unicorn-mast", Step.SIGNED),
        ("護衛艦アンテナ「ユニコーン」をインドに初輸出へ", "unicorn-mast", Step.ANNOUNCED),
    ],
)
def test_the_clause_that_names_it_tells_its_step(code: Code, title: str, entity: str, step: Step) -> None:
    assert steps(code, title).get(entity) is step


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("India, Japan defence ministers meet in New Delhi", "They spoke of the ACSA. A visitors' book was signed."),
        ("India, Japan defence ministers meet in New Delhi", "The ACSA, signed in September 2020, was praised."),
        ("India, Japan should sign an ACSA, says former navy chief", ""),
    ],
)
def test_what_another_clause_or_another_time_tells_is_no_step(code: Code, title: str, summary: str) -> None:
    assert "acsa-rpss" not in steps(code, title, summary)


def test_the_clause_that_weighs_most_decides_and_its_words_are_the_evidence(code: Code) -> None:
    title = "India, Japan sign military logistics pact"
    (told,) = code(title, "Negotiations on the military logistics pact had lasted two years.").steps
    assert (told.step, told.span.surface) == (Step.SIGNED, "sign")
    assert title[told.span.start : told.span.end] == "sign"


def test_a_watchlist_without_such_words_reads_no_steps() -> None:
    watchlist = load("india_japan")
    words = {name: group for name, group in watchlist.coding.items() if name != "steps"}
    assert StepReader.of(replace(watchlist, coding=words)).words.find("signed") == []
