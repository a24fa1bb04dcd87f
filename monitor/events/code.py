"""Coding: what one article says of one happening, slot by slot, each with its evidence.

Words come from the watchlist; how they are weighed is here. The title weighs most, then the first sentence. A clause
that tells of another happening (an earlier meeting, an anniversary, the next edition) hardly counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.domain.event import Coding, EventType, Slot, Stage
from monitor.domain.item import Article
from monitor.domain.judgement import Field, Judgement, Mention
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.credit import CreditReader
from monitor.events.days import DayReader, Days, Sought
from monitor.events.mood import Mood, MoodReader
from monitor.events.passage import LEAD_WEIGHT, Part, Passage, passages
from monitor.events.place import PlaceReader
from monitor.events.stage import StageReader
from monitor.events.undated import UndatedReader
from monitor.events.words import Vocabulary

CODE_VERSION = 4
"""Counts changes of this room that can change a coding; bump it with each, and stored items are coded anew."""

STRONG = 3.0
"""Points of a word that settles the type almost by itself; an ordinary word gives one."""

TITLE_ONLY = 8.0
"""Points of a word that settles the type where it stands in a title ("why", "sign")."""

FACTORS: Mapping[EventType, float] = {EventType.STATEMENT: 0.4, EventType.OTHER: 0.0}
"""Nearly every report says that somebody said something; words listed under "other" are look-alikes."""

SPOKEN = frozenset({EventType.STATEMENT, EventType.ANALYSIS})
"""Types that live on wishes and denials; the others count for little in such a clause."""

UNTOLD = 1.0
"""Points for a statement where a clause names a happening that it wishes, denies or looks back on."""

BELOW_UNTOLD = 0.5
"""Factor for happenings named below a title that denies one or looks back on one."""

ENCOUNTER = 3.0
"""Points for a meeting when people of both sides are named together in the title or the first sentence."""

LISTED = 0.4
"""Factor for an exercise named beside others below the title: a list of what two forces do, not the news."""

BODY_CAP = 6.0
"""The most that the text below the title gives to one type: a long article must not outvote its own headline."""

ENTITY_POINTS: Mapping[EntityKind, tuple[EventType, float]] = {
    EntityKind.EXERCISE: (EventType.EXERCISE, 2.0),
    EntityKind.FORUM: (EventType.DIALOGUE, 0.3),
    EntityKind.AGREEMENT: (EventType.AGREEMENT, 0.5),
    EntityKind.PLATFORM: (EventType.TRANSFER, 0.15),
}
"""What naming an entity says of the type when the watchlist gives it no event type of its own."""

OWN_TYPE_POINTS = 2.0
"""What naming an entity with an event type of its own says of that type."""

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention and the clause it stands in."""

    mention: Mention
    part: Part
    kind: EntityKind


