"""The ladder of an agreement or a platform deal: the steps it climbed, and the reports that contradict them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain.watchlist import EntityKind, KnownStep, Step

CLIMBING = (EntityKind.AGREEMENT, EntityKind.PLATFORM)
"""Kinds of entities that climb."""

SETTLED = timedelta(days=60)
"""How long after a step reports may still tell of an earlier one as news: late copies and weeklies take their time."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """A report that tells of a step, by the number of its item."""

    entity: str
    step: Step
    day: date
    item_id: int


@dataclass(frozen=True, slots=True)
class Rung:
    """A step that was reached, on the day it is known from. `item_id` None: the watchlist has it from `source`."""

    step: Step
    day: date
    precise: bool = True
    item_id: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far an agreement or a platform deal got. `rungs` climb; `contradicting` are reports in order of time."""

    entity: str
    rungs: tuple[Rung, ...]
    contradicting: tuple[StepReport, ...]

    @property
    def step(self) -> Step | None:
        """The highest step; None while nothing is known."""
        return self.rungs[-1].step if self.rungs else None


def ladder(entity: str, known: Iterable[KnownStep], told: Iterable[StepReport], today: date) -> Ladder:
    """The ladder of one entity from what is known and what reports tell; those of others are left out.

    Of what is known only steps reached until `today` count: a digest that is made again must not know what came later.

    A step counts from the first word of it, and nothing climbs down. A report contradicts what stands when it tells
    that the agreement is to be signed, or was signed, long after that had happened; talks go on about what is in force.
    """
    rungs = [
        Rung(one.step, one.on, one.precise, source=one.source)
        for one in known
        if one.entity == entity and one.on <= today
    ]
    reports = sorted((one for one in told if one.entity == entity), key=lambda one: (one.day, one.item_id))
    rungs += [Rung(one.step, one.day, item_id=one.item_id) for one in reports]
    climbed: list[Rung] = []
    for rung in sorted(rungs, key=lambda rung: (rung.day, rung.step.rank, rung.item_id or 0)):
        if not climbed or rung.step.rank > climbed[-1].step.rank:
            climbed.append(rung)
    return Ladder(entity, tuple(climbed), tuple(one for one in reports if _contradicts(one, climbed)))


def _contradicts(report: StepReport, climbed: Sequence[Rung]) -> bool:
    if report.step not in {Step.ANNOUNCED, Step.SIGNED}:
        return False
    return any(rung.step.rank >= Step.SIGNED.rank and report.day - rung.day > SETTLED for rung in climbed)
