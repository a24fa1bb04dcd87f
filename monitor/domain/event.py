"""Events: one row of the ledger per happening, its stages, and what one report says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.judgement import Span
from monitor.domain.watchlist import Step


class EventType(StrEnum):
    """What kind of happening a report tells of. STATEMENT and ANALYSIS make no ledger row, nor does OTHER.

    OTHER is what is left where no word names a happening: nothing that a row could be about.
    """

    MEETING = "meeting"
    VISIT = "visit"
    EXERCISE = "exercise"
    AGREEMENT = "agreement"
    TRANSFER = "transfer"
    DIALOGUE = "dialogue"
    STAFF_TALKS = "staff-talks"
    DEPLOYMENT = "deployment"
    STATEMENT = "statement"
    ANALYSIS = "analysis"
    OTHER = "other"

    @property
    def makes_event(self) -> bool:
        """Whether a report of this type may open a ledger row."""
        return self not in {EventType.STATEMENT, EventType.ANALYSIS, EventType.OTHER}


class Stage(StrEnum):
    """Where a happening stands. The current stage of an event is the fold of its stage changes."""

    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    UNDER_WAY = "under way"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """The stage in the coarse words of `monitor classify`."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    CONCLUDED = "concluded"
    NONE = "none"


PROGRESS = (Stage.ANNOUNCED, Stage.CONFIRMED, Stage.UNDER_WAY, Stage.CONCLUDED)
"""The ordinary way of an event; reports never move it back along this line."""

SETBACKS = frozenset({Stage.POSTPONED, Stage.CANCELLED})

LASTING = frozenset({EventType.EXERCISE, EventType.VISIT, EventType.DEPLOYMENT})
"""Happenings of several days and often several places; the others are over when they are told in the past tense."""


AWAITED = frozenset({Stage.ANNOUNCED, Stage.CONFIRMED, Stage.POSTPONED})
"""Stages of an event with a day that is to come: a day that a postponed one still has is its new one."""


def status_of(stage: Stage | None, day: date | None) -> Status:
    """The status that follows from a stage; a postponed event is void while it has no `day`.

    Whoever asks whether an event still stands, or is awaited, asks this: series, pace and digests alike.
    """
    match stage:
        case Stage.POSTPONED if day is None:
            return Status.NONE
        case Stage.UNDER_WAY:
            return Status.ONGOING
        case Stage.CONCLUDED:
            return Status.CONCLUDED
        case _:
            return Status.PLANNED if stage in AWAITED else Status.NONE


ASSUMED = "day of the report"
"""Rule of a first day that no text gives: the report came out on it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Evidence for one slot of a coding: which one, where it stands, and how sure the rule is (0..1)."""

    name: str
    rule: str
    confidence: float
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class StepTold:
    """The step that an article says an agreement or a platform deal, `entity`, has reached, and the words that do."""

    entity: str
    step: Step
    span: Span


@dataclass(frozen=True, slots=True)
class Coding:
    """What one article says of one happening. None: the text does not say.

    `start` and `end` are days in the calendar of the place; `place` a name as shown to readers; `participants` and
    `series` (the exercise, forum or agreement it is an edition of) are entity ids. `topics` are ids of agenda topics.
    `credit` is the publisher id of the agency whose copy the text says it is; `steps` are told whatever the type.
    `edition` counts the editions of the series from 1, `year` is the one its name bears ("JIMEX 24": 2024); `services`
    are those of the forces that take part, in the words of `Entity.service`; `by_phone`: they only talked from afar.
    """

    type: EventType
    stage: Stage | None = None
    start: date | None = None
    end: date | None = None
    place: str | None = None
    participants: tuple[str, ...] = ()
    series: str | None = None
    topics: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    credit: str | None = None
    steps: tuple[StepTold, ...] = ()
    edition: int | None = None
    year: int | None = None
    services: tuple[str, ...] = ()
    by_phone: bool = False

    @property
    def stated_start(self) -> date | None:
        """The first day if the text gives it; None where it is unknown or assumed."""
        assumed = any(slot.name == "start" and slot.rule == ASSUMED for slot in self.slots)
        return None if assumed else self.start

    @property
    def status(self) -> Status:
        """The coarse status; what makes no event has none."""
        return status_of(self.stage, self.start) if self.type.makes_event else Status.NONE


@dataclass(frozen=True, slots=True)
class StageChange:
    """An append-only fact: the event reached `stage`, as report `evidence` (its key) told at `at`.

    `retracts` is the id of an earlier change that this one takes back; such a row sets no stage itself. `id` None:
    not stored yet.
    """

    stage: Stage
    at: datetime
    evidence: str
    id: int | None = None
    retracts: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the ledger, for one story. `id` None: not stored yet."""

    type: EventType
    start: date | None
    end: date | None
    place: str | None
    participants: tuple[str, ...]
    series: str | None
    topics: tuple[str, ...]
    changes: tuple[StageChange, ...]
    id: int | None = None

    @property
    def stage(self) -> Stage | None:
        """The fold of the stage changes."""
        return fold(self.changes)

    @property
    def status(self) -> Status:
        """The coarse status."""
        return status_of(self.stage, self.last_day)

    @property
    def last_day(self) -> date | None:
        """The later of its days, whichever way round they are; None when neither is known."""
        return max(filter(None, (self.start, self.end)), default=None)


def standing(changes: Iterable[StageChange]) -> list[StageChange]:
    """The changes that no later one retracts, in order of record; retracting rows are none themselves."""
    changes = tuple(changes)
    retracted = {change.retracts for change in changes if change.retracts is not None}
    return [c for c in changes if c.retracts is None and (c.id is None or c.id not in retracted)]


def moves(current: Stage | None, told: Stage) -> bool:
    """Whether a report of stage `told` changes the current one.

    Nothing goes back along `PROGRESS`. What is over can be neither postponed nor cancelled. After a setback any stage
    but the same counts: a postponed meeting is announced again with its new date, a cancelled one may yet take place.
    """
    if current is None or current in SETBACKS:
        return told is not current
    if told in SETBACKS:
        return current is not Stage.CONCLUDED
    return PROGRESS.index(told) > PROGRESS.index(current)


def steps(changes: Iterable[StageChange]) -> list[tuple[StageChange, ...]]:
    """The stages an event went through, in order of time: what brought each, then what said the same while it lasted.

    Standing changes that neither move the stage nor repeat it (a late announcement of what is over) are in no step.
    Time decides, not record: when two stories merge, an announcement recorded late must not reopen what is over.
    """
    found: list[tuple[StageChange, ...]] = []
    for change in sorted(standing(changes), key=lambda change: change.at):
        current = found[-1][0].stage if found else None
        if moves(current, change.stage):
            found.append((change,))
        elif change.stage is current:
            found[-1] += (change,)
    return found


def fold(changes: Iterable[StageChange]) -> Stage | None:
    """The current stage: that of the last step; None when no change is left."""
    last = steps(changes)[-1:]
    return last[0][0].stage if last else None
