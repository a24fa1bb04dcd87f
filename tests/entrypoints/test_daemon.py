"""The daemon as a process of its own, on a real SQLite file and a real web server."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until a test gives up waiting; far more than a loaded machine needs."""


class Daemon:
    """A running `monitor run`, the `number`-th of its test; its log goes into a file."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.log = folder / f"daemon-{number}.log"
        self._stream = self.log.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "MONITOR_LOG__FORMAT": "json"},
            stderr=self._stream,
        )

    def events(self) -> list[dict[str, Any]]:
        """The lines of its log so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def wait_for(self, event: str) -> None:
        self.wait_until(lambda: any(line["event"] == event for line in self.events()))

    def wait_until(self, reached: Callable[[], bool]) -> None:
        until = monotonic() + PATIENCE
        while not reached():
            assert monotonic() < until, self.log.read_text()
            sleep(0.02)

    def asks(self, query: str) -> Any:  # noqa: ANN401, one value of a row
        """One value from the database it works on."""
        with closing(sqlite3.connect(self.folder / "monitor.db")) as connection:
            return connection.execute(query).fetchone()[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end; returns how many seconds that took."""
        started = monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return monotonic() - started

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._stream.close()


@pytest.fixture
def start(watch: Path) -> Iterator[Callable[[], Daemon]]:
    """Starts daemons on the test's watch and ends them all."""
    started: list[Daemon] = []

    def run() -> Daemon:
        started.append(Daemon(watch.parent, len(started)))
        return started[-1]

    yield run
    for daemon in started:
        daemon.close()


def test_a_commit_wakes_the_next_run_at_once(start: Callable[[], Daemon], cli: Cli, outlet: Outlet) -> None:
    """Polled items are judged, and a due digest is written, without anybody calling."""
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING, outlet.CUP))
    daemon = start()
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM judgements") == 2)
    ended = {line["run"]: line for line in daemon.events() if line["event"] == "run.finished"}
    assert ended["refresh"]["new"] == 2
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM runs WHERE kind = 'follow'") > 0)
    assert daemon.stop() < 10
    assert daemon.process.returncode == 0
    assert daemon.events()[-1]["event"] == "daemon.stopped"


@pytest.fixture
def due(watch: Path) -> None:
    """The schedule was first seen long ago, so that a period is due."""
    with closing(sqlite3.connect(watch.parent / "monitor.db")) as connection:
        connection.execute(
            "INSERT INTO schedules (name, zone, first_seen) VALUES ('daily', 'UTC', '2025-01-01 00:00:00.000000')"
        )
        connection.commit()


@pytest.mark.usefixtures("due")
def test_a_due_digest_is_made_and_delivered(start: Callable[[], Daemon], cli: Cli, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING))
    cli("poll")
    daemon = start()
    daemon.wait_until((watch.parent / "digests" / "index.html").is_file)
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1)
    assert daemon.asks("SELECT count(*) FROM digests") == 1
    assert daemon.stop(signal.SIGINT) < 10
    assert daemon.process.returncode == 0


@pytest.mark.usefixtures("due")
def test_a_digest_that_came_due_while_it_was_off_waits_for_the_news(
    start: Callable[[], Daemon], cli: Cli, outlet: Outlet
) -> None:
    """Made at once it would leave out what appeared since, and today's digest would be gone."""
    outlet.serve("/slow", outlet.MEETING)
    cli("feeds", "add", f"{outlet.address}/slow")
    daemon = start()
    daemon.wait_for("digests.held")
    daemon.wait_until(lambda: "/slow" in outlet.asked)
    assert daemon.asks("SELECT count(*) FROM digests") == 0
    outlet.hold.set()
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1)
    assert daemon.asks("SELECT count(*) FROM digests") == 1
    assert daemon.asks("SELECT count(*) FROM digest_members") == 1


def test_a_second_daemon_is_refused(start: Callable[[], Daemon]) -> None:
    first = start()
    first.wait_for("daemon.started")
    second = start()
    assert second.process.wait(PATIENCE) == 1
    assert second.log.read_text() == (
        f"monitor: Another daemon (process {first.process.pid}) runs on this database: stop it first.\n"
    )
    assert first.process.poll() is None


def test_a_killed_daemon_leaves_nothing_in_the_way(start: Callable[[], Daemon], cli: Cli, outlet: Outlet) -> None:
    first = start()
    first.wait_for("daemon.started")
    first.stop(signal.SIGKILL)
    cli("feeds", "add", outlet.serve("/feed", outlet.CUP))
    second = start()
    second.wait_until(lambda: second.asks("SELECT count(*) FROM items") == 1)


def test_a_restart_polls_nothing_early(start: Callable[[], Daemon], cli: Cli, outlet: Outlet) -> None:
    """When a feed is due is kept in the database, and so is what its publisher asked for."""
    for path in ("/a", "/b"):
        cli("feeds", "add", outlet.serve(path, outlet.CUP))
    cli("feeds", "add", f"{outlet.address}/missing")
    for _ in range(3):
        _served_all(start())
        assert len(outlet.asked) == 3
    cli("poll")
    assert len(outlet.asked) == 3


def _served_all(daemon: Daemon) -> None:
    """Run until every feed was polled once, by this daemon or one before it."""
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM feeds WHERE polled_at IS NULL") == 0)
    daemon.wait_for("daemon.started")
    assert daemon.stop() < 10


def test_it_ends_in_time_though_a_server_does_not_answer(start: Callable[[], Daemon], cli: Cli, outlet: Outlet) -> None:
    """A poll under way is given up; its feed is still due."""
    cli("feeds", "add", f"{outlet.address}/slow")
    daemon = start()
    daemon.wait_until(lambda: "/slow" in outlet.asked)
    assert daemon.stop() < 10
    assert daemon.process.returncode == 0
    assert daemon.asks("SELECT count(*) FROM feeds WHERE polled_at IS NULL") == 1
    assert [line for line in daemon.events() if line["level"] not in {"info", "warning"}] == []


def test_a_run_that_fails_is_logged_and_tried_again(
    start: Callable[[], Daemon], cli: Cli, watch: Path, outlet: Outlet
) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.CUP))
    with closing(sqlite3.connect(watch.parent / "monitor.db")) as connection:
        connection.execute("CREATE TRIGGER broken BEFORE INSERT ON items BEGIN SELECT RAISE(ABORT, 'broken'); END")
        connection.commit()
    daemon = start()
    daemon.wait_for("run.failed")
    with closing(sqlite3.connect(watch.parent / "monitor.db")) as connection:
        connection.execute("DROP TRIGGER broken")
        connection.commit()
    daemon.wait_until(lambda: daemon.asks("SELECT count(*) FROM items") == 1)
    assert daemon.asks("SELECT count(*) FROM runs WHERE error IS NOT NULL") > 0
    assert daemon.stop() < 10
