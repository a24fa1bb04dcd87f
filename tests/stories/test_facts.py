from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.event import Coding, EventType, Stage
from monitor.domain.story import Report
from monitor.stories.facts import Facts, agreement, veto

PUBLISHED = datetime(2025, 5, 4, 9, tzinfo=UTC)


def facts(hours: float = 0, entities: tuple[str, ...] = ("x",), **slots: object) -> Facts:
    coding = Coding(**({"type": EventType.MEETING} | slots))  # type: ignore[arg-type]
    return Facts.of(Report("k", "t", "", PUBLISHED + timedelta(hours=hours), frozenset(entities), coding, "en"))


MEETING = facts(start=date(2025, 5, 5), place="New Delhi")


def exercise(series: str = "jimex", entities: tuple[str, ...] = ("x",), **slots: object) -> Facts:
    return facts(0, entities, type=EventType.EXERCISE, series=series, **slots)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (MEETING, facts(start=date(2025, 5, 8))),
        (MEETING, facts(place="Vientiane")),
        (exercise(), exercise("malabar")),
        (facts(), facts(hours=24 * 15)),
        (exercise(start=date(2020, 9, 26)), exercise(start=date(2022, 9, 11))),
    ],
    ids=["other day", "other place", "other exercise", "too far apart", "other edition"],
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
    ],
    ids=["preview and outcome", "a day between", "same day ties", "days overlap", "part of it", "moving exercise"],
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
