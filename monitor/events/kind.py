"""The type of a happening: which of the things a report names is its news.

Words of the watchlist give points to types. The title weighs most, then the first sentence. A clause that tells of
another happening (an earlier meeting, the next edition) hardly counts, and one that wishes, denies or looks back makes
the report a statement rather than news of what it names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.event import EventType, Slot
from monitor.domain.judgement import Field, Mention, Span
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.calendar_words import ORDINALS
from monitor.events.date_frame import Leaning
from monitor.events.dates import leaning_of
from monitor.events.mood import Mood
from monitor.events.passage import LEAD_WEIGHT, TITLE_WEIGHT, Part, Passage
from monitor.events.words import Hit, Vocabulary, any_of, fold

STRONG = 3.0
"""Points of a word that settles the type almost by itself; an ordinary word gives one."""

TITLE_ONLY = 8.0
"""Points of a word that settles the type where it stands in a title ("why", "sign")."""

GROUPS: Mapping[str, float] = {"types": 1.0, "types_strong": STRONG, "types_title": TITLE_ONLY}

FACTORS: Mapping[EventType, float] = {EventType.STATEMENT: 0.4, EventType.OTHER: 0.0}
"""Nearly every report says that somebody said something; words listed under "other" are look-alikes."""

SPOKEN = frozenset({EventType.STATEMENT, EventType.ANALYSIS})
"""Types that live on wishes and denials; the others count for little in such a clause."""

UNTOLD = 1.0
"""Points for a statement where a clause names a happening that it wishes, denies or looks back on."""

UNTOLD_MOST = 1.0
"""The most that such a clause gives to the happening itself, before its small weight."""

BELOW_UNTOLD = 0.5
"""Factor for happenings named below a title that denies one or looks back on one."""

ABOUT_NEWS = 0.3
"""Factor for a title of an analysis ("what …", "how …") above a text that gives a happening of these days its day."""

AGENDA = frozenset({EventType.EXERCISE, EventType.TRANSFER, EventType.AGREEMENT})
"""Types that are the matter of talks where a clause says that they were agreed on or weighed."""

SETTLING, SETTLED_ON = 1.0, 0.5
"""Points for the talks, and factor for their matter, in such a clause ("agree on drills", "weigh pact")."""

WAY_THERE = 0.4
"""Factor for a visit where the news names an exercise and nobody: forces travel to it."""

OF_SHIPS = 0.4
"""Factor for a meeting where the title is about ships, which meet to exercise."""
SHIP_CALLS = 1.0
"""Points for a visit there: a ship that does nothing else calls at a port."""

UNDER_PACT = re.compile(r"(?:\bunder|in line with|in keeping with|based on) (?:[a-z0-9'&-]+ ){0,5}$")
"""What stands directly before an agreement that a happening rests on, and that is not its news."""

TO_COME = re.compile(
    r"(?:\b(?:coming|upcoming|forthcoming|next) (?:[a-z]+(?:'s)? )?|\bprepar[a-z]+ (?:for|of) (?:[a-z]+ )?"
    r"|\b(?:offers?|proposals?|ideas?|hopes?) (?:of|for|on) (?:[a-z]+ ){0,3}|(?:अगले|अगली|आगामी) (?:[^ ]+ )?|(?:来月|来週|来年|次回|次期)の?)$"
)
"""What stands directly before a happening that lies ahead of the news, or is its next edition."""

AWAITED = re.compile(r"(?: [^ ]+)? (?:की तैयारी|की पेशकश|का प्रस्ताव)|(?:会合|協議)?(?:の準備|に向け)")
"""The same behind it."""

PACT_SERVES = re.compile(r"(?: [^ ]+){0,2} (?:के तहत|के अंतर्गत)|[^、。]{0,4}に(?:基づ|もとづ)")
"""The same behind it."""

EARLIER_OR_LATER = re.compile(r"[ ,]*(?:before|ahead of|as|while) ")
BESIDE = 0.3
"""Factor for what the title sets before or after its news: "… before Friday's talks"."""

TO_COME_FACTOR = 0.25

ATTRIBUTED = re.compile(
    r".*, (?:says?|said|warns?) [^,]+$|.*: (?:[^ :]+ ){0,4}(?:minister|secretary|chief|admiral|general|envoy|ambassador|official"
    r"|अधिकारी|मंत्री|सचिव|प्रमुख|राजदूत|एडमिरल)$|「[^」]{8,}」 ?[^「」、。]{2,14}$"
)
"""A title that is what somebody said, with the speaker behind it."""
QUOTED = 5.0

NUMBERED = re.compile(
    rf"(?:\d(?:st|nd|rd|th)|\d(?:वीं|वां|वें)|{any_of(map(fold, ORDINALS)).pattern}|annual|वार्षिक)(?: [^ .।]+){{1,6}} "
    r"(?:talks|consultations|round|वार्ता|दौर)(?![a-z\u0900-\u0963])|第\d+回[^。]{2,24}(?:協議|会合|対話)"
)
"""Talks that are counted are an edition of a dialogue."""
ROUND = 2.0

URGING = re.compile(
    r"(?:let us|let|let's|don't|stop|forget|start|keep|give|make|build|bring|put|take|look|think|beware|mind) (?!off)"
    r"|.*(?:[うくぐすつぬむる]な|せよ|げよ|めよ|えよ|けよ|急げ|べし|を)$"
)
"""A title that tells somebody what to do: it opens with a bare verb, or ends in a command or a plea."""
URGED = 6.0

TALKS_ON_GOODS, GOODS = 0.4, 1.0
"""Factor for the talks, and points for the transfer, where nobody is named and the title names a platform."""

ON_JOURNEY = 0.5
"""The same for people who meet below a title that announces a journey."""

NOBODY_MEETS = 0.95
"""Factor for a meeting where nobody is named: of equals the other happening is the news."""

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention and the clause it stands in."""

    mention: Mention
    part: Part
    kind: EntityKind


