from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.event import Coding, EventType, Stage
from monitor.domain.story import Report
from monitor.stories.facts import Facts
from monitor.stories.likeness import agreement, veto

PUBLISHED = datetime(2025, 5, 4, 9, tzinfo=UTC)


def facts(hours: float = 0, entities: tuple[str, ...] = ("x",), **slots: object) -> Facts:
    coding = Coding(**({"type": EventType.MEETING} | slots))  # type: ignore[arg-type]
    return Facts.of(Report("k", "t", "", PUBLISHED + timedelta(hours=hours), frozenset(entities), coding, "en"))


MEETING = facts(start=date(2025, 5, 5), place="New Delhi")


def exercise(series: str = "jimex", entities: tuple[str, ...] = ("x",), **slots: object) -> Facts:
    return facts(0, entities, type=EventType.EXERCISE, series=series, **slots)


JIMEX = Coding(EventType.EXERCISE, series="jimex")
REPORT = Report("k", "t", "", PUBLISHED, frozenset({"x"}), JIMEX, "en")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (MEETING, facts(start=date(2025, 5, 8))),
        (MEETING, facts(place="Vientiane")),
        (exercise(), exercise("malabar")),
        (facts(), facts(hours=24 * 15)),
        (exercise(start=date(2020, 9, 26)), exercise(start=date(2022, 9, 11))),
        (exercise(stage=Stage.CANCELLED), facts(type=EventType.VISIT)),
        (
            facts(type=EventType.DIALOGUE, series="space", participants=("someone",)),
            facts(type=EventType.DIALOGUE, series="cyber", participants=("someone",)),
        ),
    ],
    ids=[
        "other day",
        "other place",
        "other exercise",
        "too far apart",
        "other edition",
        "called off and a visit",
        "other dialogue",
    ],
)
def test_these_never_merge(left: Facts, right: Facts) -> None:
    assert veto(left, right)
    assert veto(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (MEETING, facts(hours=30, start=date(2025, 5, 5), stage=Stage.CONCLUDED)),
        (MEETING, facts(start=date(2025, 5, 6))),
        (facts(start=date(2025, 6, 20)), facts(hours=24 * 47, start=date(2025, 6, 20))),
        (exercise(start=date(2025, 5, 1), end=date(2025, 5, 9)), exercise(start=date(2025, 5, 12))),
        (
            exercise("jimex", ("jimex", "passex")),
            exercise("passex", ("passex",)),
        ),
        (facts(type=EventType.EXERCISE, place="Kochi"), facts(type=EventType.EXERCISE, place="Goa")),
        (exercise(start=date(2020, 11, 3), end=date(2020, 11, 6)), exercise(start=date(2020, 11, 17))),
        (
            exercise("passex", ("passex",), start=date(2025, 5, 4), place="Kochi"),
            exercise("mpx", ("mpx",), start=date(2025, 5, 4), place="Kochi"),
        ),
        (exercise(), Facts.of(replace(REPORT, time=PUBLISHED + timedelta(days=25), coding=JIMEX))),
        (facts(start=date(2025, 5, 5)), facts(hours=24 * 40, start=date(2025, 5, 6))),
        (
            facts(place="Tokyo", participants=("dwivedi", "a")),
            facts(place="Fuji School", participants=("dwivedi", "b")),
        ),
        (exercise(stage=Stage.CANCELLED), exercise()),
    ],
    ids=[
        "preview and outcome",
        "a day between",
        "same day ties",
        "days overlap",
        "part of it",
        "moving exercise",
        "phases",
        "two names",
        "awaited",
        "looked back on",
        "a trip",
        "called off",
    ],
)
def test_these_may(left: Facts, right: Facts) -> None:
    assert not veto(left, right)
    assert not veto(right, left)


def test_each_shared_fact_adds() -> None:
    plain = agreement(facts(hours=48), facts())
    people = ("singh", "nakatani")
    with_people = agreement(facts(hours=48, participants=people), facts(participants=people))
    with_day = agreement(
        facts(hours=48, participants=people, start=date(2025, 5, 5)), facts(participants=people, start=date(2025, 5, 5))
    )
    assert plain < with_people < with_day


def test_called_over_before_the_other_begins_takes_away() -> None:
    over, ahead = facts(stage=Stage.CONCLUDED), facts(start=date(2025, 5, 20))
    assert agreement(over, ahead) < agreement(facts(), ahead)


def test_without_entities_facts_add_nothing() -> None:
    assert agreement(facts(entities=()), facts(entities=())) == 0.0


def test_the_commonest_value_speaks_for_a_block() -> None:
    block = Facts.joined(Facts.joined(MEETING, facts(start=date(2025, 5, 6))), MEETING)
    assert block.span == (date(2025, 5, 5), date(2025, 5, 5))
    assert block.type is EventType.MEETING


def test_a_named_exercise_adds_most_and_may_move() -> None:
    moved = agreement(exercise(place="Kochi"), exercise(place="Bay of Bengal"))
    drill = EventType.EXERCISE
    unnamed = agreement(facts(type=drill, place="Kochi"), facts(type=drill, place="Bay of Bengal"))
    assert moved > unnamed


def test_mostly_the_same_people_add_more_than_one_traveller() -> None:
    same = agreement(facts(participants=("a", "b")), facts(participants=("b", "a")))
    one = agreement(facts(participants=("a", "b", "c")), facts(participants=("a", "d", "e")))
    none = agreement(facts(participants=("a",)), facts(participants=("b",)))
    assert same > one > none


def test_a_visit_is_of_one_kind_with_its_meetings_and_an_exercise_is_not() -> None:
    visit, exercise_ = facts(type=EventType.VISIT), facts(type=EventType.EXERCISE)
    assert agreement(MEETING, visit) > agreement(MEETING, exercise_)
