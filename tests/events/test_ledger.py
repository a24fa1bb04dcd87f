from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.event import PROGRESS, Coding, Event, EventType, Slot, Stage, StageChange
from monitor.domain.story import Report
from monitor.events.ledger import advance, unsupported

START = datetime(2025, 5, 4, 9, tzinfo=UTC)
MAY_5 = date(2025, 5, 5)


def report(key: str, hours: int, stage: Stage | None, **slots: object) -> Report:
    given_slots = {"type": EventType.MEETING, "stage": stage} | slots
    return Report(key, "title", "", START + timedelta(hours=hours), frozenset(), Coding(**given_slots), "en")  # type: ignore[arg-type]


def stored(event: Event | None, first_id: int = 1) -> Event:
    """The event as the store gives it back: with ids."""
    assert event is not None
    changes = tuple(replace(c, id=c.id or first_id + n) for n, c in enumerate(event.changes))
    return replace(event, id=event.id or 7, changes=changes)


def stages(event: Event | None) -> list[tuple[Stage, str]]:
    assert event is not None
    return [(change.stage, change.evidence) for change in event.changes]


def test_preview_and_outcome_make_two_changes() -> None:
    event = advance([], [report("b", 30, Stage.CONCLUDED), report("a", 0, Stage.ANNOUNCED)])
    assert stages(event) == [(Stage.ANNOUNCED, "a"), (Stage.CONCLUDED, "b")]
    assert event is not None
    assert event.stage is Stage.CONCLUDED
    assert event.changes[1].at == START + timedelta(hours=30)


def test_a_story_first_heard_of_when_over_has_one_change() -> None:
    assert stages(advance([], [report("a", 0, Stage.CONCLUDED)])) == [(Stage.CONCLUDED, "a")]


def test_what_begins_on_a_later_day_is_not_over_whatever_a_report_seems_to_say() -> None:
    day_before = report("b", 4, Stage.CONCLUDED, start=MAY_5)
    reports = [report("a", 0, Stage.ANNOUNCED, start=MAY_5), day_before]
    event = advance([], reports)
    assert stages(event) == [(Stage.ANNOUNCED, "a")]
    assert stages(advance([stored(event)], [*reports, report("c", 30, Stage.CONCLUDED)]))[1:] == [
        (Stage.CONCLUDED, "c")
    ]


def test_the_writers_own_day_decides_what_is_premature() -> None:
    late = datetime(2025, 5, 4, 20, tzinfo=UTC)
    told = replace(report("a", 0, Stage.CONCLUDED, start=MAY_5), time=late)
    assert stages(advance([], [told])) == []
    assert stages(advance([], [replace(told, offset=540)])) == [(Stage.CONCLUDED, "a")]


def test_analysis_makes_no_event() -> None:
    assert advance([], [report("a", 0, None, type=EventType.ANALYSIS)]) is None
    assert advance([], []) is None


def test_a_late_preview_adds_nothing_to_what_is_over() -> None:
    known = stored(advance([], [report("b", 30, Stage.CONCLUDED)]))
    event = advance([known], [report("b", 30, Stage.CONCLUDED), report("a", 0, Stage.ANNOUNCED)])
    assert stages(event) == [(Stage.CONCLUDED, "b")]


def test_stages_never_go_back_but_setbacks_may_come() -> None:
    reports = [
        report("a", 0, Stage.CONFIRMED),
        report("b", 1, Stage.ANNOUNCED),
        report("c", 2, Stage.POSTPONED),
        report("d", 3, Stage.POSTPONED),
        report("e", 4, Stage.ANNOUNCED),
        report("f", 5, Stage.CONCLUDED),
        report("g", 6, Stage.CANCELLED),
    ]
    assert [stage for stage, _ in stages(advance([], reports))] == [
        Stage.CONFIRMED,
        Stage.POSTPONED,
        Stage.ANNOUNCED,
        Stage.CONCLUDED,
    ]


def test_an_edited_report_may_bring_a_new_stage() -> None:
    known = stored(advance([], [report("a", 0, Stage.ANNOUNCED)]))
    event = advance([known], [report("a", 0, Stage.CONCLUDED)])
    assert stages(event) == [(Stage.ANNOUNCED, "a"), (Stage.ANNOUNCED, "a"), (Stage.CONCLUDED, "a")]
    assert event is not None
    assert event.changes[1].retracts == known.changes[0].id
    assert event.stage is Stage.CONCLUDED


def test_a_stage_whose_only_report_left_is_taken_back() -> None:
    announced, cancelled = report("a", 0, Stage.ANNOUNCED), report("b", 1, Stage.CANCELLED)
    known = stored(advance([], [announced, cancelled]))
    assert known.stage is Stage.CANCELLED
    event = stored(advance([known], [announced]))
    assert event.stage is Stage.ANNOUNCED
    assert event.changes[:2] == known.changes
    assert event.changes[2] == replace(known.changes[1], id=3, retracts=known.changes[1].id)
    again = advance([event], [announced, cancelled])
    assert again is not None
    assert again.stage is Stage.CANCELLED, "what is told once more stands once more"


def test_a_stage_that_another_report_tells_stands() -> None:
    reports = [report("a", 0, Stage.ANNOUNCED), report("b", 1, Stage.CANCELLED), report("c", 2, Stage.CANCELLED)]
    known = stored(advance([], reports))
    assert advance([known], [reports[0], reports[2]]) == known


