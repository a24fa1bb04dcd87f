"""Digests as they are listed, and the schedules they are made by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from monitor.domain.digest import DeliveryState
from monitor.store.tables import deliveries, digest_members, digests, facts_told, periods, schedules
from monitor.store.views import DigestRow, ScheduleRow


def schedule_rows(connection: Connection) -> list[ScheduleRow]:
    """All schedules ever synced, by name."""
    return [ScheduleRow(*row) for row in connection.execute(_schedules_query())]


def digest_rows(connection: Connection, limit: int) -> list[DigestRow]:
    """The last digests of all schedules, newest first."""
    rows = connection.execute(_digests_query(limit)).all()
    states = _deliveries(connection, [row.id for row in rows])
    return [_digest_row(row, states[row.id]) for row in rows]


def _schedules_query() -> Select[Any]:
    last = (
        select(func.max(digests.c.made_at))
        .join(periods, periods.c.id == digests.c.period_id)
        .where(periods.c.schedule == schedules.c.name)
    )
    period = select(func.max(periods.c.local_date)).where(periods.c.schedule == schedules.c.name)
    return select(
        schedules.c.name, schedules.c.zone, schedules.c.first_seen, period.scalar_subquery(), last.scalar_subquery()
    ).order_by(schedules.c.name)


def _digests_query(limit: int) -> Select[Any]:
    members = select(func.count()).where(digest_members.c.digest_id == digests.c.id).scalar_subquery()
    facts = select(func.count()).where(facts_told.c.digest_id == digests.c.id).scalar_subquery()
    return (
        select(
            digests.c.id,
            periods.c.schedule,
            periods.c.local_date,
            digests.c.made_at,
            digests.c.subject,
            members.label("members"),
            facts.label("facts"),
        )
        .join(periods, periods.c.id == digests.c.period_id)
        .order_by(digests.c.id.desc())
        .limit(limit)
    )


def _digest_row(row: Row[Any], states: Mapping[DeliveryState, int]) -> DigestRow:
    return DigestRow(
        id=row.id,
        schedule=row.schedule,
        local_date=row.local_date,
        made_at=row.made_at,
        subject=row.subject,
        members=row.members,
        facts=row.facts,
        deliveries=states,
    )


def _deliveries(connection: Connection, digest_ids: Sequence[int]) -> defaultdict[int, dict[DeliveryState, int]]:
    query = (
        select(deliveries.c.digest_id, deliveries.c.state, func.count())
        .where(deliveries.c.digest_id.in_(digest_ids))
        .group_by(deliveries.c.digest_id, deliveries.c.state)
    )
    states: defaultdict[int, dict[DeliveryState, int]] = defaultdict(dict)
    for digest_id, state, count in connection.execute(query):
        states[digest_id][state] = count
    return states
