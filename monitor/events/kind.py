"""The type of a happening: which of the things a report names is its news.

Words of the watchlist give points to types. The title weighs most, then the first sentence. A clause that tells of
another happening (an earlier meeting, the next edition) hardly counts, and one that wishes, denies or looks back makes
the report a statement rather than news of what it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.domain.event import EventType, Slot
from monitor.domain.judgement import Field, Span
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.events.background import counts_talks, is_ahead, is_beside, is_quoted, rests_on, urges
from monitor.events.cast import Cast, Casting, Placed, title_of
from monitor.events.date_frame import Leaning
from monitor.events.dates import leaning_of
from monitor.events.mood import Mood
from monitor.events.passage import LEAD_WEIGHT, TITLE_WEIGHT, Part, Passage
from monitor.events.words import Hit, Vocabulary, fold_name

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

BESIDE = 0.3
"""Factor for what the title sets before, after or beside its news: "… before Friday's talks"."""
TO_COME_FACTOR = 0.25
"""Factor for a happening that lies ahead of the news, or is its next edition."""
ROUND, URGED, QUOTED = 2.0, 6.0, 5.0
"""Points for a dialogue whose talks are counted, for analysis that tells somebody what to do, for a quoted title."""

TALKS_ON_GOODS, GOODS = 0.4, 1.0
"""Factor for the talks, and points for the transfer, where nobody is named and the title names a platform."""

ON_JOURNEY = 0.5
"""Factor for people who meet below a title that announces a journey."""

NOBODY_MEETS = 0.95
"""Factor for a meeting where nobody is named: of equals the other happening is the news."""

GUESS = 0.1
"""Confidence in a type that no word names."""

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


Points = dict[EventType, float]


class TypeReader:
    """Reads types with the words and the entities of a watchlist."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        title = _weighed(watchlist, GROUPS)
        body = _weighed(watchlist, {name: value for name, value in GROUPS.items() if value != TITLE_ONLY})
        self._words = {Field.TITLE: title, Field.SUMMARY: body}
        self._settling = Vocabulary.of({"settling": watchlist.coding.get("settling", {}).get("on", ())})
        self._casting = Casting.of(watchlist)

    def read(
        self, texts: Sequence[Passage], mentions: Sequence[Placed], offices: Sequence[Placed] = ()
    ) -> tuple[EventType, Slot]:
        """The type with most points, and as confidence its lead over the next as a share of both (0..1)."""
        cast = self._casting.read(texts, mentions, offices)
        title: Points = defaultdict(float)
        body: Points = defaultdict(float)
        loudest: dict[EventType, tuple[float, Span]] = {}
        for passage in texts:
            for part in passage.parts:
                into = title if part.field is Field.TITLE else body
                self._add_words(passage, part, into, loudest, both=cast.both)
        self._add_form(texts, cast, title)
        self._add_entities(mentions, title, body)
        body[EventType.DIALOGUE] += ROUND * any(counts_talks(passage) for passage in texts)
        self._add_people(texts, cast, title, body)
        _weigh_forces(cast, title, body, calls=_calls(loudest))
        if not cast.face_to_face and self._untold_title(texts):
            body = {kind: points * (1.0 if kind in SPOKEN else BELOW_UNTOLD) for kind, points in body.items()}
        scores = {kind: title.get(kind, 0.0) + min(body.get(kind, 0.0), BODY_CAP) for kind in {*title, *body}}
        event_type, lead = _leader(scores)
        if event_type is EventType.OTHER:
            event_type, lead = _unnamed(texts, cast), GUESS
        span = loudest[event_type][1] if event_type in loudest else _entity_span(mentions, event_type, self)
        return event_type, Slot("type", "words", lead, span)

    def _add_form(self, texts: Sequence[Passage], cast: Cast, title: Points) -> None:
        """What the form of the title says; as of all opinion little is left of it above news of these days."""
        heading = title_of(texts)
        title[EventType.ANALYSIS] += URGED * urges(heading)
        title[EventType.STATEMENT] += QUOTED * is_quoted(heading)
        if (title[EventType.ANALYSIS] or title[EventType.STATEMENT]) and self._tells_news(texts, cast.mentions):
            title[EventType.ANALYSIS] *= ABOUT_NEWS
            title[EventType.STATEMENT] *= ABOUT_NEWS

    def _add_people(self, texts: Sequence[Passage], cast: Cast, title: Points, body: Points) -> None:
        """What it says that people are named: they travel, they meet, and drills or deals are what they talk of."""
        if cast.sets_out and not any(title[kind] for kind in EventType if kind.makes_event):
            title[EventType.VISIT] += TITLE_WEIGHT
        if cast.both:
            journey = title[EventType.VISIT] > 0 and leaning_of(title_of(texts)) is Leaning.FUTURE
            self._add_encounter(cast.mentions, body, journey=journey)
        if cast.face_to_face:
            title[EventType.STATEMENT] = 0.0
            title[EventType.EXERCISE] *= SETTLED_ON
            title[EventType.TRANSFER] *= SETTLED_ON

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
        beside = BESIDE if part.field is Field.TITLE and is_beside(part.text) else 1.0
        for event_type, (own, hit) in _strongest(self._hits(part)).items():
            points = own * (TO_COME_FACTOR if is_ahead(part.text, hit.start, hit.end) else beside)
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
        if not hits:
            return hits
        answered = part.field is Field.TITLE and part.text.endswith("?") and not part.last
        return (
            hit
            for hit in hits
            if not (hit.name.startswith(EventType.AGREEMENT) and rests_on(part.text, hit.start, hit.end))
            and not (answered and hit.start == len(part.text) - 1)
        )

    def _add_encounter(self, mentions: Sequence[Placed], body: Points, *, journey: bool) -> None:
        """People of both sides meet: in the frame of a dialogue that the news names, else by themselves."""
        framed = any(
            p.kind is EntityKind.FORUM
            and p.part.effective >= LEAD_WEIGHT
            and not _named_aside(p, is_ahead)
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
            if not points or (event_type is EventType.AGREEMENT and _named_aside(placed, rests_on)):
                continue
            points *= TO_COME_FACTOR if _named_aside(placed, is_ahead) else 1.0
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


def _named_aside(placed: Placed, test: Callable[[str, int, int], bool]) -> bool:
    """Whether the words around a name in its clause set it aside."""
    surface = fold_name(placed.mention.span.surface)
    start = placed.part.text.find(surface)
    return start >= 0 and test(placed.part.text, start, start + len(surface))


def _weigh_forces(cast: Cast, title: Points, body: Points, *, calls: bool) -> None:
    """What it says that ships are named, or goods and forces and nobody: the journey of forces is to their exercise.

    `calls`: the news below the title tells of a port call in so many words.
    """
    if cast.ships:
        _scale(EventType.MEETING, OF_SHIPS, title, body)
        title[EventType.VISIT] += SHIP_CALLS
    if cast.people:
        return
    _scale(EventType.MEETING, TALKS_ON_GOODS if cast.goods else NOBODY_MEETS, title, body)
    title[EventType.TRANSFER] += GOODS * cast.goods
    if title[EventType.EXERCISE] > 0 or (cast.exercise and not (cast.ships and calls)):
        _scale(EventType.VISIT, WAY_THERE, title, body)


def _scale(kind: EventType, factor: float, *points: Points) -> None:
    for each in points:
        each[kind] *= factor


def _unnamed(texts: Sequence[Passage], cast: Cast) -> EventType:
    """What a report without a word for a happening is about: a denial, or the journey of whom the title names.

    OTHER where it names nobody.
    """
    parts = [part for passage in texts for part in passage.parts if part.weight >= LEAD_WEIGHT]
    if any(part.mood is Mood.DENIED for part in parts):
        return EventType.STATEMENT
    return EventType.VISIT if cast.in_title else EventType.OTHER


def _calls(loudest: Mapping[EventType, tuple[float, Span]]) -> bool:
    """Whether the news below the title calls something a visit by a word that settles it ("port call")."""
    return loudest.get(EventType.VISIT, (0.0, None))[0] >= STRONG * LEAD_WEIGHT


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
