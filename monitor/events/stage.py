"""The stage: what the words say, and what the dates make of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.event import LASTING, EventType, Slot, Stage
from monitor.domain.judgement import Field
from monitor.events.days import Days
from monitor.events.passage import Passage
from monitor.events.words import Hit, Vocabulary

UNMARKED: Mapping[EventType, Stage] = {
    **dict.fromkeys(LASTING, Stage.UNDER_WAY),
    EventType.TRANSFER: Stage.ANNOUNCED,
}
"""What a report of the type means that says nothing of the stage; concluded for the rest."""

UNMARKED_POINTS = 1.0
TITLE_ONLY_POINTS = 1.5
SUBORDINATE = "that "
"""What is said in a clause of this kind ("heard that Japan will look at …") has its own tense."""

ACCOMPLISHED = frozenset({Stage.UNDER_WAY, Stage.CONCLUDED})

OVERRULING = (Stage.POSTPONED, Stage.CANCELLED)
OVERRULING_LEAST = 1.5
"""Postponed and cancelled win over any other words from this weight on: the first sentence or the title says so."""


@dataclass(frozen=True, slots=True)
class StageReader:
    """Reads stages with the words of a watchlist."""

    words: Vocabulary
    title_words: Vocabulary
    lasting: Vocabulary

    @classmethod
    def of(cls, groups: Mapping[str, Mapping[str, tuple[str, ...]]]) -> StageReader:
        """From the groups "stages", "stages_title" and "stages_lasting"."""
        names = ("stages", "stages_title", "stages_lasting")
        return cls(*(Vocabulary.of(groups.get(name, {})) for name in names))

    def read(self, texts: Sequence[Passage], event_type: EventType) -> dict[Stage, float]:
        """Points per stage from the words alone."""
        points: dict[Stage, float] = defaultdict(float)
        points[UNMARKED.get(event_type, Stage.CONCLUDED)] += UNMARKED_POINTS
        for passage in texts:
            for part in passage.parts:
                if part.text.startswith(SUBORDINATE):
                    continue
                for stage in stages_told(self._find(self.words, part.text, event_type)):
                    points[stage] += part.effective
                if part.field is Field.TITLE:
                    for stage in stages_told(self._find(self.title_words, part.text, event_type)):
                        points[stage] += TITLE_ONLY_POINTS
        return points

    def _find(self, words: Vocabulary, text: str, event_type: EventType) -> list[Hit]:
        """The words of a clause; of what lasts several days some mean another stage ("hold an exercise")."""
        own = self.lasting.find(text) if event_type in LASTING else []
        meant = {hit.start: hit.name for hit in own}
        return [replace(hit, name=meant.get(hit.start, hit.name)) for hit in words.find(text)]

    def settled(self, texts: Sequence[Passage]) -> bool:
        """Whether the title says that the happening has begun or is over, so that a day ahead cannot be its first."""
        points: dict[Stage, float] = defaultdict(float)
        for passage in texts:
            if passage.field is Field.TITLE:
                for part in passage.parts:
                    for stage in (
                        *stages_told(self.words.find(part.text)),
                        *stages_told(self.title_words.find(part.text)),
                    ):
                        points[stage] += 1.0
        return bool(points) and leading(points) in {Stage.UNDER_WAY, Stage.CONCLUDED}

    def decide(self, points: Mapping[Stage, float], days: Days, day: date, event_type: EventType) -> tuple[Stage, Slot]:
        """The stage after the dates had their say, with its evidence."""
        for stage in OVERRULING:
            if points.get(stage, 0.0) >= OVERRULING_LEAST:
                return stage, Slot("stage", "words", 0.9)
        weighed = dict(points)
        dated = stage_by_days(days, day, event_type)
        if dated is not None:
            weighed[dated] = weighed.get(dated, 0.0) + _date_points(dated, days)
        stage = leading(weighed)
        share = weighed[stage] / sum(weighed.values())
        return stage, Slot("stage", "dates" if stage is dated else "words", round(share, 2))


def stages_told(hits: Sequence[Hit]) -> set[Stage]:
    """The stages the words of one clause tell: what follows an announcing word ("due to meet") is only its object."""
    announcing = min((hit.start for hit in hits if Stage(hit.name) is Stage.ANNOUNCED), default=None)
    return {
        Stage(hit.name)
        for hit in hits
        if announcing is None or hit.start <= announcing or Stage(hit.name) not in ACCOMPLISHED
    }


def looks_ahead(points: Mapping[Stage, float]) -> bool:
    """Whether the words announce a happening rather than tell of it."""
    told = max(points.get(Stage.CONCLUDED, 0.0), points.get(Stage.UNDER_WAY, 0.0))
    return points.get(Stage.ANNOUNCED, 0.0) > told


def leading(points: Mapping[Stage, float]) -> Stage:
    """The stage with most points, the earlier in the order of `Stage` on a tie."""
    order = list(Stage)
    return min(points, key=lambda stage: (-points[stage], order.index(stage)))


def stage_by_days(days: Days, day: date, event_type: EventType) -> Stage | None:
    """What the dates alone say on the day of publication; None where they leave it open."""
    if days.start is not None and days.start > day:
        return Stage.ANNOUNCED
    if days.end is not None and days.end < day:
        return Stage.CONCLUDED
    if days.start is not None and days.start < day and event_type not in LASTING:
        return Stage.CONCLUDED
    if days.end is not None and event_type in LASTING and days.end > day:
        return Stage.UNDER_WAY
    return None


def _date_points(stage: Stage, days: Days) -> float:
    """A day ahead speaks louder than one that has passed: reports of the past are often about its consequences."""
    return (6.0 if stage is Stage.ANNOUNCED else 4.0) * days.confidence
