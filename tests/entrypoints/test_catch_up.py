"""When a digest may be made after the machine was off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.entrypoints.catch_up import ASLEEP, PATIENCE, CatchUp

MORNING = datetime(2025, 5, 6, 7, tzinfo=UTC)
TICK = timedelta(seconds=5)
NIGHT = timedelta(hours=9)


def refresh(catch_up: CatchUp, begins: datetime, ends: datetime) -> None:
    catch_up.refreshed(catch_up.begin(begins), ends)


def follow(catch_up: CatchUp, begins: datetime, ends: datetime) -> None:
    catch_up.followed(catch_up.begin(begins), ends)


def caught_up(at: datetime) -> CatchUp:
    """Its news is in."""
    catch_up = CatchUp(at)
    refresh(catch_up, at, at)
    follow(catch_up, at, at)
    assert catch_up.look(at)
    return catch_up


def awake(catch_up: CatchUp, since: datetime, until: datetime) -> bool:
    """Tick through the time; what the last look says."""
    allowed = False
    while since <= until:
        allowed = catch_up.look(since)
        since += TICK
    return allowed


def test_after_a_start_digests_wait_for_a_refresh_and_then_a_follow() -> None:
    catch_up = CatchUp(MORNING)
    assert not catch_up.look(MORNING)
    follow(catch_up, MORNING, MORNING + TICK)
    assert not catch_up.look(MORNING + TICK), "it judged only what was there before"
    refresh(catch_up, MORNING, MORNING + 2 * TICK)
    assert not catch_up.look(MORNING + 2 * TICK), "what came in is not judged yet"
    follow(catch_up, MORNING + 2 * TICK, MORNING + 3 * TICK)
    assert catch_up.look(MORNING + 3 * TICK)


def test_a_follow_that_began_before_the_refresh_ended_may_have_missed_some() -> None:
    catch_up = CatchUp(MORNING)
    polling, judging = catch_up.begin(MORNING), catch_up.begin(MORNING)
    catch_up.refreshed(polling, MORNING + TICK)
    catch_up.followed(judging, MORNING + 2 * TICK)
    assert not catch_up.look(MORNING + 2 * TICK)


def test_they_wait_no_longer_than_is_bearable() -> None:
    catch_up = CatchUp(MORNING)
    assert not awake(catch_up, MORNING, MORNING + PATIENCE - TICK)
    assert awake(catch_up, MORNING + PATIENCE, MORNING + PATIENCE)


def test_after_a_sleep_they_wait_again() -> None:
    catch_up = caught_up(MORNING - NIGHT)
    assert not catch_up.look(MORNING)
    refresh(catch_up, MORNING, MORNING + TICK)
    follow(catch_up, MORNING + TICK, MORNING + 2 * TICK)
    assert catch_up.look(MORNING + 2 * TICK)


def test_a_refresh_that_slept_through_the_night_brings_old_news() -> None:
    catch_up = caught_up(MORNING - NIGHT)
    polling = catch_up.begin(MORNING - NIGHT)
    catch_up.refreshed(polling, MORNING)
    follow(catch_up, MORNING, MORNING)
    assert not catch_up.look(MORNING)


def test_a_busy_minute_is_no_sleep() -> None:
    catch_up = caught_up(MORNING)
    assert catch_up.look(MORNING + ASLEEP)


def test_a_clock_that_is_set_back_does_not_hold_them_for_longer_than_the_bound() -> None:
    catch_up = caught_up(MORNING)
    assert not catch_up.look(MORNING - NIGHT)
    assert awake(catch_up, MORNING - NIGHT, MORNING - NIGHT + PATIENCE)
