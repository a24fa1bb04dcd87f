"""Who takes part in a happening, of which series it is an edition, and which services it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.event import EventType, Slot
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.cast import Placed
from monitor.events.passage import Passage
from monitor.events.words import Vocabulary

SERIES_KINDS: Mapping[EventType, tuple[EntityKind, ...]] = {
    EventType.EXERCISE: (EntityKind.EXERCISE,),
    EventType.VISIT: (EntityKind.EXERCISE,),
    EventType.DEPLOYMENT: (EntityKind.EXERCISE,),
    EventType.MEETING: (EntityKind.FORUM,),
    EventType.DIALOGUE: (EntityKind.FORUM,),
    EventType.STAFF_TALKS: (EntityKind.FORUM,),
    EventType.AGREEMENT: (EntityKind.AGREEMENT,),
    EventType.TRANSFER: (EntityKind.AGREEMENT, EntityKind.PLATFORM),
}
BY_ORGANISATION = frozenset({EventType.EXERCISE, EventType.DEPLOYMENT, EventType.TRANSFER})
"""Types whose participants are forces and firms first; those of the others are people first."""

PARTICIPANT_WEIGHT = 0.9
"""A name counts as a participant from this weight of its clause on: not in context, not far down the text."""

SURE, LIKELY = 0.9, 0.7
"""Confidence in what the title names, and in what only the text below it names."""

TITLE_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class CompanyReader:
    """Reads participants, series and services with the entities and the words of a watchlist."""

    watchlist: Watchlist
    services: Vocabulary

    @classmethod
    def of(cls, watchlist: Watchlist) -> CompanyReader:
        """From the group "services", keys as `Entity.service`."""
        return cls(watchlist, Vocabulary.of(watchlist.coding.get("services", {})))

    def participants(self, mentions: Sequence[Placed], event_type: EventType) -> tuple[tuple[str, ...], list[Slot]]:
        """The ids of those who take part, each once, with the first place that names each."""
        kinds = [EntityKind.PERSON, EntityKind.ORGANISATION]
        if event_type in BY_ORGANISATION:
            kinds.reverse()
        for kind in kinds:
            named = [p for p in mentions if p.kind is kind and p.part.effective >= PARTICIPANT_WEIGHT]
            if named:
                first = {placed.mention.entity: placed for placed in reversed(named)}
                ids = tuple(dict.fromkeys(placed.mention.entity for placed in named))
                return ids, [_slot("participants", first[entity]) for entity in ids]
        return (), []

    def series(self, mentions: Iterable[Placed], event_type: EventType) -> tuple[str | None, Slot | None]:
        """The exercise, forum or agreement of the event: the one named with most weight, the first on a tie."""
        kinds = SERIES_KINDS.get(event_type, ())
        weights: dict[str, float] = defaultdict(float)
        first: dict[str, Placed] = {}
        for placed in mentions:
            own = self.watchlist.entities[placed.mention.entity].event_type
            told = placed.kind is EntityKind.EXERCISE or _told(placed)
            if placed.kind in kinds and told and own in (None, event_type):
                weights[placed.mention.entity] += placed.part.effective
                first.setdefault(placed.mention.entity, placed)
        best = max(weights, key=lambda entity: weights[entity], default=None)
        if best is None:
            return None, None
        share = weights[best] / sum(weights.values())
        return best, Slot("series", "name", round(SURE * share, 2), first[best].mention.span)

    def branches(
        self, texts: Sequence[Passage], mentions: Iterable[Placed], series: str | None
    ) -> tuple[tuple[str, ...], list[Slot]]:
        """The services: that of the series, else those of the forces and the words in clauses that tell the news."""
        own = self.watchlist.entities[series].service if series is not None else None
        found: dict[str, Slot] = {}
        for placed in mentions:
            service = self.watchlist.entities[placed.mention.entity].service
            if service is not None and placed.part.effective >= PARTICIPANT_WEIGHT and own in (None, service):
                found.setdefault(service, _slot("services", placed))
        for name, slot in self._by_words(texts):
            if own in (None, name):
                found.setdefault(name, slot)
        if own is not None and own not in found:
            found[own] = Slot("services", "series", SURE)
        return tuple(found), list(found.values())

    def _by_words(self, texts: Sequence[Passage]) -> Iterable[tuple[str, Slot]]:
        for passage in texts:
            for part in passage.parts:
                if part.effective < PARTICIPANT_WEIGHT:
                    continue
                for hit in self.services.find(part.text):
                    span = passage.span(part.start + hit.start, part.start + hit.end)
                    yield hit.name, Slot("services", "words", LIKELY, span)


def _told(placed: Placed) -> bool:
    """Whether the clause tells the news; of forums one named further down ("both are members of …") is background."""
    least = PARTICIPANT_WEIGHT if placed.kind is EntityKind.FORUM else 0.0
    return not placed.part.context and placed.part.effective >= least


def _slot(name: str, placed: Placed) -> Slot:
    sure = SURE if placed.part.weight >= TITLE_WEIGHT else LIKELY
    return Slot(name, placed.mention.sense, sure, placed.mention.span)
