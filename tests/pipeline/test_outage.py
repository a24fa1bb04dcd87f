"""A dead network is told from dead feeds, and punishes none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from structlog.testing import capture_logs
from typing_extensions import override

from monitor.domain.asks import Asks
from monitor.domain.feed import Failure, FeedForPoll, FetchFailed, FetchResult, NotModified, PollOutcome, Validators
from monitor.pipeline.outage import OUTAGE_HOSTS, Network, NetworkWatch, after_answers, after_silence
from monitor.pipeline.refresh import Refresh
from monitor.schedule.polling import OUTAGE_RETRY
from tests.pipeline.test_refresh_batches import Counting, Unused

NOW = datetime(2025, 5, 4, tzinfo=UTC)


def feed(number: int, failures: int = 0, host: str = "") -> FeedForPoll:
    url = f"https://{host or f'h{number}.example'}/rss"
    return FeedForPoll(number, url, "", None, None, Validators(), failures, polled_before=True)


def poll(number: int, kind: Failure | None = Failure.CONNECTION, failures: int = 0, host: str = "") -> PollOutcome:
    failure = None if kind is None else FetchFailed(kind, "it failed")
    return PollOutcome(feed(number, failures, host), NOW, NOW + timedelta(hours=1), failure=failure)


def silence(network: Network, *outcomes: PollOutcome) -> tuple[Network, list[bool], frozenset[int]]:
    weighed = after_silence(network, outcomes, NOW)
    return weighed.network, [one.offline for one in weighed.outcomes], weighed.forgiven


def test_three_healthy_hosts_silent_in_one_run_are_an_outage() -> None:
    network, offline, forgiven = silence(Network(), poll(1), poll(2, Failure.TIMEOUT), poll(3), poll(4, failures=7))
    assert (network.down, offline, forgiven) == (True, [True] * 4, frozenset())


def test_many_feeds_of_few_hosts_are_none() -> None:
    network, offline, _ = silence(Network(), *(poll(n, host=f"h{n % 2}.example") for n in range(9)))
    assert (network.down, any(offline)) == (False, False)


def test_hosts_that_failed_before_are_no_evidence() -> None:
    network, offline, _ = silence(Network(), *(poll(n, failures=1) for n in range(9)))
    assert (network.down, any(offline)) == (False, False)


def test_feeds_that_come_due_one_by_one_are_added_up_and_forgiven() -> None:
    network = Network()
    for number in range(OUTAGE_HOSTS - 1):
        network, offline, forgiven = silence(network, poll(number))
        assert (network.down, offline, forgiven) == (False, [False], frozenset())
    network, offline, forgiven = silence(network, poll(7))
    assert (network.down, offline, forgiven) == (True, [True], frozenset(range(OUTAGE_HOSTS - 1)))
    assert silence(network, poll(8, failures=3))[1:] == ([True], frozenset())


def test_an_answer_of_any_kind_ends_it() -> None:
    down, _, _ = silence(Network(), poll(1), poll(2), poll(3))
    for kind in (None, Failure.HTTP, Failure.NOT_A_FEED):
        up = after_answers(down, [poll(4, kind), poll(5)])
        assert (up.down, up.silent) == (False, {})


def test_hosts_that_stay_dead_after_an_outage_are_no_evidence_for_another() -> None:
    down, _, _ = silence(Network(), poll(1), poll(2), poll(3))
    up = after_answers(down, [poll(4, None)])
    network, offline, _ = silence(up, poll(1), poll(2), poll(3))
    assert (network.down, any(offline)) == (False, False)
    assert not after_answers(up, [poll(1, None)]).doubtful & {"h1.example"}


def test_excused_feeds_are_tried_again_soon() -> None:
    weighed = after_silence(Network(), [poll(1), poll(2), poll(3)], NOW)
    assert {one.next_poll_at for one in weighed.outcomes} == {NOW + OUTAGE_RETRY}


def test_failures_that_asked_nobody_are_not_excused() -> None:
    weighed = after_silence(Network(), [poll(1), poll(2), poll(3), poll(4, Failure.REFUSED_ADDRESS)], NOW)
    assert [one.offline for one in weighed.outcomes] == [True, True, True, False]


def test_feeds_that_wait_for_a_host_are_tried_again_with_it() -> None:
    """Three hosts gave no answer, so that a fourth feed of one of them was not even asked."""
    polls = [poll(1), poll(2), poll(3), poll(4, Failure.WAITING, host="h1.example")]
    weighed = after_silence(Network(), polls, NOW)
    assert [one.offline for one in weighed.outcomes] == [True] * 4
    assert {one.next_poll_at for one in weighed.outcomes} == {NOW + OUTAGE_RETRY}
    assert not any(one.offline for one in after_silence(Network(), [polls[0], polls[3]], NOW).outcomes)


class Line:
    """A fetcher on a line that is there or not."""

    def __init__(self) -> None:
        self.dead = True

    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        return FetchFailed(Failure.CONNECTION, "no route") if self.dead else NotModified(Validators())


class Forgiving(Counting):
    def __init__(self) -> None:
        super().__init__()
        self.forgiven: list[int] = []

    @override
    def forgive(self, ids: Collection[int]) -> None:
        self.forgiven += ids


async def test_a_run_without_network_counts_no_failure_and_says_so_once() -> None:
    store, line = Forgiving(), Line()
    refresh = Refresh(store, line, Unused(), lambda: NOW, timedelta(hours=1), network=NetworkWatch())
    with capture_logs() as logs:
        first = await refresh.run([feed(n) for n in range(5)])
        await refresh.run([feed(n) for n in range(5)])
        line.dead = False
        last = await refresh.run([feed(n) for n in range(5)])
    assert (first.counts()["failed"], first.offline) == (0, 5)
    assert (first.trouble() or "").startswith("No network:")
    assert (last.trouble(), last.counts()["unchanged"]) == (None, 5)
    assert [line["event"] for line in logs] == ["network.down", "network.back"]
    assert [one.offline for one in store.saved] == [True] * 10 + [False] * 5


async def test_a_host_that_answers_makes_the_silence_of_others_theirs() -> None:
    class Half(Line):
        @override
        async def fetch(self, feed: FeedForPoll) -> FetchResult:
            self.dead = feed.id > 0
            return await super().fetch(feed)

    store = Forgiving()
    refresh = Refresh(store, Half(), Unused(), lambda: NOW, timedelta(hours=1))
    report = await refresh.run([feed(n) for n in range(5)])
    assert (report.counts()["failed"], report.offline) == (4, 0)
    assert store.forgiven == []


def test_a_feed_due_in_hours_it_wants_free_is_put_off() -> None:
    """The daemon may have been away until then."""

    class Due(Counting):
        put: ClassVar[dict[int, datetime]] = {}

        @override
        def due_feeds(self, now: datetime, limit: int) -> list[FeedForPoll]:
            return [replace(feed(1), asks=Asks(skip_hours=frozenset({0, 1}))), feed(2)]

        @override
        def put_off(self, polls: Mapping[int, datetime]) -> None:
            self.put.update(polls)

    store = Due()
    due = Refresh(store, Line(), Unused(), lambda: NOW, timedelta(hours=1)).due(10)
    assert [one.id for one in due] == [2]
    assert store.put == {1: NOW + timedelta(hours=2)}
