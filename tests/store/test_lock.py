from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, text

from monitor.errors import StoreError
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.lock import only_daemon

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from monitor.store.database import Database
from monitor.store.lock import only_daemon
with only_daemon(Database(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def refused(url: str) -> str:
    """What a second daemon is told."""
    with pytest.raises(StoreError) as caught, only_daemon(Database(url)):
        pass
    return str(caught.value)


def test_a_second_daemon_is_refused_until_the_first_ends(database: Database, url: str) -> None:
    with only_daemon(database):
        assert refused(url).startswith("Another daemon ")
    with only_daemon(Database(url)):
        pass


def test_a_killed_daemon_frees_the_database_at_once(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == "held\n"
        told = refused(url)
        daemon.kill()
    assert url.startswith("postgresql") or f"process {daemon.pid}" in told
    _held_within(url, seconds=5)


def _held_within(url: str, seconds: float) -> None:
    """PostgreSQL notices a closed connection a moment later, a lock on a file is free with the process."""
    until = monotonic() + seconds
    while True:
        try:
            with only_daemon(Database(url)):
                return
        except StoreError:
            if monotonic() > until:
                raise
            sleep(0.02)


def test_the_lock_leaves_commands_alone(database: Database, url: str) -> None:
    command = Database(url)
    with only_daemon(database):
        migrate.upgrade(command)
        with command.write() as connection:
            connection.execute(text("DELETE FROM runs"))
    command.close()


def test_two_databases_of_one_server_have_two_daemons(
    new_postgresql: Callable[[str], str], postgresql_template: str
) -> None:
    first, second = (Database(new_postgresql(postgresql_template)) for _ in range(2))
    with only_daemon(first), only_daemon(second):
        assert first.url.database != second.url.database
    first.close()
    second.close()


def test_a_folder_that_cannot_be_written_is_told() -> None:
    with (
        pytest.raises(StoreError, match="make its folder writable"),
        only_daemon(Database("sqlite:////proc/nowhere/monitor.db")),
    ):
        pass


def test_a_server_that_is_away_is_told(new_postgresql: Callable[[str], str]) -> None:
    away = make_url(new_postgresql("template0")).set(database="nowhere").render_as_string(hide_password=False)
    assert "cannot be reached" in refused(away)
