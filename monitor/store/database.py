"""The engine and the unit of work: one short transaction to read, one to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from monitor.errors import StoreError
from monitor.store.faults import is_busy, store_error

BUSY_TIMEOUT = 10.0
"""Seconds that SQLite waits for another writer before one attempt to begin fails."""

BEGIN_ATTEMPTS = 4
"""Attempts to begin a write: another writer may hold SQLite's lock for a good half minute."""


class Database:
    """A SQLite file or a PostgreSQL database, told apart by its address. Opens no connection before it is used.

    Both context managers hand out a connection inside a transaction that commits at the end and rolls back when an
    exception passes. Raises StoreError, in one sentence, for whatever makes the database unusable.
    """

    def __init__(self, url: str, *, busy_timeout: float = BUSY_TIMEOUT) -> None:
        """`url` as in "sqlite:////srv/monitor.db" or "postgresql://user:password@host/name"."""
        self.url = _checked(url)
        self.engine = _engine(self.url, busy_timeout)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the database, however many queries it takes; writes are refused or rolled back."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.on_postgresql else {}
        with self._told(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The write transaction; on SQLite the only one of all programs from its begin to its end."""
        with self._told(), ExitStack() as stack:
            yield self._begun(stack)

    def close(self) -> None:
        """Close all connections; a later use opens new ones."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def on_postgresql(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.url.get_backend_name() == "postgresql"

    def _begun(self, stack: ExitStack) -> Connection:
        attempt = 1
        while True:
            try:
                return stack.enter_context(self._transaction())
            except OperationalError as error:
                if attempt == BEGIN_ATTEMPTS or not is_busy(error):
                    raise
                attempt += 1

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection, connection.begin():
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            told = store_error(error, self.url)
            if told is None:
                raise
            raise told from error


def open_existing(url: str) -> Database:
    """The database at this address. Raises StoreError for a SQLite file that does not exist: SQLite would make it."""
    database = Database(url)
    if not database.on_postgresql and not Path(str(database.url.database)).is_file():
        raise StoreError(f"There is no database {database.url.database}: run `monitor init` to create it.")
    return database


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("The database's address cannot be read: write it like sqlite:///monitor.db.") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise StoreError("The database must be a file (sqlite:///monitor.db) or PostgreSQL (postgresql://user@host/name).")


def _engine(url: URL, busy_timeout: float) -> Engine:
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs its driver: install the extra with pip install 'india-japan-monitor[postgres]'."
        ) from error
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine, busy_timeout)
    return engine


def _prepare_sqlite(engine: Engine, busy_timeout: float) -> None:
    """Take transactions over from sqlite3, whose own begin comes late: only before the first write."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(busy_timeout * 1000)}")  # first: the next one takes a lock
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
