"""Headlines follow from the row and say nothing it does not carry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.digest.headline import NOUNS, PHRASES, headline, told_as
from monitor.domain.digest import Source
from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.watchlist import Watchlist

MINISTERS = ("rajnath-singh", "gen-nakatani")
CHIEFS = ("anil-chauhan", "yoshihide-yoshida")
NAVIES = ("indian-navy", "jmsdf")


def row(
    type_: EventType,
    stage: Stage | None,
    who: tuple[str, ...] = (),
    place: str | None = None,
    series: str | None = None,
) -> Event:
    changes = (StageChange(stage, datetime(2025, 5, 5, tzinfo=UTC), "1", 1),) if stage else ()
    return Event(type_, None, None, place, who, series, (), changes, 1)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            row(EventType.MEETING, Stage.CONCLUDED, MINISTERS, "New Delhi"),
            "Rajnath Singh and Gen Nakatani met in New Delhi",
        ),
        (row(EventType.MEETING, Stage.ANNOUNCED, MINISTERS), "Rajnath Singh and Gen Nakatani to meet"),
        (row(EventType.MEETING, Stage.UNDER_WAY, MINISTERS), "Rajnath Singh and Gen Nakatani are meeting"),
        (row(EventType.MEETING, Stage.POSTPONED, MINISTERS), "Meeting postponed: Rajnath Singh and Gen Nakatani"),
        (row(EventType.MEETING, None, MINISTERS), "Meeting: Rajnath Singh and Gen Nakatani"),
        (row(EventType.MEETING, Stage.CONCLUDED, ("gen-nakatani",), "Tokyo"), None),
        (
            row(EventType.MEETING, Stage.CONCLUDED, (*NAVIES, *MINISTERS, *CHIEFS), "Tokyo"),
            "Rajnath Singh, Gen Nakatani and 2 others met in Tokyo",
        ),
        (
            row(EventType.MEETING, Stage.CONCLUDED, (), "Tokyo", "two-plus-two"),
            "2+2 Ministerial Dialogue held in Tokyo",
        ),
        (
            row(EventType.DIALOGUE, Stage.ANNOUNCED, MINISTERS, None, "two-plus-two"),
            "2+2 Ministerial Dialogue to be held",
        ),
        (row(EventType.VISIT, Stage.CONCLUDED, ("gen-nakatani",), "New Delhi"), "Gen Nakatani visited New Delhi"),
        (row(EventType.VISIT, Stage.UNDER_WAY, ("gen-nakatani",), "New Delhi"), "Gen Nakatani is visiting New Delhi"),
        (row(EventType.VISIT, Stage.CONCLUDED, ("gen-nakatani",)), None),
        (
            row(EventType.EXERCISE, Stage.UNDER_WAY, NAVIES, "Visakhapatnam", "jimex"),
            "JIMEX under way in Visakhapatnam",
        ),
        (row(EventType.EXERCISE, Stage.CONCLUDED, NAVIES, None, "jimex"), "JIMEX concluded"),
        (row(EventType.EXERCISE, Stage.CANCELLED, NAVIES, "Visakhapatnam", "jimex"), "JIMEX cancelled"),
        (row(EventType.EXERCISE, None, NAVIES, "Visakhapatnam", "jimex"), "JIMEX"),
        (row(EventType.STAFF_TALKS, Stage.CONCLUDED, CHIEFS), "Anil Chauhan and Yoshihide Yoshida held staff talks"),
        (
            row(EventType.AGREEMENT, Stage.ANNOUNCED, (), None, "acsa"),
            "Agreement announced: Reciprocal Provision of Supplies and Services",
        ),
        (
            row(EventType.TRANSFER, None, NAVIES),
            "Equipment transfer: Indian Navy and Japan Maritime Self-Defense Force",
        ),
        (row(EventType.AGREEMENT, Stage.ANNOUNCED), None),
        (row(EventType.OTHER, Stage.CONCLUDED, MINISTERS), None),
        (row(EventType.MEETING, Stage.CONCLUDED, ("nobody-known", "gen-nakatani")), None),
    ],
)
def test_headline_of_a_row(event: Event, expected: str | None, watchlist: Watchlist) -> None:
    assert headline(event, watchlist) == expected


WORDS = {"and", "in", "others", "met", "visited", "exercised", "held", "talks", "to", "be", "is", "are", "staff"}
WORDS |= {
    word
    for phrase in PHRASES.values()
    for word in f"{phrase.one} {phrase.several} {phrase.ahead} {phrase.noun}".split()
}
WORDS |= {word for noun in NOUNS.values() for word in noun.split()}
WORDS |= {word for stage in Stage for word in stage.split()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the watchlist does not change
@given(
    kind=st.sampled_from(EventType),
    stage=st.none() | st.sampled_from(Stage),
    who=st.lists(st.sampled_from([*MINISTERS, *CHIEFS, *NAVIES]), max_size=6, unique=True),
    place=st.none() | st.just("New Delhi"),
    series=st.none() | st.sampled_from(["jimex", "acsa", "unknown"]),
)
def test_every_word_of_a_headline_is_of_the_row_or_of_its_type_and_stage(
    watchlist: Watchlist, kind: EventType, stage: Stage | None, who: list[str], place: str | None, series: str | None
) -> None:
    said = headline(row(kind, stage, tuple(who), place, series), watchlist)
    names = [watchlist.entities[id_].name for id_ in (*who, series or "") if id_ in watchlist.entities]
    left = said or ""
    for name in (*names, "New Delhi"):
        left = left.replace(name, " ")
    assert set(re.findall(r"[^\W\d]+", left)) <= WORDS


def test_series_the_watchlist_does_not_know_is_not_named(watchlist: Watchlist) -> None:
    event = row(EventType.EXERCISE, Stage.CONCLUDED, NAVIES, series="no-such-exercise")
    assert headline(event, watchlist) == "Indian Navy and Japan Maritime Self-Defense Force exercised"
    assert headline(replace(event, participants=()), watchlist) is None


def test_what_has_no_headline_is_told_by_its_first_report_and_else_by_its_type(watchlist: Watchlist) -> None:
    poor = Event(EventType.STAFF_TALKS, None, None, None, (), None, (), ())
    report = Source(
        1, "Officers to talk", None, "Wire", "en", None, datetime(2025, 5, 5, tzinfo=UTC), None, "", archive=False
    )
    assert told_as(poor, report, watchlist) == "Officers to talk"
    assert told_as(poor, None, watchlist) == "Staff talks"
    assert told_as(None, report, watchlist) == "Officers to talk"
    assert told_as(None, None, watchlist) == ""
