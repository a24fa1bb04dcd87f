"""What report reads and writes: schedules with their periods, digests, and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError
from typing_extensions import override

from monitor.domain.digest import (
    DeliveryState,
    DigestMaterial,
    FrozenDigest,
    Outgoing,
    Period,
    Schedule,
    SendResult,
)
from monitor.errors import ConflictError, NotFoundError
from monitor.ports import ReportStore
from monitor.store import outbox
from monitor.store.bulk import insert
from monitor.store.database import Database
from monitor.store.faults import taken
from monitor.store.material import load_material
from monitor.store.tables import deliveries, digest_members, digests, facts_told, periods, schedules

_TOLD = {
    "periods": "made this day's digest",
    "digests": "made this digest",
    "digest_members": "told one of its items",
    "facts_told": "told one of its facts",
}
"""What another program did, by the table in which its row stands."""


class SqlReportStore(ReportStore):
    """Periods, digests and deliveries in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def sync_schedules(self, schedules: Sequence[Schedule], now: datetime) -> None:
        wanted = {schedule.name: schedule.zone for schedule in schedules}
        with self._database.read() as connection:
            stored = _zones(connection)
        if not wanted.items() <= stored.items():
            with self._database.write() as connection:
                _save_schedules(connection, wanted, now)

    @override
    def last_period(self, schedule: str) -> tuple[datetime, date | None]:
        with self._database.read() as connection:
            first_seen: datetime = _schedule(connection, schedule).first_seen
            last = select(func.max(periods.c.local_date)).where(periods.c.schedule == schedule)
            return first_seen, connection.execute(last).scalar_one()

    @override
    def material(self, schedule: Schedule, now: datetime) -> DigestMaterial:
        with self._database.read() as connection:
            return load_material(connection, schedule, now)

    @override
    def freeze(self, digest: FrozenDigest, addresses: Sequence[tuple[str, str]]) -> None:
        try:
            with self._database.write() as connection:
                _freeze(connection, digest, addresses)
        except IntegrityError as error:
            told = _TOLD.get(taken(error) or "")
            if told is None:
                raise
            raise ConflictError(f"Another program {told} meanwhile: this digest is not stored.") from error

    @override
    def skip_period(self, period: Period) -> None:
        with self._database.write() as connection:
            connection.execute(insert(connection, periods).on_conflict_do_nothing(), _period_row(period))

    @override
    def claim(self, now: datetime, limit: int, attempts: int) -> list[Outgoing]:
        with self._database.write() as connection:
            outbox.give_up(connection, now, attempts)
            return outbox.claim(connection, now, limit)

    @override
    def record(self, outgoing: Outgoing, result: SendResult, now: datetime, retry_at: datetime | None) -> None:
        with self._database.write() as connection:
            outbox.record(connection, outgoing, result, now, retry_at)

    def retry(self, delivery_id: int, now: datetime) -> None:
        """Let a delivery that is dead, or waits for a later attempt, be tried at once.

        Raises NotFoundError when there is none of this id, and InputError when it was sent or is being sent.
        """
        with self._database.write() as connection:
            outbox.retry(connection, delivery_id, now)


def _zones(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(schedules.c.name, schedules.c.zone)).all())


def _save_schedules(connection: Connection, wanted: dict[str, str], now: datetime) -> None:
    query = insert(connection, schedules)
    query = query.on_conflict_do_update(index_elements=["name"], set_={"zone": query.excluded.zone})
    connection.execute(query, [{"name": name, "zone": zone, "first_seen": now} for name, zone in wanted.items()])


def _schedule(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(schedules).where(schedules.c.name == name)).first()
    if row is None:
        raise NotFoundError(f"There is no schedule {name!r} in the database: name one of the settings.")
    return row


def _freeze(connection: Connection, digest: FrozenDigest, addresses: Sequence[tuple[str, str]]) -> None:
    period = connection.execute(periods.insert().values(_period_row(digest.period)).returning(periods.c.id))
    row = {
        "period_id": period.scalar_one(),
        "made_at": digest.made_at,
        "subject": digest.rendered.subject,
        "html": digest.rendered.html,
        "text": digest.rendered.text,
        "markdown": digest.rendered.markdown,
        "message_id": digest.message_id,
    }
    digest_id: int = connection.execute(digests.insert().values(row).returning(digests.c.id)).scalar_one()
    told = {"schedule": digest.schedule, "digest_id": digest_id}
    waiting = {"digest_id": digest_id, "state": DeliveryState.WAITING, "next_attempt_at": digest.made_at}
    if digest.members:
        connection.execute(digest_members.insert(), [told | {"item_id": item} for item in sorted(digest.members)])
    if digest.facts:
        connection.execute(facts_told.insert(), [told | {"fact": fact} for fact in sorted(digest.facts)])
    if addresses:
        outgoing = [waiting | {"channel": name, "recipient": address} for name, address in dict.fromkeys(addresses)]
        connection.execute(deliveries.insert(), outgoing)


def _period_row(period: Period) -> dict[str, Any]:
    return {"schedule": period.schedule, "local_date": period.local_date, "due_at": period.due_at}
