"""A watchlist: two sides, a subject, the entities, words and rules by which items are judged. Data, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class EntityKind(StrEnum):
    """What sort of thing an entity is."""

    PERSON = "person"
    OFFICE = "office"
    ORGANISATION = "organisation"
    EXERCISE = "exercise"
    FORUM = "forum"
    AGREEMENT = "agreement"
    PLATFORM = "platform"
    SHIP = "ship"
    PLACE = "place"
    CONCEPT = "concept"


class AliasKind(StrEnum):
    """Where a name comes from."""

    OFFICIAL = "official"
    TRANSLITERATION = "transliteration"
    SHORT = "short"
    OUTLET_ERROR = "outlet_error"


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of an entity and what it needs to count.

    `language` None: valid in any. `exact_case`: letters must match as written. `anchored`: counts only where an
    unconditional name of the same entity stands in the item. `needs`: one of these words must stand elsewhere in the
    item. `near`: one of these words must stand within `NEAR_REACH` characters. `never`: any of these kills the sense.
    Empty tuples ask for nothing. `note` is shown on the receipt.
    """

    text: str
    language: str | None = None
    kind: AliasKind = AliasKind.OFFICIAL
    exact_case: bool = False
    anchored: bool = False
    needs: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    note: str = ""

    @property
    def unconditional(self) -> bool:
        """Whether the name counts wherever it stands, so that it may anchor others."""
        return not (self.anchored or self.needs or self.near)


NEAR_REACH = 120
"""Characters between an alias and the word it needs near it."""


@dataclass(frozen=True, slots=True)
class Role:
    """An office held. `office` is an office entity's id, None where only the title is known.

    `start` None: from before the watchlist's horizon. `end` is the last day; None while in office.
    """

    title: str
    office: str | None = None
    start: date | None = None
    end: date | None = None
    source: str = ""

    def held_on(self, day: date) -> bool:
        """Whether the role was held on `day`, both ends included."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Entity:
    """A known entity. `side` is a side's id, "joint" (both sides at once), "multilateral", or None for neither.

    `opens` lists the gates the entity opens by itself: side ids and "subject"; an exercise of the two opens all three.
    `service` is "land", "maritime", "air", "joint" or "coast guard"; `event_type` the kind of event an edition of it
    is; `level` that of the officials who meet. Each is None where it does not apply. `between` are ids of the offices
    whose holders' meetings are editions of it, empty for what is known by its name alone.
    """

    id: str
    kind: EntityKind
    name: str
    side: str | None
    aliases: tuple[Alias, ...]
    opens: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    service: str | None = None
    event_type: str | None = None
    level: str | None = None
    between: tuple[str, ...] = ()
    note: str = ""

    def role_on(self, day: date) -> Role | None:
        """The first listed role held on `day`; None when none was."""
        return next((role for role in self.roles if role.held_on(day)), None)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides: the words that name the country, its people and its capital in each language.

    `languages` are tags of those written nearly nowhere else: who writes in one lives by the calendar of `time_zone`.
    """

    id: str
    name: str
    adjective: str
    words: tuple[Alias, ...]
    time_zone: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase of the vocabulary, with the rule that counts it."""

    rule: str
    text: str
    exact_case: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One scoring rule: points per hit, the most it may give in all, and how much more a title weighs."""

    id: str
    text: str
    points: float
    cap: float
    title_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Publisher:
    """An outlet. `family` groups outlets of one owner or wire; `side` is a side's id, None for neither.

    `kind` is official, agency, state-controlled, newspaper, specialist, blog, broadcaster or think-tank. `names` are
    those it is printed under.
    """

    id: str
    name: str
    family: str
    kind: str
    side: str | None
    country: str | None = None
    language: str | None = None
    names: tuple[str, ...] = ()

    @property
    def official(self) -> bool:
        """Whether its word is a side's own."""
        return self.kind == "official"


@dataclass(frozen=True, slots=True)
class Edition:
    """One time that a series took place or is to.

    `series` is the entity's id. `precise` False: only the month of `start` is known, whose first day stands for it.
    `event_id` None: no row of the ledger tells of it, and `source` says where the watchlist has it from.
    """

    series: str
    start: date
    end: date | None = None
    place: str | None = None
    precise: bool = True
    event_id: int | None = None
    source: str = ""


class Step(StrEnum):
    """Where an agreement or a platform deal stands, in the order in which it climbs."""

    TALKS = "talks"
    ANNOUNCED = "announced"
    SIGNED = "signed"
    IN_FORCE = "in force"
    FIRST_USE = "first use"

    @property
    def rank(self) -> int:
        """Its height: 0 for talks."""
        return list(Step).index(self)


@dataclass(frozen=True, slots=True)
class KnownStep:
    """A step that an agreement or a platform deal, `entity`, is known to have reached `on` a day, from `source`.

    `precise` False: only the month is known, whose first day stands for it.
    """

    entity: str
    step: Step
    on: date
    precise: bool = True
    source: str = ""


ROLES_STALE_DAYS = 180
"""Days after which offices want checking again: of some 100 holders on either side one changes every few weeks."""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Everything known about one bilateral relation, validated as a whole by `watchlists.loader`.

    `version` is a short hash of the data files: judgements carry it, so changed data means a changed version.
    `decoys` are look-alikes that absorb a match and name nothing (インドネシア around インド).
    `thresholds` maps "accept", "review" and "core" to scores in 0..1; `coding` maps vocabulary group names (event
    types, stages, topics …) to their words. `editions` and `steps` are what is known of the time before the ledger,
    by day; they judge nothing, and so are no part of the version.
    """

    id: str
    title: str
    version: str
    subject: str
    sides: tuple[Side, Side]
    entities: Mapping[str, Entity]
    cues: tuple[Cue, ...]
    decoys: tuple[str, ...]
    rules: Mapping[str, Rule]
    thresholds: Mapping[str, float]
    publishers: Mapping[str, Publisher] = field(default_factory=dict)
    coding: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    roles_checked: date | None = None
    editions: tuple[Edition, ...] = ()
    steps: tuple[KnownStep, ...] = ()

    def offset_of(self, language: str, time: datetime) -> int | None:
        """Minutes east of UTC at `time` where the language is at home; None for one of both sides or of neither.

        Many sites give their dates in GMT whatever their own zone is; the language is then all that tells their day.
        """
        homes = [side for side in self.sides if language in side.languages]
        east = ZoneInfo(homes[0].time_zone).utcoffset(time) if len(homes) == 1 else None
        return None if east is None else int(east.total_seconds() // 60)

    def roles_age(self, today: date) -> int | None:
        """Days since the offices were last checked, 0 for a day to come; None when they never were."""
        return None if self.roles_checked is None else max(0, (today - self.roles_checked).days)

    def roles_stale(self, today: date) -> bool:
        """Whether nobody checked the offices within `ROLES_STALE_DAYS`, so that a holder may have changed unseen."""
        age = self.roles_age(today)
        return age is None or age > ROLES_STALE_DAYS
