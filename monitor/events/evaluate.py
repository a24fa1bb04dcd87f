"""How good the coding is: per slot, the share of labelled articles it got right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain.event import Coding
from monitor.domain.figures import Share
from monitor.errors import InputError

SLOTS = ("type", "status", "start", "place")
NEAR_START = "start_within_3_days"
NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """The values that count as right per slot; an empty tuple: the text does not determine it and it is not scored."""

    type: tuple[str, ...]
    status: tuple[str, ...]
    start: tuple[date, ...]
    place: tuple[str, ...]


def gold_event(event: Mapping[str, object]) -> GoldEvent:
    """The labelled `event` of an item. Where `accept` lists values for a slot, those count, else the slot's own.

    Raises InputError when `accept` or a start day is not of the format.
    """
    accept = event.get("accept") or {}
    if not isinstance(accept, Mapping):
        raise InputError("`accept` of a labelled event must map slots to lists of values.")
    values = {slot: _accepted(event, accept, slot) for slot in SLOTS}
    try:
        starts = tuple(date.fromisoformat(day[:10]) for day in values["start"])
    except ValueError as error:
        raise InputError(f"A labelled start must be a day such as 2025-05-05: {error}.") from error
    return GoldEvent(values["type"], values["status"], starts, values["place"])


def score(pairs: Iterable[tuple[GoldEvent, Coding | None]]) -> dict[str, Share]:
    """The share of right codings per slot, and of start days at most three days off; None: not coded, so wrong."""
    hits = dict.fromkeys((*SLOTS, NEAR_START), 0)
    totals = dict(hits)
    for gold, coding in pairs:
        for slot, right in checks(gold, coding).items():
            totals[slot] += 1
            hits[slot] += right
    return {slot: Share(hits[slot], totals[slot]) for slot in totals}


def checks(gold: GoldEvent, coding: Coding | None) -> dict[str, bool]:
    """Whether each scored slot of one coding is right; without a coding none is."""
    if coding is None:
        return dict.fromkeys(_scored(gold), False)
    start = coding.start
    right = {
        "type": coding.type.value in gold.type,
        "status": coding.status.value in gold.status,
        "start": start in gold.start,
        NEAR_START: any(start is not None and abs(start - day) <= NEAR for day in gold.start),
        "place": any(same_place(place, coding.place) for place in gold.place),
    }
    return {slot: right[slot] for slot in _scored(gold)}


def _scored(gold: GoldEvent) -> list[str]:
    slots = [slot for slot in SLOTS if getattr(gold, slot)]
    return [*slots, NEAR_START] if gold.start else slots


def same_place(want: str, got: str | None) -> bool:
    """Whether two names mean one place: either contains the other, and Delhi is New Delhi."""
    left, right = _letters(want), _letters(got or "")
    return bool(left and right) and (left in right or right in left)


def _letters(place: str) -> str:
    return "".join(c for c in place.casefold() if c.isalnum()).replace("newdelhi", "delhi")


def _accepted(event: Mapping[str, object], accept: Mapping[str, object], slot: str) -> tuple[str, ...]:
    listed = accept.get(slot)
    if isinstance(listed, list):
        return tuple(str(value) for value in listed if value)
    own = event.get(slot)
    return (str(own),) if own and own != "none" else ()
