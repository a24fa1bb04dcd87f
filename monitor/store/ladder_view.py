"""What reports tell of the steps of agreements and platform deals."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, select

from monitor.domain.item import day_at
from monitor.domain.ladder import StepReport
from monitor.store.bulk import chunks
from monitor.store.codec import decode_coding
from monitor.store.standing import accepted
from monitor.store.tables import item_versions, items, judgements, mentions


def step_reports(connection: Connection, entities: Collection[str]) -> list[StepReport]:
    """The steps that accepted items tell of any of these entities, by the time they appeared."""
    return [
        StepReport(told.entity, told.step, day_at(row.time, row.published_offset), row.id)
        for chunk in chunks(sorted(entities))
        for row in connection.execute(naming_query(chunk))
        if (coding := decode_coding(row.coding)) is not None
        for told in coding.steps
        if told.entity in chunk
    ]


def naming_query(entities: Collection[str]) -> Select[Any]:
    """Accepted and coded items whose judgement in force names one of the entities, by the time they appeared."""
    naming = select(mentions.c.judgement_id).where(mentions.c.entity.in_(entities))
    return (
        select(items.c.id, items.c.time, item_versions.c.published_offset, judgements.c.coding)
        .select_from(judgements)
        .join(item_versions, item_versions.c.id == judgements.c.version_id)
        .join(items, (items.c.id == item_versions.c.item_id) & (items.c.judgement_id == judgements.c.id))
        .where(judgements.c.id.in_(naming), judgements.c.coding.is_not(None), accepted())
        .order_by(items.c.time, items.c.id)
    )
