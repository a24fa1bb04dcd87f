"""Stages, their fold, and the coarse status that follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.event import Coding, Event, EventType, Stage, StageChange, Status, fold, moves, status_of, steps

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


def test_what_says_the_same_belongs_to_the_step_and_what_moves_nothing_to_none() -> None:
    def told(stage: Stage, hours: int) -> StageChange:
        return StageChange(stage, AT + timedelta(hours=hours), str(hours), id=hours)

    over, again, late = told(Stage.CONCLUDED, 2), told(Stage.CONCLUDED, 3), told(Stage.ANNOUNCED, 4)
    first = told(Stage.ANNOUNCED, 1)
    assert steps([again, late, over, first]) == [(first,), (over, again)]


CHANGES = st.lists(
    st.builds(
        lambda stage, hours: StageChange(stage, AT + timedelta(hours=hours), "1"),
        st.sampled_from(list(Stage)),
        st.integers(0, 9),
    ),
    max_size=8,
)


@given(CHANGES)
def test_every_step_moves_the_stage(changes: list[StageChange]) -> None:
    reached = [None, *(step[0].stage for step in steps(changes))]
    assert all(moves(before, after) for before, after in pairwise(reached) if after is not None)
    assert reached[-1] is fold(changes)


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
    none = {EventType.STATEMENT, EventType.ANALYSIS, EventType.OTHER}
    assert {kind for kind in EventType if not kind.makes_event} == none
