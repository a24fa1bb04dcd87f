"""Evidence: for each slot of an event the words of the report that says it most surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from monitor.domain.event import Coding
from monitor.domain.judgement import Mention, Span
from monitor.domain.ledger import EventView

T = TypeVar("T")

PARTICIPANTS = "participants"
"""The slot of which each participant has evidence of its own instead."""

TOPICS = "topics"
MODE = "mode"
NAMED = frozenset({TOPICS, MODE})
"""Slots whose rule is the name of what the words say: each of these names has evidence of its own."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What report `item_id` says of one slot, whose value is the event's. `span` None: the rule needed no words.

    `confidence` (0..1) is None for an entity, whose reading the receipt of the report explains.
    """

    slot: str
    value: str
    rule: str
    confidence: float | None
    span: Span | None
    item_id: int


def evidence_of(view: EventView) -> tuple[Evidence, ...]:
    """For each slot, and each topic, that a report tells the surest, of equals the first; then who is named where.

    A slot that only reports gave which are no longer accepted has none.
    """
    best: dict[tuple[str, str], Evidence] = {}
    for found in _told(view):
        known = best.get((found.slot, found.value))
        if known is None or (found.confidence or 0.0) > (known.confidence or 0.0):
            best[found.slot, found.value] = found
    return (*best.values(), *_named(view))


def most_told(view: EventView, told: Callable[[Coding], T | None]) -> T | None:
    """What most reports say of a slot that the row does not keep, of equals the first; None where none says any.

    Silence is no vote: `told` gives None for it, and () counts as None.
    """
    codings = (report.coding for report in view.reports if report.coding is not None)
    counts = Counter(value for coding in codings if (value := told(coding)) not in (None, ()))
    return next((value for value, _ in counts.most_common(1)), None)


def by_phone(view: EventView) -> bool:
    """Whether they only talked from afar: of the reports that say how they met most say so, of equals the first.

    One that names a place says that they met there; one that gives neither a place nor a call says nothing.
    """
    return most_told(view, _from_afar) or False


def _from_afar(coding: Coding) -> bool | None:
    if coding.by_phone:
        return True
    return None if coding.place is None else False


def _told(view: EventView) -> Iterator[Evidence]:
    """What each report says of a slot where it says the same as the row."""
    slots = [(report, report.coding, slot) for report in view.reports if report.coding for slot in report.coding.slots]
    known = {name: _known(view, name) for name in {slot.name for *_, slot in slots} - {PARTICIPANTS}}
    for report, coding, slot in slots:
        told = slot.rule if slot.name in NAMED else getattr(coding, slot.name, None)
        if told is not None and told in known.get(slot.name, ()):
            yield Evidence(slot.name, _shown(told), slot.rule, slot.confidence, slot.span, report.source.item_id)


def _known(view: EventView, slot: str) -> tuple[object, ...]:
    """What evidence of a slot may say: any of its topics, else the row's value, or what most reports say."""
    event = view.row.event
    if slot == TOPICS:
        return event.topics
    if slot == MODE:
        return tuple(_modes(view)) if by_phone(view) else ()
    kept = getattr(event, slot) if hasattr(event, slot) else most_told(view, lambda coding: getattr(coding, slot, None))
    return (kept,)


def _modes(view: EventView) -> Iterator[str]:
    """The names of the ways in which reports say that they talked from afar."""
    codings = (report.coding for report in view.reports if report.coding is not None)
    return (slot.rule for coding in codings for slot in coding.slots if slot.name == MODE)


def _named(view: EventView) -> Iterator[Evidence]:
    """Where each participant is first named; an office's holder may take part unnamed."""
    first: dict[str, tuple[Mention, int]] = {}
    for report in view.reports:
        for mention in report.mentions:
            first.setdefault(mention.entity, (mention, report.source.item_id))
    for entity in view.row.event.participants:
        if entity in first:
            mention, item_id = first[entity]
            yield Evidence("participant", entity, mention.sense, None, mention.span, item_id)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