def test_what_came_before_a_stage_taken_back_is_heard_again() -> None:
    announced, cancelled = report("a", 0, Stage.ANNOUNCED), report("b", 9, Stage.CANCELLED)
    known = stored(advance([], [announced, cancelled]))
    confirmed = report("c", 5, Stage.CONFIRMED)
    assert advance([known], [announced, cancelled, confirmed]) == known, "it comes too late"
    event = advance([known], [announced, confirmed])
    assert event is not None
    assert event.stage is Stage.CONFIRMED


def test_a_change_goes_along_with_its_evidence() -> None:
    report_b = report("b", 1, Stage.CONCLUDED)
    change = StageChange(Stage.CONCLUDED, report_b.time, "b", id=40)
    event = advance([], [report_b], [change])
    assert event is not None
    assert event.changes == (change,)


def test_merged_rows_keep_the_survivors_id_and_bring_their_changes() -> None:
    first = stored(advance([], [report("b", 5, Stage.UNDER_WAY)]))
    second = replace(stored(advance([], [report("a", 0, Stage.ANNOUNCED)]), first_id=50), id=9)
    event = advance([first, second], [report("a", 0, Stage.ANNOUNCED), report("b", 5, Stage.UNDER_WAY)])
    assert event is not None
    assert event.id == first.id
    assert [change.id for change in event.changes] == [1, 50]


def test_slots_go_by_the_weight_of_their_evidence() -> None:
    sure, unsure = (Slot("place", "words", 0.9),), (Slot("place", "words", 0.3),)
    event = advance(
        [],
        [
            report("a", 0, Stage.ANNOUNCED, place="Tokyo", slots=unsure),
            report("b", 1, Stage.ANNOUNCED, place="Tokyo", slots=unsure),
            report("c", 2, Stage.ANNOUNCED, place="New Delhi", slots=sure),
        ],
    )
    assert event is not None
    assert event.place == "New Delhi"


def test_the_last_day_comes_from_reports_that_agree_on_the_first() -> None:
    event = advance(
        [],
        [
            report("a", 0, Stage.ANNOUNCED, start=MAY_5, end=MAY_5),
            report("b", 1, Stage.ANNOUNCED, start=MAY_5),
            report("c", 2, Stage.ANNOUNCED, start=date(2025, 6, 1), end=date(2025, 6, 9)),
        ],
    )
    assert event is not None
    assert (event.start, event.end) == (MAY_5, MAY_5)


def test_a_postponement_voids_the_older_days() -> None:
    event = advance(
        [],
        [
            report("a", 0, Stage.ANNOUNCED, start=MAY_5, end=MAY_5),
            report("b", 1, Stage.ANNOUNCED, start=MAY_5, end=MAY_5),
            report("c", 2, Stage.POSTPONED, start=date(2025, 6, 1)),
        ],
    )
    assert event is not None
    assert event.start == date(2025, 6, 1)


def test_a_name_in_one_report_of_many_is_no_participant() -> None:
    reports = [report(str(n), n, Stage.ANNOUNCED, participants=("singh", "nakatani")) for n in range(5)]
    event = advance([], [*reports, report("9", 9, Stage.ANNOUNCED, participants=("singh", "modi"))])
    assert event is not None
    assert event.participants == ("singh", "nakatani")


@pytest.mark.parametrize("left", [[], [report("x", 5, None, type=EventType.ANALYSIS)]])
def test_when_no_report_is_left_the_row_keeps_its_slots_and_loses_its_stages(left: list[Report]) -> None:
    known = stored(advance([], [report("a", 0, Stage.ANNOUNCED, place="Tokyo")]))
    event = stored(advance([known], left))
    assert event.stage is None
    assert replace(event, changes=known.changes) == known
    assert advance([event], left) == event


REPORTS = st.lists(
    st.builds(
        report,
        key=st.text("abcdef", min_size=1, max_size=2),
        hours=st.integers(0, 5),
        stage=st.sampled_from([*Stage, None]),
        start=st.sampled_from([None, MAY_5, date(2025, 6, 1)]),
        place=st.sampled_from([None, "Tokyo", "New Delhi"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.key,
)


@given(REPORTS)
def test_advancing_again_adds_nothing(reports: list[Report]) -> None:
    once = advance([], reports)
    assert advance([stored(once)], reports) == stored(once)


@given(REPORTS)
def test_the_order_of_reports_does_not_matter(reports: list[Report]) -> None:
    shuffled = sorted(reports, key=lambda one: one.key)
    assert advance([], shuffled) == advance([], reports)


@given(REPORTS, REPORTS)
def test_no_recorded_stage_stands_that_no_report_tells(first: list[Report], second: list[Report]) -> None:
    event = stored(advance([stored(advance([], first))], second))
    assert unsupported(event.changes, second) == []
    assert stored(advance([event], second)) == event


@given(REPORTS, REPORTS)
def test_recorded_changes_are_kept_and_progress_never_turns_back(first: list[Report], second: list[Report]) -> None:
    known = stored(advance([], first))
    event = advance([known], [*first, *(one for one in second if one.key not in {r.key for r in first})])
    assert event is not None
    assert event.changes[: len(known.changes)] == known.changes
    forward = [c.stage for c in event.changes]
    for earlier, later in pairwise(forward):
        if earlier in PROGRESS and later in PROGRESS:
            assert PROGRESS.index(later) > PROGRESS.index(earlier)


@pytest.mark.parametrize("stage", list(Stage))
def test_no_stage_told_twice_is_recorded_twice(stage: Stage) -> None:
    assert len(stages(advance([], [report("a", 0, stage), report("b", 1, stage)]))) == 1
