"""What an analyst rules on stories: a split or a merge, which holds for ever or until a newer ruling."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.errors import InputError, NotFoundError
from monitor.store.bulk import chunks
from monitor.store.database import Database
from monitor.store.follow import STORIES
from monitor.store.item_view import find_item
from monitor.store.stories_view import living_story
from monitor.store.tables import items, revisions, ruling_items, rulings, story_members


@dataclass(frozen=True, slots=True)
class Remark:
    """Who rules, why ("" where nobody said) and when."""

    analyst: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling that is recorded: `moving` items wait for a follow to take them from the `staying` ones, or to them.

    `stories` are those that were there before, in the order they were named.
    """

    stories: tuple[int, ...]
    moving: tuple[int, ...]
    staying: tuple[int, ...]


class SqlStoryStore:
    """Rulings in a database. They are only ever appended to; follow makes stories of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def split(self, story: int, names: Sequence[str], remark: Remark) -> Ruled:
        """Rule that the items of these ids or URLs form a story of their own, apart from all others now in theirs.

        Raises NotFoundError and InputError.
        """
        with self._database.write() as connection:
            _hold(connection)
            home = _there(connection, story)
            members = _members(connection, home)
            leaving = {_member(connection, name, home, members) for name in names}
            if leaving == members:
                raise InputError(f"All of story {home} would leave it: name only some of its items.")
            ruled = Ruled((home,), tuple(sorted(leaving)), tuple(sorted(members - leaving)))
            _record(connection, ruled, remark, together=False)
        return ruled

    def merge(self, story: int, others: Sequence[int], remark: Remark) -> Ruled:
        """Rule that all that is now in these stories is one story, which keeps the number of the first.

        Raises NotFoundError and InputError.
        """
        with self._database.write() as connection:
            _hold(connection)
            home, *giving_way = named = [_there(connection, number) for number in (story, *dict.fromkeys(others))]
            twice = next((number for number in named if named.count(number) > 1), None)
            if twice is not None:
                raise InputError(f"Two of these are one story already, {twice}: name each story once.")
            moving = {item for other in giving_way for item in _members(connection, other)}
            ruled = Ruled((home, *giving_way), tuple(sorted(moving)), tuple(sorted(_members(connection, home))))
            _record(connection, ruled, remark, together=True)
        return ruled


def _hold(connection: Connection) -> None:
    """Move the stories' revision on: a follow that read them before this does its work again, and obeys."""
    moved = {"revision": revisions.c.revision + 1}
    connection.execute(update(revisions).where(revisions.c.name == STORIES).values(moved))


def _there(connection: Connection, story: int) -> int:
    living = living_story(connection, story)
    if living is None:
        raise NotFoundError(f"There is no story {story}: `monitor stories list` shows those there are.")
    return living


def _members(connection: Connection, story: int) -> set[int]:
    return set(connection.scalars(select(story_members.c.item_id).where(story_members.c.story_id == story)))


def _member(connection: Connection, name: str, story: int, members: Collection[int]) -> int:
    item_id = find_item(connection, name)
    if item_id is None or item_id not in members:
        raise InputError(f"Item {name} is not in story {story}: `monitor stories show {story}` lists those that are.")
    return item_id


def _record(connection: Connection, ruled: Ruled, remark: Remark, *, together: bool) -> None:
    """Append the ruling and let the next follow act on it. Of a merge the left side's story keeps its number."""
    row = {"together": together, "analyst": remark.analyst, "note": remark.note, "at": remark.at}
    number = connection.execute(rulings.insert().values(row).returning(rulings.c.id)).scalar_one()
    sides = (ruled.staying, ruled.moving) if together else (ruled.moving, ruled.staying)
    for left, side in zip((True, False), sides, strict=True):
        rows = [{"ruling_id": number, "item_id": item, "left": left} for item in side]
        connection.execute(ruling_items.insert(), rows)
    _wait(connection, ruled.moving)


def _wait(connection: Connection, item_ids: Iterable[int]) -> None:
    for chunk in chunks(list(item_ids)):
        connection.execute(update(items).where(items.c.id.in_(chunk)).values(judged_under=""))
