"""What replay reads: items that were judged under other rules, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from typing_extensions import override

from monitor.domain.run import Standing
from monitor.ports import ReplayStore
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.follow import pending_item, pending_items
from monitor.store.standing import mentions_of
from monitor.store.tables import items, judgements


class SqlReplayStore(ReplayStore):
    """The archive in a database, as other rules left it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def judged_otherwise(self, rules_version: str, since: datetime | None) -> list[int]:
        with self._database.read() as connection:
            return list(connection.scalars(judged_otherwise_query(rules_version, since)))

    @override
    def standings(self, ids: Sequence[int]) -> list[Standing]:
        with self._database.read() as connection:
            rows = [row for chunk in chunks(ids) for row in connection.execute(_standings_query(chunk))]
            said = mentions_of(connection, [row.judgement_id for row in rows])
        return [
            Standing(
                item=pending_item(row),
                decision=row.decision,
                strength=row.strength,
                entities=frozenset(mention.entity for mention in said.get(row.judgement_id, ())),
            )
            for row in rows
        ]


def judged_otherwise_query(rules_version: str, since: datetime | None) -> Select[Any]:
    """Ids by time; two ranges of the index that follow reads, without what waits for its first judgement."""
    waits = items.c.judged_under == ""
    query = select(items.c.id).where(
        or_(items.c.judged_under < rules_version, items.c.judged_under > rules_version), ~waits
    )
    if since is not None:
        query = query.where(items.c.time >= since)
    return query.order_by(items.c.time, items.c.id)


def _standings_query(ids: Sequence[int]) -> Select[Any]:
    judged = items.c.judged_under != ""
    return (
        pending_items()
        .join(judgements, judgements.c.id == items.c.judgement_id)
        .add_columns(items.c.judgement_id, judgements.c.decision, judgements.c.strength)
        .where(items.c.id.in_(ids), judged)
        .order_by(items.c.time, items.c.id)
    )
