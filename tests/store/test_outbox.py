"""The outbox: at least once, each recipient for itself, and never forgotten by a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.domain.digest import DeliveryState, Outgoing, SendFailed, Sent
from monitor.store.database import Database
from monitor.store.outbox import STALE_AFTER
from monitor.store.report import SqlReportStore

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SENT = Sent("250 accepted")
FAILED = SendFailed("421 try again later", permanent=False)


def claim(world: World, at: datetime = NOW, limit: int = 10) -> list[Outgoing]:
    return world.report.claim(at, limit)


def states(world: World) -> dict[DeliveryState, int]:
    return {state: count for state, count in world.queries.outbox().items() if count}


def test_a_frozen_digest_waits_for_each_recipient(world: World) -> None:
    world.ready()
    frozen = world.freeze(members=frozenset(world.tell("a")[1]), facts=frozenset({"story:1"}))
    first, second = claim(world)
    assert [(one.channel, one.recipient, one.attempt) for one in (first, second)] == [
        ("file", "out", 1),
        ("mail", "a@example.org", 1),
    ]
    assert first.digest.rendered == frozen.rendered
    assert (first.digest.members, first.digest.facts) == (frozen.members, frozen.facts)
    assert states(world) == {DeliveryState.SENDING: 2}


def test_one_address_twice_in_the_settings_is_one_delivery(world: World) -> None:
    world.ready()
    world.report.freeze(world.digest(), [("mail", "a@x"), ("mail", "a@x"), ("file", "a@x")])
    assert len(claim(world)) == 2


def test_a_claim_takes_no_more_than_its_limit_and_nothing_twice(world: World) -> None:
    world.ready()
    world.freeze()
    taken = [*claim(world, limit=1), *claim(world, limit=1)]
    assert len({one.delivery_id for one in taken}) == 2
    assert claim(world) == []


def test_what_was_sent_is_done(world: World) -> None:
    world.ready()
    world.freeze()
    for outgoing in claim(world):
        world.report.record(outgoing, SENT, NOW, None)
    assert states(world) == {DeliveryState.SENT: 2}
    assert claim(world, NOW + timedelta(days=9)) == []


def test_a_failure_waits_for_its_next_attempt(world: World) -> None:
    world.ready()
    world.freeze()
    outgoing = claim(world, limit=1)[0]
    world.report.record(outgoing, FAILED, NOW, NOW + 5 * MINUTE)
    claim(world)
    assert claim(world, NOW + 4 * MINUTE) == []
    [again] = claim(world, NOW + 5 * MINUTE)
    assert (again.delivery_id, again.attempt) == (outgoing.delivery_id, 2)
    world.report.record(again, SENT, NOW + 6 * MINUTE, None)
    rows = world.rows("SELECT number, sent, answer FROM delivery_attempts ORDER BY number")
    assert [(row.number, bool(row.sent), row.answer) for row in rows] == [
        (1, False, FAILED.reason),
        (2, True, SENT.answer),
    ]


def test_a_delivery_that_is_given_up_is_dead_and_told(world: World) -> None:
    world.ready()
    world.freeze()
    world.report.record(claim(world, limit=1)[0], SendFailed("550 no such user", permanent=True), NOW + MINUTE, None)
    assert states(world)[DeliveryState.DEAD] == 1
    assert world.report.material("daily", NOW + MINUTE).watch.dead_deliveries == 1
    assert [one.attempt for one in claim(world, NOW + timedelta(days=9))] == [1], "only the other one is still due"


def test_what_a_crash_left_half_sent_is_claimed_again(world: World) -> None:
    world.ready()
    world.freeze()
    crashed = claim(world, limit=1)[0]
    claim(world)
    assert claim(world, NOW + STALE_AFTER - MINUTE) == []
    again = claim(world, NOW + STALE_AFTER)
    assert crashed.delivery_id in {one.delivery_id for one in again}
    assert {one.attempt for one in again} == {2}


def test_a_straggler_that_failed_does_not_disturb_the_attempt_after_it(world: World) -> None:
    world.ready()
    world.freeze()
    slow = claim(world, limit=1)[0]
    later = NOW + STALE_AFTER
    second = next(one for one in claim(world, later) if one.delivery_id == slow.delivery_id)
    world.report.record(slow, FAILED, later, later)
    assert claim(world, later + MINUTE) == [], "the second attempt is still under way"
    world.report.record(second, SENT, later + MINUTE, None)
    world.report.record(slow, FAILED, later + MINUTE, later)
    assert states(world)[DeliveryState.SENT] == 1


def test_a_straggler_that_succeeded_ends_the_delivery(world: World) -> None:
    world.ready()
    world.freeze()
    slow = claim(world, limit=1)[0]
    later = NOW + STALE_AFTER
    second = next(one for one in claim(world, later) if one.delivery_id == slow.delivery_id)
    world.report.record(slow, SENT, later, None)
    world.report.record(second, FAILED, later, later)
    assert states(world)[DeliveryState.SENT] == 1


def test_senders_at_once_never_take_the_same_delivery(world: World, url: str) -> None:
    world.ready()
    world.report.freeze(world.digest(), [("mail", f"{number}@example.org") for number in range(40)])

    def take(_: int) -> list[int]:
        database = Database(url)
        store = SqlReportStore(database)
        taken = [one.delivery_id for _ in range(5) for one in store.claim(NOW, 2)]
        database.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [one for part in pool.map(take, range(4)) for one in part]
    assert len(taken) == len(set(taken)) == 40
