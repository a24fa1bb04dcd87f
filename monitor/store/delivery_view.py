"""Deliveries as a list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from monitor.domain.digest import DeliveryState
from monitor.store.tables import deliveries, delivery_attempts, digests, periods
from monitor.store.views import DeliveryRow


def delivery_rows(connection: Connection, limit: int, states: Sequence[DeliveryState]) -> list[DeliveryRow]:
    """The newest deliveries in one of these states."""
    query = _deliveries_query().where(deliveries.c.state.in_(states)).order_by(deliveries.c.id.desc()).limit(limit)
    return [DeliveryRow(*row) for row in connection.execute(query)]


def delivery_row(connection: Connection, delivery_id: int) -> DeliveryRow:
    """One delivery that is there."""
    return DeliveryRow(*connection.execute(_deliveries_query().where(deliveries.c.id == delivery_id)).one())


def _deliveries_query() -> Select[Any]:
    """Each delivery with its last attempt, in the order of the view's fields."""
    last = and_(delivery_attempts.c.delivery_id == deliveries.c.id, delivery_attempts.c.number == deliveries.c.attempts)
    return (
        select(
            deliveries.c.id,
            deliveries.c.digest_id,
            periods.c.schedule,
            periods.c.local_date,
            deliveries.c.channel,
            deliveries.c.recipient,
            deliveries.c.state,
            deliveries.c.attempts,
            deliveries.c.next_attempt_at,
            delivery_attempts.c.at,
            delivery_attempts.c.answer,
        )
        .join(digests, digests.c.id == deliveries.c.digest_id)
        .join(periods, periods.c.id == digests.c.period_id)
        .outerjoin(delivery_attempts, last)
    )
