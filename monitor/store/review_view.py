"""The analyst's queue and samples, as they are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from monitor.domain.judgement import Decision
from monitor.domain.review import ReviewItem, Sampled
from monitor.store.codec import decode_receipt
from monitor.store.standing import has_verdict, judged_items, last_verdict, publisher_name
from monitor.store.tables import item_versions, items, judgements, samples


def waiting() -> tuple[ColumnElement[bool], ...]:
    """What makes an item of the queue: judged for review, live or archive, and no analyst spoke on it."""
    return items.c.decision == Decision.REVIEW, ~has_verdict()


def drawn_and_waiting() -> tuple[ColumnElement[bool], ...]:
    """What makes a drawn item that no analyst spoke on yet."""
    return items.c.id.in_(select(samples.c.item_id)), ~has_verdict()


def review_query(*where: ColumnElement[bool]) -> Select[Any]:
    """Judged items for an analyst: the likeliest first, and the newest of those that are equally likely."""
    return (
        select(
            items.c.id,
            items.c.time,
            items.c.archive,
            item_versions.c.title,
            item_versions.c.link,
            judgements.c.language,
            judgements.c.decision,
            judgements.c.score,
            judgements.c.receipt,
            publisher_name(),
        )
        .select_from(judged_items())
        .where(*where)
        .order_by(judgements.c.score.desc(), items.c.time.desc(), items.c.id)
    )


def review_items(connection: Connection, *where: ColumnElement[bool], limit: int | None = None) -> list[ReviewItem]:
    """The items of `review_query`; `limit` None: all."""
    return [
        ReviewItem(
            id=row.id,
            title=row.title,
            url=row.link,
            publisher=row.publisher,
            language=row.language,
            time=row.time,
            archive=row.archive,
            decision=row.decision,
            score=row.score,
            why=decode_receipt(row.receipt).in_one_line,
        )
        for row in connection.execute(review_query(*where).limit(limit))
    ]


def count_waiting(connection: Connection) -> int:
    """The length of the queue."""
    return connection.execute(select(func.count()).select_from(items).where(*waiting())).scalar_one()


def sampled(connection: Connection) -> Sampled:
    """The figures of all draws."""
    drawn = select(samples.c.item_id, last_verdict().label("said"))
    drawn_items = drawn.join(items, items.c.id == samples.c.item_id).subquery()
    missed = func.count().filter(drawn_items.c.said == Decision.ACCEPT)
    query = select(func.count(), func.count(drawn_items.c.said), missed).select_from(drawn_items)
    return Sampled(*connection.execute(query).one())
