"""Verdicts, samples, and what becomes of items under changed rules, in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.judgement import Decision
from monitor.domain.review import Sampled, Verdict
from monitor.domain.run import Followed, Judged
from monitor.errors import NotFoundError
from monitor.store.replay import SqlReplayStore
from monitor.store.review import SqlReviewStore

if TYPE_CHECKING:
    from monitor.domain.item import PendingItem
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCEPT, REJECT = Verdict(Decision.ACCEPT, "asha", "both ministries"), Verdict(Decision.REJECT, "asha")


@pytest.fixture
def review(world: World) -> SqlReviewStore:
    return SqlReviewStore(world.database)


def judged(world: World, item: PendingItem, decision: Decision, rules: str) -> Judged:
    coding = None if decision is Decision.REJECT else world.coding()
    return Judged(item, world.judgement(decision, rules), coding)


def follow_as(world: World, rules: str, decision: Decision) -> PendingItem:
    """The one pending item, judged so under these rules."""
    (item,) = world.pending(rules)
    one = judged(world, item, decision, rules)
    stories = (world.story([item]),) if one.accepted else ()
    world.follow.save_followed(Followed(rules, world.revision(), (one,), stories), NOW)
    return item


def test_verdicts_are_appended_and_the_last_one_counts(world: World, review: SqlReviewStore) -> None:
    [item] = world.publish("a")
    world.save([world.reviewed(item)])
    assert review.record(str(item.item_id), ACCEPT, NOW) == item.item_id
    assert review.record(item.url or "", REJECT, NOW + HOUR) == item.item_id
    rows = world.rows("SELECT decision, analyst, note, version_id FROM verdicts ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("accept", "asha", "both ministries", item.version_id),
        ("reject", "asha", "", item.version_id),
    ]
    assert world.queries.item(str(item.item_id)).verdict is Decision.REJECT


@pytest.mark.parametrize("name", ["99", "https://nowhere.example/a", "99999999999999"])
def test_a_verdict_on_nothing_is_refused(review: SqlReviewStore, name: str) -> None:
    with pytest.raises(NotFoundError, match="no item"):
        review.record(name, ACCEPT, NOW)


def test_a_verdict_makes_an_item_pending_until_it_is_followed(world: World, review: SqlReviewStore) -> None:
    [item] = world.publish("a")
    world.save([world.rejected(item)])
    review.record(str(item.item_id), ACCEPT, NOW)
    [again] = world.pending()
    assert (again.verdict, again.refused) == (Decision.ACCEPT, True)
    world.save([Judged(again, world.judgement(Decision.REJECT), world.coding())], world.story([again]))
    assert world.pending() == []
    assert [report.title for report in world.window().reports] == ["a"]


def test_the_judgement_that_was_overruled_stays_and_gains_its_coding(world: World, review: SqlReviewStore) -> None:
    [item] = world.publish("a")
    first = world.rejected(item)
    world.save([first])
    review.record(str(item.item_id), ACCEPT, NOW)
    [again] = world.pending()
    world.save([Judged(again, replace(first.judgement, score=0.1), world.coding())], world.story([again]))
    view = world.queries.item(str(item.item_id))
    assert view.judgement == first.judgement
    assert view.coding == world.coding()


def test_a_verdict_given_while_an_item_is_judged_is_not_lost(world: World, review: SqlReviewStore) -> None:
    [loaded] = world.publish("a")
    review.record(str(loaded.item_id), REJECT, NOW)
    world.save([world.accepted(loaded)], world.story([loaded]))
    [again] = world.pending()
    assert (again.verdict, again.placed) == (Decision.REJECT, True)
    world.save([world.accepted(again)])
    assert world.queries.item(str(again.item_id)).story_id is None
    assert world.pending() == []


def test_only_what_is_to_be_told_is_promoted(world: World, review: SqlReviewStore) -> None:
    [item] = world.publish("a")
    world.change("UPDATE items SET archive = true")
    review.record(str(item.item_id), ACCEPT, NOW)
    assert world.queries.item(str(item.item_id)).archive
    review.record(str(item.item_id), ACCEPT, NOW, tell=True)
    assert not world.queries.item(str(item.item_id)).archive


@pytest.mark.parametrize(
    ("decisions", "archive"),
    [
        ([Decision.REJECT, Decision.ACCEPT], True),
        ([Decision.REVIEW, Decision.ACCEPT], True),
        ([Decision.REJECT, Decision.REVIEW, Decision.ACCEPT], True),
        ([Decision.ACCEPT, Decision.ACCEPT], False),
        ([Decision.ACCEPT, Decision.REJECT, Decision.ACCEPT], False),
        ([Decision.REJECT, Decision.REVIEW], False),
        ([Decision.ACCEPT], False),
    ],
)
def test_what_only_changed_rules_accept_becomes_archive(world: World, decisions: list[Decision], archive: bool) -> None:
    """The world brought no news; what was accepted before, told or not, stays live."""
    [item] = world.publish("a")
    for number, decision in enumerate(decisions):
        follow_as(world, f"rules-{number}", decision)
    assert world.queries.item(str(item.item_id)).archive is archive


def test_an_edited_item_is_news_under_any_rules(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("Talks", guid="1"))
    follow_as(world, "rules-0", Decision.REJECT)
    world.poll(feed, world.entry("Defence talks", guid="1"))
    item = follow_as(world, "rules-2", Decision.ACCEPT)
    assert not world.queries.item(str(item.item_id)).archive


def test_an_analysts_acceptance_stays_news_under_any_rules(world: World, review: SqlReviewStore) -> None:
    world.publish("a")
    item = follow_as(world, "rules-0", Decision.REJECT)
    review.record(str(item.item_id), ACCEPT, NOW)
    follow_as(world, "rules-2", Decision.ACCEPT)
    assert not world.queries.item(str(item.item_id)).archive


def test_the_queue_holds_what_waits_the_likeliest_first(world: World, review: SqlReviewStore) -> None:
    items = world.publish("a", "b", "c", "d")
    unlikely = world.reviewed(items[0])
    unlikely = replace(unlikely, judgement=replace(unlikely.judgement, score=0.4))
    world.save([unlikely, *map(world.reviewed, items[1:3]), world.rejected(items[3])])
    review.record(str(items[1].item_id), REJECT, NOW)
    queue = world.queries.review_queue(10)
    assert [item.title for item in queue] == ["c", "a"]
    assert queue[1].score == pytest.approx(0.4)
    assert [item.title for item in world.queries.review_queue(1)] == ["c"]
    assert world.queries.review_waiting() == 2


def test_a_sample_is_drawn_from_what_was_rejected_and_each_item_once(world: World, review: SqlReviewStore) -> None:
    items = world.publish(*"abcdef")
    world.save([world.accepted(items[0]), world.reviewed(items[1]), *map(world.rejected, items[2:])])
    review.record(str(items[2].item_id), REJECT, NOW)
    first = review.draw(2, NOW)
    rest = review.draw(9, NOW)
    assert len(first) == 2
    assert {item.title for item in first + rest} == {"d", "e", "f"}
    assert review.draw(9, NOW) == []
    assert {item.title for item in world.queries.drawn_waiting()} == {"d", "e", "f"}
    assert world.rows("SELECT DISTINCT rules_version FROM samples") == [("rules-1",)]


def test_a_seed_draws_the_same_again(world: World, review: SqlReviewStore) -> None:
    items = world.publish(*(f"title {number}" for number in range(30)))
    world.save([*map(world.rejected, items)])
    drawn = {item.id for item in review.draw(5, NOW, seed=7)}
    world.change("DELETE FROM samples")
    assert {item.id for item in review.draw(5, NOW, seed=7)} == drawn
    world.change("DELETE FROM samples")
    assert {item.id for item in review.draw(5, NOW, seed=8)} != drawn


def test_verdicts_on_a_sample_tell_of_misses(world: World, review: SqlReviewStore) -> None:
    items = world.publish("a", "b", "c")
    world.save([*map(world.rejected, items)])
    assert world.queries.sampled() == Sampled(0, 0, 0)
    review.draw(3, NOW)
    for item, verdict in ((0, ACCEPT), (1, ACCEPT), (1, REJECT)):
        review.record(str(items[item].item_id), verdict, NOW)
    assert world.queries.sampled() == Sampled(drawn=3, judged=2, missed=1)
    assert [item.title for item in world.queries.drawn_waiting()] == ["c"]


def test_replay_takes_what_other_rules_judged(world: World) -> None:
    feed = world.feed()
    for days, title in ((1, "newer"), (5, "older"), (2, "edited"), (0, "fresh")):
        world.poll(feed, world.entry(title, guid=title, published=NOW - timedelta(days=days)))
        if title != "fresh":
            (item,) = world.pending("rules-0")
            one = judged(world, item, Decision.REJECT, "rules-0")
            world.follow.save_followed(Followed("rules-0", None, (one,), ()), NOW)
    world.poll(feed, world.entry("edited again", guid="edited"))
    store = SqlReplayStore(world.database)
    ids = store.judged_otherwise("rules-2", None)
    standings = store.standings(ids)
    assert [standing.item.article.title for standing in standings] == ["older", "newer"]
    assert [standing.item.refused for standing in standings] == [True, True]
    assert standings[0].decision is Decision.REJECT
    assert standings[0].entities == {"minister-a"}
    assert store.judged_otherwise("rules-0", None) == []
    assert store.judged_otherwise("rules-2", NOW - timedelta(days=2)) == [standings[1].item.item_id]


def test_what_was_edited_since_its_id_was_read_is_left_to_follow(world: World) -> None:
    feed = world.feed()
    world.poll(feed, world.entry("Talks", guid="1"))
    follow_as(world, "rules-0", Decision.REJECT)
    store = SqlReplayStore(world.database)
    ids = store.judged_otherwise("rules-2", None)
    world.poll(feed, world.entry("Talks end", guid="1"))
    assert (len(ids), store.standings(ids)) == (1, [])
