"""The run log: what leaves a line, and how long lines stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.run import RunKind, RunRecord
from monitor.store.runs import KEEP_FOR

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def record(at: datetime = NOW, kind: RunKind = RunKind.REFRESH, error: str | None = None, **counts: int) -> RunRecord:
    return RunRecord(kind, at, at + SECOND, counts, error)


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ({"polled": 7, "unchanged": 7, "failed": 0, "new": 0, "changed": 0}, 0),
        ({"digests": 0, "sent": 0, "failed": 0}, 0),
        ({"polled": 7, "unchanged": 6, "failed": 0, "new": 3, "changed": 0}, 1),
        ({"polled": 1, "unchanged": 0, "failed": 1, "new": 0, "changed": 0}, 1),
    ],
    ids=["nothing new", "nothing due", "new items", "a feed that failed"],
)
def test_a_run_in_which_nothing_happened_leaves_no_line(world: World, counts: dict[str, int], lines: int) -> None:
    world.runs.record_run(RunRecord(RunKind.REFRESH, NOW, NOW, counts))
    assert len(world.queries.last_runs()) == lines


def test_an_error_that_comes_again_is_one_line_that_counts(world: World) -> None:
    for number in range(50):
        world.runs.record_run(record(NOW + number * 5 * SECOND, error=f"StoreError: attempt {number}"))
    assert world.rows("SELECT count(*) FROM runs")[0][0] == 1
    [line] = world.queries.last_runs()
    assert (line.error, line.counts) == ("StoreError: attempt 49", {"times": 50})
    assert (line.started_at, line.finished_at) == (NOW, NOW + 246 * SECOND)


def test_another_error_and_another_kind_of_run_have_lines_of_their_own(world: World) -> None:
    world.runs.record_run(record(error="StoreError: full"))
    world.runs.record_run(record(error="RuntimeError: odd"))
    world.runs.record_run(record(kind=RunKind.REPORT, error="RuntimeError: odd"))
    assert world.rows("SELECT count(*) FROM runs")[0][0] == 3


def test_that_an_error_is_over_is_told_once(world: World) -> None:
    world.runs.record_run(record(error="StoreError: full"))
    for number in range(1, 4):
        world.runs.record_run(record(NOW + number * SECOND, digests=0))
    assert world.rows("SELECT count(*) FROM runs")[0][0] == 2
    [line] = world.queries.last_runs()
    assert (line.error, line.started_at) == (None, NOW + SECOND)


def test_lines_go_when_they_are_old_whatever_kind_they_are_of(world: World) -> None:
    world.runs.record_run(record(kind=RunKind.REPLAY, accepted=1))
    world.runs.record_run(record(NOW + KEEP_FOR, new=1))
    assert len(world.queries.last_runs()) == 2
    world.runs.record_run(record(NOW + KEEP_FOR + 2 * SECOND, new=1))
    assert [line.kind for line in world.queries.last_runs()] == [RunKind.REFRESH]
    assert world.rows("SELECT count(*) FROM runs")[0][0] == 2
