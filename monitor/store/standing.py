"""Where items stand: the judgement in force, overruled by an analyst's last verdict, in the words that were judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Label, ScalarSelect, Select, func, select, type_coerce

from monitor.domain.judgement import Decision, Mention, Span
from monitor.store.bulk import chunks
from monitor.store.columns import Word
from monitor.store.tables import (
    feeds,
    item_versions,
    items,
    judgements,
    mentions,
    publishers,
    story_members,
    verdicts,
)


def decision_in_force() -> ColumnElement[Any]:
    """The decision on the row of `items`: the last verdict, else the judgement in force; NULL before either."""
    return type_coerce(func.coalesce(last_verdict(), items.c.decision), Word(Decision))


def last_verdict() -> ScalarSelect[Any]:
    """The last verdict on the row of `items`; NULL without one."""
    last = select(verdicts.c.decision).where(verdicts.c.item_id == items.c.id)
    return last.order_by(verdicts.c.id.desc()).limit(1).scalar_subquery()


def has_verdict() -> ColumnElement[bool]:
    """Whether an analyst ever spoke on the row of `items`."""
    return select(verdicts.c.id).where(verdicts.c.item_id == items.c.id).exists()


def accepted() -> ColumnElement[bool]:
    """Whether the row of `items` is accepted."""
    return decision_in_force() == Decision.ACCEPT


def accepted_ids(*where: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """Ids of `items` among which the accepted ones are, by two ways through indexes; `where` narrows both.

    `accepted` still has to be asked of each: what was accepted may have been overruled.
    """
    overruled = select(verdicts.c.item_id).where(verdicts.c.decision == Decision.ACCEPT)
    return (
        select(items.c.id).where(items.c.decision == Decision.ACCEPT, *where),
        select(items.c.id).where(items.c.id.in_(overruled), *where),
    )


def judged_items() -> FromClause:
    """`items` with the judgement in force, the version it judged, feed and publisher, and the story if there is one."""
    return (
        items.join(judgements, judgements.c.id == items.c.judgement_id)
        .join(item_versions, item_versions.c.id == judgements.c.version_id)
        .join(feeds, feeds.c.id == items.c.feed_id)
        .outerjoin(publishers, publishers.c.id == feeds.c.publisher)
        .outerjoin(story_members, story_members.c.item_id == items.c.id)
    )


def publisher_name() -> Label[str]:
    """The name to show, as `publisher`: of the feed's publisher, else of the outlet an item names, else of the feed."""
    return func.coalesce(publishers.c.name, item_versions.c.source, feeds.c.title).label("publisher")


def mentions_of(connection: Connection, judgement_ids: Iterable[int]) -> dict[int, list[Mention]]:
    """The mentions of each of these judgements, in the order they were found; none for a judgement without any."""
    found: defaultdict[int, list[Mention]] = defaultdict(list)
    for chunk in chunks(list(judgement_ids)):
        query = select(mentions).where(mentions.c.judgement_id.in_(chunk))
        for row in connection.execute(query.order_by(mentions.c.judgement_id, mentions.c.position)):
            span = Span(row.field, row.start, row.end, row.surface)
            found[row.judgement_id].append(Mention(row.entity, span, row.sense, row.office))
    return found


def mention_rows(judgement_id: int, found: Sequence[Mention]) -> list[dict[str, Any]]:
    """The rows that `mentions_of` reads."""
    return [
        {
            "judgement_id": judgement_id,
            "position": position,
            "entity": mention.entity,
            "field": mention.span.field,
            "start": mention.span.start,
            "end": mention.span.end,
            "surface": mention.span.surface,
            "sense": mention.sense,
            "office": mention.office,
        }
        for position, mention in enumerate(found)
    ]
