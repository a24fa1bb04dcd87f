"""The outbox: at least once, each recipient for itself, and never forgotten by a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.digest import DeliveryState, Outgoing, Schedule, SendFailed, Sent
from monitor.errors import InputError, NotFoundError
from monitor.store.database import Database
from monitor.store.outbox import STALE_AFTER, VANISHED
from monitor.store.report import SqlReportStore

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ATTEMPTS = 3
DAILY = Schedule("daily", "India–Japan defence", "30 7 * * *", "Asia/Kolkata", ("file",))
SENT = Sent("250 accepted")
FAILED = SendFailed("421 try again later", permanent=False)


def claim(world: World, at: datetime = NOW, limit: int = 10) -> list[Outgoing]:
    return world.report.claim(at, limit, ATTEMPTS)


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
    assert world.report.material(DAILY, NOW + MINUTE).watch.dead_deliveries == 1
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


def test_a_delivery_whose_every_sender_vanishes_is_dead_after_the_last_attempt(world: World) -> None:
    """What kills the program each time must not be tried for ever."""
    world.ready()
    world.report.freeze(world.digest(), [("file", "out")])
    for number in range(ATTEMPTS):
        [crashed] = claim(world, NOW + number * STALE_AFTER)
        assert crashed.attempt == number + 1
    late = NOW + ATTEMPTS * STALE_AFTER
    assert claim(world, late) == []
    assert states(world) == {DeliveryState.DEAD: 1}
    assert world.report.material(DAILY, late).watch.dead_deliveries == 1
    [row] = world.rows("SELECT number, sent, answer FROM delivery_attempts")
    assert (row.number, bool(row.sent), row.answer) == (ATTEMPTS, False, VANISHED)


def test_a_dead_delivery_may_be_tried_again(world: World) -> None:
    world.ready()
    world.freeze()
    given_up, other = claim(world)
    world.report.record(given_up, SendFailed("550 no such user", permanent=True), NOW, None)
    world.report.record(other, FAILED, NOW, NOW + 60 * MINUTE)
    assert claim(world) == []
    for one in (given_up, other):
        world.report.retry(one.delivery_id, NOW + MINUTE)
    assert [(one.delivery_id, one.attempt) for one in claim(world, NOW + MINUTE)] == [
        (given_up.delivery_id, 2),
        (other.delivery_id, 2),
    ]


def test_only_what_failed_or_waits_can_be_tried_again(world: World) -> None:
    world.ready()
    world.freeze()
    sent, sending = claim(world)
    world.report.record(sent, SENT, NOW, None)
    with pytest.raises(InputError, match="is sent"):
        world.report.retry(sent.delivery_id, NOW)
    with pytest.raises(InputError, match="is sending"):
        world.report.retry(sending.delivery_id, NOW)
    for unknown in (99, 0, 2**40):
        with pytest.raises(NotFoundError, match=f"no delivery {unknown}"):
            world.report.retry(unknown, NOW)


def test_deliveries_are_listed_with_their_last_answer(world: World) -> None:
    world.ready()
    world.freeze()
    first, second = claim(world)
    world.report.record(first, FAILED, NOW, NOW + 5 * MINUTE)
    world.report.record(second, SENT, NOW, None)
    mail, file = world.queries.deliveries(9, list(DeliveryState))
    assert (file.id, file.schedule, file.local_date, file.channel, file.recipient) == (
        first.delivery_id,
        "daily",
        NOW.date(),
        "file",
        "out",
    )
    assert (file.state, file.attempts, file.next_attempt_at) == (DeliveryState.WAITING, 1, NOW + 5 * MINUTE)
    assert (file.last_attempt_at, file.answer) == (NOW, FAILED.reason)
    assert (mail.state, mail.next_attempt_at, mail.answer) == (DeliveryState.SENT, None, SENT.answer)
    assert world.queries.deliveries(9, [DeliveryState.WAITING]) == [file]
    assert world.queries.deliveries(1, list(DeliveryState)) == [mail]
    assert world.queries.delivery(file.id) == file


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
        taken = [one.delivery_id for _ in range(5) for one in store.claim(NOW, 2, ATTEMPTS)]
        database.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [one for part in pool.map(take, range(4)) for one in part]
    assert len(taken) == len(set(taken)) == 40
