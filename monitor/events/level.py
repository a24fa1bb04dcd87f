"""The level of an event: who met whom, by the offices they held that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.domain.event import Event, EventType
from monitor.domain.ledger import day_of_offices
from monitor.domain.pace import Level
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

OF_SERVICE = frozenset({EventType.EXERCISE, EventType.STAFF_TALKS, EventType.DEPLOYMENT})
"""Types that forces do among themselves, whoever watches them."""

LEVELS: Mapping[str, Level] = {
    "leaders": Level.MINISTER,
    "ministerial": Level.MINISTER,
    "secretary": Level.VICE_MINISTER,
    "chiefs": Level.SERVICE,
    "staff": Level.SERVICE,
}
"""The watchlist's levels; officials are of a service where their office or dialogue is, and else of none of these."""

ORDER = list(Level)


def level_of(event: Event, watchlist: Watchlist) -> Level:
    """At which level the event is contact.

    A meeting is what its participants are, as ministers also meet on the margins of a gathering of chiefs; other events
    are what the series says that they are an edition of, as a minister also receives the members of a dialogue. Of each
    side its highest counts, and of both sides the lower: a chief's call on a minister is contact of the service.
    """
    if event.type in OF_SERVICE:
        return Level.SERVICE
    series = _series_level(watchlist.entities.get(event.series or ""))
    people = _people_level(event, watchlist)
    first, second = (people, series) if event.type is EventType.MEETING else (series, people)
    return first or second or _forces_level(event, watchlist) or Level.OTHER


def _series_level(series: Entity | None) -> Level | None:
    return None if series is None or series.level is None else _level(series)


def _people_level(event: Event, watchlist: Watchlist) -> Level | None:
    """The lower of the sides' highest levels; None where nobody of either side who takes part holds an office."""
    sides: dict[str | None, list[Level]] = {side.id: [] for side in watchlist.sides}
    for side, office in _offices(event, watchlist):
        if side in sides:
            sides[side].append(_level(office))
    return max((min(levels, key=ORDER.index) for levels in sides.values() if levels), key=ORDER.index, default=None)


def _offices(event: Event, watchlist: Watchlist) -> Iterator[tuple[str | None, Entity]]:
    """The offices that take part, themselves or by their holders of that day, each with its side."""
    day = day_of_offices(event)
    for entity in (watchlist.entities.get(one) for one in event.participants):
        if entity is None:
            continue
        role = entity.role_on(day) if day is not None else None
        office = entity if entity.kind is EntityKind.OFFICE else watchlist.entities.get((role and role.office) or "")
        if office is not None and office.level is not None:
            yield entity.side, office


def _forces_level(event: Event, watchlist: Watchlist) -> Level | None:
    """Service, where a force or one of its ships takes part."""
    found = (watchlist.entities.get(one) for one in event.participants)
    return Level.SERVICE if any(entity is not None and entity.service is not None for entity in found) else None


def _level(entity: Entity) -> Level:
    return LEVELS.get(entity.level or "") or (Level.SERVICE if entity.service is not None else Level.OTHER)
