"""One item with everything that is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from monitor.domain.item import Article
from monitor.domain.judgement import Judgement
from monitor.store.codec import decode_coding, decode_receipt
from monitor.store.standing import last_verdict, mentions_of, publisher_name
from monitor.store.tables import feeds, item_versions, items, judgements, publishers, story_members
from monitor.store.views import ItemView
from monitor.text.url import canonical_url

ID_LIMIT = 2**31
"""Ids are smaller than this on PostgreSQL; a larger number names nothing, and asking for it would be an error there."""

ID_DIGITS = len(str(ID_LIMIT))
"""No id has more digits; Python refuses to read a number of thousands of them."""


def find_item(connection: Connection, name: str) -> int | None:
    """The id of the item of this number, or of the first stored with this URL in any of its forms; None for none."""
    if name.isascii() and name.isdigit():
        number = int(name) if len(name) <= ID_DIGITS else ID_LIMIT
        known = select(items.c.id).where(items.c.id == number)
        return connection.scalars(known).first() if number < ID_LIMIT else None
    by_url = select(items.c.id).where(items.c.url == canonical_url(name)).order_by(items.c.id).limit(1)
    return connection.scalars(by_url).first()


def load_item(connection: Connection, item_id: int) -> ItemView:
    """The view of an item that is there."""
    row = connection.execute(_item_query(item_id)).one()
    judged = None
    if row.judgement_id is not None:
        judged = connection.execute(_judgement_query(row.judgement_id)).one()
    return ItemView(
        id=row.id,
        key=row.key,
        url=row.link,
        publisher=row.publisher,
        feed=row.feed,
        archive=row.archive,
        versions=row.latest,
        article=_article(row, row.first_seen),
        judged_article=None if judged is None else _article(judged, row.first_seen),
        judgement=None if judged is None else _judgement(connection, judged),
        judged_at=None if judged is None else judged.judged_at,
        coding=None if judged is None else decode_coding(judged.coding),
        verdict=row.verdict,
        story_id=row.story_id,
    )


def _item_query(item_id: int) -> Select[Any]:
    newest = (item_versions.c.item_id == items.c.id) & (item_versions.c.number == items.c.latest)
    return (
        select(
            items,
            item_versions.c.title,
            item_versions.c.summary,
            item_versions.c.language.label("declared"),
            item_versions.c.published,
            item_versions.c.published_offset,
            item_versions.c.link,
            feeds.c.title.label("feed"),
            publisher_name(),
            last_verdict().label("verdict"),
            story_members.c.story_id,
        )
        .select_from(items)
        .join(item_versions, newest)
        .join(feeds, feeds.c.id == items.c.feed_id)
        .outerjoin(publishers, publishers.c.id == feeds.c.publisher)
        .outerjoin(story_members, story_members.c.item_id == items.c.id)
        .where(items.c.id == item_id)
    )


def _judgement_query(judgement_id: int) -> Select[Any]:
    return (
        select(
            judgements,
            item_versions.c.title,
            item_versions.c.summary,
            item_versions.c.published,
            item_versions.c.published_offset,
            item_versions.c.language.label("declared"),
        )
        .join(item_versions, item_versions.c.id == judgements.c.version_id)
        .where(judgements.c.id == judgement_id)
    )


def _judgement(connection: Connection, row: Row[Any]) -> Judgement:
    return Judgement(
        decision=row.decision,
        score=row.score,
        strength=row.strength,
        language=row.language,
        mentions=tuple(mentions_of(connection, [row.id])[row.id]),
        receipt=decode_receipt(row.receipt),
    )


def _article(row: Row[Any], first_seen: datetime) -> Article:
    return Article(row.title, row.summary, row.declared, row.published, first_seen, row.published_offset)
