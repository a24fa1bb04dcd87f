"""Coding: what one article says of one happening, slot by slot, each with its evidence and a confidence.

Words come from the watchlist; how they are weighed is in the modules of this room, one for each slot or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.domain.event import Coding, EventType, Slot, Stage
from monitor.domain.item import Article
from monitor.domain.judgement import Judgement, Mention
from monitor.domain.watchlist import Watchlist
from monitor.events.cast import Placed
from monitor.events.company import CompanyReader
from monitor.events.credit import CreditReader
from monitor.events.days import DayReader, Days, Sought
from monitor.events.edition import read_edition
from monitor.events.kind import TypeReader
from monitor.events.mood import MoodReader
from monitor.events.passage import Passage, passages
from monitor.events.place import PlaceReader
from monitor.events.stage import StageReader
from monitor.events.steps import StepReader
from monitor.events.undated import UndatedReader
from monitor.events.words import Vocabulary

CODE_VERSION = 6
"""Counts changes of this room that can change a coding; bump it with each, and stored items are coded anew."""

TOPIC_SURE = 0.8

NEWS_WEIGHT = 1.25
"""A clause from this weight on, the title or the first two sentences, tells how the participants met."""


class Coder:
    """Codes articles with the vocabulary and the entities of a watchlist. Holds no state between articles."""

    def __init__(self, watchlist: Watchlist) -> None:
        groups = watchlist.coding
        self.watchlist = watchlist
        self._context = Vocabulary.of(groups.get("context", {}))
        self._moods = MoodReader.of(groups)
        self._types = TypeReader(watchlist)
        self._topics = Vocabulary.of(groups.get("topics", {}))
        self._phone = Vocabulary.of(groups.get("modes", {}))
        self._days = DayReader.of(groups)
        self._undated = UndatedReader.of(groups)
        self._stages = StageReader.of(groups)
        self._places = PlaceReader.of(watchlist)
        self._company = CompanyReader.of(watchlist)
        self._steps = StepReader.of(watchlist)
        self._credits = CreditReader(watchlist.publishers.values())

    @property
    def version(self) -> str:
        """This code's version; that of its words is the watchlist's."""
        return str(CODE_VERSION)

    def code(self, article: Article, judgement: Judgement) -> Coding:
        """What the article says of the one happening it is about, and whose copy it says it is."""
        texts = passages(article, self._context, self._moods)
        if not texts:
            return Coding(EventType.OTHER, credit=self._credits.read(article))
        coding = self._code(article, texts, judgement)
        steps = self._steps.read(texts, judgement.mentions)
        return replace(coding, credit=self._credits.read(article), steps=steps)

    def _code(self, article: Article, texts: Sequence[Passage], judgement: Judgement) -> Coding:
        mentions = list(self._placed(texts, judgement.mentions))
        offices = list(self._placed(texts, judgement.receipt.offices))
        named = [*mentions, *offices]
        event_type, type_slot = self._types.read(texts, mentions, offices)
        topics, topic_slots = self._topics_in(texts)
        if not event_type.makes_event:
            return Coding(event_type, topics=topics, slots=(type_slot, *topic_slots))
        stage, stage_slot, days = self._when(article, texts, event_type)
        phone = self._phone_slot(texts) if event_type is EventType.MEETING else None
        place, place_slot = (None, None) if phone else self._places.read(texts, [p.mention for p in named], event_type)
        participants, participant_slots = self._company.participants(named, event_type)
        series, series_slot = self._company.series(mentions, event_type)
        services, service_slots = self._company.branches(texts, mentions, series)
        edition = read_edition(texts, judgement.mentions, series, article.day)
        single = (type_slot, stage_slot, *days.slots, place_slot, series_slot, phone)
        return Coding(
            type=event_type,
            stage=stage,
            start=days.start,
            end=days.end,
            place=place,
            participants=participants,
            series=series,
            topics=topics,
            slots=(
                *(slot for slot in single if slot is not None),
                *edition.slots,
                *participant_slots,
                *service_slots,
                *topic_slots,
            ),
            edition=edition.number,
            year=edition.year,
            services=services,
            by_phone=phone is not None,
        )

    def _when(self, article: Article, texts: Sequence[Passage], event_type: EventType) -> tuple[Stage, Slot, Days]:
        """The stage with its evidence, and the days. A date the feed did not give lets nothing be assumed."""
        reading = self._stages.read(texts, event_type)
        sought = Sought(article.day, event_type, reading.looks_ahead, reading.settled)
        days = self._days.read(texts, sought)
        stage, slot = self._stages.decide(reading, days, article.day, event_type, texts)
        if stage is Stage.POSTPONED and not days.anew:
            days = Days()
        if article.published is not None:
            days = self._undated.read(texts, days, stage, event_type, article.day)
        return stage, slot, days

    def _placed(self, texts: Sequence[Passage], mentions: Iterable[Mention]) -> Iterable[Placed]:
        by_field = {passage.field: passage for passage in texts}
        for mention in mentions:
            entity, passage = self.watchlist.entities.get(mention.entity), by_field.get(mention.span.field)
            if entity is not None and passage is not None:
                yield Placed(mention, passage.part_at(passage.position(mention)), entity.kind)

    def _topics_in(self, texts: Sequence[Passage]) -> tuple[tuple[str, ...], list[Slot]]:
        """The agenda topics, each once, with the first words that name each."""
        found: dict[str, Slot] = {}
        for passage in texts:
            for hit in self._topics.find(passage.folded):
                if hit.name not in found:
                    found[hit.name] = Slot("topics", hit.name, TOPIC_SURE, passage.span(hit.start, hit.end))
        return tuple(found), list(found.values())

    def _phone_slot(self, texts: Sequence[Passage]) -> Slot | None:
        """Where the news says that the participants talked by telephone or video; None where it does not."""
        for passage in texts:
            for hit in self._phone.find(passage.folded):
                part = passage.part_at(hit.start)
                if part.tells and part.weight >= NEWS_WEIGHT:
                    return Slot("mode", hit.name, 0.9, passage.span(hit.start, hit.end))
        return None
