"""The unit of work: what commits, who waits for whom, and how an unusable database is told."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError

from monitor.errors import ConflictError, SchemaError, StoreError
from monitor.store.database import Database
from monitor.store.faults import store_error

COUNT = text("SELECT count(*) FROM publishers")


def add(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO publishers (id, name, family, kind, names) VALUES (:name, '', '', '', '[]')"),
            {"name": name},
        )


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(COUNT).scalar_one())


def test_a_write_commits_at_its_end(database: Database) -> None:
    add(database, "a")
    assert count(database) == 1


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.execute(text("DELETE FROM revisions"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar_one() == 1


def test_a_row_that_is_refused_leaves_the_database_usable(database: Database) -> None:
    add(database, "a")
    with pytest.raises(IntegrityError):
        add(database, "a")
    add(database, "b")
    assert count(database) == 2


def test_a_read_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(COUNT).scalar_one() == 0
        add(database, "a")
        assert connection.execute(COUNT).scalar_one() == 0
    assert count(database) == 1


def test_a_read_leaves_nothing(database: Database) -> None:
    def delete() -> None:
        with database.read() as connection:
            connection.execute(text("DELETE FROM revisions"))

    if database.on_postgresql:
        with pytest.raises(StoreError, match="read-only"):
            delete()
    else:
        delete()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar_one() == 1


def test_many_writers_at_once_all_come_through(url: str) -> None:
    def write(writer: int) -> None:
        database = Database(url)
        for number in range(5):
            add(database, f"{writer}-{number}")
        database.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    database = Database(url)
    assert count(database) == 30
    database.close()


def test_sqlite_survives_power_loss_and_minds_its_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    database.close()


def test_a_writer_waits_longer_than_one_timeout_for_another(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", busy_timeout=0.1)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE publishers (id, name, family, kind, names)"))
    holding = threading.Event()

    def hold() -> None:
        with database.write():
            holding.set()
            time.sleep(0.25)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    add(database, "a")
    holder.join()
    assert count(database) == 1
    database.close()


def test_a_writer_gives_up_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(f"sqlite:///{path}", busy_timeout=0.01)
    with database.write(), pytest.raises(StoreError, match="Another program keeps writing"), database.write():
        pass
    with database.write():
        """The failed attempts hold nothing back."""
    database.close()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("sqlite:////nowhere/at/all/monitor.db", "cannot be opened: check that its folder exists"),
        ("postgresql://user:secret@127.0.0.1:1/news", r"cannot be reached \(.*\): check its server"),
    ],
)
def test_a_database_out_of_reach(url: str, complaint: str) -> None:
    database = Database(url)
    with pytest.raises(StoreError, match=complaint) as raised, database.read() as connection:
        connection.execute(text("SELECT 1"))
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["monitor.db", "sqlite://", "sqlite:///:memory:", "mysql://root@localhost/news", ""])
def test_an_address_that_cannot_be_used(url: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:///monitor\.db"):
        Database(url)


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"install the extra with pip install 'india-japan-monitor\[postgres\]'"):
        Database("postgresql://user@localhost/news")


@pytest.mark.parametrize(
    ("error", "told", "sentence"),
    [
        (psycopg.errors.DiskFull, StoreError, "is full"),
        (psycopg.errors.TooManyConnections, StoreError, "has no room left"),
        (psycopg.errors.AdminShutdown, StoreError, "is stopping or starting"),
        (psycopg.errors.InsufficientPrivilege, StoreError, "lacks a permission"),
        (psycopg.errors.ConnectionFailure, StoreError, "was lost"),
        (psycopg.errors.SerializationFailure, ConflictError, "to be done again"),
        (psycopg.errors.UndefinedColumn, SchemaError, "run `monitor db upgrade`"),
    ],
)
def test_what_a_server_complains_of(error: type[psycopg.Error], told: type[StoreError], sentence: str) -> None:
    """Conditions that no test can bring about without breaking the machine."""
    raised = store_error(OperationalError("SELECT 1", {}, error("in the server's words")), make_url("postgresql://h/n"))
    assert type(raised) is told
    assert sentence in str(raised)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 100, encoding="utf-8")
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match=r"letter\.txt is no database"), database.read() as connection:
        connection.execute(text("SELECT 1"))
    assert path.read_text(encoding="utf-8").startswith("Dear reader")


def fill(database: Database) -> None:
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.execute(text("INSERT INTO publishers (id) VALUES (:long)"), {"long": "x" * 100_000})


def test_a_full_disk_loses_nothing_and_heals(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE publishers (id, name, family, kind, names)"))
    add(database, "before")
    with pytest.raises(StoreError, match=r"disk of the database .*a\.db is full: free some space"):
        fill(database)
    database.close()
    add(database, "after")
    assert count(database) == 2
    database.close()


def test_a_database_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE publishers (id, name, family, kind, names)")
    raw.close()
    database = Database(f"sqlite:///{path}")
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # answers as a read-only file system does, to root too
    with pytest.raises(StoreError, match="may not be written to"):
        add(database, "a")
    database.close()


def test_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE publishers (id)")
        raw.executemany("INSERT INTO publishers VALUES (?)", [("x" * 1000,)] * 50)
    raw.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="is damaged: put a backup in its place"), database.read() as connection:
        connection.execute(text("SELECT * FROM publishers")).all()
    database.close()


def test_a_database_the_server_does_not_have(server: Engine) -> None:
    database = Database(server.url.set(database="nowhere").render_as_string(hide_password=False))
    with (
        pytest.raises(StoreError, match=r'cannot be reached \(database "nowhere" does not exist\)'),
        database.read() as connection,
    ):
        connection.execute(text("SELECT 1"))


def test_two_writers_in_a_ring_make_a_conflict(new_postgresql: Callable[[str], str], postgresql_template: str) -> None:
    """PostgreSQL breaks such a ring by ending one of them; SQLite has one writer and no ring."""
    database = Database(new_postgresql(postgresql_template))
    add(database, "a")
    add(database, "b")
    meeting = threading.Barrier(2)

    def rename(first: str, second: str) -> str:
        query = text("UPDATE publishers SET name = :by WHERE id = :id")
        try:
            with database.write() as connection:
                connection.execute(query, {"by": first, "id": first})
                meeting.wait()
                connection.execute(query, {"by": first, "id": second})
        except ConflictError:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(rename, ("a", "b"), ("b", "a"))) == ["conflict", "done"]
    database.close()


def test_a_surprise_is_not_dressed_up(database: Database) -> None:
    with pytest.raises(Exception, match="FROMM") as raised, database.read() as connection:
        connection.execute(text("SELECT 1 FROMM nothing"))
    assert not isinstance(raised.value, StoreError)
