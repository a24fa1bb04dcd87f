"""The stage: what the words say, and what the dates make of it.

One word decides for each clause, the main verb as far as word order tells it: in a script of Europe the first word of
the vocabulary ("agree to hold" tells of an agreement, "to agree" of a plan), in others the last, as Hindi and Japanese
put the verb at the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.event import LASTING, EventType, Slot, Stage
from monitor.domain.judgement import Field
from monitor.events.date_frame import Leaning
from monitor.events.dates import is_after_length, leaning_of
from monitor.events.days import Days
from monitor.events.mood import Mood
from monitor.events.passage import LEAD_WEIGHT, Part, Passage
from monitor.events.told import ACCOMPLISHED, Reading, Told, leading, points_of
from monitor.events.words import Hit, Vocabulary, destinations

Groups = Mapping[str, Mapping[str, tuple[str, ...]]]

UNMARKED: Mapping[EventType, Stage] = {
    **dict.fromkeys(LASTING, Stage.UNDER_WAY),
    EventType.TRANSFER: Stage.ANNOUNCED,
}
"""What a report of the type means that says nothing of the stage; concluded for the rest."""

UNMARKED_POINTS = 1.0
TITLE_FACTOR = 1.4
SUBORDINATE = "that "
"""What is said in a clause of this kind ("heard that Japan will look at …") has its own tense."""

AFTER_TOLD = 0.25
"""Factor for what is announced below a clause that tells of the happening: an outcome is full of plans."""

BEFORE_TOLD = 0.6
"""The same for the title above a first sentence that tells of it."""

LOOSE = frozenset({"to", "plan", "plans", "へ"})
LOOSE_LASTING = frozenset({"at", "open", "へ"})
LOOSE_FACTOR = 0.4
"""Factor for a headline's plan that may be what a meeting agreed on and not the meeting ("India, Japan to make …"), and
for words that may tell of anything where something lasts."""

PURPOSE = re.compile(
    r"\bfor (?:[a-z0-9+'-]+ ){0,4}(?:talks|meeting|dialogue|2\+2|two plus two|summit|consultations)"
    r"|(?:वार्ता|बैठक|संवाद|2\+2|टू प्लस टू|सम्मेलन) (?:के लिए|में शामिल होने)"
)
PURPOSE_FACTOR = 0.5
"""Factor for a clause that names talks as what somebody came for and says no more."""

PROGRESS = re.compile(
    r"\b(?:is|are|has been|have been) (?!being|going)[a-z]+ing\b|रह[ाेी] (?:है|हैं)(?![\u0900-\u0963])|[てで]いる。?$"
)
"""The form of a verb for what goes on, in three languages, where no word of the vocabulary speaks."""

NOTHING = "none"
ARRIVAL = "arrival"
HOLDING = "holding"
HOLDING_FACTOR = 0.6
"""Factor for holding what lasts: "drill with" may tell of one that is over."""
ARRIVAL_FACTOR = 0.5
"""Factor for arriving where the happening is an exercise, which begins later."""

AHEAD_POINTS, OVER_POINTS, PAST_POINTS = 8.0, 5.0, 4.0
"""What a first day ahead, two days that have passed, and one of them say of the stage."""

OVERRULING = (Stage.POSTPONED, Stage.CANCELLED)
OVERRULING_LEAST = 1.5
"""Postponed and cancelled win over any other words from this weight on: the first sentence or the title says so."""


@dataclass(frozen=True, slots=True)
class StageReader:
    """Reads stages with the words of a watchlist: of what is over when it is told, and of what lasts; per field."""

    table: Mapping[Field, Vocabulary]
    lasting: Mapping[Field, Vocabulary]
    starting: Vocabulary
    ending: Vocabulary
    departing: Vocabulary
    bound: Vocabulary

    @classmethod
    def of(cls, groups: Groups) -> StageReader:
        """From the groups "stages" and "stages_…": title, title_lasting, table, lasting, arrival, none."""
        common, title = groups.get("stages", {}), groups.get("stages_title", {})
        nothing = {name: (*words, *destinations(groups)) for name, words in groups.get("stages_none", {}).items()}
        table = (nothing, common, groups.get("stages_table", {}))
        arrival = [word for words in groups.get("stages_arrival", {}).values() for word in words]
        holding = [word for words in groups.get("stages_lasting", {}).values() for word in words]
        lasting = (nothing, common, {HOLDING: holding}, {ARRIVAL: arrival})
        title_lasting = groups.get("stages_title_lasting", {})
        return cls(
            {Field.TITLE: _joined(*table, title), Field.SUMMARY: _joined(*table)},
            {Field.TITLE: _joined(*lasting, title, title_lasting), Field.SUMMARY: _joined(*lasting)},
            starting=Vocabulary.of(groups.get("starting", {})),
            ending=Vocabulary.of(groups.get("ending", {})),
            departing=Vocabulary.of(groups.get("departing", {})),
            bound=Vocabulary.of({Stage.ANNOUNCED: destinations(groups)}),
        )

    def read(self, texts: Sequence[Passage], event_type: EventType) -> Reading:
        """What the words alone say."""
        told = tuple(self._told(texts, event_type))
        if event_type not in LASTING:
            told = tuple(_behind_outcome(told))
        points: dict[Stage, float] = defaultdict(float, points_of(told))
        points[UNMARKED.get(event_type, Stage.CONCLUDED)] += UNMARKED_POINTS
        return Reading(points, told)

    def _told(self, texts: Sequence[Passage], event_type: EventType) -> Iterable[Told]:
        words = self.lasting if event_type in LASTING else self.table
        for passage in texts:
            for part in passage.parts:
                if part.mood is Mood.TOLD and not part.text.startswith(SUBORDINATE):
                    hits = [hit for hit in words[part.field].find(part.text) if hit.name != NOTHING]
                    yield from self._clause(part, hits, event_type)

    def _clause(self, part: Part, hits: Sequence[Hit], event_type: EventType) -> Iterable[Told]:
        """The stage that a clause tells of; what lasts and will end has begun."""
        if event_type in LASTING and is_after_length(part.text):
            yield Told(Stage.CONCLUDED, _weight(part), part, Hit(Stage.CONCLUDED, 0, len(part.text)))
            return
        if event_type not in LASTING and not hits and (purpose := PURPOSE.search(part.text)):
            hit = Hit(Stage.ANNOUNCED, purpose.start(), purpose.end())
            yield Told(Stage.ANNOUNCED, _weight(part) * PURPOSE_FACTOR, part, hit)
            return
        journey = event_type is EventType.VISIT and not hits and part.start == 0 and part.text in self.bound
        if journey and part.field is Field.TITLE:
            yield Told(Stage.ANNOUNCED, _weight(part), part, next(iter(self.bound.find(part.text))))
            return
        if not hits and part.ahead and part.field is Field.TITLE:
            yield Told(Stage.ANNOUNCED, _weight(part), part, Hit(Stage.ANNOUNCED, 0, len(part.text)))
            return
        if event_type in LASTING and not hits and (goes_on := PROGRESS.search(part.text)):
            hit = Hit(Stage.UNDER_WAY, goes_on.start(), goes_on.end())
            said = not goes_on.group().isascii()
            yield Told(Stage.UNDER_WAY, _weight(part) * PURPOSE_FACTOR, part, hit, passing=said)
            return
        for told in _clause(part, hits, event_type):
            will_end = event_type in LASTING and self._ends(part.text) and _lies_ahead(told)
            if will_end or (event_type is EventType.DEPLOYMENT and _words(told) in self.departing):
                yield replace(told, stage=Stage.UNDER_WAY, passing=will_end)
            else:
                yield told

    def _ends(self, text: str) -> bool:
        return self.ending.says(text) and text not in self.starting

    def decide(
        self, reading: Reading, days: Days, day: date, event_type: EventType, texts: Sequence[Passage]
    ) -> tuple[Stage, Slot]:
        """The stage after the dates had their say, with its evidence."""
        for stage in OVERRULING:
            if reading.points.get(stage, 0.0) >= OVERRULING_LEAST and not _title_denies(reading, stage):
                return stage, Slot("stage", "words", 0.9, reading.span(stage, texts))
        weighed = {stage: points for stage, points in reading.points.items() if stage not in OVERRULING}
        dated = stage_by_days(days, day, event_type) or _by_day_and_words(reading, days, day, event_type)
        if dated is not None:
            weighed[dated] = weighed.get(dated, 0.0) + _date_points(dated, days)
        stage = leading(weighed)
        share = round(weighed[stage] / sum(weighed.values()), 2)
        return stage, Slot("stage", "dates" if stage is dated else "words", share, reading.span(stage, texts))


def _lies_ahead(told: Told) -> bool:
    """Whether a clause that names an end puts it ahead: "will conclude", "closes on Thursday", 10日に閉幕する."""
    if told.stage is Stage.ANNOUNCED:
        return True
    part = told.part
    return part.fresh and part.field is Field.SUMMARY and leaning_of(part.text) is Leaning.FUTURE


def _words(told: Told) -> str:
    return told.part.text[told.hit.start : told.hit.end]


def _weight(part: Part) -> float:
    return part.effective * (TITLE_FACTOR if part.field is Field.TITLE else 1.0)


def _clause(part: Part, hits: Sequence[Hit], event_type: EventType) -> Iterable[Told]:
    """The stage of a clause's main word; a setback counts wherever it stands in it."""
    weight = _weight(part)
    setbacks = [hit for hit in hits if hit.name in OVERRULING]
    if setbacks:
        yield Told(Stage(setbacks[0].name), weight, part, setbacks[0])
        return
    if not hits:
        return
    main = _main(hits, part.text)
    if main.name == ARRIVAL:
        exercise = event_type is EventType.EXERCISE
        yield Told(Stage.UNDER_WAY, weight * (ARRIVAL_FACTOR if exercise else 1.0), part, main, passing=exercise)
        return
    loose = part.text[main.start : main.end] in (LOOSE_LASTING if event_type in LASTING else LOOSE)
    weight *= LOOSE_FACTOR if loose else 1.0
    if main.name == HOLDING:
        yield Told(Stage.UNDER_WAY, weight * HOLDING_FACTOR, part, main, passing=True)
    else:
        yield Told(Stage(main.name), weight, part, main)


