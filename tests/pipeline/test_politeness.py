"""How polling looks to publishers, by criteria that publishers wrote down (benchmarks/politeness.py shows weeks)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from monitor.domain.asks import Asks
from monitor.domain.feed import Failure, NewFeed
from monitor.store.feeds import pause_feed, resume_feed
from monitor.store.queries import Queries
from tests.support.publishers import START
from tests.support.scoring import (
    AGENT,
    BACKOFF,
    CLEAN,
    CONDITIONAL,
    CRITERIA,
    DAY,
    ETAG,
    FRESH,
    GONE,
    GZIP,
    HOUR,
    KEPT,
    MODIFIED,
    MOVED,
    PACED,
    RETRY,
    SKIPPED,
    SPACING,
    STALE,
    STAYED,
    STORED,
    THROTTLED,
    TTL,
    UNCONDITIONAL,
    Answer,
    Publisher,
)
from tests.support.scoring_server import ScoringServer
from tests.support.simulated_weeks import Clock, Weeks


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


async def test_a_day_without_a_fault_across_a_restart_and_an_outage(tmp_path: Path) -> None:
    score = await Weeks(tmp_path, DAY).run([timedelta(hours=13, minutes=7)], [(timedelta(hours=9), 2 * HOUR)])
    assert dict(score.faults) == {}
    assert {name for name, judged, _ in score.rows() if not judged} == {GONE}  # the next look is after a week


@pytest.mark.slow
async def test_three_weeks_without_a_fault(tmp_path: Path) -> None:
    restarts = [timedelta(days=day, minutes=7) for day in (6, 11, 17)]
    score = await Weeks(tmp_path, 21 * DAY).run(restarts, [(9 * DAY, 3 * HOUR)])
    assert dict(score.faults) == {}
    assert all(judged for _, judged, _ in score.rows())


async def test_no_command_makes_a_request_unconditional_again(tmp_path: Path, clock: Clock) -> None:
    """Polling by hand may come early; validators are sent back all the same: after failures, pauses and restarts."""
    states: list[bool] = []
    feed = Publisher("feed", "127.0.0.2", "/feed", instead=lambda _now: Answer(500) if states[-1] else None)
    page = Publisher(
        "page", "127.0.0.3", "/page", instead=lambda _now: Answer(200, {}, b"<html>") if states[-1] else None
    )
    weeks, server = Weeks(tmp_path, DAY, clock), ScoringServer(clock.now)
    async with server.serving([feed, page]):
        weeks.found(server)
        for broken in (False, True, False):
            states.append(broken)
            async with weeks.wired().running() as application:
                store = application.refresh.store
                for _ in range(2):
                    clock.time += DAY
                    await application.poll(store.feeds_by_id(None))
                (known, _) = store.feeds_by_id(None)
                pause_feed(application.database, known.id)
                resume_feed(application.database, known.id)
                await application.poll(store.feeds_by_id([known.id]))
    assert len(feed.times) == 9
    for criterion in (UNCONDITIONAL, CONDITIONAL, ETAG, MODIFIED, STALE):
        assert server.score.faults[criterion] == []
        assert server.score.judged[criterion] >= 13


async def test_a_page_that_is_no_feed_is_asked_for_conditionally_and_no_304_makes_it_one(
    tmp_path: Path, clock: Clock
) -> None:
    asked: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.headers.get("If-None-Match"))
        if asked[-1] is not None:
            return web.Response(status=304)
        return web.Response(text="<html>", headers={"ETag": '"p"'})

    app = web.Application()
    app.router.add_get("/page", answer)
    weeks, server = Weeks(tmp_path, DAY, clock), ScoringServer(clock.now)
    async with TestServer(app) as served:
        page = Publisher("page", "127.0.0.1", "/page", listed=False)
        server.publishers = [page]
        weeks.found(server)
        async with weeks.wired().running() as application:
            store = application.refresh.store
            store.add_feeds([NewFeed(str(served.make_url("/page")), "Page")], clock.now())
            for _ in range(3):
                clock.time += DAY
                report = await application.refresh.run(store.feeds_by_id(None))
                assert (report.failed, report.unchanged) == (1, 0)
            (row,) = Queries(application.database).feeds()
    assert asked == [None, '"p"', '"p"']
    assert (row.failure, row.failures, row.succeeded_at) == (Failure.NOT_A_FEED, 3, None)


# ---- the scorer itself: a rude reader is found out


@pytest.fixture
async def rude(clock: Clock) -> AsyncIterator[tuple[aiohttp.ClientSession, ScoringServer]]:
    publishers = [
        Publisher(
            "feed", "127.0.0.2", "/feed?a=1", asks=Asks(fresh=3 * HOUR, ttl=3 * HOUR, skip_hours=frozenset({10}))
        ),
        Publisher("throttled", "127.0.0.3", "/t", instead=lambda _now: Answer(429, {"X-Wait": "10800"})),
        Publisher("gone", "127.0.0.4", "/g", instead=lambda _now: Answer(410)),
        Publisher("lost", "127.0.0.5", "/l", instead=lambda _now: Answer(404)),
        Publisher("moved", "127.0.0.6", "/m", moved_by=START),
    ]
    server = ScoringServer(clock.now)
    async with server.serving(publishers), aiohttp.ClientSession() as session:
        yield session, server


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_every_request_of_a_rude_reader_is_a_fault(
    rude: tuple[aiohttp.ClientSession, ScoringServer], clock: Clock
) -> None:
    session, server = rude
    clock.time += timedelta(minutes=1)
    for _ in range(2):
        clock.time += HOUR / 2
        for one in server.publishers:
            headers = {"User-Agent": "Mozilla/5.0", "Cookie": "id=1", "Accept-Encoding": "br"}
            await (await session.get(URL(server.url(one) + "?x=1", encoded=True), headers=headers)).read()
    headers = {"If-None-Match": "mine", "If-Modified-Since": "now"}
    await (await session.get(server.url(server.publishers[0]), headers=headers)).read()
    found = {criterion for criterion, _, faults in server.score.rows() if faults}
    assert found == set(CRITERIA) - {STALE, STAYED, KEPT, STORED}
    assert {UNCONDITIONAL, CONDITIONAL, ETAG, MODIFIED, SPACING, CLEAN, THROTTLED, FRESH, GZIP} <= found
    assert {SKIPPED, RETRY, AGENT, TTL, PACED, GONE, BACKOFF, MOVED} <= found


async def test_a_validator_of_an_older_answer_is_stale(
    rude: tuple[aiohttp.ClientSession, ScoringServer], clock: Clock
) -> None:
    session, server = rude
    feed = server.publishers[0]
    first = await session.get(URL(server.url(feed), encoded=True))
    old = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    for _ in range(2):
        clock.time += DAY
        await session.get(URL(server.url(feed), encoded=True), headers=old)
    assert len(server.score.faults[STALE]) == 2
