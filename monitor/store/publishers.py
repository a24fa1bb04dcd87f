"""The watchlist's publishers in the store, where digests and lists look up their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import select

from monitor.domain.watchlist import Publisher
from monitor.store.database import Database
from monitor.store.tables import publishers


def sync_publishers(database: Database, known: Iterable[Publisher]) -> None:
    """Make the table hold exactly these publishers; nothing is written where it does."""
    wanted = {publisher.id: asdict(publisher) | {"names": list(publisher.names)} for publisher in known}
    with database.read() as connection:
        stored = {row.id: row._asdict() for row in connection.execute(select(publishers))}
    if stored == wanted:
        return
    with database.write() as connection:
        connection.execute(publishers.delete())
        if wanted:
            connection.execute(publishers.insert(), list(wanted.values()))