class Coder:
    """Codes articles with the vocabulary and the entities of a watchlist. Holds no state between articles."""

    def __init__(self, watchlist: Watchlist) -> None:
        groups = watchlist.coding
        self.watchlist = watchlist
        self._types = Vocabulary.of(groups.get("types", {}))
        self._strong = Vocabulary.of(groups.get("types_strong", {}))
        self._title = Vocabulary.of(groups.get("types_title", {}))
        self._context = Vocabulary.of(groups.get("context", {}))
        self._moods = MoodReader.of(groups)
        self._topics = Vocabulary.of(groups.get("topics", {}))
        self._days = DayReader.of(groups)
        self._undated = UndatedReader.of(groups)
        self._stages = StageReader.of(groups)
        self._places = PlaceReader.of(watchlist)
        self._credits = CreditReader(watchlist.publishers.values())

    @property
    def version(self) -> str:
        """This code's version; that of its words is the watchlist's."""
        return str(CODE_VERSION)

    def code(self, article: Article, judgement: Judgement) -> Coding:
        """What the article says of the one happening it is about, and whose copy it says it is."""
        return replace(self._code(article, judgement), credit=self._credits.read(article))

    def _code(self, article: Article, judgement: Judgement) -> Coding:
        texts = passages(article, self._context, self._moods)
        if not texts:
            return Coding(EventType.OTHER)
        mentions = list(self._placed(texts, judgement.mentions))
        holders = list(self._placed(texts, judgement.receipt.offices))
        event_type, sureness = self._type(texts, mentions)
        if not event_type.makes_event:
            return Coding(event_type, topics=self._topics_in(texts), slots=(Slot("type", "words", sureness),))
        reading = self._stages.read(texts, event_type)
        sought = Sought(article.day, event_type, reading.looks_ahead, reading.settled)
        days = self._days.read(texts, sought)
        stage, stage_slot = self._stages.decide(reading, days, article.day, event_type, texts)
        if stage is Stage.POSTPONED and not days.anew:
            days = Days()
        if article.published is not None:
            days = self._undated.read(texts, days, stage, event_type, article.day)
        place, place_slot = self._places.read(texts, [p.mention for p in (*mentions, *holders)], event_type)
        series = self._series(mentions, event_type)
        slots = (Slot("type", "words", sureness), stage_slot, *days.slots, place_slot)
        return Coding(
            type=event_type,
            stage=stage,
            start=days.start,
            end=days.end,
            place=place,
            participants=self._participants([*mentions, *holders], event_type),
            series=series,
            topics=self._topics_in(texts),
            slots=tuple(slot for slot in slots if slot is not None),
        )

    def _placed(self, texts: Sequence[Passage], mentions: Iterable[Mention]) -> Iterable[Placed]:
        by_field = {passage.field: passage for passage in texts}
        for mention in mentions:
            entity, passage = self.watchlist.entities.get(mention.entity), by_field.get(mention.span.field)
            if entity is not None and passage is not None:
                yield Placed(mention, passage.part_at(passage.position(mention)), entity.kind)

    def _type(self, texts: Sequence[Passage], mentions: Sequence[Placed]) -> tuple[EventType, float]:
        """The type with most points, and its lead over the next as a share of both (0..1)."""
        title: dict[EventType, float] = defaultdict(float)
        body: dict[EventType, float] = defaultdict(float)
        for passage in texts:
            for part in passage.parts:
                into = title if part.field is Field.TITLE else body
                for event_type, points in self._clause_points(part).items():
                    if part.mood is not Mood.TOLD and event_type not in SPOKEN:
                        points = min(points, 1.0)
                    spoken = event_type in SPOKEN and part.mood is not Mood.RECALLED
                    into[event_type] += points * (part.weight if spoken and not part.context else part.effective)
                    if _untold(part) and event_type not in SPOKEN:
                        into[EventType.STATEMENT] += UNTOLD * part.weight
        once = {(p.mention.entity, p.part.field): p for p in reversed(mentions)}.values()
        listed = len({p.mention.entity for p in once if p.kind is EntityKind.EXERCISE}) > 1
        for placed in once:
            event_type, points = self._entity_points(placed)
            in_title = placed.part.field is Field.TITLE
            if listed and not in_title and placed.kind is EntityKind.EXERCISE:
                points *= LISTED
            (title if in_title else body)[event_type] += points * placed.part.effective
        body[EventType.MEETING] += ENCOUNTER * self._encounter(mentions)
        if _untold_title(texts):
            body = defaultdict(
                float, {kind: points * (1.0 if kind in SPOKEN else BELOW_UNTOLD) for kind, points in body.items()}
            )
        scores = {kind: title[kind] + min(body[kind], BODY_CAP) for kind in {*title, *body}}
        return _leader(scores)

    def _clause_points(self, part: Part) -> dict[EventType, float]:
        """Points of one clause: each type once, by its strongest word."""
        points: dict[EventType, float] = {}
        vocabularies = [(self._types, 1.0), (self._strong, STRONG)]
        if part.field is Field.TITLE:
            vocabularies.append((self._title, TITLE_ONLY))
        for vocabulary, value in vocabularies:
            for hit in vocabulary.find(part.text):
                event_type = EventType(hit.name)
                points[event_type] = max(points.get(event_type, 0.0), value * FACTORS.get(event_type, 1.0))
        return points

    def _entity_points(self, placed: Placed) -> tuple[EventType, float]:
        own = self.watchlist.entities[placed.mention.entity].event_type
        if own is not None:
            return EventType(own), OWN_TYPE_POINTS
        return ENTITY_POINTS.get(placed.kind, (EventType.OTHER, 0.0))

    def _encounter(self, mentions: Sequence[Placed]) -> bool:
        """Whether people of both sides are named where the news is told."""
        ids = {p.mention.entity for p in mentions if p.kind is EntityKind.PERSON and p.part.effective >= LEAD_WEIGHT}
        sides = {self.watchlist.entities[person].side for person in ids}
        return {side.id for side in self.watchlist.sides} <= sides

    def _participants(self, mentions: Sequence[Placed], event_type: EventType) -> tuple[str, ...]:
        kinds = [EntityKind.PERSON, EntityKind.ORGANISATION]
        if event_type in BY_ORGANISATION:
            kinds.reverse()
        for kind in kinds:
            named = [p.mention.entity for p in mentions if p.kind is kind and p.part.effective >= PARTICIPANT_WEIGHT]
            if named:
                return tuple(dict.fromkeys(named))
        return ()

    def _series(self, mentions: Sequence[Placed], event_type: EventType) -> str | None:
        """The exercise, forum or agreement of the event: the one named with most weight, the first on a tie."""
        kinds = SERIES_KINDS.get(event_type, ())
        weights: dict[str, float] = defaultdict(float)
        for placed in mentions:
            own = self.watchlist.entities[placed.mention.entity].event_type
            context = placed.part.context and placed.kind is not EntityKind.EXERCISE
            if placed.kind in kinds and not context and own in (None, event_type):
                weights[placed.mention.entity] += placed.part.effective
        return max(weights, key=lambda entity: weights[entity], default=None)

    def _topics_in(self, texts: Sequence[Passage]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.name for passage in texts for hit in self._topics.find(passage.folded)))


def _untold(part: Part) -> bool:
    """Whether a clause wishes, denies or looks back; one about another happening does so only where it looks back."""
    return part.mood is Mood.RECALLED or (part.mood is not Mood.TOLD and not part.context)


def _untold_title(texts: Sequence[Passage]) -> bool:
    """Whether the first clause of the title denies a happening or looks back on one."""
    first = texts[0].parts[0]
    return first.field is Field.TITLE and first.mood in {Mood.RECALLED, Mood.DENIED}


def _leader(scores: Mapping[EventType, float]) -> tuple[EventType, float]:
    """The best type in the order of `EventType` on a tie; OTHER where no word spoke."""
    order = list(EventType)
    ranked = sorted(scores, key=lambda kind: (-scores[kind], order.index(kind)))
    if not ranked or scores[ranked[0]] <= 0:
        return EventType.OTHER, 0.0
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0], round(scores[ranked[0]] / (scores[ranked[0]] + second), 2)
