"""Items and their versions on the way in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from monitor.domain.feed import ParsedEntry
from monitor.domain.identity import content_hash
from monitor.domain.item import clamp_published
from monitor.domain.run import SavedItems
from monitor.store.bulk import chunks, insert
from monitor.store.columns import storable
from monitor.store.tables import item_versions, items
from monitor.text.url import canonical_url

KEY_LIMIT = 512
"""Characters of a key that is stored as it is; a longer one would not fit into an index of PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with all that its rows need, made before the transaction begins. `language` is declared, or None."""

    key: str
    entry: ParsedEntry
    language: str | None
    archive: bool
    seen_at: datetime
    hash: str
    published: datetime | None
    date_flagged: bool


class Known(NamedTuple):
    """What is stored of an item: its id, first sight, the number of its newest version and that one's hash."""

    id: int
    first_seen: datetime
    latest: int
    hash: str


def draft(key: str, entry: ParsedEntry, language: str | None, *, archive: bool, seen_at: datetime) -> Draft:
    """The draft of an entry first or again seen at `seen_at`; its date is clamped to that."""
    published, flagged = clamp_published(entry.published, seen_at)
    return Draft(
        key=storable_key(key),
        entry=entry,
        language=entry.language or language,
        archive=archive,
        seen_at=seen_at,
        hash=content_hash(entry),
        published=published,
        date_flagged=flagged,
    )


def storable_key(key: str) -> str:
    """The key, or its hash where it is too long for an index or holds what a database refuses; never two for one."""
    if len(key) <= KEY_LIMIT and storable(key) == key:
        return key
    return f"sha256:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def save_items(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> SavedItems:
    """Store what is new of one feed's drafts and a version of what changed; equal ones leave no trace."""
    saved = SavedItems()
    for chunk in chunks(list({draft.key: draft for draft in drafts}.values())):
        known = _known(connection, feed_id, chunk)
        fresh = [draft for draft in chunk if draft.key not in known]
        changed = [draft for draft in chunk if draft.key in known and known[draft.key].hash != draft.hash]
        saved += SavedItems(_add(connection, feed_id, fresh), _change(connection, changed, known))
    return saved


def _known(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> dict[str, Known]:
    query = (
        select(items.c.key, items.c.id, items.c.first_seen, items.c.latest, item_versions.c.content_hash)
        .join(item_versions, (item_versions.c.item_id == items.c.id) & (item_versions.c.number == items.c.latest))
        .where(items.c.feed_id == feed_id, items.c.key.in_([draft.key for draft in drafts]))
    )
    return {key: Known(*rest) for key, *rest in connection.execute(query)}


def _add(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> int:
    """Insert new items with their first version; an item that another writer added meanwhile is left alone."""
    if not drafts:
        return 0
    query = insert(connection, items).on_conflict_do_nothing().returning(items.c.key, items.c.id)
    rows = [_item_row(feed_id, draft) for draft in drafts]
    ids: dict[str, int] = dict(connection.execute(query, rows).all())
    versions = [_version_row(ids[draft.key], 1, draft) for draft in drafts if draft.key in ids]
    if versions:
        connection.execute(item_versions.insert(), versions)
    return len(versions)


def _change(connection: Connection, drafts: Sequence[Draft], known: Mapping[str, Known]) -> int:
    """Add a version to known items, which thereby wait for a judgement again."""
    if not drafts:
        return 0
    found = [(draft, known[draft.key]) for draft in drafts]
    connection.execute(item_versions.insert(), [_version_row(old.id, old.latest + 1, new) for new, old in found])
    connection.execute(
        update(items)
        .where(items.c.id == bindparam("item"))
        .values(latest=bindparam("number"), url=bindparam("address"), time=bindparam("appeared"), judged_under=""),
        [
            {
                "item": old.id,
                "number": old.latest + 1,
                "address": _address(new.entry),
                "appeared": new.published or old.first_seen,
            }
            for new, old in found
        ],
    )
    return len(found)


def _item_row(feed_id: int, new: Draft) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "key": new.key,
        "url": _address(new.entry),
        "first_seen": new.seen_at,
        "archive": new.archive,
        "latest": 1,
        "time": new.published or new.seen_at,
        "judged_under": "",
    }


def _version_row(item_id: int, number: int, new: Draft) -> dict[str, Any]:
    entry = new.entry
    return {
        "item_id": item_id,
        "number": number,
        "title": entry.title,
        "summary": entry.summary,
        "link": entry.link,
        "published": new.published,
        "published_raw": entry.published_raw,
        "date_flagged": new.date_flagged,
        "language": new.language,
        "authors": entry.authors,
        "tags": entry.tags,
        "source": entry.source,
        "content_hash": new.hash,
        "seen_at": new.seen_at,
    }


def _address(entry: ParsedEntry) -> str | None:
    return None if entry.link is None else canonical_url(entry.link)
