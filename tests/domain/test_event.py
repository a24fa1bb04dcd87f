"""Stages, their fold, and the coarse status that follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.event import Coding, Event, EventType, Stage, StageChange, Status, fold, moves, status_of

AT = datetime(2025, 5, 4, tzinfo=UTC)
DAY = date(2025, 5, 5)


def change(stage: Stage, number: int, retracts: int | None = None) -> StageChange:
    return StageChange(stage, AT, evidence="1", id=number, retracts=retracts)


@pytest.mark.parametrize(
    ("stage", "start", "status"),
    [
        (Stage.ANNOUNCED, None, Status.PLANNED),
        (Stage.CONFIRMED, DAY, Status.PLANNED),
        (Stage.UNDER_WAY, DAY, Status.ONGOING),
        (Stage.CONCLUDED, DAY, Status.CONCLUDED),
        (Stage.POSTPONED, DAY, Status.PLANNED),
        (Stage.POSTPONED, None, Status.NONE),
        (Stage.CANCELLED, DAY, Status.NONE),
        (None, DAY, Status.NONE),
    ],
)
def test_status_follows_from_the_stage(stage: Stage | None, start: date | None, status: Status) -> None:
    assert status_of(stage, start) is status


def test_the_fold_is_the_last_change() -> None:
    assert fold([change(Stage.ANNOUNCED, 1), change(Stage.CONCLUDED, 2)]) is Stage.CONCLUDED


def test_a_retraction_restores_what_stood_before() -> None:
    changes = [change(Stage.ANNOUNCED, 1), change(Stage.CANCELLED, 2), change(Stage.CANCELLED, 3, retracts=2)]
    assert fold(changes) is Stage.ANNOUNCED


def test_an_announcement_recorded_late_reopens_nothing() -> None:
    earlier = StageChange(Stage.ANNOUNCED, AT, "2", id=9)
    over = StageChange(Stage.CONCLUDED, AT + timedelta(days=1), "1", id=1)
    assert fold([over, earlier]) is Stage.CONCLUDED


@pytest.mark.parametrize(
    ("current", "told", "moved"),
    [
        (None, Stage.CONCLUDED, True),
        (Stage.ANNOUNCED, Stage.UNDER_WAY, True),
        (Stage.CONCLUDED, Stage.ANNOUNCED, False),
        (Stage.ANNOUNCED, Stage.ANNOUNCED, False),
        (Stage.CONFIRMED, Stage.POSTPONED, True),
        (Stage.CONCLUDED, Stage.CANCELLED, False),
        (Stage.POSTPONED, Stage.ANNOUNCED, True),
        (Stage.CANCELLED, Stage.CANCELLED, False),
    ],
)
def test_what_a_report_can_change(current: Stage | None, told: Stage, moved: bool) -> None:
    assert moves(current, told) is moved


def test_no_change_is_no_stage() -> None:
    assert fold([]) is None
    event = Event(EventType.MEETING, DAY, DAY, None, (), None, (), ())
    assert event.stage is None
    assert event.status is Status.NONE


def test_analysis_has_no_status_even_with_a_stage() -> None:
    assert Coding(EventType.ANALYSIS, Stage.CONCLUDED, DAY).status is Status.NONE
    assert Coding(EventType.MEETING, Stage.CONCLUDED, DAY).status is Status.CONCLUDED


def test_statements_and_analysis_make_no_event() -> None:
    assert {kind for kind in EventType if not kind.makes_event} == {EventType.STATEMENT, EventType.ANALYSIS}
