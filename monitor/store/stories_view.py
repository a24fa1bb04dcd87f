"""Stories as they are read: one with all that is known of it, or the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from monitor.domain.digest import Source
from monitor.store.bulk import chunks
from monitor.store.item_view import ID_LIMIT
from monitor.store.ledger import events_of
from monitor.store.rulings import rulings_on
from monitor.store.sources import source, sources_query
from monitor.store.standing import accepted
from monitor.store.tables import items, story_aliases, story_members
from monitor.store.views import StoryView


def living_story(connection: Connection, story_id: int) -> int | None:
    """The story of this number, or the one that it was merged into; None where neither has an accepted item.

    An analyst's rejection counts at once, though the item stays a member until the next follow.
    """
    if not 0 < story_id < ID_LIMIT:
        return None
    into = select(story_aliases.c.story_id).where(story_aliases.c.alias == story_id)
    named = connection.scalars(into).first() or story_id
    members = select(story_members.c.story_id).join(items, items.c.id == story_members.c.item_id)
    return connection.scalars(members.where(story_members.c.story_id == named, accepted()).limit(1)).first()


def shown_homes(connection: Connection, item_ids: Iterable[int]) -> dict[int, int]:
    """The stories of those of these items that are accepted, by item."""
    found: dict[int, int] = {}
    for chunk in chunks(sorted(item_ids)):
        query = select(items.c.id, story_members.c.story_id).join(items, items.c.id == story_members.c.item_id)
        found |= dict(connection.execute(query.where(items.c.id.in_(chunk), accepted())).all())
    return found


def story_view(connection: Connection, story_id: int) -> StoryView:
    """The view of a story that is there."""
    (view,) = _views(connection, [story_id])
    return view


def newest_stories(connection: Connection, limit: int, since: datetime | None) -> list[StoryView]:
    """The stories whose last reports are the newest, newest first; `since` None: however old."""
    return _views(connection, connection.scalars(_newest_query(limit, since)).all())


def _newest_query(limit: int, since: datetime | None) -> Select[Any]:
    last = func.max(items.c.time)
    query = (
        select(story_members.c.story_id)
        .join(items, items.c.id == story_members.c.item_id)
        .where(accepted())
        .group_by(story_members.c.story_id)
        .order_by(last.desc(), story_members.c.story_id.desc())
        .limit(limit)
    )
    return query if since is None else query.having(last >= since)


def _views(connection: Connection, story_ids: Sequence[int]) -> list[StoryView]:
    """The views of these stories, in their order."""
    reports, aliases = _reports(connection, story_ids), _aliases(connection, story_ids)
    ledger = events_of(connection, story_ids)
    ruled = rulings_on(connection, [report.item_id for members in reports.values() for report in members])
    return [
        StoryView(
            id=story,
            event=ledger.get(story),
            reports=tuple(reports[story]),
            aliases=tuple(aliases[story]),
            rulings=tuple(row for row in ruled.values() if row.names(report.item_id for report in reports[story])),
        )
        for story in story_ids
    ]


def _reports(connection: Connection, story_ids: Sequence[int]) -> defaultdict[int, list[Source]]:
    """The accepted items of each story, by the time they appeared."""
    found: defaultdict[int, list[Source]] = defaultdict(list)
    for chunk in chunks(story_ids):
        for row in connection.execute(sources_query(story_members.c.story_id.in_(chunk), accepted())):
            found[row.story_id].append(source(row))
    return found


def _aliases(connection: Connection, story_ids: Sequence[int]) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for chunk in chunks(story_ids):
        query = select(story_aliases).where(story_aliases.c.story_id.in_(chunk)).order_by(story_aliases.c.alias)
        for row in connection.execute(query):
            found[row.story_id].append(row.alias)
    return found
