"""The run log."""

from __future__ import annotations

from typing_extensions import override

from monitor.domain.run import RunRecord
from monitor.ports import RunLog
from monitor.store.database import Database
from monitor.store.tables import runs


class SqlRunLog(RunLog):
    """Lines of the run log in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def record_run(self, record: RunRecord) -> None:
        row = {
            "kind": record.kind,
            "started_at": record.started_at,
            "finished_at": record.finished_at,
            "counts": dict(record.counts),
            "error": record.error,
        }
        with self._database.write() as connection:
            connection.execute(runs.insert(), row)
