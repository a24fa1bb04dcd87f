"""What an analyst writes: verdicts, and samples of rejected items that wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Connection, Select, select, update

from monitor.domain.judgement import Decision
from monitor.domain.review import ReviewItem, Verdict
from monitor.errors import NotFoundError
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.item_view import find_item
from monitor.store.review_view import review_items
from monitor.store.standing import has_verdict
from monitor.store.tables import item_versions, items, judgements, samples, verdicts


class SqlReviewStore:
    """Verdicts and samples in a database. Both are only ever appended to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, name: str, verdict: Verdict, now: datetime, *, tell: bool = False) -> int:
        """Append a verdict on the item of this id or URL and let the next follow act on it; returns the item's id.

        With `tell` an archive item becomes live, so that the next digest tells it. Raises NotFoundError.
        """
        with self._database.write() as connection:
            item_id = find_item(connection, name)
            if item_id is None:
                raise NotFoundError(f"There is no item {name}: give the number or the address of a stored one.")
            _record(connection, item_id, verdict, now, tell=tell)
        return item_id

    def draw(self, count: int, now: datetime, seed: int | None = None) -> list[ReviewItem]:
        """Draw at most `count` rejected items at random, none that was drawn before or has a verdict, and keep which.

        Among the same items the same seed draws the same ones; None: chance decides.
        """
        with self._database.write() as connection:
            there = list(connection.scalars(drawable_query()))
            drawn = sorted(Random(seed).sample(there, min(count, len(there))))  # noqa: S311, no secret
            for chunk in chunks(drawn):
                connection.execute(samples.insert(), _sample_rows(connection, chunk, now))
            return [item for chunk in chunks(drawn) for item in review_items(connection, items.c.id.in_(chunk))]


def drawable_query() -> Select[Any]:
    """Ids of rejected items that no analyst spoke on and that were never drawn."""
    drawn = select(samples.c.item_id).where(samples.c.item_id == items.c.id).exists()
    return (
        select(items.c.id)
        .where(items.c.decision == Decision.REJECT, items.c.judged_under != "", ~has_verdict(), ~drawn)
        .order_by(items.c.id)
    )


def _record(connection: Connection, item_id: int, verdict: Verdict, now: datetime, *, tell: bool) -> None:
    """The item's row is written too, so that a follow that judges it meanwhile sees that it must wait."""
    newest = (item_versions.c.item_id == items.c.id) & (item_versions.c.number == items.c.latest)
    told = {"archive": False} if tell else {}
    connection.execute(update(items).where(items.c.id == item_id).values(judged_under="", **told))
    version = select(item_versions.c.id).join(items, newest).where(items.c.id == item_id)
    row = {
        "item_id": item_id,
        "version_id": connection.execute(version).scalar_one(),
        "decision": verdict.decision,
        "analyst": verdict.analyst,
        "note": verdict.note,
        "at": now,
    }
    connection.execute(verdicts.insert(), row)


def _sample_rows(connection: Connection, ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    query = (
        select(items.c.id, judgements.c.version_id, judgements.c.rules_version)
        .join(judgements, judgements.c.id == items.c.judgement_id)
        .where(items.c.id.in_(ids))
    )
    return [
        {"item_id": row.id, "version_id": row.version_id, "rules_version": row.rules_version, "drawn_at": now}
        for row in connection.execute(query)
    ]
