"""Steps: where a report says that an agreement or a platform deal stands, from talks to its first use.

A step is read only from the clause that names the agreement, and only where that clause tells of the present happening:
half of all articles recall in passing when a pact was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.event import StepTold
from monitor.domain.judgement import Mention
from monitor.domain.ladder import CLIMBING
from monitor.domain.watchlist import Step, Watchlist
from monitor.events.mood import Mood
from monitor.events.passage import Part, Passage
from monitor.events.words import Hit, Vocabulary


@dataclass(frozen=True, slots=True)
class StepReader:
    """Reads steps with the words of a watchlist's group "steps"."""

    words: Vocabulary
    watchlist: Watchlist

    @classmethod
    def of(cls, watchlist: Watchlist) -> StepReader:
        """Reads nothing where the watchlist has no such group."""
        group: Mapping[str, Iterable[str]] = watchlist.coding.get("steps", {})
        return cls(Vocabulary.of({Step(name): words for name, words in group.items()}), watchlist)

    def read(self, texts: Sequence[Passage], mentions: Iterable[Mention]) -> tuple[StepTold, ...]:
        """The step told of each agreement and platform, once each: where clauses differ, the one that weighs most."""
        best: dict[str, tuple[float, StepTold]] = {}
        for weight, told in self._told(texts, mentions):
            if told.entity not in best or weight > best[told.entity][0]:
                best[told.entity] = (weight, told)
        return tuple(told for _, told in best.values())

    def _told(self, texts: Sequence[Passage], mentions: Iterable[Mention]) -> Iterator[tuple[float, StepTold]]:
        by_field = {passage.field: passage for passage in texts}
        for mention in mentions:
            entity, passage = self.watchlist.entities.get(mention.entity), by_field.get(mention.span.field)
            if entity is None or entity.kind not in CLIMBING or passage is None:
                continue
            part = passage.part_at(passage.position(mention))
            hit = self._step(part)
            if hit is not None:
                span = passage.span(part.start + hit.start, part.start + hit.end)
                yield part.weight, StepTold(entity.id, Step(hit.name), span)

    def _step(self, part: Part) -> Hit | None:
        """The lowest step that the clause tells of: "to sign" and "talks to sign" are not yet signed."""
        if part.context or part.mood is not Mood.TOLD:
            return None
        return min(self.words.find(part.text), key=lambda hit: Step(hit.name).rank, default=None)
