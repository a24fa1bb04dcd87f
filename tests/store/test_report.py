"""Report in the store: periods, what a digest can tell, and that nothing is told twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from monitor.domain.digest import (
    REVIEW_SHOWN,
    FeedHealth,
    Period,
    Schedule,
    StoryForDigest,
    WatchState,
    stage_fact,
    story_fact,
)
from monitor.domain.event import EventType, Stage, StageChange
from monitor.domain.feed import Failure, FetchFailed
from monitor.domain.item import ImportedItem
from monitor.domain.judgement import Decision, Strength
from monitor.domain.watchlist import Publisher
from monitor.errors import ConflictError, NotFoundError
from monitor.store.database import Database
from monitor.store.publishers import sync_publishers
from monitor.store.report import SqlReportStore

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
TODAY = NOW.date()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def schedule(name: str = "daily", zone: str = "Asia/Kolkata") -> Schedule:
    return Schedule(name, "India–Japan defence", "30 7 * * *", zone, ("file",))


DAILY = schedule()


def stories(world: World, at: datetime = NOW) -> tuple[StoryForDigest, ...]:
    return world.report.material(DAILY, at).stories


def imported(*titles: str) -> list[ImportedItem]:
    published = datetime(2024, 11, 22, tzinfo=UTC)
    return [ImportedItem(title, f"https://a.example/{title}", "Mint", title, "", "en", published) for title in titles]


def import_story(world: World, *titles: str, stage: Stage | None = None) -> tuple[int, list[int]]:
    """A story of archive items alone."""
    world.refresh.save_imported("gold", imported(*titles), NOW)
    items = [item for item in world.pending() if item.article.title in titles]
    world.save([world.accepted(item, stage=stage) for item in items], world.story(items, stage=stage))
    return world.home(items[0].item_id), [item.item_id for item in items]


def tell_all(world: World, day: date = TODAY, at: datetime = NOW) -> None:
    """Freeze a digest that tells everything there is to tell."""
    found = stories(world, at)
    changes = [stage_fact(change.id) for story in found for change in story.untold if change.id]
    firsts = [story_fact(story.story_id) for story in found if not story.told]
    members = frozenset[int]().union(*(story.new_items for story in found))
    world.freeze(day, members=members, facts=frozenset(firsts + changes), made_at=at)


def test_periods_begin_where_a_schedule_was_first_seen(world: World) -> None:
    world.report.sync_schedules([schedule()], NOW)
    world.report.sync_schedules([schedule(), schedule("weekly")], NOW + HOUR)
    assert world.report.last_period("daily") == (NOW, None)
    assert world.report.last_period("weekly") == (NOW + HOUR, None)


def test_schedules_that_are_known_are_not_written_again(world: World) -> None:
    world.report.sync_schedules([schedule()], NOW)
    with world.database.write():  # on SQLite another write would wait here
        world.report.sync_schedules([schedule()], NOW + HOUR)
    assert world.report.last_period("daily") == (NOW, None)


def test_the_last_period_is_the_latest_day(world: World) -> None:
    world.ready()
    for day in (date(2025, 5, 3), date(2025, 5, 1), date(2025, 5, 2)):
        world.report.skip_period(Period("daily", day, NOW))
    world.report.skip_period(Period("daily", date(2025, 5, 3), NOW))
    assert world.report.last_period("daily")[1] == date(2025, 5, 3)


def test_a_schedule_nobody_synced_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError, match="no schedule 'hourly'"):
        world.report.last_period("hourly")


def test_what_a_schedule_nobody_synced_would_tell_is_known(world: World) -> None:
    """A preview writes nothing, not even the schedule."""
    world.tell("a")
    assert len(world.report.material(schedule("hourly"), NOW).stories) == 1
    assert world.queries.schedules() == []


def test_an_empty_database_has_nothing_to_tell(world: World) -> None:
    world.ready()
    material = world.report.material(DAILY, NOW)
    assert (material.stories, material.coming, material.review) == ((), (), ())
    assert (material.archive_added, material.review_waiting, material.watch) == (0, 0, WatchState(0, (), None))


def test_a_story_is_told_with_all_its_sources(world: World) -> None:
    world.ready()
    home, ids = world.tell("a", "b", stage=Stage.ANNOUNCED)
    [story] = stories(world)
    assert (story.story_id, story.told, story.told_changes) == (home, False, frozenset())
    assert story.new_items == set(ids)
    assert [change.stage for change in story.untold] == [Stage.ANNOUNCED]
    assert [mention.entity for mention in story.mentions] == ["minister-a", "minister-a"]
    first = story.sources[0]
    assert (first.item_id, first.title, first.url) == (ids[0], "a", "https://wire.example/a")
    assert (first.publisher, first.language, first.strength) == ("Example Wire", "en", Strength.CORE)
    assert first.why == "title names both (Ministers) · bilateral meeting"
    assert (first.published, first.first_seen, first.archive) == (NOW, NOW, False)


def test_nothing_is_told_twice(world: World) -> None:
    world.ready()
    world.tell("a", stage=Stage.ANNOUNCED)
    tell_all(world)
    assert stories(world, NOW + DAY) == ()


def test_every_schedule_tells_for_itself(world: World) -> None:
    world.report.sync_schedules([schedule(), schedule("weekly")], NOW - DAY)
    world.tell("a", stage=Stage.ANNOUNCED)
    tell_all(world)
    assert len(world.report.material(schedule("weekly"), NOW).stories) == 1


def test_new_reports_of_a_told_story_bring_only_themselves(world: World) -> None:
    world.ready()
    home, [first] = world.tell("a", stage=Stage.ANNOUNCED)
    tell_all(world)
    [second] = world.publish("b", at=NOW + HOUR)
    world.save([world.accepted(second)], world.story([first, second], home, ledger=world.event(home)), at=NOW + HOUR)
    [story] = stories(world, NOW + DAY)
    assert (story.told, story.untold) == (True, ())
    assert story.new_items == {second.item_id}
    assert [source.item_id for source in story.sources] == [first, second.item_id]


def test_a_new_stage_is_told_even_without_a_new_report(world: World) -> None:
    world.ready()
    home, [item] = world.tell("a", stage=Stage.ANNOUNCED)
    tell_all(world)
    before = world.event(home)
    told = StageChange(Stage.CONCLUDED, NOW, str(item))
    world.save([], world.story([item], home, ledger=replace(before, changes=(*before.changes, told))))
    [story] = stories(world, NOW + DAY)
    assert (story.told, story.new_items) == (True, frozenset())
    assert [change.stage for change in story.untold] == [Stage.CONCLUDED]
    assert story.told_changes == {before.changes[0].id}


def test_archive_items_are_never_told(world: World) -> None:
    world.ready()
    import_story(world, "old", stage=Stage.CONCLUDED)
    assert stories(world) == ()


def test_archive_items_give_context_and_their_stages_are_no_news(world: World) -> None:
    world.ready()
    home, [old] = import_story(world, "old", stage=Stage.CONCLUDED)
    [live] = world.publish("looking back")
    world.save([world.accepted(live)], world.story([old, live], home, ledger=world.event(home)))
    [story] = stories(world)
    assert story.new_items == {live.item_id}
    assert [(source.title, source.archive) for source in story.sources] == [("old", True), ("looking back", False)]
    assert story.untold == ()
    assert [source.publisher for source in story.sources] == ["Mint", "Example Wire"]


def test_a_stage_that_archive_and_live_items_tell_is_news(world: World) -> None:
    world.ready()
    home, [old] = import_story(world, "old", stage=Stage.ANNOUNCED)
    [live] = world.publish("said again")
    again = world.accepted(live, stage=Stage.ANNOUNCED)
    world.save([again], world.story([old, live], home, ledger=world.event(home)))
    [story] = stories(world)
    assert [change.stage for change in story.untold] == [Stage.ANNOUNCED]


def test_what_is_seen_after_the_moment_waits_for_the_next_digest(world: World) -> None:
    world.ready()
    world.tell("a", at=NOW)
    assert stories(world, NOW - HOUR) == ()
    assert len(stories(world, NOW)) == 1


def test_a_story_counts_as_told_when_one_merged_into_it_was(world: World) -> None:
    world.ready()
    told, [first] = world.tell("a")
    tell_all(world)
    home, [second] = world.tell("b")
    world.save([], world.story([first, second], home, merged=(told,)))
    [story] = stories(world, NOW + DAY)
    assert (story.story_id, story.told) == (home, True)
    assert story.new_items == {second}


def test_what_an_analyst_rejected_is_not_told(world: World) -> None:
    world.ready()
    items = world.publish("a", "b")
    world.save([world.accepted(item) for item in items], world.story(items))
    world.overrule(items[0], Decision.REJECT)
    [story] = stories(world)
    assert [source.item_id for source in story.sources] == [items[1].item_id]
    assert story.new_items == {items[1].item_id}


def test_publishers_are_shown_by_name(world: World) -> None:
    world.ready()
    sync_publishers(world.database, [Publisher("wire", "The Wire", "wire", "newspaper", None, names=("Wire",))])
    world.tell("a")
    world.change("UPDATE feeds SET publisher = 'wire'")
    assert [source.publisher for story in stories(world) for source in story.sources] == ["The Wire"]
    sync_publishers(world.database, [])
    assert [source.publisher for story in stories(world) for source in story.sources] == ["Example Wire"]


@pytest.mark.parametrize(
    ("stage", "start", "coming"),
    [
        (Stage.ANNOUNCED, date(2025, 5, 5), True),
        (Stage.CONFIRMED, date(2025, 5, 4), True),
        (Stage.POSTPONED, date(2025, 8, 1), True),
        (Stage.ANNOUNCED, date(2025, 5, 3), False),
        (Stage.ANNOUNCED, None, False),
        (Stage.UNDER_WAY, date(2025, 5, 5), False),
        (Stage.CANCELLED, date(2025, 5, 5), False),
    ],
)
def test_which_events_are_coming(world: World, stage: Stage, start: date | None, coming: bool) -> None:
    world.ready()
    home, _ = world.tell("a", stage=stage, start=start)
    expected = (world.event(home),) if coming else ()
    assert world.report.material(DAILY, NOW).coming == expected


def test_today_is_decided_in_the_zone_of_the_schedule(world: World) -> None:
    world.tell("a", stage=Stage.ANNOUNCED, start=date(2025, 5, 4))
    late = datetime(2025, 5, 4, 22, tzinfo=UTC)
    assert world.report.material(schedule(zone="Asia/Tokyo"), late).coming == ()
    assert len(world.report.material(schedule(zone="America/New_York"), late).coming) == 1


def test_an_event_whose_reports_were_all_rejected_is_not_coming(world: World) -> None:
    world.ready()
    [item] = world.publish("a")
    world.save([world.accepted(item)], world.story([item], stage=Stage.ANNOUNCED))
    world.save([world.rejected(item)], revision=None)
    assert world.report.material(DAILY, NOW).coming == ()


@pytest.mark.parametrize(
    ("stage", "start", "noticed"),
    [
        (Stage.ANNOUNCED, TODAY - timedelta(days=3), True),
        (Stage.CONFIRMED, TODAY - timedelta(days=30), True),
        (Stage.ANNOUNCED, TODAY - timedelta(days=2), False),
        (Stage.POSTPONED, TODAY - timedelta(days=3), True),
        (Stage.POSTPONED, None, False),
        (Stage.ANNOUNCED, TODAY - timedelta(days=31), False),
        (Stage.UNDER_WAY, TODAY - timedelta(days=5), False),
        (Stage.CANCELLED, TODAY - timedelta(days=5), False),
        (Stage.ANNOUNCED, None, False),
    ],
)
def test_which_events_passed_unreported(world: World, stage: Stage, start: date | None, noticed: bool) -> None:
    world.ready()
    home, [item] = world.tell("a", stage=stage, start=start)
    assert world.report.material(DAILY, NOW).unreported == ()  # its readers never heard of it
    world.freeze(members=frozenset({item}), facts=frozenset({f"story:{home}"}))
    expected = (world.event(home),) if noticed else ()
    assert world.report.material(DAILY, NOW).unreported == expected


def test_each_last_day_of_an_event_is_noticed_once_as_unreported(world: World) -> None:
    world.ready()
    home, [item] = world.tell("a", stage=Stage.ANNOUNCED, start=TODAY - timedelta(days=9))
    event = world.event(home)
    told = {f"story:{home}", f"unreported:{event.id}:{event.last_day}"}
    world.freeze(members=frozenset({item}), facts=frozenset(told))
    assert world.report.material(DAILY, NOW).unreported == ()
    world.change("UPDATE events SET starts_on = :day, last_day = :day", day=f"{TODAY - timedelta(days=5)}")
    assert world.report.material(DAILY, NOW).unreported == (world.event(home),)


def test_events_of_three_years_that_may_be_editions_come_along(world: World) -> None:
    world.ready()

    def jimex(title: str, start: date) -> int:
        return world.tell(title, stage=Stage.CONCLUDED, start=start, type=EventType.EXERCISE, series="jimex")[0]

    jimex("a", date(2022, 4, 1))
    exercise = jimex("b", date(2024, 5, 4))
    world.tell("c", stage=Stage.CONCLUDED, start=date(2024, 6, 4), type=EventType.VISIT)
    meeting, _ = world.tell("d", stage=Stage.CONCLUDED, start=date(2024, 7, 4), type=EventType.MEETING)
    found = {event.id for event in world.report.material(DAILY, NOW).editions}
    assert found == {world.event(exercise).id, world.event(meeting).id}


def test_live_items_under_review_wait_for_an_analyst(world: World) -> None:
    world.ready()
    first, second = world.publish("a", "b")
    world.save([world.reviewed(first), world.reviewed(second)])
    world.refresh.save_imported("gold", imported("old"), NOW)
    world.save([world.reviewed(item) for item in world.pending()])
    assert [source.item_id for source in world.report.material(DAILY, NOW).review] == [second.item_id, first.item_id]
    world.overrule(first, Decision.REJECT)
    assert [source.item_id for source in world.report.material(DAILY, NOW).review] == [second.item_id]


def test_of_many_items_under_review_the_newest_are_shown_and_all_counted(world: World) -> None:
    """The oldest must not stand in the way of what came today."""
    world.ready()
    titles = [f"item {number}" for number in range(REVIEW_SHOWN + 3)]
    for number, title in enumerate(titles):
        world.publish(title, at=NOW - timedelta(minutes=100 - number))
    world.save([world.reviewed(item) for item in world.pending()])
    material = world.report.material(DAILY, NOW)
    assert [source.title for source in material.review] == titles[:2:-1]
    assert material.review_waiting == len(titles)


def test_archive_items_accepted_since_the_last_digest_are_counted(world: World) -> None:
    world.ready()
    import_story(world, "one", "two")
    assert world.report.material(DAILY, NOW).archive_added == 2
    tell_all(world)
    assert world.report.material(DAILY, NOW + DAY).archive_added == 0
    world.refresh.save_imported("more", imported("three"), NOW + HOUR)
    [item] = world.pending()
    world.save([world.accepted(item)], world.story([item]), at=NOW + HOUR)
    assert world.report.material(DAILY, NOW + DAY).archive_added == 1


def test_archive_items_judged_again_are_not_counted_again(world: World) -> None:
    world.ready()
    import_story(world, "one")
    tell_all(world)
    [item] = world.pending("rules-2")
    judged = replace(world.accepted(item), judgement=world.judgement(rules="rules-2"))
    world.follow.save_followed(replace(world.followed([judged]), rules_version="rules-2"), NOW + HOUR)
    assert world.report.material(DAILY, NOW + DAY).archive_added == 0


def test_items_that_nobody_judged_yet_are_counted(world: World) -> None:
    world.ready()
    first, _second, _third = world.publish("a", "b", "c")
    world.save([world.rejected(first)])
    assert world.report.material(DAILY, NOW).watch.waiting == 2
    assert world.queries.counts().pending == 2


def test_the_state_of_the_watch(world: World) -> None:
    world.ready()
    good, bad, quiet = (world.feed(f"https://{name}.example", title=name) for name in ("good", "bad", "quiet"))
    failed = replace(
        world.outcome(bad), parsed=None, validators=None, failure=FetchFailed(Failure.TIMEOUT, "no answer")
    )
    world.refresh.save_polls([failed])
    world.change("UPDATE feeds SET paused = :yes WHERE id = :id", yes=True, id=quiet.id)
    world.refresh.save_imported("gold", imported("old"), NOW)
    watch = world.report.material(DAILY, NOW).watch
    assert watch == WatchState(2, (FeedHealth("bad", "no answer", NOW),), None, waiting=1)
    assert good.failures == 0


def test_a_digest_comes_back_as_it_was_frozen(world: World) -> None:
    world.ready()
    _, ids = world.tell("a", "b")
    frozen = world.freeze(members=frozenset(ids), facts=frozenset({"story:1", "stage:1"}))
    [row] = world.queries.digests(5)
    assert world.queries.digest(row.id) == replace(frozen, id=row.id)
    assert world.report.last_period("daily")[1] == TODAY


@pytest.mark.parametrize(
    ("again", "what"),
    [
        ({"day": TODAY, "message_id": "<other@x>"}, "made this day's digest"),
        ({"facts": frozenset({"story:7"})}, "told one of its facts"),
        ({"members": True}, "told one of its items"),
        ({"message_id": f"<daily.{TODAY:%Y%m%d}@monitor.example>"}, "made this digest"),
    ],
    ids=["period", "fact", "member", "message id"],
)
def test_what_another_run_told_meanwhile_is_a_conflict(world: World, again: dict[str, object], what: str) -> None:
    world.ready()
    _, [first, second] = world.tell("a", "b")
    world.freeze(members=frozenset({first}), facts=frozenset({"story:7"}))
    if again.get("members"):
        again = {"members": frozenset({first, second})}
    with pytest.raises(ConflictError, match=f"Another program {what} meanwhile"):
        world.freeze(**{"day": TODAY + DAY} | again)  # type: ignore[arg-type]
    assert len(world.queries.digests(5)) == 1, "a conflict leaves nothing behind"
    assert world.report.last_period("daily")[1] == TODAY
    assert len(world.report.claim(NOW, 10, 14)) == 2


def test_a_digest_that_no_run_could_ever_freeze_is_no_conflict(world: World) -> None:
    """An item that is not there, or a schedule: nobody else told them, so it must not look as if somebody had."""
    world.ready()
    with pytest.raises(IntegrityError):
        world.freeze(members=frozenset({4711}))
    with pytest.raises(IntegrityError):
        world.report.freeze(replace(world.digest(), period=Period("hourly", TODAY, NOW)), [])
    assert world.queries.digests(5) == []


def test_of_two_reports_at_once_one_freezes(world: World, url: str) -> None:
    world.ready()

    def freeze(number: int) -> bool:
        database = Database(url)
        try:
            SqlReportStore(database).freeze(world.digest(message_id=f"<{number}@x>"), [("file", "out")])
        except ConflictError:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(freeze, range(2))) == [False, True]
    assert len(world.report.claim(NOW, 10, 14)) == 1


def test_a_period_made_meanwhile_is_not_skipped(world: World) -> None:
    world.ready()
    frozen = world.freeze()
    world.report.skip_period(frozen.period)
    assert len(world.queries.digests(5)) == 1
