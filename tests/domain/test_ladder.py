"""The ladder of agreements and platform deals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.domain.ladder import Rung, StepReport, ladder
from monitor.domain.watchlist import KnownStep, Step

TODAY = date(2025, 6, 1)
SIGNED = KnownStep("pact", Step.SIGNED, date(2020, 9, 9), source="a paper")
IN_FORCE = KnownStep("pact", Step.IN_FORCE, date(2021, 7, 11), source="an embassy")


def report(step: Step, day: date, item: int = 1, entity: str = "pact") -> StepReport:
    return StepReport(entity, step, day, item)


def test_steps_climb_in_time_and_each_counts_from_its_first_word() -> None:
    told = [
        report(Step.SIGNED, date(2024, 11, 15), 3, "mast"),
        report(Step.TALKS, date(2022, 3, 1), 1, "mast"),
        report(Step.SIGNED, date(2024, 11, 16), 4, "mast"),
        report(Step.TALKS, date(2024, 12, 1), 5, "mast"),
        report(Step.FIRST_USE, date(2025, 1, 1), 9),
    ]
    found = ladder("mast", [SIGNED], told, TODAY)
    assert found.rungs == (
        Rung(Step.TALKS, date(2022, 3, 1), item_id=1),
        Rung(Step.SIGNED, date(2024, 11, 15), item_id=3),
    )
    assert (found.step, found.contradicting) == (Step.SIGNED, ())


def test_what_is_known_stands_among_what_is_told() -> None:
    found = ladder("pact", [IN_FORCE, SIGNED], [report(Step.FIRST_USE, date(2022, 3, 1))], TODAY)
    assert [rung.step for rung in found.rungs] == [Step.SIGNED, Step.IN_FORCE, Step.FIRST_USE]
    assert [rung.source for rung in found.rungs] == ["a paper", "an embassy", ""]


@pytest.mark.parametrize(
    ("step", "day", "contradicts"),
    [
        (Step.ANNOUNCED, date(2025, 5, 5), True),
        (Step.SIGNED, date(2025, 5, 5), True),
        (Step.TALKS, date(2025, 5, 5), False),
        (Step.FIRST_USE, date(2025, 5, 5), False),
        (Step.SIGNED, date(2020, 9, 9) + timedelta(days=60), False),
        (Step.SIGNED, date(2020, 9, 9) + timedelta(days=61), True),
        (Step.ANNOUNCED, date(2020, 9, 1), False),
    ],
)
def test_which_reports_contradict_what_stands(step: Step, day: date, contradicts: bool) -> None:
    assert bool(ladder("pact", [SIGNED, IN_FORCE], [report(step, day)], TODAY).contradicting) is contradicts


def test_a_step_that_is_known_from_a_later_day_is_not_reached_yet() -> None:
    told = [report(Step.ANNOUNCED, date(2020, 12, 1))]
    found = ladder("pact", [SIGNED, IN_FORCE], told, date(2021, 7, 10))
    assert (found.step, len(found.contradicting)) == (Step.SIGNED, 1)
    assert ladder("pact", [SIGNED, IN_FORCE], told, IN_FORCE.on).step is Step.IN_FORCE
    assert ladder("pact", [SIGNED], told, date(2020, 9, 8)).contradicting == ()


def test_nothing_known_is_no_step() -> None:
    assert ladder("pact", [], [], TODAY).step is None
