"""The run log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update
from typing_extensions import override

from monitor.domain.run import RunRecord
from monitor.ports import RunLog
from monitor.store.database import Database
from monitor.store.tables import runs

KEEP_FOR = timedelta(days=90)
"""How long a line is kept: two to three thousand lines a day at most, so that the log stays small for good."""


class SqlRunLog(RunLog):
    """Lines of the run log in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def record_run(self, record: RunRecord) -> None:
        """As the port says; each line that is written ends those older than `KEEP_FOR`."""
        if record.idle and not self._failed_before(record):
            return
        with self._database.write() as connection:
            last = _last(connection, record)
            if last is not None and _repeats(record, last.error):
                connection.execute(update(runs).where(runs.c.id == last.id).values(_repeated(record, last)))
            else:
                connection.execute(runs.insert(), _row(record))
            connection.execute(runs.delete().where(runs.c.finished_at < record.finished_at - KEEP_FOR))

    def _failed_before(self, record: RunRecord) -> bool:
        with self._database.read() as connection:
            last = _last(connection, record)
        return last is not None and last.error is not None


def _last(connection: Connection, record: RunRecord) -> Row[Any] | None:
    return connection.execute(
        select(runs).where(runs.c.kind == record.kind).order_by(runs.c.id.desc()).limit(1)
    ).first()


def _repeats(record: RunRecord, last: str | None) -> bool:
    """Whether both are errors of one type; the rest of the text may name a time or a number that differs each time."""
    return None not in {record.error, last} and _type(record.error) == _type(last)


def _type(error: str | None) -> str:
    return (error or "").partition(":")[0]


def _repeated(record: RunRecord, last: Row[Any]) -> dict[str, Any]:
    """The line of an error that came again: it began with the first, ended with the last, and counts them."""
    times = last.counts.get("times", 1) + 1
    return {"finished_at": record.finished_at, "error": record.error, "counts": {**record.counts, "times": times}}


def _row(record: RunRecord) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "counts": dict(record.counts),
        "error": record.error,
    }
