"""The schema's version: Alembic's home. Its history travels with the program, and no ini file is needed."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from monitor import resources
from monitor.errors import SchemaError
from monitor.store.database import Database

_UPGRADE_LOCK = 0x6D6F6E69746F72
"""The advisory lock that lets two programs start on one empty PostgreSQL database; the letters "monitor"."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`, in one transaction; nothing happens when it is there already.

    Raises SchemaError for a database that a newer program made.
    """
    with database.write() as connection:
        _take_turns(connection)
        _refuse_newer(connection)
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision`, "base" for an empty one, with the data that only the later one can hold."""
    with database.write() as connection:
        _take_turns(connection)
        _refuse_newer(connection)
        command.downgrade(_config(connection), revision)


def check(database: Database) -> None:
    """Raise SchemaError unless the schema is the one this program was written for."""
    with database.read() as connection:
        _refuse_newer(connection)
        found = _found(connection)
    if found is None:
        raise SchemaError("The database is empty: run `monitor db upgrade` to create its tables.")
    if found != _history().get_current_head():
        raise SchemaError("The database is older than this program: run `monitor db upgrade`.")


def _refuse_newer(connection: Connection) -> None:
    found = _found(connection)
    known = {script.revision for script in _history().walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError("The database was made by a newer version of this program: install that version.")


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _history() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
