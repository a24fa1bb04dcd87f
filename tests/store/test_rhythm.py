"""When a feed publishes is learned from its polls and kept with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.feed import Failure, FetchFailed, PollOutcome
from monitor.domain.rhythm import Rhythm
from monitor.pipeline.budget import NORM_AGE, Budget
from monitor.schedule.adaptive import USUAL_NORM

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://wire.example/rss"


def known(world: World) -> Rhythm:
    rhythm = world.load(URL).rhythm
    assert rhythm is not None
    return rhythm


def test_a_first_document_teaches_by_its_dates_and_later_polls_by_what_is_new(world: World) -> None:
    feed = world.feed(URL)
    dates = [NOW - 5 * HOUR, NOW - 2 * HOUR]
    entries = [world.entry(str(n), published=at) for n, at in enumerate(dates)]
    world.poll(feed, *entries)
    assert known(world) == Rhythm.of_plain(Rhythm.learned(NOW, dates, 2).plain())
    first = known(world)
    world.poll(feed, *entries, world.entry("new"), at=NOW + HOUR)
    assert known(world).arrivals == pytest.approx(first.after(NOW + HOUR, 1, 3).arrivals, abs=1e-5)
    assert (known(world).window, known(world).polled_at) == (3, NOW + HOUR)


def test_polls_that_bring_nothing_were_looks_and_failures_were_none(world: World) -> None:
    feed = world.feed(URL)
    world.poll(feed, world.entry("a"))
    before = known(world)
    failed = FetchFailed(Failure.HTTP, "404")
    world.refresh.save_polls([PollOutcome(world.load(URL), NOW + HOUR, NOW + 2 * HOUR, failure=failed)])
    assert known(world) == before
    world.refresh.save_polls([PollOutcome(world.load(URL), NOW + 2 * HOUR, NOW + 3 * HOUR)])
    assert known(world).watched == pytest.approx(before.watched + 2, abs=0.01)
    assert known(world).arrivals <= before.arrivals


def test_the_norm_of_all_feeds_is_looked_up_once_a_day(world: World) -> None:
    budget = Budget()
    budget.renew(world.refresh, NOW, 2 * HOUR)
    assert (budget.norm, budget.at) == (USUAL_NORM, NOW)
    world.poll(world.feed(URL), *(world.entry(str(n), published=NOW - n * HOUR) for n in range(20)))
    assert len(world.refresh.rhythms()) == 1
    budget.renew(world.refresh, NOW + HOUR, 2 * HOUR)
    assert budget.norm == USUAL_NORM
    budget.renew(world.refresh, NOW + NORM_AGE, 2 * HOUR)
    assert budget.norm > USUAL_NORM