def _behind_outcome(told: Sequence[Told]) -> Iterable[Told]:
    """What the clauses tell of a happening at a table: plans count less behind a clause that tells of its outcome."""
    lead = any(_is_outcome(each) and each.part.weight == LEAD_WEIGHT for each in told)
    over = False
    for each in told:
        over = over or _is_outcome(each)
        if each.stage is not Stage.ANNOUNCED:
            yield each
        elif over:
            yield replace(each, weight=each.weight * AFTER_TOLD)
        else:
            yield replace(each, weight=each.weight * (BEFORE_TOLD if lead else 1.0))


def _is_outcome(told: Told) -> bool:
    return told.stage is Stage.CONCLUDED and not told.part.context


def _main(hits: Sequence[Hit], text: str) -> Hit:
    return hits[0] if text[hits[0].start].isascii() else hits[-1]


def _title_denies(reading: Reading, setback: Stage) -> bool:
    """Whether the title tells that the happening took place, so that a setback below it is an earlier one."""
    title = {told.stage for told in reading.told if told.part.field is Field.TITLE}
    return setback not in title and bool(title & ACCOMPLISHED)


def _joined(*groups: Mapping[str, Iterable[str]]) -> Vocabulary:
    """One vocabulary of several groups; a word that an earlier group has keeps that meaning."""
    meanings: dict[str, str] = {}
    for group in groups:
        for name, words in group.items():
            for word in words:
                meanings.setdefault(word, name)
    names: dict[str, list[str]] = defaultdict(list)
    for word, name in meanings.items():
        names[name].append(word)
    return Vocabulary.of(names)


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


def _by_day_and_words(reading: Reading, days: Days, day: date, event_type: EventType) -> Stage | None:
    """What a day that has come says beside the words: told of, it is over; of what lasts, unless something goes on."""
    if days.start is None or days.start > day:
        return None
    told = [each for each in reading.told if not each.part.context]
    if event_type not in LASTING:
        over = any(each.stage is Stage.CONCLUDED for each in told)
        planned = any(each.stage is Stage.ANNOUNCED and each.part.weight >= LEAD_WEIGHT for each in told)
        return Stage.CONCLUDED if over or not planned else None
    going_on = any(each.stage in {Stage.UNDER_WAY, Stage.ANNOUNCED} and not each.passing for each in told)
    return None if days.end is not None or going_on else Stage.CONCLUDED


def _date_points(stage: Stage, days: Days) -> float:
    """A day ahead speaks louder than one that has passed: reports of the past are often about its consequences."""
    if stage is Stage.ANNOUNCED:
        return AHEAD_POINTS * days.confidence
    return (OVER_POINTS if days.start is not None and days.end is not None else PAST_POINTS) * days.confidence
