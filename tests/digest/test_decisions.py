"""Agreements and platform deals in a digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from monitor.domain.digest import DigestModel, Source, StoryForDigest
from monitor.domain.event import StepTold
from monitor.domain.judgement import Field, Span
from monitor.domain.ladder import StepReport
from monitor.domain.watchlist import KnownStep, Step

if TYPE_CHECKING:
    from tests.digest.conftest import Desk

SPAN = Span(Field.TITLE, 0, 4, "pact")
TODAY = date(2025, 5, 5)
OLD = KnownStep("acsa", Step.SIGNED, date(2020, 9, 9), source="a paper")
Compose = Callable[..., DigestModel]


def telling(
    desk: Desk, step: Step, entity: str = "acsa", publisher: str = "A", time: str = "2025-05-05T10:00"
) -> Source:
    return replace(desk.source("t", publisher, time), steps=(StepTold(entity, step, SPAN),))


def reports(*sources: Source) -> tuple[StepReport, ...]:
    return tuple(StepReport(told.entity, told.step, TODAY, one.item_id) for one in sources for told in one.steps)


def lines(model: DigestModel) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [
        (entry.headline, entry.lines)
        for section in model.sections
        if section.id == "decisions"
        for entry in section.entries
    ]


def story(desk: Desk, *sources: Source) -> StoryForDigest:
    return desk.story(1, None, *sources)


def test_a_new_step_is_told_with_the_one_before(composed: Compose, desk: Desk) -> None:
    source = telling(desk, Step.IN_FORCE)
    model = composed(story(desk, source), steps=reports(source), known=(OLD,))
    assert lines(model) == [
        (
            "Reciprocal Provision of Supplies and Services",
            (("New step", "in force, after signed since Wed 9 Sep 2020"),),
        )
    ]


def test_a_mention_that_brings_no_step_says_what_stands(composed: Compose, desk: Desk) -> None:
    source = telling(desk, Step.TALKS)
    [(_, found)] = lines(composed(story(desk, source), steps=reports(source), known=(OLD,)))
    assert found == (("Stands", "signed since Wed 9 Sep 2020; mentioned again, no new step"),)


def test_a_digest_made_again_does_not_know_what_was_signed_since(composed: Compose, desk: Desk) -> None:
    source = telling(desk, Step.TALKS)
    later = KnownStep("acsa", Step.SIGNED, date(2025, 5, 7), source="a paper")
    [(_, found)] = lines(composed(story(desk, source), steps=reports(source), known=(later,)))
    assert found == (("New step", "talks"),)


def test_a_report_that_contradicts_the_record_is_flagged(composed: Compose, desk: Desk) -> None:
    source = telling(desk, Step.ANNOUNCED)
    [(_, found)] = lines(composed(story(desk, source), steps=reports(source), known=(OLD,)))
    assert found[1] == ("Contradicts", "told as announced now, though signed on record")


def test_who_is_told_of_by_most_comes_first_and_no_report_counts_twice(composed: Compose, desk: Desk) -> None:
    one, two = telling(desk, Step.TALKS, "unicorn", "A"), telling(desk, Step.TALKS, "unicorn", "B")
    three = telling(desk, Step.SIGNED, "acsa", "C")
    model = composed(story(desk, one, two, three), steps=reports(one, two, three))
    assert [name for name, _ in lines(model)] == ["UNICORN antenna", "Reciprocal Provision of Supplies and Services"]
    assert model.summary[-1] == "3 reports from 3 publishers in 1 language"


def test_steps_told_before_or_of_strangers_make_no_entry(composed: Compose, desk: Desk) -> None:
    old, stranger = telling(desk, Step.TALKS), telling(desk, Step.TALKS, "nothing-known")
    assert (
        lines(composed(desk.story(1, None, old, stranger, new=(stranger.item_id,)), steps=reports(old, stranger))) == []
    )
