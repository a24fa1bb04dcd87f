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
    """One for each slot that a report tells: the surest, of equals the first; then where each participant is named.

    A slot that only reports gave which are no longer accepted has none.
    """
    best: dict[str, Evidence] = {}
    for found in _told(view):
        known = best.get(found.slot)
        if known is None or (found.confidence or 0.0) > (known.confidence or 0.0):
            best[found.slot] = found
    return (*best.values(), *_named(view))


def most_told(view: EventView, told: Callable[[Coding], T | None]) -> T | None:
    """What most reports say of a slot that the row does not keep, of equals the first; None where none says any."""
    codings = (report.coding for report in view.reports if report.coding is not None)
    counts = Counter(value for coding in codings if (value := told(coding)) is not None)
    return next((value for value, _ in counts.most_common(1)), None)


def _told(view: EventView) -> Iterator[Evidence]:
    """What each report says of a slot where it says the same as the row."""
    slots = [(report, slot) for report in view.reports if report.coding for slot in report.coding.slots]
    known = {name: _known(view, name) for name in {slot.name for _, slot in slots} - {PARTICIPANTS}}
    for report, slot in slots:
        told = getattr(report.coding, slot.name, None)
        if told is not None and told == known.get(slot.name):
            yield Evidence(slot.name, _shown(told), slot.rule, slot.confidence, slot.span, report.source.item_id)


def _known(view: EventView, slot: str) -> object:
    """The row's value of a slot; of one that it does not keep what most reports say."""
    if hasattr(view.row.event, slot):
        return getattr(view.row.event, slot)
    return most_told(view, lambda coding: getattr(coding, slot, None))


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
