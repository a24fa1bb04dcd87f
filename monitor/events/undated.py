"""The day of a happening whose report names none: news of what is done or begins is news of its day.

On labelled items the day so assumed is the right one or the day after it, so it is marked as assumed, weighs next to
nothing beside a day that a text gives, and is never held against another report when stories are grouped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.domain.event import ASSUMED, LASTING, EventType, Slot, Stage
from monitor.domain.judgement import Field, Span
from monitor.events.calendar_words import NUMBER_WORDS, ORDINALS
from monitor.events.dates import durations
from monitor.events.days import Days, completed, length_told
from monitor.events.passage import LEAD_WEIGHT, Passage
from monitor.events.words import Vocabulary, any_of, fold

CONFIDENCE = 0.05

COUNTED = "day of the happening"
"""Rule of a first day reckoned back from the one that a report counts ("day two")."""

LONGEST_COUNT = 15
"""Days; nobody counts further."""

_CARDINALS = {fold(name): number for name, number in NUMBER_WORDS.items() if name.isascii() and name != "a"}
_ORDINALS = {fold(name): number for name, number in ORDINALS.items()}
_NUMBERS = _CARDINALS | _ORDINALS
_DAY_COUNTS = (
    re.compile(rf"\bday (?:(?P<n>\d)(?!\d|-)|(?P<w>{any_of(_CARDINALS).pattern}))"),
    re.compile(rf"(?P<w>{any_of(_ORDINALS).pattern}) (?:day (?:of|running)|दिन)(?![a-z])(?P<n>)"),
    re.compile(rf"(?:for a|on its|in its) (?P<w>{any_of(_ORDINALS).pattern}) day(?![a-z])(?P<n>)"),
    re.compile(r"(?P<n>\d)日目(?P<w>)"),
)


@dataclass(frozen=True, slots=True)
class UndatedReader:
    """Assumes days with the words of a watchlist."""

    beginning: Vocabulary
    ending: Vocabulary

    @classmethod
    def of(cls, groups: Mapping[str, Mapping[str, tuple[str, ...]]]) -> UndatedReader:
        """From the groups "beginning" and "ending"."""
        return cls(Vocabulary.of(groups.get("beginning", {})), Vocabulary.of(groups.get("ending", {})))

    def read(self, texts: Sequence[Passage], days: Days, stage: Stage, event_type: EventType, day: date) -> Days:
        """The days as read, or those assumed where the texts give no first one and the report is news of its day."""
        if days.start is not None:
            return _counted_back(texts, days, stage, event_type, day)
        if event_type in LASTING:
            return self._lasting(texts, days, stage, day)
        if stage is Stage.CONCLUDED and days.end is None:
            return replace(days, start=day, end=day, slots=(*days.slots, _SLOT))
        return days

    def _lasting(self, texts: Sequence[Passage], days: Days, stage: Stage, day: date) -> Days:
        if stage is Stage.UNDER_WAY and (counted := _day_counted(texts)) is not None:
            number, span = counted
            return replace(days, start=day - timedelta(days=number - 1), slots=(*days.slots, _counted(span)))
        if stage is Stage.UNDER_WAY and self._begins(texts):
            return self._from(texts, days, day)
        if stage is Stage.CONCLUDED and days.end is not None and days.end <= day:
            return replace(days, start=days.end, slots=(*days.slots, _SLOT))
        if stage is Stage.CONCLUDED and days.end is None and (length := length_told(texts)) and self._ends(texts):
            return replace(days, start=day - length, end=day, slots=(*days.slots, _SLOT))
        return days

    def _from(self, texts: Sequence[Passage], days: Days, day: date) -> Days:
        if days.end is not None and days.end < day:
            return days
        length = length_told(texts)
        end = completed(day, None, length)[1] if days.end is None and length else days.end
        return replace(days, start=day, end=end, slots=(*days.slots, _SLOT))

    def _ends(self, texts: Sequence[Passage]) -> bool:
        """Whether the title says that the happening ends."""
        titles = [part for passage in texts if passage.field is Field.TITLE for part in passage.parts]
        return any(part.tells and part.text in self.ending for part in titles)

    def _begins(self, texts: Sequence[Passage]) -> bool:
        """Whether the title says that the happening begins, or how long it lasts, which is told at its beginning."""
        titles = [p.text for passage in texts if passage.field is Field.TITLE for p in passage.parts if not p.context]
        return any(title in self.beginning or any(durations(title)) for title in titles)


def _counted_back(texts: Sequence[Passage], days: Days, stage: Stage, event_type: EventType, day: date) -> Days:
    """The days, reckoned from the one that a report dates and counts: "continued for a second day on Friday"."""
    if event_type not in LASTING or stage is not Stage.UNDER_WAY or days.start is None:
        return days
    if not day - timedelta(days=1) <= days.start <= day or (counted := _day_counted(texts)) is None:
        return days
    number, span = counted
    return replace(days, start=days.start - timedelta(days=number - 1), slots=(*_without_start(days), _counted(span)))


def _without_start(days: Days) -> list[Slot]:
    return [slot for slot in days.slots if slot.name != "start"]


def _counted(span: Span) -> Slot:
    return Slot("start", COUNTED, 0.6, span)


def _day_counted(texts: Sequence[Passage]) -> tuple[int, Span] | None:
    """Which day of the happening the title or the first sentence says it is, and where; None where neither does."""
    for passage in texts:
        for match in (match for pattern in _DAY_COUNTS for match in pattern.finditer(passage.folded)):
            part = passage.part_at(match.start())
            number = int(match["n"]) if match["n"] else _NUMBERS[match["w"]]
            if part.tells and part.weight >= LEAD_WEIGHT and 1 < number < LONGEST_COUNT:
                return number, passage.span(match.start(), match.end())
    return None


_SLOT = Slot("start", ASSUMED, CONFIDENCE)
