"""What a database driver complains of, told in one sentence that says what to do."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from monitor.errors import ConflictError, SchemaError, StoreError

_SQLITE = {
    "SQLITE_BUSY": "Another program keeps writing to the database {where}: stop it, or try again later.",
    "SQLITE_LOCKED": "Another program keeps writing to the database {where}: stop it, or try again later.",
    "SQLITE_CANTOPEN": "The database {where} cannot be opened: check that its folder exists and may be written to.",
    "SQLITE_CORRUPT": "The database {where} is damaged: put a backup in its place.",
    "SQLITE_FULL": "The disk of the database {where} is full: free some space; what was not saved is done again.",
    "SQLITE_IOERR": "The disk of the database {where} cannot be read or written: check its space and its health.",
    "SQLITE_NOTADB": "The file {where} is no database: move it away, or name another one in the settings.",
    "SQLITE_PERM": "The database {where} may not be opened by this user: change its owner or its permissions.",
    "SQLITE_READONLY": "The database {where} may not be written to: change the permissions of the file and its folder.",
}
"""By the first two parts of the error's name; SQLite's extended codes only say where it happened."""

_POSTGRESQL = {
    "08": "The connection to the database {where} was lost: check the server, then try again.",
    "25006": "The database {where} is read-only: connect to the server that takes writes.",
    "42501": "The user of the database {where} lacks a permission: make it the owner of the database.",
    "53100": "The disk of the database {where} is full: free some space; what was not saved is done again.",
    "53": "The server of the database {where} has no room left for this program: raise its limits, or try again later.",
    "57": "The server of the database {where} is stopping or starting: try again in a moment.",
}
"""By SQLSTATE, or its class of two characters."""

_UNREACHABLE = "The database {where} cannot be reached ({reason}): check its server, and the address in the settings."
_OLD_SCHEMA = "The database {where} lacks a table or column of this program: run `monitor db upgrade`."
_SERIALISATION = frozenset({"40001", "40P01"})
_TAKEN = "23505"
_SQLITE_TAKEN = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_UNDEFINED = frozenset({"42P01", "42703"})


def store_error(error: DBAPIError, url: URL) -> StoreError | None:
    """The error to show instead; None for one that is no fault of the world but a surprise."""
    where = _where(url)
    state = getattr(error.orig, "sqlstate", None)
    if state in _SERIALISATION:
        return ConflictError("Another program wrote the same rows at the same moment: the run is to be done again.")
    if state in _UNDEFINED or _lacks_table(error):
        return SchemaError(_OLD_SCHEMA.format(where=where))
    sentence = _POSTGRESQL.get(state or "") or _POSTGRESQL.get((state or "")[:2]) or _SQLITE.get(_sqlite_name(error))
    if sentence is None and url.get_backend_name() == "postgresql" and isinstance(error, OperationalError):
        return StoreError(_UNREACHABLE.format(where=where, reason=_reason(error)))
    return None if sentence is None else StoreError(sentence.format(where=where))


def is_busy(error: DBAPIError) -> bool:
    """Whether another writer held SQLite's lock for too long."""
    return _sqlite_name(error) in {"SQLITE_BUSY", "SQLITE_LOCKED"}


def taken(error: IntegrityError) -> str | None:
    """The table that holds a row of the same key already; None where another constraint was broken."""
    if getattr(error.orig, "sqlite_errorname", None) in _SQLITE_TAKEN:  # UNIQUE constraint failed: table.column, …
        return str(error.orig).rpartition(": ")[2].partition(".")[0]
    diagnosis = getattr(error.orig, "diag", None)
    return diagnosis.table_name if diagnosis is not None and diagnosis.sqlstate == _TAKEN else None


def _sqlite_name(error: DBAPIError) -> str:
    name: str = getattr(error.orig, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def _lacks_table(error: DBAPIError) -> bool:
    return _sqlite_name(error) == "SQLITE_ERROR" and str(error.orig).startswith(("no such table", "no such column"))


def _reason(error: DBAPIError) -> str:
    """What the server or the system said; a connection that was never made has no SQLSTATE."""
    first = str(error.orig).strip().partition("\n")[0]
    return first.rpartition("failed: ")[2].removeprefix("FATAL:").strip()


def _where(url: URL) -> str:
    """The file, or the server's address without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
