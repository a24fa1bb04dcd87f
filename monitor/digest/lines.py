"""The lines below a headline: who, what about, how it came to this. Each follows from stored rows."""

from __future__ import annotations

from datetime import date

from monitor.digest.headline import participants
from monitor.digest.words import listed, local_day, short_day
from monitor.domain.digest import StoryForDigest
from monitor.domain.event import Event, standing
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

Line = tuple[str, str]
"""A label and its text."""

SUBJECT_KINDS = frozenset({EntityKind.PERSON, EntityKind.EXERCISE, EntityKind.AGREEMENT, EntityKind.PLATFORM})
"""What an analysis is said to be about; offices, places and organisations turn up in everything."""


def event_lines(event: Event, day: date, zone: str, watchlist: Watchlist, *, titled: bool) -> tuple[Line, ...]:
    """Who, where, topics and record of an event. `day` decides who held an office.

    `titled`: the headline is a report's title rather than the row's own, so the place is not in it.
    """
    found = (
        ("Who", listed([with_office(entity, day, watchlist) for entity in participants(event, watchlist)])),
        ("Where", (event.place or "") if titled else ""),
        ("Topics", " · ".join(topic_name(topic, watchlist) for topic in event.topics)),
        ("Record", _record(event, zone)),
    )
    return tuple((label, text) for label, text in found if text)


def corrections(story: StoryForDigest) -> tuple[Line, ...]:
    """One line for each stage that readers were told and that no longer stands."""
    changes = {change.id: change for change in (story.event.changes if story.event else ())}
    taken_back = [changes[c.retracts] for c in story.untold if c.retracts in story.told_changes & changes.keys()]
    return tuple(("Correction", f"“{change.stage}” no longer stands") for change in taken_back)


def mention_lines(story: StoryForDigest, watchlist: Watchlist) -> tuple[Line, ...]:
    """What a story without an event is about, in the order of first mention."""
    found = dict.fromkeys(mention.entity for mention in story.mentions)
    known = [watchlist.entities[entity] for entity in found if entity in watchlist.entities]
    names = [entity.name for entity in known if entity.kind in SUBJECT_KINDS]
    return (("About", " · ".join(names)),) if names else ()


def with_office(entity: Entity, day: date, watchlist: Watchlist) -> str:
    """A name with the office held on `day`: "Gen Nakatani (Minister of Defense, Japan)"; bare where none was held."""
    role = entity.role_on(day)
    if role is None:
        return entity.name
    side = next((side.name for side in watchlist.sides if side.id == entity.side), None)
    return f"{entity.name} ({role.title}, {side})" if side else f"{entity.name} ({role.title})"


def topic_name(topic: str, watchlist: Watchlist) -> str:
    """The topic's name in the watchlist; its id in plain words where it has none."""
    entity = watchlist.entities.get(topic)
    names = (entity.name,) if entity else watchlist.coding.get("topic_names", {}).get(topic, ())
    return next(iter(names), topic.replace("-", " "))


def _record(event: Event, zone: str) -> str:
    """The stages that stand with the days they were recorded; "" while there is but one."""
    stages = [f"{change.stage} {short_day(local_day(change.at, zone))}" for change in standing(event.changes)]
    return " · ".join(stages) if len(stages) > 1 else ""
