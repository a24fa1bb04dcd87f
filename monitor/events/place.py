"""The place of a happening, shown by its English name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.domain.event import EventType, Slot
from monitor.domain.judgement import Field, Mention
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.passage import Part, Passage
from monitor.events.words import WORD, Vocabulary, any_of, fold, fold_name

AT_SEA = frozenset({EventType.EXERCISE, EventType.DEPLOYMENT, EventType.VISIT})
"""Types that may take place at sea."""

BY_PEOPLE = frozenset(EventType) - AT_SEA | {EventType.VISIT}
"""Types whose people, when they travel to a country of which no town is named, are received in its capital."""

NEAR_TYPES = ("meeting", "dialogue", "staff-talks", "agreement", "exercise", "deployment")
OTHER_HAPPENING = 0.35
"""Factor for a place in a clause that names a happening of these types and none of the one sought."""
_TALKS = {"meeting", "dialogue", "staff-talks", "agreement", "visit"}
_AFLOAT = {"exercise", "deployment", "visit"}
ALIKE: Mapping[EventType, AbstractSet[str]] = {
    **dict.fromkeys((EventType.MEETING, EventType.DIALOGUE, EventType.STAFF_TALKS, EventType.AGREEMENT), _TALKS),
    **dict.fromkeys((EventType.EXERCISE, EventType.DEPLOYMENT), _AFLOAT),
    EventType.VISIT: _TALKS | _AFLOAT,
    EventType.TRANSFER: _TALKS,
}
"""Types that share a place."""

AT_POINTS = 1.0
PASSING_POINTS = 0.2
TOWARDS_POINTS = 0.7
DATELINE_POINTS = 0.45
"""Where the report was written is where its news happened unless its words name another place."""
BARE_POINTS = 0.4
"""Of a town that stands without a word that makes it a place: it is named for hardly anything else."""
BARE_CAPITAL_POINTS = 0.05
"""A capital without such a word mostly stands for its government."""
SEA_FACTOR = 0.5
"""A port is the better answer where both are named."""
DRY_SEA_FACTOR = 0.25
"""The same for what seldom takes place at sea."""
REGION_FACTOR = 0.3
"""A town is the better answer where both are named; a country is the place of a visit only."""
LEAST_POINTS = 0.2
CUE_REACH = 60
"""Characters before a name in which a cue may begin."""
HINTED = 0.3
"""Confidence in the capital of a country where only the country is named."""

_ALONE = re.compile(r"(?:^|\s)?[^a-z\s]+(?:\s|$)?")
"""A name with blanks around it, in a script that writes none: the place is put beside the headline."""

_VESSEL_BEFORE = re.compile(
    r"(?:\b(?:ins|icgs|hmas|uss|uscgc|js|jds|hms|destroyer|frigate|corvette|submarine)|आईएनएस|पोत) $"
)

_DATELINE = re.compile(r"\s*(?:\(|,\s*[a-z]{3,9}\.?\s+\d|\s-\s|:)")


@dataclass(frozen=True, slots=True)
class _Named:
    """A place named in a passage, at offsets of its folded text."""

    name: str
    passage: Passage
    start: int
    end: int
    factor: float
    kind: str | None


@dataclass(frozen=True, slots=True)
class PlaceReader:
    """Reads places with the words and the place entities of a watchlist."""

    names: Mapping[str, str]
    kinds: Mapping[str, str]
    persons: frozenset[str]
    ships: frozenset[str]
    more: Vocabulary
    hints: Vocabulary
    before: Mapping[str, re.Pattern[str]]
    after: Mapping[str, re.Pattern[str]]
    types: Vocabulary
    elsewhere: Vocabulary

    @classmethod
    def of(cls, watchlist: Watchlist) -> PlaceReader:
        """From the place entities and the groups "places" and "place_…"."""
        groups = watchlist.coding
        entities = watchlist.entities.values()
        return cls(
            names={entity.id: entity.name for entity in entities if entity.kind is EntityKind.PLACE}
            | {entity: city for city, ids in groups.get("place_in", {}).items() for entity in ids},
            kinds={entity: kind for kind, ids in groups.get("place_kinds", {}).items() for entity in ids},
            persons=frozenset(entity.id for entity in entities if entity.kind is EntityKind.PERSON),
            ships=frozenset(entity.id for entity in entities if entity.kind is EntityKind.SHIP),
            more=Vocabulary.of(groups.get("places", {})),
            hints=Vocabulary.of(groups.get("place_hints", {})),
            before={name: _before(words) for name, words in groups.get("place_before", {}).items()},
            after={name: _after(words) for name, words in groups.get("place_after", {}).items()},
            elsewhere=Vocabulary.of(groups.get("place_elsewhere", {})),
            types=Vocabulary.of({name: groups.get("types", {}).get(name, ()) for name in NEAR_TYPES}),
        )

    def read(
        self, texts: Sequence[Passage], mentions: Iterable[Mention], event_type: EventType
    ) -> tuple[str | None, Slot | None]:
        """The best supported place and its evidence; (None, None) where no place is named as one."""
        mentions = list(mentions)
        points: dict[str, float] = defaultdict(float)
        first: dict[str, _Named] = {}
        for named in sorted(self._named(texts, mentions, event_type), key=_position):
            part = named.passage.part_at(named.start)
            worth = self._points(named) * named.factor * (1.0 if part.field is Field.TITLE else 0.8)
            worth *= self._nearness(part, event_type)
            points[named.name] += worth * min(part.effective, 2.0)
            first.setdefault(named.name, named)
        best = max(points, key=lambda name: points[name], default=None)
        if best is not None and points[best] < LEAST_POINTS:
            best = None
        if event_type in BY_PEOPLE and (best is None or self.kinds.get(best) == "country"):
            capital, slot = self._hinted(texts)
            if capital is not None and not self.persons.isdisjoint(mention.entity for mention in mentions):
                return capital, slot
        if best is None:
            return None, None
        place = first[best]
        confidence = round(points[best] / sum(points.values()), 2)
        return best, Slot("place", "words around", confidence, place.passage.span(place.start, place.end))

    def _nearness(self, part: Part, event_type: EventType) -> float:
        """Less than 1 for a clause that names only a happening of another type, or what comes before it elsewhere."""
        if part.text in self.elsewhere:
            return OTHER_HAPPENING
        kinds = {hit.name for hit in self.types.find(part.text)}
        return OTHER_HAPPENING if kinds and not kinds & ALIKE.get(event_type, {event_type.value}) else 1.0

    def _hinted(self, texts: Sequence[Passage]) -> tuple[str | None, Slot | None]:
        """The capital of the country that people travel to, by the first words that say so."""
        for passage in texts:
            for hit in self.hints.find(passage.folded):
                if not passage.part_at(hit.start).context:
                    span = passage.span(hit.start, hit.end)
                    return hit.name, Slot("place", "capital of the country", HINTED, span)
        return None, None

    def _named(self, texts: Sequence[Passage], mentions: list[Mention], event_type: EventType) -> Iterator[_Named]:
        found = [(passage, self.more.find(passage.folded)) for passage in texts]
        vessels = {hit.name for passage, hits in found for hit in hits if _is_vessel(passage, hit.start)}
        ships = {fold_name(m.span.surface).split()[-1] for m in mentions if m.entity in self.ships}
        for passage, every in found:
            hits = [hit for hit in every if not _is_vessel(passage, hit.start)]
            hits = [hit for hit in hits if not _beside_ship(passage.folded, hit.end, ships)]
            hits = [hit for hit in hits if self._cued(passage, hit.start, hit.end) or hit.name not in vessels]
            for hit in hits:
                if factor := self._factor(hit.name, event_type):
                    yield _Named(hit.name, passage, hit.start, hit.end, factor, self.kinds.get(hit.name))
            for mention in mentions:
                if mention.entity not in self.names or mention.span.field is not passage.field:
                    continue
                start = passage.position(mention)
                end = start + len(fold_name(mention.span.surface))
                factor = 0.0 if _beside_ship(passage.folded, end, ships) else self._factor(mention.entity, event_type)
                if factor and not any(hit.start < end and start < hit.end for hit in hits):
                    kind = self.kinds.get(mention.entity)
                    yield _Named(self.names[mention.entity], passage, start, end, factor, kind)

    def _factor(self, place: str, event_type: EventType) -> float:
        """What a name counts by its kind; `place` is the id of an entity or a name of the group "places"."""
        match self.kinds.get(place):
            case "never":
                return 0.0
            case "region":
                return REGION_FACTOR
            case "country":
                return REGION_FACTOR if event_type is EventType.VISIT else 0.0
            case "sea":
                return SEA_FACTOR if event_type in AT_SEA else DRY_SEA_FACTOR
            case _:
                return 1.0

    def _cued(self, passage: Passage, start: int, end: int) -> float:
        """What the words directly around a name make it count as a place; 0 where none does."""
        text = passage.folded
        for cues, points in (("passing", PASSING_POINTS), ("at", AT_POINTS), ("towards", TOWARDS_POINTS)):
            before, after = self.before.get(cues), self.after.get(cues)
            if before is not None and before.search(text, max(0, start - CUE_REACH), start):
                return points
            if after is not None and after.match(text, end):
                return points
        return 0.0

    def _points(self, named: _Named) -> float:
        text = named.passage.folded
        if cued := self._cued(named.passage, named.start, named.end):
            return cued
        opening = named.passage.field is Field.SUMMARY and named.start <= 1
        if opening and _DATELINE.match(text, named.end):
            return DATELINE_POINTS
        if named.passage.field is Field.TITLE and _ALONE.fullmatch(text, max(0, named.start - 1), named.end + 1):
            return BARE_POINTS
        return BARE_CAPITAL_POINTS if named.kind in {"capital", "country"} else BARE_POINTS


def _beside_ship(folded: str, end: int, ships: Iterable[str]) -> bool:
    """Whether a ship is named directly behind: "Kochi and Teg" are two ships."""
    also = _ALSO.match(folded, end)
    return also is not None and any(folded.startswith(ship, also.end()) for ship in ships)


_ALSO = re.compile(r",? and |, | और |・|、|と")


def _is_vessel(passage: Passage, start: int) -> bool:
    """Whether the name at `start` is that of a ship."""
    return _VESSEL_BEFORE.search(passage.folded, max(0, start - 12), start) is not None


def _position(named: _Named) -> tuple[bool, int]:
    """The order of reading, the title first: of equals the first named wins."""
    return named.passage.field is not Field.TITLE, named.start


def _before(words: Iterable[str]) -> re.Pattern[str]:
    """A cue directly before the name, with an article and at most one attribute between."""
    return re.compile(rf"{any_of(map(fold, words)).pattern},?\s+(?:the\s+|nearby\s+|'|\")*(?:[{WORD}]+,?\s+)?['\"]?$")


def _after(words: Iterable[str]) -> re.Pattern[str]:
    """A cue directly after the name, or after another place joined to it."""
    return re.compile(rf"['\"」』]?\s*(?:(?:और|व|एवं|と|・)\s*[^\s、。]{{2,12}}?\s*)?{any_of(map(fold, words)).pattern}")
