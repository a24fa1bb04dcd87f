"""What an analyst rules on stories, as it is written and read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.event import Stage
from monitor.domain.judgement import Decision
from monitor.domain.run import Reach
from monitor.domain.story import Ruling
from monitor.errors import ConflictError, InputError, NotFoundError
from monitor.store.database import Database
from monitor.store.stories import Remark, SqlStoryStore
from monitor.store.views import RulingRow

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REMARK = Remark("asha", "two visits", NOW)


@pytest.fixture
def rule(world: World) -> SqlStoryStore:
    return SqlStoryStore(world.database)


def merged(world: World, kept: int, ids: list[int], gone: int) -> None:
    """What a follow leaves of a merge."""
    world.save([], world.story(ids, kept, (gone,)))


def test_a_split_names_items_and_lets_those_that_leave_wait(world: World, rule: SqlStoryStore) -> None:
    story, ids = world.tell("a", "b", "c")
    url = world.queries.item(str(ids[2])).url
    ruled = rule.split(story, [str(ids[1]), url or "", str(ids[1])], REMARK)
    assert (ruled.stories, ruled.moving, ruled.staying) == ((story,), tuple(ids[1:]), (ids[0],))
    assert sorted(item.item_id for item in world.pending()) == ids[1:]
    [row] = world.queries.story(story).rulings
    assert row == RulingRow(1, False, frozenset(ids[1:]), frozenset(ids[:1]), "asha", "two visits", NOW)


def test_a_merge_names_all_items_of_all_stories(world: World, rule: SqlStoryStore) -> None:
    (first, a), (second, b), (third, c) = world.tell("a", "aa"), world.tell("b"), world.tell("c")
    ruled = rule.merge(first, [third, second, third], REMARK)
    assert (ruled.stories, ruled.moving, ruled.staying) == ((first, third, second), (*b, *c), tuple(a))
    assert sorted(item.item_id for item in world.pending()) == [*b, *c]
    [row] = world.queries.story(second).rulings
    assert row == RulingRow(1, True, frozenset(a), frozenset(b + c), "asha", "two visits", NOW)
    assert world.queries.story(third).rulings == (row,)


def test_what_is_no_ruling_is_refused_in_one_sentence(world: World, rule: SqlStoryStore) -> None:
    (first, a), (second, b), (third, c) = world.tell("a", "aa"), world.tell("b"), world.tell("c")
    merged(world, first, a + c, third)
    for number in (99, 0, -3, 2**40):
        with pytest.raises(NotFoundError, match=f"no story {number}: `monitor stories list`"):
            rule.split(number, [str(a[0])], REMARK)
        with pytest.raises(NotFoundError, match=f"no story {number}: `monitor stories list`"):
            rule.merge(first, [number], REMARK)
        with pytest.raises(NotFoundError, match=f"no story {number}: `monitor stories list`"):
            world.queries.story(number)
    for name in (str(b[0]), "777", "https://nowhere.example/"):
        with pytest.raises(InputError, match=f"Item {name} is not in story {first}"):
            rule.split(first, [str(a[0]), name], REMARK)
    with pytest.raises(InputError, match=f"All of story {second} would leave it"):
        rule.split(second, [str(b[0])], REMARK)
    for others in ([first], [third], [second, first]):
        with pytest.raises(InputError, match=f"are one story already, {first}:"):
            rule.merge(first, others, REMARK)
    assert world.rows("SELECT * FROM rulings") == []
    assert world.pending() == []


def test_two_names_of_one_story_are_told_apart_from_a_merge(world: World, rule: SqlStoryStore) -> None:
    (first, a), (second, b), (third, _) = world.tell("a"), world.tell("b"), world.tell("c")
    merged(world, first, a + b, second)
    with pytest.raises(InputError, match=f"are one story already, {first}:"):
        rule.merge(third, [first, second], REMARK)


def test_a_story_goes_by_the_numbers_merged_into_it(world: World, rule: SqlStoryStore) -> None:
    (first, a), (second, b) = world.tell("a"), world.tell("b")
    merged(world, first, a + b, second)
    view = world.queries.story(second)
    assert (view.id, view.aliases, [report.item_id for report in view.reports]) == (first, (second,), a + b)
    assert rule.split(second, [str(a[0])], REMARK).stories == (first,)


def test_the_window_brings_rulings_and_what_they_hold_together(world: World, rule: SqlStoryStore) -> None:
    long_ago, (early, *_) = world.tell("early", at=NOW - 300 * DAY)
    between, (linked, other) = world.tell("linked", "other", at=NOW - 200 * DAY)
    today, (late, alone) = world.tell("late", "alone")
    rule.merge(long_ago, [between], REMARK)
    rule.merge(between, [today], replace(REMARK, note="again"))
    rule.split(today, [str(alone)], REMARK)
    window = world.follow.window(Reach(((NOW, NOW),)))
    assert [report.title for report in window.reports] == ["early", "linked", "other", "late", "alone"]
    assert set(window.homes.values()) == {long_ago, between, today}
    first, second, third = (frozenset(map(str, ids)) for ids in ((early,), (linked, other), (late, alone)))
    assert window.rulings == (
        Ruling(together=True, left=first, right=second),
        Ruling(together=True, left=second, right=third),
        Ruling(together=True, left=frozenset({str(alone)})),
        Ruling(together=False, left=frozenset({str(alone)}), right=frozenset({str(late)})),
    )


def test_a_split_alone_draws_nothing_in(world: World, rule: SqlStoryStore) -> None:
    story, (a, b) = world.tell("a", "b")
    rule.split(story, [str(b)], REMARK)
    world.save([], world.story([b]))
    later = NOW + 100 * DAY
    world.change("UPDATE items SET time = :later WHERE id = :b", later=f"{later:%Y-%m-%d %H:%M:%S.%f}", b=b)
    window = world.follow.window(Reach(((later, later),)))
    assert [report.key for report in window.reports] == [str(b)]
    assert len(window.rulings) == 2
    assert world.home(a) == story


def test_items_that_were_rejected_meanwhile_still_bind(world: World, rule: SqlStoryStore) -> None:
    """The second was ruled one with the first and with the third: those two stay one story without it."""
    (one, a), (two, b) = world.tell("a"), world.tell("b", at=NOW - 100 * DAY)
    rule.merge(one, [two], REMARK)
    merged(world, one, a + b, two)
    three, c = world.tell("c", at=NOW - 200 * DAY)
    world.change("DELETE FROM story_members WHERE item_id = :a", a=a[0])
    rule.merge(one, [three], REMARK)
    world.change("INSERT INTO story_members VALUES (:a, :one)", a=a[0], one=one)
    world.change("DELETE FROM story_members WHERE item_id = :b", b=b[0])
    window = world.follow.window(Reach(((NOW, NOW),)))
    assert [report.key for report in window.reports] == [str(a[0]), str(c[0])]
    assert len(window.rulings) == 2


def test_a_follow_that_read_before_a_ruling_must_do_it_again(world: World, rule: SqlStoryStore) -> None:
    story, (_, b) = world.tell("a", "b")
    [fresh] = world.publish("c")
    revision = world.revision()
    rule.split(story, [str(b)], REMARK)
    with pytest.raises(ConflictError):
        world.save([world.accepted(fresh)], world.story([fresh]), revision=revision)
    assert b in {item.item_id for item in world.pending()}


def test_two_analysts_at_once_are_both_heard(world: World, url: str) -> None:
    story, ids = world.tell("a", "b", "c")

    def split(item: int) -> None:
        with Database(url) as database:
            SqlStoryStore(database).split(story, [str(item)], REMARK)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(split, ids[1:]))
    assert len(world.queries.story(story).rulings) == 2


def test_stories_are_listed_newest_first(world: World) -> None:
    old, _ = world.tell("old", at=NOW - 9 * DAY)
    late, _ = world.tell("late", "later", at=NOW, stage=Stage.ANNOUNCED)
    middle, _ = world.tell("middle", at=NOW - 3 * DAY)
    stories = world.queries.stories(9)
    assert [view.id for view in stories] == [late, middle, old]
    assert [len(view.reports) for view in stories] == [2, 1, 1]
    assert [view.event is not None for view in stories] == [True, False, False]
    assert [view.id for view in world.queries.stories(2)] == [late, middle]
    assert [view.id for view in world.queries.stories(9, NOW - 3 * DAY)] == [late, middle]


def test_what_is_not_accepted_any_more_is_no_report(world: World) -> None:
    story, (a, b) = world.tell("a", "b")
    [item] = world.follow.items([b])
    world.overrule(item, Decision.REJECT)
    assert [report.item_id for report in world.queries.story(story).reports] == [a]
    world.overrule(world.follow.items([a])[0], Decision.REJECT)
    assert world.queries.stories(9) == []
    assert world.queries.homes([a, b]) == {}
    with pytest.raises(NotFoundError, match=f"no story {story}:"):
        world.queries.story(story)


def test_items_are_followed_again_by_number(world: World) -> None:
    _, ids = world.tell("a", "b")
    assert world.pending() == []
    assert [item.article.title for item in world.follow.items(ids)] == ["a", "b"]
    assert world.queries.homes([*ids, 99]) == dict.fromkeys(ids, world.home(ids[0]))
