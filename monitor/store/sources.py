"""Judged items as a digest lists them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from monitor.domain.digest import Source
from monitor.domain.judgement import Mention
from monitor.store.codec import decode_coding, decode_receipt
from monitor.store.standing import judged_items, publisher_name
from monitor.store.tables import item_versions, items, judgements, story_members


def sources_query(*where: ColumnElement[bool]) -> Select[Any]:
    """Judged items with what `source` reads, by the time they appeared."""
    return (
        select(
            items.c.id,
            items.c.first_seen,
            items.c.archive,
            items.c.judgement_id,
            item_versions.c.title,
            item_versions.c.link,
            item_versions.c.published,
            judgements.c.language,
            judgements.c.strength,
            judgements.c.receipt,
            judgements.c.coding,
            story_members.c.story_id,
            publisher_name(),
        )
        .select_from(judged_items())
        .where(*where)
        .order_by(items.c.time, items.c.id)
    )


def source(row: Row[Any], mentions: Iterable[Mention] = ()) -> Source:
    """The source of a row of `sources_query`, with the entities of its `mentions`."""
    coding = decode_coding(row.coding)
    return Source(
        item_id=row.id,
        title=row.title,
        url=row.link,
        publisher=row.publisher,
        language=row.language,
        published=row.published,
        first_seen=row.first_seen,
        strength=row.strength,
        why=decode_receipt(row.receipt).in_one_line,
        archive=row.archive,
        credit=coding.credit if coding else None,
        steps=coding.steps if coding else (),
        entities=tuple(dict.fromkeys(mention.entity for mention in mentions)),
        topics=coding.topics if coding else (),
    )