Points = dict[EventType, float]


class TypeReader:
    """Reads types with the words and the entities of a watchlist."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        title = _weighed(watchlist, GROUPS)
        body = _weighed(watchlist, {name: value for name, value in GROUPS.items() if value != TITLE_ONLY})
        self._words = {Field.TITLE: title, Field.SUMMARY: body}
        self._settling = Vocabulary.of({"settling": watchlist.coding.get("settling", {}).get("on", ())})
        self._vessels = Vocabulary.of({"vessels": watchlist.coding.get("vessels", {}).get("kinds", ())})

    def read(
        self, texts: Sequence[Passage], mentions: Sequence[Placed], offices: Sequence[Placed] = ()
    ) -> tuple[EventType, Slot]:
        """The type with most points, and as confidence its lead over the next as a share of both (0..1)."""
        title: Points = defaultdict(float)
        body: Points = defaultdict(float)
        loudest: dict[EventType, tuple[float, Span]] = {}
        people = _named(mentions, EntityKind.PERSON)
        both = self._encounter([*mentions, *offices])
        for passage in texts:
            for part in passage.parts:
                self._add_words(passage, part, title if part.field is Field.TITLE else body, loudest, both=both)
        if any(URGING.match(passage.folded) for passage in texts if passage.field is Field.TITLE):
            title[EventType.ANALYSIS] += URGED
        if any(ATTRIBUTED.match(passage.folded) for passage in texts if passage.field is Field.TITLE):
            title[EventType.STATEMENT] += QUOTED
        if (title[EventType.ANALYSIS] or title[EventType.STATEMENT]) and self._tells_news(texts, mentions):
            title[EventType.ANALYSIS] *= ABOUT_NEWS
            title[EventType.STATEMENT] *= ABOUT_NEWS
        self._add_entities(mentions, title, body)
        if both:
            journey = title[EventType.VISIT] > 0 and leaning_of(_title_of(texts)) is Leaning.FUTURE
            self._add_encounter(mentions, body, journey=journey)
        face_to_face = self._encounter([*mentions, *offices], TITLE_WEIGHT)
        if face_to_face:
            title[EventType.STATEMENT] = 0.0
            for matter in (EventType.EXERCISE, EventType.TRANSFER):
                title[matter] *= SETTLED_ON
        body[EventType.DIALOGUE] += ROUND * any(_counts_talks(passage) for passage in texts)
        ships = self._of_ships(texts, mentions)
        if ships:
            title[EventType.MEETING] *= OF_SHIPS
            body[EventType.MEETING] *= OF_SHIPS
            title[EventType.VISIT] += SHIP_CALLS
        if not both:
            goods = not people and any(p.kind is EntityKind.PLATFORM and p.part.field is Field.TITLE for p in mentions)
            body[EventType.MEETING] *= TALKS_ON_GOODS if goods else NOBODY_MEETS
            title[EventType.MEETING] *= TALKS_ON_GOODS if goods else NOBODY_MEETS
            title[EventType.TRANSFER] += GOODS * goods
        exercising = title[EventType.EXERCISE] > 0 or (
            _named(mentions, EntityKind.EXERCISE) and not (ships and _calls(loudest))
        )
        if exercising and not people:
            title[EventType.VISIT] *= WAY_THERE
            body[EventType.VISIT] *= WAY_THERE
        if not face_to_face and self._untold_title(texts):
            body = {kind: points * (1.0 if kind in SPOKEN else BELOW_UNTOLD) for kind, points in body.items()}
        scores = {kind: title.get(kind, 0.0) + min(body.get(kind, 0.0), BODY_CAP) for kind in {*title, *body}}
        event_type, lead = _leader(scores)
        span = loudest[event_type][1] if event_type in loudest else _entity_span(mentions, event_type, self)
        return event_type, Slot("type", "words", lead, span)

    def entity_points(self, placed: Placed) -> tuple[EventType, float]:
        """What naming an entity says of the type."""
        own = self._watchlist.entities[placed.mention.entity].event_type
        if own is not None:
            return EventType(own), OWN_TYPE_POINTS
        return ENTITY_POINTS.get(placed.kind, (EventType.OTHER, 0.0))

    def _add_words(
        self, passage: Passage, part: Part, into: Points, loudest: dict[EventType, tuple[float, Span]], *, both: bool
    ) -> None:
        untold = part.mood is Mood.RECALLED or (part.mood is not Mood.TOLD and not part.context)
        settling = both and part.text in self._settling
        if settling:
            into[EventType.MEETING] += SETTLING * part.effective
        beside = BESIDE if part.field is Field.TITLE and _is_beside(part) else 1.0
        for event_type, (own, hit) in _strongest(self._hits(part)).items():
            points = own * (TO_COME_FACTOR if _is_ahead(part.text, hit.start, hit.end) else beside)
            if event_type in SPOKEN:
                speaks = part.mood is not Mood.RECALLED and not part.context
                worth = points * (part.weight if speaks else part.effective)
            else:
                most = points if part.mood is Mood.TOLD else min(points, UNTOLD_MOST)
                worth = most * part.effective * (SETTLED_ON if settling and event_type in AGENDA else 1.0)
                into[EventType.STATEMENT] += UNTOLD * part.weight * untold
            into[event_type] += worth
            if worth > loudest.get(event_type, (0.0, None))[0]:
                span = passage.span(part.start + hit.start, part.start + hit.end)
                loudest[event_type] = (worth, span)

    def _hits(self, part: Part) -> Iterable[Hit]:
        """The words of types in a clause, without agreements that it only rests on and a question that is answered."""
        hits = self._words[part.field].find(part.text)
        answered = part.field is Field.TITLE and part.text.endswith("?") and not part.last
        return (
            hit
            for hit in hits
            if not (hit.name.startswith(EventType.AGREEMENT) and _rests_on(part.text, hit))
            and not (answered and hit.start == len(part.text) - 1)
        )

    def _add_encounter(self, mentions: Sequence[Placed], body: Points, *, journey: bool) -> None:
        """People of both sides meet: in the frame of a dialogue that the news names, else by themselves."""
        framed = any(
            p.kind is EntityKind.FORUM
            and p.part.effective >= LEAD_WEIGHT
            and not _to_come(p)
            and self.entity_points(p) == (EventType.DIALOGUE, OWN_TYPE_POINTS)
            for p in mentions
        )
        body[EventType.DIALOGUE if framed else EventType.MEETING] += ENCOUNTER * (ON_JOURNEY if journey else 1.0)

    def _add_entities(self, mentions: Sequence[Placed], title: Points, body: Points) -> None:
        once = {(p.mention.entity, p.part.field): p for p in reversed(mentions)}.values()
        listed = len({p.mention.entity for p in once if p.kind is EntityKind.EXERCISE}) > 1
        for placed in once:
            event_type, points = self.entity_points(placed)
            in_title = placed.part.field is Field.TITLE
            points *= TO_COME_FACTOR if _to_come(placed) else 1.0
            if listed and not in_title and placed.kind is EntityKind.EXERCISE:
                points *= LISTED
            (title if in_title else body)[event_type] += points * placed.part.effective

    def _untold_title(self, texts: Sequence[Passage]) -> bool:
        """Whether the title denies a happening or looks back on one before it names any other."""
        for part in (part for passage in texts if passage.field is Field.TITLE for part in passage.parts):
            if part.mood in {Mood.RECALLED, Mood.DENIED}:
                return True
            if any(kind.makes_event for kind in _strongest(self._words[part.field].find(part.text))):
                return False
        return False

    def _tells_news(self, texts: Sequence[Passage], mentions: Sequence[Placed]) -> bool:
        """Whether a clause below the title names a happening and a day of these on which it takes place."""
        if any(p.kind is EntityKind.EXERCISE and p.part.fresh and p.part.tells for p in mentions):
            return True
        return any(
            part.fresh
            and part.tells
            and any(kind.makes_event for kind in _strongest(self._words[part.field].find(part.text)))
            for passage in texts
            if passage.field is not Field.TITLE
            for part in passage.parts
        )

    def _of_ships(self, texts: Sequence[Passage], mentions: Sequence[Placed]) -> bool:
        """Whether the title names ships and no people of both sides meet."""
        if self._encounter(mentions):
            return False
        titles = [part for text in texts if text.field is Field.TITLE for part in text.parts if not _is_beside(part)]
        named = any(
            p.kind is EntityKind.SHIP and p.part.field is Field.TITLE and not _is_beside(p.part) for p in mentions
        )
        return named or any(part.text in self._vessels for part in titles)

    def _encounter(self, mentions: Sequence[Placed], least: float = LEAD_WEIGHT) -> bool:
        """Whether people of both sides are named where the news is told: in clauses of this weight."""
        ids = {p.mention.entity for p in mentions if p.kind is EntityKind.PERSON and p.part.effective >= least}
        sides = {self._watchlist.entities[person].side for person in ids}
        return {side.id for side in self._watchlist.sides} <= sides


def _is_beside(part: Part) -> bool:
    return EARLIER_OR_LATER.match(part.text) is not None


def _to_come(placed: Placed) -> bool:
    """Whether the words before a name make it the next edition ("ahead of next month's 2+2")."""
    surface = fold(placed.mention.span.surface)
    start = placed.part.text.find(surface)
    return start >= 0 and _is_ahead(placed.part.text, start, start + len(surface))


def _is_ahead(text: str, start: int, end: int) -> bool:
    return TO_COME.search(text, 0, start) is not None or AWAITED.match(text, end) is not None


def _title_of(texts: Sequence[Passage]) -> str:
    return next((passage.folded for passage in texts if passage.field is Field.TITLE), "")


def _calls(loudest: Mapping[EventType, tuple[float, Span]]) -> bool:
    """Whether the news below the title calls something a visit by a word that settles it ("port call")."""
    return loudest.get(EventType.VISIT, (0.0, None))[0] >= STRONG * LEAD_WEIGHT


def _rests_on(text: str, hit: Hit) -> bool:
    return UNDER_PACT.search(text, 0, hit.start) is not None or PACT_SERVES.match(text, hit.end) is not None


def _counts_talks(passage: Passage) -> bool:
    """Whether the title or the first sentence counts the talks it tells of."""
    found = NUMBERED.search(passage.folded)
    part = passage.part_at(found.start()) if found else None
    return part is not None and part.tells and part.weight >= LEAD_WEIGHT


def _named(mentions: Iterable[Placed], kind: EntityKind) -> bool:
    """Whether the title or the first sentence names an entity of a kind."""
    return any(placed.kind is kind and placed.part.effective >= LEAD_WEIGHT for placed in mentions)


def _weighed(watchlist: Watchlist, groups: Mapping[str, float]) -> Vocabulary:
    """The words of several groups, each named by its type and the points of its group."""
    names: dict[str, list[str]] = defaultdict(list)
    for group, value in groups.items():
        for name, words in watchlist.coding.get(group, {}).items():
            points = value * FACTORS.get(EventType(name), 1.0)
            names[f"{name} {points}"] += words
    return Vocabulary.of(names)


def _strongest(hits: Iterable[Hit]) -> dict[EventType, tuple[float, Hit]]:
    """Per type the points of the clause's strongest word, and that word."""
    best: dict[EventType, tuple[float, Hit]] = {}
    for hit in hits:
        name, _, points = hit.name.partition(" ")
        event_type = EventType(name)
        if event_type not in best or float(points) > best[event_type][0]:
            best[event_type] = (float(points), hit)
    return best


def _entity_span(mentions: Iterable[Placed], event_type: EventType, reader: TypeReader) -> Span | None:
    """The first mention that speaks for a type; None where none does."""
    return next((p.mention.span for p in mentions if reader.entity_points(p)[0] is event_type), None)


def _leader(scores: Mapping[EventType, float]) -> tuple[EventType, float]:
    """The best type in the order of `EventType` on a tie; OTHER where no word spoke."""
    order = list(EventType)
    ranked = sorted(scores, key=lambda kind: (-scores[kind], order.index(kind)))
    if not ranked or scores[ranked[0]] <= 0:
        return EventType.OTHER, 0.0
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0], round(scores[ranked[0]] / (scores[ranked[0]] + second), 2)
