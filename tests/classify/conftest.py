"""A small watchlist of two invented countries, so that a test shows every word that matters to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from monitor.domain.item import Article
from monitor.domain.watchlist import (
    Alias,
    AliasKind,
    Cue,
    Entity,
    EntityKind,
    Role,
    Rule,
    Side,
    Watchlist,
)

BOTH = frozenset({"aland", "bland"})
ALL = BOTH | {"subject"}


def names(*texts: str) -> tuple[Alias, ...]:
    return tuple(Alias(text) for text in texts)


def entity(
    id_: str, kind: EntityKind, side: str | None, aliases: tuple[Alias, ...], *opens: str, roles: tuple[Role, ...] = ()
) -> Entity:
    return Entity(id_, kind, aliases[0].text, side, aliases, frozenset(opens), roles)


ENTITIES = (
    entity("office-a", EntityKind.OFFICE, "aland", names("Guardian of Aland"), "aland", "subject"),
    entity(
        "ana-roy",
        EntityKind.PERSON,
        "aland",
        (
            Alias("Ana Roy"),
            Alias("Roy", anchored=True),
            Alias("General Ana", kind=AliasKind.OUTLET_ERROR, note="Ana is her given name"),
        ),
        "aland",
        roles=(Role("Guardian", "office-a", date(2024, 1, 1), date(2025, 6, 30)),),
    ),
    entity("ana-lee", EntityKind.PERSON, "bland", (Alias("Ana", near=("Lee",)),), "bland"),
    entity(
        "kim-one",
        EntityKind.PERSON,
        "aland",
        (Alias("Kim", needs=("ship",)),),
        "aland",
        roles=(Role("Captain", None, date(2020, 1, 1)),),
    ),
    entity("kim-two", EntityKind.PERSON, "bland", (Alias("Kim", needs=("ship",)),), "bland"),
    entity("twin-one", EntityKind.SHIP, "aland", (Alias("Twin", needs=("ship",)),), "aland"),
    entity("twin-two", EntityKind.SHIP, "bland", (Alias("Twin", needs=("ship",)),), "bland"),
    entity("aland-navy", EntityKind.ORGANISATION, "aland", names("Aland Navy", "アランド海軍"), "aland", "subject"),
    entity("bland-navy", EntityKind.ORGANISATION, "bland", names("Bland Navy"), "bland", "subject"),
    entity("cland-navy", EntityKind.ORGANISATION, "multilateral", names("Cland Navy"), "subject"),
    entity("quiet-wave", EntityKind.EXERCISE, "joint", (Alias("Quiet Wave", never=("boss fight",)),), *ALL),
    entity("wide-wave", EntityKind.EXERCISE, "multilateral", names("Wide Wave"), *ALL),
    entity("far-wave", EntityKind.EXERCISE, "multilateral", names("Far Wave"), "subject"),
    entity("shy-wave", EntityKind.EXERCISE, "multilateral", (Alias("Shy", needs=("exercise",)),), *ALL),
    entity(
        "bo-ine",
        EntityKind.PERSON,
        "bland",
        (Alias("Ine", needs=("minister",)),),
        "bland",
        roles=(Role("Keeper", "office-b", date(2024, 1, 1)),),
    ),
    entity(
        "ed-oak",
        EntityKind.PERSON,
        "aland",
        (Alias("Oak", needs=("minister",)),),
        "aland",
        roles=(Role("Guardian", "office-a", date(2024, 1, 1), date(2024, 12, 31)),),
    ),
    entity("office-b", EntityKind.OFFICE, "bland", names("Keeper of Bland"), "bland", "subject"),
    entity("office-c", EntityKind.OFFICE, "aland", names("アランド海軍参謀長"), "aland", "subject"),
    entity("aland-heron", EntityKind.SHIP, "aland", names("AS Heron"), "aland", "subject"),
    entity("bland-crane", EntityKind.SHIP, "bland", (Alias("Crane", near=("warship",)),), "bland", "subject"),
    entity("two-talks", EntityKind.FORUM, "joint", (Alias("Two Talks", needs=("Bland",)),), *ALL),
    entity("keeper", EntityKind.OFFICE, "bland", (Alias("Keeper", needs=("Bland",)),), "bland", "subject"),
    entity("old-pact", EntityKind.AGREEMENT, "joint", (Alias("PACT", exact_case=True),), *BOTH),
    entity("great-sea", EntityKind.PLACE, "multilateral", names("Aland Ocean")),
)

RULES = (
    Rule("relation.joint", "joint", 4, 6, 1.5),
    Rule("relation.tie", "tie", 1.5, 3),
    Rule("relation.company", "company", 3, 4.5, 1.5),
    Rule("relation.several", "several", 1, 2),
    Rule("relation.pair", "pair", 2, 3.75, 1.5),
    Rule("relation.sentence", "sentence", 1.5, 3, 1.5),
    Rule("relation.subject", "together", 2, 4, 1.5),
    Rule("relation.loose", "loose", 1.5, 3, 2),
    Rule("relation.neighbours", "neighbours", 2, 3, 1.5),
    Rule("relation.meeting", "meeting", 1, 2, 1.5),
    Rule("relation.counterparts", "counterparts", 2, 2),
    Rule("subject.entity", "entity", 1, 2, 1.5),
    Rule("subject.firm", "firm", 1, 1.5, 1.5),
    Rule("subject.strong", "strong", 1, 2, 1.5),
    Rule("subject.weak", "weak", 0.3, 0.9),
    Rule("penalty.game", "game", -3, 6, 2),
    Rule("penalty.fiction", "play", -2, 6, 2),
    Rule("penalty.topic", "topic", -3, 9),
    Rule("penalty.heap", "heap", -3, 3),
    Rule("side.aland", "Aland's own", 0, 0),
    Rule("third.cland", "names Cland", -0.5, 1, 2),
    Rule("third.title", "other country in title", -2, 4),
    Rule("third.aside", "aside", -2.5, 2.5),
    Rule("relation.guests", "guests", 1.5, 1.5),
    Rule("relation.forces", "forces", 0, 0),
    Rule("partner.aland", "Aland's tie", 0, 0),
    Rule("third.list", "list", -1, 2, 2),
    Rule("title.silent", "silent", -2, 2),
)

CUES = (
    Cue("subject.firm", "defence minister"),
    Cue("subject.strong", "defence"),
    Cue("subject.strong", "drills"),
    Cue("subject.weak", "ship"),
    Cue("subject.strong", "रक्षा"),
    Cue("penalty.game", "boss fight"),
    Cue("penalty.game", "defence shares"),
    Cue("penalty.fiction", "model kit"),
    Cue("side.aland", "royal guard"),
    Cue("penalty.fiction", "cosplay"),
    Cue("penalty.fiction", "boss level"),
    Cue("partner.aland", "pact with"),
    Cue("relation.forces", "navies"),
    Cue("third.cland", "Cland"),
    Cue("third.cland", "Clabland"),
    Cue("relation.pair", "aland-bland"),
    Cue("relation.several", "four navies"),
)

SIDES = (
    Side("aland", "Aland", "Alandic", names("Aland", "अलैंड", "アランド"), "Asia/Kolkata"),
    Side("bland", "Bland", "Blandic", names("Bland", "ब्लैंड", "Clabland"), "Asia/Tokyo"),
)


@pytest.fixture(scope="session")
def watchlist() -> Watchlist:
    return Watchlist(
        id="test",
        title="Aland–Bland defence",
        version="v1",
        subject="defence",
        sides=SIDES,
        entities={one.id: one for one in ENTITIES},
        cues=CUES,
        decoys=("Aland Ocean Drive", "アランドネシア", "New Bland"),
        rules={rule.id: rule for rule in RULES},
        thresholds={"review": 0.35, "accept": 0.5, "core": 0.7},
    )


ArticleOf = Callable[..., Article]


@pytest.fixture(scope="session")
def article() -> ArticleOf:
    def make(title: str, summary: str = "", day: str = "2025-05-04", language: str | None = None) -> Article:
        time = datetime.fromisoformat(day).replace(tzinfo=UTC)
        return Article(title, summary, language, time, time)

    return make
