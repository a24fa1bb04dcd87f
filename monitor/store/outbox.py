"""The outbox: digests on their way to recipients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, update

from monitor.domain.digest import DeliveryState, FrozenDigest, Outgoing, Period, Rendered, SendResult, Sent
from monitor.errors import InputError, NotFoundError
from monitor.store.bulk import insert
from monitor.store.item_view import ID_LIMIT
from monitor.store.tables import deliveries, delivery_attempts, digest_members, digests, facts_told, periods

STALE_AFTER = timedelta(minutes=10)
"""A delivery claimed longer ago than this was dropped by a crash and may be claimed again; no channel takes as long."""


VANISHED = "the program ended during the attempt, before it could tell how that went"
"""The answer noted for the last attempt of a delivery whose sender is gone."""


def give_up(connection: Connection, now: datetime, attempts: int) -> None:
    """Settle as dead what was dropped by a crash in its `attempts`-th attempt or a later one: it may be the cause."""
    last = update(deliveries).where(_dropped(now), deliveries.c.attempts >= attempts)
    last = last.values(_settled(DeliveryState.DEAD, now)).returning(deliveries.c.id, deliveries.c.attempts)
    rows = [
        {"delivery_id": row.id, "number": row.attempts, "at": now, "sent": False, "answer": VANISHED}
        for row in connection.execute(last)
    ]
    if rows:
        connection.execute(insert(connection, delivery_attempts).on_conflict_do_nothing(), rows)


def claim(connection: Connection, now: datetime, limit: int) -> list[Outgoing]:
    """Take deliveries that are due, longest waiting first; no two claims, of any program, take the same one."""
    ids = connection.scalars(claim_query(now, limit)).all()
    if not ids:
        return []
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids))
        .values(state=DeliveryState.SENDING, claimed_at=now, attempts=deliveries.c.attempts + 1)
    )
    rows = connection.execute(select(deliveries).where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id)).all()
    frozen = load_digests(connection, [row.digest_id for row in rows])
    return [Outgoing(row.id, row.channel, row.recipient, row.attempts, frozen[row.digest_id]) for row in rows]


def claim_query(now: datetime, limit: int) -> Select[Any]:
    """Ids of deliveries that wait and are due, or whose sender is gone; rows another program holds are passed over."""
    due = and_(deliveries.c.state == DeliveryState.WAITING, deliveries.c.next_attempt_at <= now)
    return (
        select(deliveries.c.id)
        .where(or_(due, _dropped(now)))
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def record(
    connection: Connection, outgoing: Outgoing, result: SendResult, now: datetime, retry_at: datetime | None
) -> None:
    """Append the attempt and move the delivery on.

    What was sent is sent, whoever says so last; a failure moves it only while no other attempt has begun.
    """
    sent = isinstance(result, Sent)
    attempt = {
        "delivery_id": outgoing.delivery_id,
        "number": outgoing.attempt,
        "at": now,
        "sent": sent,
        "answer": result.answer if isinstance(result, Sent) else result.reason,
    }
    connection.execute(insert(connection, delivery_attempts).on_conflict_do_nothing(), attempt)
    this = deliveries.c.id == outgoing.delivery_id
    if sent:
        connection.execute(update(deliveries).where(this).values(_settled(DeliveryState.SENT, now)))
        return
    ours = and_(this, deliveries.c.state == DeliveryState.SENDING, deliveries.c.attempts == outgoing.attempt)
    waiting = {"state": DeliveryState.WAITING, "next_attempt_at": retry_at, "claimed_at": None}
    after = _settled(DeliveryState.DEAD, now) if retry_at is None else waiting
    connection.execute(update(deliveries).where(ours).values(after))


def retry(connection: Connection, delivery_id: int, now: datetime) -> None:
    """Make a delivery due that is dead or waits. Raises NotFoundError, and InputError for one sent or being sent."""
    this = deliveries.c.id == delivery_id
    known = select(deliveries.c.state).where(this).with_for_update()
    state = connection.scalars(known).first() if 0 < delivery_id < ID_LIMIT else None
    if state is None:
        raise NotFoundError(
            f"There is no delivery {delivery_id}: `monitor deliveries list --all` shows those there are."
        )
    if state not in {DeliveryState.WAITING, DeliveryState.DEAD}:
        raise InputError(f"Delivery {delivery_id} is {state}: only one that waits or is dead can be tried again.")
    due = {"state": DeliveryState.WAITING, "next_attempt_at": now, "claimed_at": None, "settled_at": None}
    connection.execute(update(deliveries).where(this).values(due))


def load_digests(connection: Connection, ids: Sequence[int]) -> dict[int, FrozenDigest]:
    """Frozen digests with their members and the facts they told, by id."""
    chosen = list(dict.fromkeys(ids))
    query = (
        select(digests, periods.c.schedule, periods.c.local_date, periods.c.due_at)
        .join(periods, periods.c.id == digests.c.period_id)
        .where(digests.c.id.in_(chosen))
    )
    members = _by_digest(connection, digest_members.c.digest_id, digest_members.c.item_id, chosen)
    facts = _by_digest(connection, facts_told.c.digest_id, facts_told.c.fact, chosen)
    return {row.id: _frozen(row, members[row.id], facts[row.id]) for row in connection.execute(query)}


def _dropped(now: datetime) -> ColumnElement[bool]:
    """Whether the sender of the row of `deliveries` is gone."""
    return and_(deliveries.c.state == DeliveryState.SENDING, deliveries.c.claimed_at <= now - STALE_AFTER)


def _by_digest(
    connection: Connection, digest: ColumnElement[Any], value: ColumnElement[Any], ids: Sequence[int]
) -> defaultdict[int, set[Any]]:
    found: defaultdict[int, set[Any]] = defaultdict(set)
    for digest_id, entry in connection.execute(select(digest, value).where(digest.in_(ids))):
        found[digest_id].add(entry)
    return found


def _frozen(row: Row[Any], members: set[int], facts: set[str]) -> FrozenDigest:
    return FrozenDigest(
        schedule=row.schedule,
        period=Period(row.schedule, row.local_date, row.due_at),
        made_at=row.made_at,
        rendered=Rendered(row.subject, row.html, row.text, row.markdown),
        message_id=row.message_id,
        members=frozenset(members),
        facts=frozenset(facts),
        id=row.id,
    )


def _settled(state: DeliveryState, now: datetime) -> dict[str, Any]:
    return {"state": state, "next_attempt_at": None, "claimed_at": None, "settled_at": now}
