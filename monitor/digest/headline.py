"""The headline of an event, put together from its ledger row: no word in it that the row does not carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.digest.words import listed
from monitor.domain.digest import Source
from monitor.domain.event import Event, EventType, Stage
from monitor.domain.watchlist import Entity, EntityKind, Watchlist

NAMES_IN_HEADLINE = 3
"""More participants than these are counted; the line below the headline names them all."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a type of event is told of those who take part: concluded, under way (one acting, several), and ahead.

    `at_least` participants make it a sentence; `noun` titles it where it was postponed or cancelled.
    """

    noun: str
    concluded: str
    one: str
    several: str
    ahead: str
    at_least: int = 2


PHRASES: Mapping[EventType, Phrase] = {
    EventType.MEETING: Phrase("Meeting", "met", "is meeting", "are meeting", "to meet"),
    EventType.VISIT: Phrase("Visit", "visited", "is visiting", "are visiting", "to visit", at_least=1),
    EventType.EXERCISE: Phrase("Exercise", "exercised", "is exercising", "are exercising", "to exercise"),
    EventType.DIALOGUE: Phrase("Dialogue", "held talks", "is holding talks", "are holding talks", "to hold talks"),
    EventType.STAFF_TALKS: Phrase(
        "Staff talks", "held staff talks", "is holding staff talks", "are holding staff talks", "to hold staff talks"
    ),
}
NOUNS: Mapping[EventType, str] = {
    EventType.AGREEMENT: "Agreement",
    EventType.TRANSFER: "Equipment transfer",
    EventType.DEPLOYMENT: "Deployment",
}
"""Types told by noun and stage, "Agreement announced: …", since nobody in the row performs them."""


def headline(event: Event, watchlist: Watchlist) -> str | None:
    """The event in one line, such as "A and B met in C"; None when the row is too poor to say what happened."""
    series = watchlist.entities.get(event.series or "")
    if event.type in NOUNS:
        what = series.name if series else _names(event, watchlist, at_least=1)
        return f"{_staged(NOUNS[event.type], event)}: {what}{_in_place(event)}" if what else None
    if event.type not in PHRASES:
        return None
    phrase = PHRASES[event.type]
    names = _names(event, watchlist, phrase.at_least)
    if series and not (names and event.type is EventType.MEETING):
        return _edition(event, series.name)
    if not names or (event.type is EventType.VISIT and not event.place):
        return None
    return _acted(event, phrase, names)


def told_as(event: Event | None, first: Source | None, watchlist: Watchlist) -> str:
    """The headline of an event; without one, and of a row too poor for one, the title of the first report.

    The first is the one that `Voices` order first. Without any report it is the type of the event, "" without one.
    """
    own = headline(event, watchlist) if event else None
    if own is not None:
        return own
    if first is not None:
        return first.title
    return event.type.replace("-", " ").capitalize() if event else ""


def participants(event: Event, watchlist: Watchlist) -> list[Entity]:
    """The participants the watchlist knows, in the row's order."""
    return [watchlist.entities[entity] for entity in event.participants if entity in watchlist.entities]


def _acted(event: Event, phrase: Phrase, names: str) -> str:
    """Participants and a verb; where nothing took place, the noun and its stage."""
    match event.stage:
        case Stage.CONCLUDED:
            verb = phrase.concluded
        case Stage.UNDER_WAY:
            verb = phrase.one if len(event.participants) == 1 else phrase.several
        case Stage.ANNOUNCED | Stage.CONFIRMED:
            verb = phrase.ahead
        case _:
            return f"{_staged(phrase.noun, event)}: {names}{_in_place(event)}"
    visited = event.type is EventType.VISIT
    return f"{names} {verb} {event.place}" if visited else f"{names} {verb}{_in_place(event)}"


def _edition(event: Event, series: str) -> str:
    """One edition of what is known by its name: "JIMEX under way in Visakhapatnam"."""
    match event.stage:
        case None:
            return series
        case Stage.ANNOUNCED | Stage.CONFIRMED:
            return f"{series} to be held{_in_place(event)}"
        case Stage.CONCLUDED if event.type is not EventType.EXERCISE:
            return f"{series} held{_in_place(event)}"
        case Stage.POSTPONED | Stage.CANCELLED as stage:
            return f"{series} {stage}"
        case stage:
            return f"{series} {stage}{_in_place(event)}"


def _names(event: Event, watchlist: Watchlist, at_least: int) -> str:
    """Who takes part, people before the organisations they speak for; "" when fewer than `at_least` are known."""
    known = participants(event, watchlist)
    people = [entity for entity in known if entity.kind is EntityKind.PERSON]
    chosen = people if len(people) >= at_least else known
    if len(chosen) < at_least:
        return ""
    names = [entity.name for entity in chosen]
    if len(names) > NAMES_IN_HEADLINE:
        names = [*names[: NAMES_IN_HEADLINE - 1], f"{len(names) - NAMES_IN_HEADLINE + 1} others"]
    return listed(names)


def _staged(noun: str, event: Event) -> str:
    return f"{noun} {event.stage}" if event.stage else noun


def _in_place(event: Event) -> str:
    return f" in {event.place}" if event.place else ""
