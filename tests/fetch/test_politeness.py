"""Turns per host, with a clock that only sleeping moves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from monitor.domain.feed import Failure, FetchFailed
from monitor.fetch import politeness
from monitor.fetch.politeness import THROTTLED_SECONDS, UNWILLING_SECONDS, Politeness, Unwilling


class SleepingClock:
    """Time passes by sleeping alone."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time = max(self.time, self.time + seconds)
        await asyncio.sleep(0)


async def test_requests_to_one_host_start_an_interval_apart() -> None:
    clock = SleepingClock()
    turns = Politeness(per_host=1, interval=2.0, now=clock.now, sleep=clock.sleep)
    starts = []
    for _ in range(3):
        async with turns.turn("example.org"):
            starts.append(clock.time)
    assert starts == [0.0, 2.0, 4.0]


async def test_hosts_do_not_wait_for_each_other() -> None:
    clock = SleepingClock()
    turns = Politeness(per_host=1, interval=60.0, now=clock.now, sleep=clock.sleep)
    for host in ("a.example", "b.example", "c.example"):
        async with turns.turn(host):
            assert clock.time == 0.0


async def test_no_more_than_per_host_requests_run_at_once() -> None:
    turns = Politeness(per_host=2, interval=0.0)
    running, most = 0, 0

    async def request() -> None:
        nonlocal running, most
        async with turns.turn("example.org"):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(request() for _ in range(10)))
    assert most == 2


async def test_a_long_pause_since_the_last_request_costs_no_wait() -> None:
    clock = SleepingClock()
    turns = Politeness(interval=1.0, now=clock.now, sleep=clock.sleep)
    async with turns.turn("example.org"):
        pass
    clock.time = 100.0
    async with turns.turn("example.org"):
        assert clock.time == 100.0


async def test_a_cancelled_wait_gives_its_slot_back() -> None:
    turns = Politeness(per_host=1, interval=0.0)
    async with turns.turn("example.org"):
        waiting = asyncio.ensure_future(_take(turns))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(_take(turns), 1)
    assert not turns._slots


async def test_hosts_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "REMEMBERED_HOSTS", 10)
    clock = SleepingClock()
    turns = Politeness(interval=1.0, now=clock.now, sleep=clock.sleep)
    for number in range(100):
        clock.time += 5.0
        async with turns.turn(f"host{number}.example"):
            pass
    assert len(turns._next_start) <= 10


async def _take(turns: Politeness) -> None:
    async with turns.turn("example.org"):
        pass


SILENT = FetchFailed(Failure.TIMEOUT, "It did not answer.")


def test_a_host_is_given_up_after_two_requests_in_a_row_without_an_answer_and_for_a_while() -> None:
    clock = SleepingClock()
    hosts = Unwilling(clock.now)
    hosts.note("a.example", SILENT)
    assert hosts.failure("a.example") is None
    hosts.note("a.example", SILENT)
    assert hosts.failure("a.example") == FetchFailed(
        Failure.WAITING, "a.example left 2 requests in a row without an answer.", timedelta(seconds=UNWILLING_SECONDS)
    )
    assert hosts.failure("b.example") is None
    clock.time = UNWILLING_SECONDS
    assert hosts.failure("a.example") is None


def test_an_answer_between_shows_that_the_host_is_there() -> None:
    hosts = Unwilling(SleepingClock().now)
    for outcome in (SILENT, None, SILENT, FetchFailed(Failure.HTTP, "404"), SILENT):
        hosts.note("a.example", outcome)
    assert hosts.failure("a.example") is None


@pytest.mark.parametrize(
    ("asked", "held"),
    [(None, UNWILLING_SECONDS), (timedelta(minutes=5), 300.0), (timedelta(days=2), THROTTLED_SECONDS)],
)
def test_too_many_requests_spares_the_host_for_as_long_as_its_other_feeds_can_bear(
    asked: timedelta | None, held: float
) -> None:
    clock = SleepingClock()
    hosts = Unwilling(clock.now)
    hosts.note("a.example", FetchFailed(Failure.THROTTLED, "429", asked))
    clock.time = held - 1
    failure = hosts.failure("a.example")
    assert failure is not None
    assert (failure.kind, failure.retry_after) == (Failure.WAITING, timedelta(seconds=held))
    clock.time = held
    assert hosts.failure("a.example") is None


def test_hosts_that_left_one_request_unanswered_are_forgotten_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "REMEMBERED_HOSTS", 3)
    hosts = Unwilling(SleepingClock().now)
    for number in range(10):
        hosts.note(f"{number}.example", SILENT)
    assert len(hosts._strikes) == 3
    hosts.note("9.example", SILENT)
    assert hosts.failure("9.example") is not None


def test_hosts_held_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "REMEMBERED_HOSTS", 3)
    clock = SleepingClock()
    hosts = Unwilling(clock.now)
    for number in range(10):
        clock.time += 1000
        hosts.note(f"{number}.example", FetchFailed(Failure.THROTTLED, "429"))
    assert len(hosts._until) <= 3
