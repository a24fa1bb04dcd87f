"""Editions of a series, how one stands among them, and what is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.series import (
    Standing,
    all_editions,
    expected,
    series_of,
    standing,
    usual_interval,
)
from monitor.domain.watchlist import Edition, Watchlist
from monitor.watchlists import loader

TODAY = date(2025, 5, 5)
MINISTERS = ("rajnath-singh", "gen-nakatani")
LINE = "india-japan-defence-ministerial"


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return replace(loader.load("india_japan"), editions=())


def event(
    start: date | None,
    number: int = 1,
    *,
    type_: EventType = EventType.MEETING,
    series: str | None = None,
    participants: tuple[str, ...] = (),
    stage: Stage = Stage.CONCLUDED,
    place: str | None = None,
) -> Event:
    change = StageChange(stage, datetime(2025, 1, 1, tzinfo=UTC), "1", id=number)
    return Event(type_, start, None, place, participants, series, (), (change,), id=number)


def exercise(start: date, number: int = 1, stage: Stage = Stage.CONCLUDED) -> Event:
    return event(start, number, type_=EventType.EXERCISE, series="jimex", stage=stage)


def days(*found: Edition) -> list[date]:
    return [edition.start for edition in found]


def test_a_meeting_of_both_ministers_is_of_their_own_line_even_on_the_margins_of_a_forum(watchlist: Watchlist) -> None:
    assert series_of(event(date(2024, 11, 22), participants=MINISTERS, series="admm-plus"), watchlist) == LINE


def test_ministers_who_met_by_a_last_day_or_on_no_known_day_are_of_their_line_too(watchlist: Watchlist) -> None:
    undated = event(None, participants=MINISTERS)
    assert series_of(undated, watchlist) == LINE
    assert series_of(replace(undated, end=date(2019, 9, 2)), watchlist) is None
    assert series_of(replace(undated, end=TODAY, changes=()), watchlist) == LINE
    assert series_of(replace(undated, changes=()), watchlist) is None


@pytest.mark.parametrize(
    ("found", "series"),
    [
        (event(TODAY, participants=("rajnath-singh",)), None),
        (event(date(2019, 9, 2), participants=MINISTERS), None),  # Nakatani was no minister then
        (event(TODAY, participants=MINISTERS, type_=EventType.VISIT), None),
        (event(TODAY, series="acsa-rpss"), None),
        (event(TODAY, series="no-such-thing"), None),
        (exercise(TODAY), "jimex"),
    ],
)
def test_what_a_row_is_an_edition_of(found: Event, series: str | None, watchlist: Watchlist) -> None:
    assert series_of(found, watchlist) == series


def test_rows_of_one_edition_count_once_and_what_did_not_take_place_never(watchlist: Watchlist) -> None:
    rows = [
        exercise(date(2024, 6, 11), 2),
        exercise(date(2024, 6, 16), 3),
        exercise(date(2023, 7, 5), 1),
        exercise(date(2022, 9, 1), 4, Stage.CANCELLED),
        event(None, 5, type_=EventType.EXERCISE, series="jimex", stage=Stage.POSTPONED),
    ]
    (series, found) = next(iter(all_editions(rows, watchlist, TODAY).items()))
    assert (series, [edition.event_id for edition in found]) == ("jimex", [1, 2])


def test_a_postponed_edition_counts_on_its_new_day_and_nothing_else_is_expected_then(watchlist: Watchlist) -> None:
    rows = [exercise(date(year, 6, 1), year) for year in (2022, 2023, 2024)]
    rows.append(exercise(date(2026, 1, 10), 2026, Stage.POSTPONED))
    found = all_editions(rows, watchlist, TODAY)["jimex"]
    assert days(*found)[-1] == date(2026, 1, 10)
    assert expected(found, TODAY) is None


def test_a_row_takes_the_place_of_the_history_and_the_history_ends_today(watchlist: Watchlist) -> None:
    known = (
        Edition("jimex", date(2023, 7, 1), precise=False, source="a"),
        Edition("jimex", date(2022, 9, 11), source="a"),
        Edition("jimex", date(2025, 10, 16), source="a"),
    )
    found = all_editions([exercise(date(2023, 7, 5))], replace(watchlist, editions=known), TODAY)["jimex"]
    assert [(one.start, one.event_id) for one in found] == [(date(2022, 9, 11), None), (date(2023, 7, 5), 1)]


def test_the_ministers_met_twice_in_six_months(watchlist: Watchlist) -> None:
    rows = [
        event(date(2024, 8, 20), 1, series=LINE),
        event(date(2024, 11, 22), 2, participants=MINISTERS, place="Vientiane"),
        event(TODAY, 3, participants=MINISTERS, place="New Delhi"),
    ]
    found = all_editions(rows, watchlist, TODAY)[LINE]
    assert standing(found[-1], found) == Standing(found[1], 2, timedelta(days=129))
    assert standing(found[0], found) == Standing(None, 1, None)


def test_an_announced_edition_is_measured_though_it_is_none_of_those_given() -> None:
    earlier = Edition("jimex", date(2024, 6, 11))
    assert standing(Edition("jimex", date(2025, 6, 1)), [earlier]) == Standing(earlier, 1, None)


def yearly(*years: int) -> list[Edition]:
    return [Edition("jimex", date(year, 6, 1)) for year in years]


def test_two_gaps_make_a_usual_interval() -> None:
    assert usual_interval(yearly(2022, 2023)) is None
    assert usual_interval(yearly(2021, 2022, 2023)) == timedelta(days=365)
    assert usual_interval([]) is None


@pytest.mark.parametrize(
    ("today", "overdue"),
    [(date(2024, 6, 1), False), (date(2024, 11, 29), False), (date(2024, 11, 30), True)],
)
def test_an_edition_is_overdue_after_one_and_a_half_intervals(today: date, overdue: bool) -> None:
    found = expected(yearly(2021, 2022, 2023), today)
    assert found is not None
    assert (found.around, found.overdue) == (date(2024, 5, 31), overdue)


@pytest.mark.parametrize("today", [date(2023, 6, 1), date(2023, 5, 1)])
def test_nothing_is_expected_while_an_edition_is_ahead_or_under_way(today: date) -> None:
    assert expected(yearly(2021, 2022, 2023), today) is None


def test_nothing_is_expected_where_editions_seem_to_be_missing() -> None:
    assert expected(yearly(2018, 2020, 2022), date(2024, 6, 1)) is None


def test_nothing_is_expected_of_what_happened_once() -> None:
    assert expected(yearly(2021), TODAY) is None
    assert expected([], TODAY) is None
