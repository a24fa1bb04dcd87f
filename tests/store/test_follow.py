"""Follow in the store: what is pending, what a save leaves, and who must do it again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.event import EventType, Stage, StageChange
from monitor.domain.item import ImportedItem
from monitor.domain.judgement import Decision
from monitor.domain.run import Followed, Reach
from monitor.errors import ConflictError
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = "rules-1"


def test_pending_is_oldest_publication_first_within_the_limit(world: World) -> None:
    feed = world.feed()
    for hours, title in ((1, "second"), (5, "first"), (0, "third")):
        world.poll(feed, world.entry(title, published=NOW - hours * HOUR))
    assert [item.article.title for item in world.pending()] == ["first", "second", "third"]
    assert [item.article.title for item in world.follow.pending(RULES, 2)] == ["first", "second"]


def test_news_is_pending_before_the_archive_and_before_what_other_rules_judged(world: World) -> None:
    judged = world.publish("judged by other rules")
    world.save([world.rejected(item) for item in judged])
    old = [ImportedItem(f"{n}", None, None, f"imported {n}", "", None, NOW - timedelta(days=300)) for n in range(3)]
    world.refresh.save_imported("gold", old, NOW)
    world.publish("news")
    titles = [item.article.title for item in world.pending("rules-2")]
    assert titles == ["news", "imported 0", "imported 1", "imported 2", "judged by other rules"]
    assert [item.article.title for item in world.follow.pending("rules-2", 2)] == titles[:2]


def test_an_undated_item_is_as_old_as_its_first_sight(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("undated", published=None), world.entry("old"), at=NOW)
    assert [item.article.title for item in world.pending()] == ["old", "undated"]


def test_a_pending_item_carries_what_is_known_of_it(world: World) -> None:
    feed = world.feed(publisher="wire", language="hi")
    world.poll(feed, world.entry("Talks", language="ja", link="https://Wire.example/a?utm_source=x#top"))
    [item] = world.pending()
    assert (item.url, item.publisher, item.archive, item.placed) == ("https://wire.example/a", "wire", False, False)
    assert item.article.language == "ja"
    assert item.article.summary == "Talks, in more words."


def test_what_is_judged_under_the_rules_is_not_pending(world: World) -> None:
    first, second, third = world.publish("a", "b", "c")
    world.save([world.accepted(first), world.rejected(second)])
    assert [item.item_id for item in world.pending()] == [third.item_id]


@pytest.mark.parametrize("rules", ["rules-0", "rules-2"])
def test_other_rules_judge_everything_anew(world: World, rules: str) -> None:
    items = world.publish("a", "b")
    world.save([world.rejected(item) for item in items])
    assert len(world.follow.pending(rules, 10)) == 2
    assert world.pending() == []


def test_judgement_and_receipt_come_back_as_they_were(world: World) -> None:
    [item] = world.publish("Ministers meet")
    said = world.accepted(item, stage=Stage.ANNOUNCED, start=date(2025, 5, 5), place="New Delhi", topics=("exercises",))
    world.save([said], at=NOW + HOUR)
    view = world.queries.item(str(item.item_id))
    assert view.judgement == said.judgement
    assert view.coding == said.coding
    assert (view.judged_at, view.judged_article) == (NOW + HOUR, item.article)


def test_saving_the_same_judgements_again_changes_nothing(world: World) -> None:
    items = world.publish("a", "b")
    judged = [world.accepted(items[0]), world.rejected(items[1])]
    world.save(judged, world.story(items[:1]))
    other = [replace(one, judgement=replace(one.judgement, score=0.1)) for one in judged]
    world.save(other, at=NOW + HOUR)
    assert world.queries.item(str(items[0].item_id)).judgement == judged[0].judgement
    assert [row[0] for row in world.rows("SELECT count(*) FROM mentions")] == [2]


def test_going_back_to_older_rules_puts_their_judgement_in_force_again(world: World) -> None:
    [item] = world.publish("a")
    for rules, decision in (("one", Decision.ACCEPT), ("two", Decision.REJECT), ("one", Decision.ACCEPT)):
        judged = replace(world.accepted(item), judgement=world.judgement(decision, rules))
        assert world.pending(rules)
        world.follow.save_followed(Followed(rules, None, (judged,), ()), NOW)
        view = world.queries.item(str(item.item_id)).judgement
        assert view is not None
        assert (view.decision, view.receipt.rules_version) == (decision, rules)
    assert world.rows("SELECT count(*) FROM judgements")[0][0] == 2


def test_an_item_edited_while_it_was_judged_stays_pending(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("Talks", guid="1"))
    [loaded] = world.pending()
    world.poll(feed, world.entry("Talks end", guid="1"))
    world.save([world.accepted(loaded)], world.story([loaded]))
    [again] = world.pending()
    assert again.article.title == "Talks end"
    assert again.placed
    assert [report.title for report in world.window().reports] == ["Talks"], "until then the judged words stand"
    world.save([world.accepted(again)])
    world.save([world.rejected(loaded)], revision=None)
    judged = world.queries.item(str(again.item_id)).judged_article
    assert judged is not None
    assert judged.title == "Talks end", "a straggler does not overrule the newer version's judgement"


def test_a_story_is_made_and_joined(world: World) -> None:
    first, second = world.publish("a", "b")
    world.save([world.accepted(first)], world.story([first]))
    home = world.home(first.item_id)
    assert world.window().homes == {str(first.item_id): home}
    world.save([world.accepted(second)], world.story([first, second], home))
    assert world.window().homes == {str(first.item_id): home, str(second.item_id): home}


def test_an_item_that_is_no_longer_accepted_leaves_its_story(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("Talks", guid="1"), world.entry("More", guid="2"))
    items = world.pending()
    world.save([world.accepted(item) for item in items], world.story(items))
    world.poll(feed, world.entry("Corrected: no talks", guid="1"))
    [edited] = world.pending()
    assert edited.placed
    world.save([world.rejected(edited)])
    assert [report.title for report in world.window().reports] == ["More"]
    assert world.queries.item(str(edited.item_id)).story_id is None


def test_an_event_comes_back_as_it_was(world: World) -> None:
    [item] = world.publish("a")
    row = world.ledger_row(item, Stage.ANNOUNCED, end=date(2025, 5, 6), series="dialogue", topics=("a", "b"))
    world.save([world.accepted(item)], world.story([item], ledger=row))
    found = world.event(world.home(item.item_id))
    assert found.id is not None
    [change] = found.changes
    assert change == replace(row.changes[0], id=change.id)
    assert replace(found, id=None, changes=row.changes) == row


def test_stage_changes_are_appended_and_retracted(world: World) -> None:
    home, [first] = world.tell("a", stage=Stage.ANNOUNCED)
    [second] = world.publish("b", at=NOW + HOUR)
    announced = world.event(home)
    told = StageChange(Stage.CANCELLED, NOW + HOUR, str(second.item_id))
    cancelled = replace(announced, changes=(*announced.changes, told))
    world.save([world.accepted(second)], world.story([first, second], home, ledger=cancelled))
    stored = world.event(home)
    assert [change.stage for change in stored.changes] == [Stage.ANNOUNCED, Stage.CANCELLED]
    assert stored.changes[0] == announced.changes[0]
    back = StageChange(Stage.CANCELLED, NOW + HOUR, str(first), retracts=stored.changes[1].id)
    world.save([], world.story([first, second], home, ledger=replace(stored, changes=(*stored.changes, back))))
    assert world.event(home).stage is Stage.ANNOUNCED
    assert [row.stage for row in world.rows("SELECT stage FROM events")] == ["announced"]
    evidence = [tuple(row) for row in world.rows("SELECT item_id, version_id FROM stage_changes ORDER BY id")]
    assert evidence[1] == (second.item_id, second.version_id)
    assert [item for item, _ in evidence] == [first, second.item_id, first]


def test_a_story_that_makes_no_event_keeps_the_row_it_has(world: World) -> None:
    home, [item] = world.tell("a", stage=Stage.ANNOUNCED)
    before = world.event(home)
    [second] = world.publish("b")
    world.save([world.accepted(second, type=EventType.ANALYSIS)], world.story([item, second.item_id], home))
    assert world.event(home) == before


def test_merged_stories_leave_aliases_and_their_changes_move_along(world: World) -> None:
    home, [first] = world.tell("a", stage=Stage.CONFIRMED)
    other, [second, outside] = world.tell("b", "c", stage=Stage.ANNOUNCED)
    kept, moved = world.event(home), world.event(other)
    joined = replace(kept, changes=(*kept.changes, *moved.changes))
    world.save([], world.story([first, second], home, merged=(other,), ledger=joined))
    window = world.window()
    assert set(window.homes.values()) == {home}, "what no other story took moves along"
    assert str(outside) in window.homes
    assert window.events == {home: replace(kept, changes=(*kept.changes, *moved.changes))}
    assert world.rows("SELECT alias, story_id FROM story_aliases") == [(other, home)]


def test_a_merge_of_a_merge_keeps_every_alias_true(world: World) -> None:
    homes = [world.tell(title, stage=Stage.ANNOUNCED) for title in "abc"]
    (one, items_one), (two, items_two), (three, items_three) = homes
    world.save([], world.story([*items_one, *items_two], two, merged=(one,), ledger=world.event(two)))
    everything = [*items_one, *items_two, *items_three]
    world.save([], world.story(everything, three, merged=(two,), ledger=world.event(three)))
    assert sorted(world.rows("SELECT alias, story_id FROM story_aliases")) == [(one, three), (two, three)]
    assert list(world.window().events) == [three]


def test_changes_that_are_not_taken_over_stay_with_the_row_that_gave_way(world: World) -> None:
    home, [first] = world.tell("a", stage=Stage.CONCLUDED)
    other, [second] = world.tell("b", stage=Stage.ANNOUNCED)
    world.save([], world.story([first, second], home, merged=(other,), ledger=world.event(home)))
    assert world.event(home).stage is Stage.CONCLUDED
    assert len(world.event(home).changes) == 1
    rows = world.rows("SELECT merged_into FROM events WHERE story_id = :other", other=other)
    assert rows == [(world.event(home).id,)]


def test_a_story_without_an_event_takes_over_that_of_the_one_merged_into_it(world: World) -> None:
    home, [first] = world.tell("a")
    other, [second] = world.tell("b", stage=Stage.ANNOUNCED)
    row = world.event(other)
    world.save([], world.story([first, second], home, merged=(other,), ledger=row))
    assert world.window().events == {home: row}


def test_a_follow_that_read_an_older_state_must_be_redone(world: World) -> None:
    first, second = world.publish("a", "b")
    revision = world.revision()
    world.save([world.accepted(first)], world.story([first]), revision=revision)
    with pytest.raises(ConflictError):
        world.save([world.accepted(second)], world.story([second]), revision=revision)
    assert world.queries.item(str(second.item_id)).judgement is None, "a conflict leaves nothing behind"
    world.save([world.accepted(second)], world.story([second]), revision=world.revision())
    assert len(world.window().homes) == 2


def test_a_follow_that_read_nothing_needs_no_guard(world: World) -> None:
    first, second = world.publish("a", "b")
    revision = world.revision()
    world.save([world.rejected(first)], revision=None)
    world.save([world.accepted(second)], world.story([second]), revision=revision)
    assert world.pending() == []


def test_of_two_follows_at_once_one_wins(world: World, url: str) -> None:
    first, second = world.publish("a", "b")
    revision = world.revision()

    def save(index: int) -> bool:
        item = (first, second)[index]
        database = Database(url)
        store = SqlFollowStore(database)
        try:
            store.save_followed(Followed(RULES, revision, (world.accepted(item),), (world.story([item]),)), NOW)
        except ConflictError:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [False, True]
    assert len(world.window().homes) == 1


def test_the_window_holds_reports_of_its_time(world: World) -> None:
    for days in (0, 10, 20):
        [item] = world.publish(f"{days} days ago", at=NOW - timedelta(days=days))
        world.save([world.accepted(item)], world.story([item]))
    window = world.follow.window(Reach(((NOW - timedelta(days=15), NOW - timedelta(days=5)),)))
    assert [report.title for report in window.reports] == ["10 days ago"]
    [report] = window.reports
    assert report.entities == {"minister-a"}
    assert (report.language, report.voice, report.time) == ("en", None, NOW - timedelta(days=10))
    assert report.coding == world.coding()


def test_the_window_leaves_out_what_is_not_accepted(world: World) -> None:
    items = world.publish("a", "b", "c")
    world.save([world.accepted(items[0]), world.reviewed(items[1]), world.rejected(items[2])])
    assert [report.title for report in world.window().reports] == ["a"]


@pytest.mark.parametrize(
    ("stage", "slots", "drawn"),
    [
        (Stage.ANNOUNCED, {"start": date(2025, 8, 1)}, True),
        (Stage.CONFIRMED, {"start": date(2025, 5, 20), "end": date(2025, 6, 2)}, True),
        (Stage.ANNOUNCED, {"start": date(2025, 5, 20)}, False),
        (Stage.CONCLUDED, {"start": date(2025, 8, 1)}, False),
        (Stage.UNDER_WAY, {"start": None}, True),
        (Stage.POSTPONED, {"start": date(2025, 5, 5)}, True),
        (Stage.CANCELLED, {"start": None}, False),
    ],
)
def test_the_window_draws_in_stories_whose_event_is_open(
    world: World, stage: Stage, slots: dict[str, Any], drawn: bool
) -> None:
    home, _ = world.tell("a", stage=stage, **slots)
    window = world.follow.window(Reach(((datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC)),)))
    assert [report.title for report in window.reports] == ["a"] * drawn
    assert set(window.events) == ({home} if drawn else set())


def test_an_open_event_draws_in_nothing_from_before_it_was_known(world: World) -> None:
    world.tell("a", stage=Stage.ANNOUNCED, start=date(2025, 8, 1))
    assert world.follow.window(Reach(((NOW - timedelta(days=200), NOW - timedelta(days=100)),))).reports == ()


def test_an_undated_event_is_given_up_after_half_a_year(world: World) -> None:
    world.tell("a", stage=Stage.ANNOUNCED, start=None)
    for days, count in ((179, 1), (181, 0)):
        later = NOW + timedelta(days=days)
        assert len(world.follow.window(Reach(((later, later + timedelta(days=1)),))).reports) == count


def test_an_analyst_overrules_the_judgement(world: World) -> None:
    items = world.publish("a", "b", "c")
    world.save([world.accepted(items[0]), world.reviewed(items[1]), world.reviewed(items[2])])
    for item, decision in ((0, Decision.REJECT), (1, Decision.ACCEPT), (2, Decision.ACCEPT), (2, Decision.REJECT)):
        world.overrule(items[item], decision)
    assert [report.title for report in world.window().reports] == ["b"]
    assert world.queries.item(str(items[2].item_id)).verdict is Decision.REJECT
