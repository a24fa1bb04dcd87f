"""One daemon per database: a lock that the system frees the moment its holder dies, and that looks at no clock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitor.errors import StoreError
from monitor.store.database import Database
from monitor.store.faults import store_error

ADVISORY_KEY = int.from_bytes(b"daemon", "big")
"""The number of the advisory lock, other than that of `migrate`; PostgreSQL keeps them apart by database."""


@contextmanager
def only_daemon(database: Database) -> Iterator[None]:
    """Hold the database for this daemon: an OS lock on a file beside a SQLite database, a session lock on PostgreSQL.

    Raises StoreError at once when another daemon holds it.
    """
    with _session_lock(database) if database.on_postgresql else _file_lock(Path(f"{database.url.database}.lock")):
        yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    try:
        stream = path.open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(f"{path} cannot be opened ({error.strerror}): make its folder writable.") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read(20).strip() or "unknown"
            raise StoreError(f"Another daemon (process {holder}) runs on this database: stop it first.") from error
        # The file stays when the daemon ends: removing it would let two daemons lock two files of one name.
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


@contextmanager
def _session_lock(database: Database) -> Iterator[None]:
    """A connection of its own, outside any transaction: an open one would keep the server from cleaning up."""
    try:
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
    except DBAPIError as error:
        raise store_error(error, database.url) or error from error
    try:
        if not held:
            raise StoreError("Another daemon runs on this database: stop it first.")
        yield
    finally:
        connection.invalidate()  # ends the session, and with it the lock
        connection.close()
