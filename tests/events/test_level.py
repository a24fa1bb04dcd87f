"""The level of an event follows from offices held that day and from series, never from titles in a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.pace import Level
from monitor.domain.watchlist import Entity, EntityKind, Watchlist
from monitor.events.level import LEVELS, level_of
from monitor.watchlists.loader import load

DAY = date(2025, 5, 5)


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load("india_japan")


def event(event_type: EventType, *participants: str, **slots: Any) -> Event:  # noqa: ANN401, any slot
    values: dict[str, Any] = {"start": DAY, "end": None, "place": None, "series": None, "topics": (), "changes": ()}
    return Event(event_type, participants=participants, **values | slots)


@pytest.mark.parametrize("kind", [EventType.EXERCISE, EventType.STAFF_TALKS, EventType.DEPLOYMENT])
def test_what_forces_do_among_themselves_is_of_the_service(watchlist: Watchlist, kind: EventType) -> None:
    assert level_of(event(kind, "rajnath-singh", "gen-nakatani"), watchlist) is Level.SERVICE


def test_ministers_who_meet(watchlist: Watchlist) -> None:
    meeting = event(EventType.MEETING, "rajnath-singh", "gen-nakatani")
    assert level_of(meeting, watchlist) is Level.MINISTER


def test_who_holds_no_office_that_day_makes_no_ministers_meeting(watchlist: Watchlist) -> None:
    former = event(EventType.MEETING, "gen-nakatani", start=date(2023, 5, 5))
    assert level_of(former, watchlist) is Level.OTHER


def test_the_office_counts_on_the_day_of_the_first_report_where_no_day_is_known(watchlist: Watchlist) -> None:
    told = (StageChange(Stage.ANNOUNCED, datetime(2025, 5, 4, tzinfo=UTC), "1"),)
    undated = event(EventType.MEETING, "rajnath-singh", "gen-nakatani", start=None, changes=told)
    assert level_of(undated, watchlist) is Level.MINISTER
    assert level_of(event(EventType.MEETING, "rajnath-singh", start=None), watchlist) is Level.OTHER


def test_a_call_is_of_the_level_of_the_one_who_calls(watchlist: Watchlist) -> None:
    call = event(EventType.VISIT, "office-raksha-mantri", "office-cos-jmsdf")
    assert level_of(call, watchlist) is Level.SERVICE
    assert (
        level_of(event(EventType.MEETING, "office-raksha-mantri", "office-ambassador-japan"), watchlist) is Level.OTHER
    )


def test_of_one_side_its_highest_counts(watchlist: Watchlist) -> None:
    delegations = event(
        EventType.MEETING,
        "office-defence-secretary",
        "office-raksha-mantri",
        "office-japan-vice-minister-defense",
    )
    assert level_of(delegations, watchlist) is Level.VICE_MINISTER


def test_a_guest_of_neither_side_lowers_nothing(watchlist: Watchlist) -> None:
    guest = Entity("guest", EntityKind.OFFICE, "Ambassador of a third country", None, (), level="officials")
    known = replace(watchlist, entities={**watchlist.entities, "guest": guest})
    meeting = event(EventType.MEETING, "rajnath-singh", "gen-nakatani", "guest")
    assert level_of(meeting, known) is Level.MINISTER


def test_a_dialogue_is_what_it_is_whoever_receives_its_members(watchlist: Watchlist) -> None:
    dialogue = event(EventType.DIALOGUE, "office-raksha-mantri", series="defence-policy-dialogue")
    assert level_of(dialogue, watchlist) is Level.VICE_MINISTER
    assert level_of(event(EventType.DIALOGUE, series="india-japan-2plus2"), watchlist) is Level.MINISTER
    assert level_of(event(EventType.DIALOGUE, series="cyber-dialogue"), watchlist) is Level.OTHER


def test_a_meeting_on_the_margins_is_what_its_participants_are(watchlist: Watchlist) -> None:
    margins = event(EventType.MEETING, "office-cns", "office-cos-jmsdf", series="asean-regional-forum")
    assert level_of(margins, watchlist) is Level.SERVICE
    assert level_of(event(EventType.MEETING, series="asean-regional-forum"), watchlist) is Level.MINISTER


def test_a_force_without_anybody_of_office_is_of_the_service(watchlist: Watchlist) -> None:
    assert level_of(event(EventType.VISIT, "jmsdf", "gone"), watchlist) is Level.SERVICE


def test_fleet_commanders_are_officials_of_a_service(watchlist: Watchlist) -> None:
    assert level_of(event(EventType.VISIT, "office-focef"), watchlist) is Level.SERVICE


def test_nothing_known(watchlist: Watchlist) -> None:
    assert level_of(event(EventType.OTHER), watchlist) is Level.OTHER


def test_every_level_of_the_watchlist_has_its_place(watchlist: Watchlist) -> None:
    found = {entity.level for entity in watchlist.entities.values() if entity.level}
    assert found == {*LEVELS, "officials"}
