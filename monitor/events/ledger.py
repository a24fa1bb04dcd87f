"""The ledger: folding the reports of one story, and what is recorded of it, into one event row.

The slots (type, days, place …) are computed anew from all reports each time, so all reports of the story must be given.
The stage changes are append-only: only what the reports add to the recorded ones is new, and a recorded one whose stage
no report tells any more (its evidence was withdrawn, rejected or edited) is taken back by a further row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from monitor.domain.event import Coding, Event, EventType, Stage, StageChange, fold, moves, standing
from monitor.domain.story import Report

T = TypeVar("T")

UNSTATED = 0.5
"""Weight of a coding without evidence for a slot, as imported ones are."""


def advance(recorded: Sequence[Event], reports: Sequence[Report], joining: Sequence[StageChange] = ()) -> Event | None:
    """The event row after these reports, its new stage changes last and without id; None when nothing makes an event.

    `recorded` are the rows of the stories that came together here, the surviving one first: its id stays, its changes
    come first, and those of the others follow in order of `at`, with the `joining` ones, whose evidence came here from
    other stories. Reports already told of add nothing: advancing twice gives the same row. Where no report makes an
    event a recorded row keeps its slots and loses its stages.
    """
    telling = sorted((r for r in reports if r.coding.type.makes_event), key=lambda r: (r.time, r.key))
    known = _known_changes(recorded, joining)
    known = (*known, *_retractions(known, telling))
    if not telling:
        return _surviving(recorded, known)
    days = _days(telling)
    return Event(
        type=_type(telling),
        start=days[0],
        end=days[1],
        place=_best(telling, "place", lambda coding: coding.place),
        participants=_participants(telling),
        series=_best(telling, "series", lambda coding: coding.series),
        topics=tuple(dict.fromkeys(topic for report in telling for topic in report.coding.topics)),
        changes=(*known, *_new_changes(known, telling, days[0])),
        id=recorded[0].id if recorded else None,
    )


def unsupported(changes: Iterable[StageChange], reports: Iterable[Report]) -> list[StageChange]:
    """The stored changes that stand and whose stage none of the reports tells."""
    told = {report.coding.stage for report in reports if report.coding.type.makes_event}
    return [change for change in standing(changes) if change.id is not None and change.stage not in told]


def _known_changes(recorded: Sequence[Event], joining: Sequence[StageChange]) -> tuple[StageChange, ...]:
    own = recorded[0].changes if recorded else ()
    coming_along = [change for event in recorded[1:] for change in event.changes]
    return (*own, *sorted((*coming_along, *joining), key=lambda c: (c.at, c.evidence)))


def _retractions(known: Sequence[StageChange], reports: Iterable[Report]) -> list[StageChange]:
    """A row against each unsupported change, of its time and with its evidence, whose newest version says otherwise."""
    return [replace(change, id=None, retracts=change.id) for change in unsupported(known, reports)]


def _surviving(recorded: Sequence[Event], known: tuple[StageChange, ...]) -> Event | None:
    return replace(recorded[0], changes=known) if recorded else None


def _new_changes(known: Sequence[StageChange], reports: Iterable[Report], start: date | None) -> list[StageChange]:
    """The changes that reports not yet heard bring, in order of time.

    A report older than the last change that stands is a latecomer: it cannot say what is so now and changes nothing. A
    report heard before counts again only when an edit gave it another stage. What begins on a later day is not over,
    whatever a report's words seem to say.
    """
    believed = standing(known)
    heard = {(change.evidence, change.stage) for change in believed}
    latest = max(((change.at, change.evidence) for change in believed), default=None)
    new: list[StageChange] = []
    for report in reports:
        stage = report.coding.stage
        late = latest is not None and (report.time, report.key) < latest
        premature = stage is Stage.CONCLUDED and start is not None and report.day < start
        if stage is None or late or premature or (report.key, stage) in heard:
            continue
        if moves(fold((*known, *new)), stage):
            new.append(StageChange(stage, report.time, report.key))
    return new


def _type(reports: Sequence[Report]) -> EventType:
    return _heaviest((r.coding.type, _weight(r.coding, "type")) for r in reports) or EventType.OTHER


def _days(reports: Sequence[Report]) -> tuple[date | None, date | None]:
    """The best supported first day, and the best supported last day among the reports that do not contradict it.

    Where no text gives a first day it is the earliest assumed one: later reports of the same only came out later.

    A postponement makes older dates void: only the reports from the last one on are heard.
    """
    setbacks = [i for i, report in enumerate(reports) if report.coding.stage is Stage.POSTPONED]
    heard = reports[setbacks[-1] :] if setbacks else reports
    start = _best(heard, "start", lambda coding: coding.stated_start) or _earliest(heard)
    agreeing = [report for report in heard if _agrees(report.coding, start)]
    return start, _best(agreeing, "end", lambda coding: coding.end)


def _earliest(reports: Sequence[Report]) -> date | None:
    return min((report.coding.start for report in reports if report.coding.start is not None), default=None)


def _agrees(coding: Coding, start: date | None) -> bool:
    """Whether a coding's last day may be heard: it gives the same first day or none, and does not end before it.

    A last day that only follows from an assumed first one goes with it.
    """
    told = coding.stated_start is None and any(slot.name == "end" for slot in coding.slots)
    same = told or coding.start in {None, start}
    return same and (start is None or coding.end is None or coding.end >= start)


def _participants(reports: Sequence[Report]) -> tuple[str, ...]:
    """Whom at least a third of the reports that name anybody name, most often named first."""
    naming = [report.coding.participants for report in reports if report.coding.participants]
    counts: dict[str, int] = defaultdict(int)
    for participant in (participant for names in naming for participant in names):
        counts[participant] += 1
    kept = [participant for participant, count in counts.items() if count * 3 >= len(naming)]
    return tuple(sorted(kept, key=lambda participant: -counts[participant]))


def _best(reports: Sequence[Report], slot: str, value: Callable[[Coding], T | None]) -> T | None:
    pairs = ((value(report.coding), _weight(report.coding, slot)) for report in reports)
    return _heaviest((found, weight) for found, weight in pairs if found is not None)


def _heaviest(weighed: Iterable[tuple[T, float]]) -> T | None:
    """The value with the greatest sum of weights; on a tie the one met first."""
    sums: dict[T, float] = defaultdict(float)
    for value, weight in weighed:
        sums[value] += weight
    return max(sums, key=lambda value: sums[value], default=None)


def _weight(coding: Coding, slot: str) -> float:
    return next((found.confidence for found in coding.slots if found.name == slot), UNSTATED)
