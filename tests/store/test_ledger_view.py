"""The ledger as commands read it: rows by filter, one event with its reports, and what became of merged ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.event import EventType, Stage, StageChange
from monitor.domain.judgement import Decision
from monitor.domain.ledger import EventView, LedgerFilter, Withdrawn, days_of
from monitor.errors import NotFoundError

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = NOW.date()
EVERYTHING = LedgerFilter()


def event_id(world: World, story: int) -> int:
    found = world.event(story).id
    assert found is not None
    return found


def ids(world: World, wanted: LedgerFilter = EVERYTHING) -> list[int]:
    return [row.id for row in world.queries.events(wanted)]


def reports(view: EventView) -> list[int]:
    return [report.source.item_id for report in view.reports]


def test_an_empty_ledger(world: World) -> None:
    assert world.queries.events(EVERYTHING) == []
    assert world.queries.event_views(EVERYTHING) == []


@pytest.mark.parametrize("number", [0, 1, -1, 2**31, 10**30])
def test_an_event_that_is_not_there(world: World, number: int) -> None:
    with pytest.raises(NotFoundError, match=f"There is no event {number}: `monitor events list`"):
        world.queries.event(number)


def test_an_event_with_its_reports(world: World) -> None:
    story, items = world.tell("First", "Second", stage=Stage.ANNOUNCED)
    view = world.queries.event(event_id(world, story))
    assert reports(view) == items
    assert (view.row.story_id, view.row.revision, view.row.event.stage) == (story, 0, Stage.ANNOUNCED)
    first = view.reports[0]
    assert (first.source.title, first.source.publisher, first.mentions[0].entity) == (
        "First",
        "Example Wire",
        "minister-a",
    )
    assert first.coding is not None
    assert first.coding.type is EventType.MEETING
    assert world.queries.event_views(EVERYTHING) == [view]


def test_a_report_that_is_no_longer_accepted_is_none(world: World) -> None:
    items = world.publish("First", "Second")
    world.save([world.accepted(item) for item in items], world.story(items, stage=Stage.ANNOUNCED))
    world.overrule(items[1], Decision.REJECT)
    (view,) = world.queries.event_views(EVERYTHING)
    assert reports(view) == [items[0].item_id]


def test_events_come_by_day_and_those_without_one_by_their_first_report(world: World) -> None:
    later, _ = world.tell("Later", stage=Stage.ANNOUNCED, start=date(2025, 6, 1))
    sooner, _ = world.tell("Sooner", stage=Stage.ANNOUNCED, start=date(2025, 5, 1))
    undated, _ = world.tell("Some day", stage=Stage.ANNOUNCED, start=None)
    assert ids(world) == [event_id(world, story) for story in (sooner, undated, later)]
    assert days_of(world.event(undated)) is None


def test_days_between_which_an_event_must_have_one(world: World) -> None:
    story, _ = world.tell("Exercise", stage=Stage.CONCLUDED, start=date(2025, 4, 28), end=date(2025, 5, 3))
    undated, _ = world.tell("Some day", stage=Stage.ANNOUNCED, start=None)
    long, none = event_id(world, story), event_id(world, undated)
    assert ids(world, LedgerFilter(since=date(2025, 5, 3))) == [long, none]
    assert ids(world, LedgerFilter(since=date(2025, 5, 4))) == [none]
    assert ids(world, LedgerFilter(since=date(2025, 5, 5))) == []
    assert ids(world, LedgerFilter(until=date(2025, 4, 28))) == [long]
    assert ids(world, LedgerFilter(until=date(2025, 4, 27))) == []


def test_days_that_are_told_the_wrong_way_round(world: World) -> None:
    story, _ = world.tell("Exercise", stage=Stage.CONCLUDED, start=date(2025, 5, 3), end=date(2025, 4, 28))
    assert days_of(world.event(story)) == (date(2025, 4, 28), date(2025, 5, 3))
    assert len(ids(world, LedgerFilter(since=date(2025, 5, 3), until=date(2025, 5, 3)))) == 1


def test_by_type_stage_and_who_takes_part(world: World) -> None:
    met, _ = world.tell("Talks", stage=Stage.CONCLUDED)
    drill, _ = world.tell(
        "Drill", stage=Stage.ANNOUNCED, type=EventType.EXERCISE, series="jimex", participants=("navy",)
    )
    meeting, exercise = event_id(world, met), event_id(world, drill)
    assert ids(world, LedgerFilter(types=(EventType.EXERCISE, EventType.VISIT))) == [exercise]
    assert ids(world, LedgerFilter(stages=(Stage.CONCLUDED,))) == [meeting]
    assert ids(world, LedgerFilter(entities=("minister-b",))) == [meeting]
    assert ids(world, LedgerFilter(entities=("jimex", "nobody"))) == [exercise]
    assert ids(world, LedgerFilter(types=(EventType.VISIT,))) == []


def test_an_event_that_gave_way_is_found_as_the_one_that_stays(world: World) -> None:
    """Three stories become one in two steps, so that the first number leads over two others."""
    first, [one] = world.tell("One", stage=Stage.ANNOUNCED)
    second, [two] = world.tell("Two", stage=Stage.ANNOUNCED, at=NOW + HOUR)
    third, [three] = world.tell("Three", stage=Stage.ANNOUNCED, at=NOW + 2 * HOUR)
    gone, between, stays = (event_id(world, story) for story in (first, second, third))
    world.save([], world.story([one, two], home=second, merged=(first,), ledger=world.event(second)))
    world.save([], world.story([one, two, three], home=third, merged=(second,), ledger=world.event(third)))
    view = world.queries.event(gone)
    assert view == world.queries.event(between) == world.queries.event(stays)
    assert (view.row.id, reports(view)) == (stays, [one, two, three])
    assert ids(world) == [stays]


def version(world: World, story: int) -> tuple[int, datetime]:
    row = world.queries.event(event_id(world, story)).row
    return row.revision, row.updated_at


def test_a_revision_is_another_event_and_no_other_number_of_its_story(world: World) -> None:
    story, items = world.tell("Talks", stage=Stage.ANNOUNCED)
    other, more = world.tell("More talks")
    event = world.event(story)
    assert version(world, story) == (0, NOW)
    world.save([], world.story([*items, *more], other, merged=(story,), ledger=event), at=NOW + HOUR)
    assert version(world, other) == (0, NOW)
    repeated = replace(event, changes=(*event.changes, StageChange(Stage.ANNOUNCED, NOW - HOUR, str(more[0]))))
    world.save([], world.story([*items, *more], other, ledger=repeated), at=NOW + 2 * HOUR)
    assert version(world, other) == (0, NOW + 2 * HOUR)
    elsewhere = replace(world.event(other), place="Tokyo")
    world.save([], world.story([*items, *more], other, ledger=elsewhere), at=NOW + 3 * HOUR)
    assert version(world, other) == (1, NOW + 3 * HOUR)


def withdrawn(world: World, wanted: LedgerFilter = EVERYTHING) -> list[tuple[int, Withdrawn | None, date | None, int]]:
    views = world.queries.withdrawn_events(wanted)
    return [(view.row.id, view.row.withdrawn, view.row.event.start, view.row.revision) for view in views]


def test_what_never_had_a_day_or_still_has_one_is_not_withdrawn(world: World) -> None:
    world.tell("Talks", stage=Stage.CANCELLED)
    world.tell("Some day", stage=Stage.POSTPONED, start=None)
    assert withdrawn(world) == []


def test_an_event_postponed_to_no_day_is_withdrawn_from_the_last_it_had(world: World) -> None:
    story, items = world.tell("Talks", stage=Stage.ANNOUNCED, start=TODAY)
    put_off = replace(world.event(story), start=None)
    world.save([], world.story(items, story, ledger=put_off), at=NOW + HOUR)
    number = event_id(world, story)
    assert withdrawn(world) == [(number, Withdrawn.UNDATED, TODAY, 1)]
    assert reports(world.queries.withdrawn_events(EVERYTHING)[0]) == items
    world.save([], world.story(items, story, ledger=replace(put_off, place="Tokyo")), at=NOW + 2 * HOUR)
    assert withdrawn(world) == [(number, Withdrawn.UNDATED, TODAY, 2)]
    again = replace(put_off, start=TODAY + timedelta(days=90))
    world.save([], world.story(items, story, ledger=again), at=NOW + 3 * HOUR)
    assert withdrawn(world) == []


def test_an_event_that_lost_its_stages_or_gave_way_is_withdrawn(world: World) -> None:
    lost, [one] = world.tell("Talks", stage=Stage.ANNOUNCED, start=TODAY)
    kept, [two] = world.tell("Drill", stage=Stage.ANNOUNCED, start=TODAY)
    gone, [three] = world.tell("The drill", stage=Stage.ANNOUNCED, start=TODAY, at=NOW + HOUR)
    untold, merged = event_id(world, lost), event_id(world, gone)
    event = world.event(lost)
    back = tuple(replace(change, id=None, retracts=change.id) for change in event.changes)
    world.save([], world.story([one], lost, ledger=replace(event, changes=(*event.changes, *back))), at=NOW + HOUR)
    world.save([], world.story([two, three], kept, merged=(gone,), ledger=world.event(kept)), at=NOW + 2 * HOUR)
    expected = [(untold, Withdrawn.UNTOLD, TODAY, 1), (merged, Withdrawn.MERGED, TODAY, 1)]
    assert withdrawn(world) == expected
    assert [reports(view) for view in world.queries.withdrawn_events(EVERYTHING)] == [[one], []]
    assert world.queries.withdrawn_events(EVERYTHING)[1].row.updated_at == NOW + 2 * HOUR
    assert withdrawn(world, LedgerFilter(stages=(Stage.CONFIRMED,))) == expected
    assert withdrawn(world, LedgerFilter(since=TODAY + timedelta(days=1))) == []


def test_an_event_that_lost_its_stages_is_shown_and_not_listed(world: World) -> None:
    story, _ = world.tell("Talks", stage=Stage.ANNOUNCED)
    number = event_id(world, story)
    world.change(
        "INSERT INTO stage_changes (event_id, stage, at, item_id, version_id, retracts, recorded_at) "
        "SELECT event_id, stage, at, item_id, version_id, id, recorded_at FROM stage_changes"
    )
    world.change("UPDATE events SET stage = NULL")
    assert ids(world) == []
    assert world.queries.event(number).row.event.stage is None
