"""Which events count as contact, on which day, and how many in each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.pace import Level, monthly, took_place_on

TODAY = date(2025, 6, 1)
TOLD = datetime(2025, 5, 4, 12, tzinfo=UTC)
MAY_5 = date(2025, 5, 5)


def event(*stages: Stage, start: date | None = MAY_5, end: date | None = None) -> Event:
    return Event(EventType.MEETING, start, end, None, (), None, (), told(stages))


def told(stages: Sequence[Stage]) -> tuple[StageChange, ...]:
    return tuple(StageChange(stage, TOLD.replace(day=4 + n), str(n), n) for n, stage in enumerate(stages))


@pytest.mark.parametrize("stage", [Stage.ANNOUNCED, Stage.CONFIRMED, Stage.UNDER_WAY, Stage.CONCLUDED])
def test_an_event_whose_days_are_over_took_place(stage: Stage) -> None:
    assert took_place_on(event(stage, end=date(2025, 5, 8)), TODAY) == MAY_5


def test_one_that_was_put_off_did_not() -> None:
    assert took_place_on(event(Stage.ANNOUNCED, Stage.CANCELLED), TODAY) is None
    assert took_place_on(event(Stage.ANNOUNCED, Stage.POSTPONED, start=None), TODAY) is None


def test_one_that_was_put_off_to_a_new_day_did_when_that_day_is_over() -> None:
    again = event(Stage.ANNOUNCED, Stage.POSTPONED, start=date(2025, 5, 30))
    assert took_place_on(again, date(2025, 5, 30)) is None
    assert took_place_on(again, TODAY) == date(2025, 5, 30)


def test_one_that_is_only_announced_did_not_until_its_last_day_is_over() -> None:
    announced = event(Stage.ANNOUNCED, start=date(2025, 5, 30), end=TODAY)
    assert took_place_on(announced, TODAY) is None
    assert took_place_on(announced, date(2025, 6, 2)) == date(2025, 5, 30)


def test_one_under_way_counts_by_its_first_day() -> None:
    assert took_place_on(event(Stage.UNDER_WAY, end=date(2025, 7, 1)), TODAY) == MAY_5


def test_without_a_day_it_counts_by_the_report_that_it_took_place() -> None:
    assert took_place_on(event(Stage.ANNOUNCED, Stage.UNDER_WAY, Stage.CONCLUDED, start=None), TODAY) == MAY_5
    assert took_place_on(event(Stage.ANNOUNCED, start=None), TODAY) is None


def test_an_event_that_lost_its_stages_did_not_take_place() -> None:
    assert took_place_on(event(), TODAY) is None


def test_days_that_are_told_the_wrong_way_round_count_by_the_earlier() -> None:
    assert took_place_on(event(Stage.CONCLUDED, start=date(2025, 5, 9), end=MAY_5), TODAY) == MAY_5


def test_twelve_months_with_each_event_in_its_own() -> None:
    contacts = [
        (date(2024, 5, 31), Level.OTHER),
        (date(2024, 6, 1), Level.SERVICE),
        (MAY_5, Level.MINISTER),
        (date(2025, 5, 31), Level.MINISTER),
        (date(2025, 6, 1), Level.MINISTER),
    ]
    months = monthly(contacts, date(2025, 5, 17))
    assert [month.first.isoformat()[:7] for month in months] == [
        *(f"2024-{month:02}" for month in range(6, 13)),
        *(f"2025-{month:02}" for month in range(1, 6)),
    ]
    assert months[0].counts == dict.fromkeys(Level, 0) | {Level.SERVICE: 1}
    assert months[-1].counts == dict.fromkeys(Level, 0) | {Level.MINISTER: 2}
    assert [month.total for month in months] == [1, *[0] * 10, 2]


def test_nothing_in_any_month() -> None:
    assert sum(month.total for month in monthly([], TODAY)) == 0
