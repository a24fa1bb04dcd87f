"""Items and their versions on the way in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from monitor.domain.churn import match_told
from monitor.domain.identity import match_items
from monitor.domain.run import SavedItems
from monitor.store.bulk import chunks, insert
from monitor.store.drafts import Draft, address, storable_key
from monitor.store.known import Known, candidates, load, recent
from monitor.store.tables import item_versions, items

LINK_VERSIONS = 5
"""Versions an item may have before a mere change of its link makes no further one: some links change at every poll."""


def save_document(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> SavedItems:
    """Store what one document brought of its feed: new items, and a version of what changed; equal ones leave no trace.

    An item is found again by guid and link, as `match_items` says, and not by its key; where these tell nothing, by
    its words, as `match_told` says.
    """
    pairs, fresh = _parted(connection, feed_id, drafts)
    changed = [(new, old) for new, old in pairs if _is_edit(new, old)]
    _rename(connection, pairs)
    added = _add(connection, feed_id, _under_free_keys(connection, feed_id, fresh))
    churned = sum(old.comes_renamed(new) for new, old in pairs)
    return SavedItems(added, _change(connection, changed), churned)


def save_unknown(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> int:
    """Store those drafts that are no item of the feed yet; returns how many.

    Known items stay as they are: an archive may hold older words than a poll brought.
    """
    _, fresh = _parted(connection, feed_id, drafts)
    return _add(connection, feed_id, _under_free_keys(connection, feed_id, fresh))


def _parted(
    connection: Connection, feed_id: int, drafts: Sequence[Draft]
) -> tuple[list[tuple[Draft, Known]], list[Draft]]:
    """The drafts that are items of the feed already, each with its item, and those that are new."""
    known = candidates(connection, feed_id, drafts)
    homes = match_items([item.identity for item in known], [draft.identity for draft in drafts])
    pairs = [(new, known[home]) for new, home in zip(drafts, homes, strict=True) if home is not None]
    fresh = [new for new, home in zip(drafts, homes, strict=True) if home is None]
    again = _told_again(connection, feed_id, fresh, {old.id for _, old in pairs}, len(drafts))
    found = {id(new) for new, _ in again}
    return pairs + again, [new for new in fresh if id(new) not in found]


def save_named(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> SavedItems:
    """The same for drafts whose keys were given to them and are the items' names for good; the last of a key counts."""
    named = list({draft.key: draft for draft in drafts}.values())
    known = {item.key: item for item in load(connection, feed_id, items.c.key, [draft.key for draft in named])}
    pairs = [(new, known[new.key]) for new in named if new.key in known]
    changed = [(new, old) for new, old in pairs if new.hash != old.identity.words]
    return SavedItems(
        _add(connection, feed_id, [new for new in named if new.key not in known]), _change(connection, changed)
    )


def _is_edit(new: Draft, old: Known) -> bool:
    """Whether the draft is a new version: its words changed, or its link did and not for the n-th time.

    Links that differ in their query alone carry tokens as a rule.
    """
    if new.hash == old.identity.words or not old.says_the_same(new):
        return new.hash != old.identity.words
    moved = new.identity.link.partition("?")[0] != old.identity.link.partition("?")[0]
    return moved and old.latest < LINK_VERSIONS


def _told_again(
    connection: Connection, feed_id: int, fresh: Sequence[Draft], present: Collection[int], entries: int
) -> list[tuple[Draft, Known]]:
    """Drafts that no name tells with the items they are by their words; `present` are items the document names."""
    if not fresh:
        return []
    absent = [pair for pair in recent(connection, feed_id, entries) if pair[0].id not in present]
    homes = match_told([told for _, told in absent], [draft.told for draft in fresh], entries)
    return [(new, absent[home][0]) for new, home in zip(fresh, homes, strict=True) if home is not None]


def _rename(connection: Connection, pairs: Iterable[tuple[Draft, Known]]) -> None:
    """Note the guid and the address under which an item came this time; without one it keeps that it had."""
    rows = [
        {
            "item": old.id,
            "name": new.identity.guid or old.identity.guid or None,
            "address": new.identity.link or old.identity.link or None,
        }
        for new, old in pairs
        if new.identity.guid not in {"", old.identity.guid} or new.identity.link not in {"", old.identity.link}
    ]
    if rows:
        named: dict[str, Any] = {"guid": bindparam("name"), "url": bindparam("address")}
        connection.execute(update(items).where(items.c.id == bindparam("item")).values(named), rows)


def _under_free_keys(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of new items, under other keys where an older item took theirs when it looked like them."""
    taken = _taken(connection, feed_id, [draft.key for draft in drafts])
    free = []
    for new in drafts:
        names = (storable_key(f"{new.key} text:{new.hash} #{number}") for number in count(1))
        key = new.key
        while key in taken:
            key = next(names)
            taken |= _taken(connection, feed_id, [key])
        taken.add(key)
        free.append(replace(new, key=key))
    return free


def _taken(connection: Connection, feed_id: int, keys: Sequence[str]) -> set[str]:
    query = select(items.c.key).where(items.c.feed_id == feed_id)
    return {key for chunk in chunks(keys) for key in connection.scalars(query.where(items.c.key.in_(chunk)))}


def _add(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> int:
    """Insert new items with their first version; an item that another writer added meanwhile is left alone."""
    return sum(_add_chunk(connection, feed_id, chunk) for chunk in chunks(drafts))


def _add_chunk(connection: Connection, feed_id: int, drafts: Sequence[Draft]) -> int:
    query = insert(connection, items).on_conflict_do_nothing().returning(items.c.key, items.c.id)
    rows = [_item_row(feed_id, draft) for draft in drafts]
    ids: dict[str, int] = dict(connection.execute(query, rows).all())
    versions = [_version_row(ids[draft.key], 1, draft) for draft in drafts if draft.key in ids]
    if versions:
        connection.execute(item_versions.insert(), versions)
    return len(versions)


def _change(connection: Connection, found: Sequence[tuple[Draft, Known]]) -> int:
    """Add a version to these items, which thereby wait for a judgement again."""
    if not found:
        return 0
    connection.execute(item_versions.insert(), [_version_row(old.id, old.latest + 1, new) for new, old in found])
    connection.execute(
        update(items)
        .where(items.c.id == bindparam("item"))
        .values(latest=bindparam("number"), url=bindparam("address"), time=bindparam("appeared"), judged_under=""),
        [
            {
                "item": old.id,
                "number": old.latest + 1,
                "address": address(new.entry),
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
        "guid": new.identity.guid or None,
        "url": address(new.entry),
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
        "published_offset": entry.offset,
        "date_flagged": new.date_flagged,
        "language": new.language,
        "authors": entry.authors,
        "tags": entry.tags,
        "source": entry.source,
        "content_hash": new.hash,
        "seen_at": new.seen_at,
    }
