"""The built-in watchlist's exercises, forums, agreements, arms, ships, places and outlets: facts that must hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.watchlist import Entity, EntityKind, Watchlist
from monitor.watchlists.catalogue import load_feeds
from monitor.watchlists.loader import load


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load("india_japan")


@pytest.fixture(scope="module")
def judge(watchlist: Watchlist) -> Judge:
    return Judge(watchlist)


def judged(judge: Judge, title: str, summary: str = "") -> Judgement:
    day = datetime(2025, 10, 20, tzinfo=UTC)
    return judge.judge(Article(title=title, summary=summary, language=None, published=day, first_seen=day))


def of_kind(watchlist: Watchlist, kind: EntityKind) -> list[Entity]:
    return [entity for entity in watchlist.entities.values() if entity.kind is kind]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (EntityKind.EXERCISE, 50),
        (EntityKind.FORUM, 40),
        (EntityKind.AGREEMENT, 24),
        (EntityKind.PLATFORM, 55),
        (EntityKind.SHIP, 105),
        (EntityKind.ORGANISATION, 150),
        (EntityKind.PLACE, 85),
        (EntityKind.CONCEPT, 25),
    ],
)
def test_the_trade_is_covered(watchlist: Watchlist, kind: EntityKind, least: int) -> None:
    assert len(of_kind(watchlist, kind)) >= least


def test_every_exercise_of_the_two_has_its_service_and_says_when_it_was_held(watchlist: Watchlist) -> None:
    joint = [entity for entity in of_kind(watchlist, EntityKind.EXERCISE) if entity.side == "joint"]
    assert Counter(entity.service for entity in joint) == {"maritime": 2, "land": 2, "air": 2, "coast guard": 2}
    for entity in joint:
        assert any(char.isdigit() for char in entity.note), entity.id


def test_exercises_with_others_open_no_side(watchlist: Watchlist) -> None:
    """Konkan and its like must not be taken for ours; only a small circle with both opens both."""
    circle = {"malabar", "sea-dragon", "la-perouse"}
    for entity in of_kind(watchlist, EntityKind.EXERCISE):
        if entity.side == "multilateral":
            assert entity.opens == ({"india", "japan", "subject"} if entity.id in circle else {"subject"}), entity.id


def test_every_forum_of_the_two_has_a_level_and_opens_both_sides(watchlist: Watchlist) -> None:
    for entity in of_kind(watchlist, EntityKind.FORUM):
        if entity.side == "joint":
            assert entity.level, entity.id
            assert {"india", "japan"} <= entity.opens, entity.id


@pytest.mark.parametrize(
    "entity", ["economic-security-dialogue", "disarmament-consultations", "act-east-forum", "india-japan-annual-summit"]
)
def test_what_is_not_about_defence_does_not_open_the_subject(watchlist: Watchlist, entity: str) -> None:
    assert "subject" not in watchlist.entities[entity].opens


@pytest.mark.parametrize(
    ("entity", "date"),
    [
        ("jdsc-2008", "22 Oct 2008"),
        ("defence-moc-2014", "1 Sep 2014"),
        ("equipment-transfer-2015", "12 Dec 2015"),
        ("military-info-2015", "12 Dec 2015"),
        ("naval-arrangement-2018", "29 Oct 2018"),
        ("acsa-rpss", "9 Sep 2020"),
        ("unicorn-moi-2024", "15 Nov 2024"),
        ("jdsc-2025", "29 Aug 2025"),
    ],
)
def test_the_ladder_of_agreements_is_dated(watchlist: Watchlist, entity: str, date: str) -> None:
    assert date in watchlist.entities[entity].note
    assert watchlist.entities[entity].side == "joint"


def test_a_ship_named_like_a_city_is_never_found_by_the_bare_name(watchlist: Watchlist) -> None:
    for city in ("chennai", "delhi", "kochi", "kolkata", "mumbai"):
        names = {alias.text.casefold() for alias in watchlist.entities[f"ins-{city}"].aliases}
        assert city not in names


def test_ships_of_both_sides_belong_to_a_service_and_most_say_where_they_met(watchlist: Watchlist) -> None:
    ships = [entity for entity in of_kind(watchlist, EntityKind.SHIP) if entity.side != "multilateral"]
    assert {entity.service for entity in ships} == {"maritime", "coast guard"}
    assert sum(any(char.isdigit() for char in entity.note) for entity in ships) >= 0.9 * len(ships)


@pytest.mark.parametrize(
    ("title", "summary", "entities"),
    [
        (
            "JS Ise sails with INS Kolkata",
            "The destroyer Ise met the Shivalik-class frigate INS Sahyadri and a Murasame-class destroyer.",
            {"js-ise", "ins-kolkata", "shivalik-class", "ins-sahyadri", "murasame-class"},
        ),
        (
            "JS Murasame calls at Kochi",
            "The ship of the Japan Maritime Self-Defense Force was received by the Southern Naval Command.",
            {"js-murasame", "kochi-india", "jmsdf", "southern-naval-command"},
        ),
        (
            "Seventh India-Japan Maritime Affairs Dialogue held",
            "Officials met in Tokyo.",
            {"maritime-affairs-dialogue", "tokyo"},
        ),
        (
            "Five nations begin Sea Dragon at Guam",
            "An Indian Navy P-8I and a JMSDF P-1 hunt a submarine.",
            {"sea-dragon", "guam", "indian-navy", "p-8i", "jmsdf", "p-1"},
        ),
        (
            "Quad coast guards start Ship Observer Mission",
            "Officers of the Indian Coast Guard and the Japan Coast Guard sail on USCGC Stratton.",
            {"quad-ship-observer-mission", "indian-coast-guard", "japan-coast-guard", "uscgc-stratton"},
        ),
        (
            "護衛艦「いせ」と「しらぬい」、インド海軍と訓練",
            "海上自衛隊は佐世保で発表した。",
            {"js-ise", "js-shiranui", "indian-navy", "jmsdf", "sasebo"},
        ),
        (
            "भारत-जापान का समुद्री अभ्यास जेआईएमईएक्स विशाखापत्तनम में",
            "आईएनएस कोच्चि ने भाग लिया।",
            {"jimex", "visakhapatnam", "ins-kochi"},
        ),
    ],
)
def test_reports_of_the_trade_are_read_whole(judge: Judge, title: str, summary: str, entities: set[str]) -> None:
    judgement = judged(judge, title, summary)
    assert judgement.decision is Decision.ACCEPT
    assert entities <= set(judgement.entities)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Red flags raised over the budget", "A red flag for investors, analysts in Tokyo and Mumbai warn."),
        ("Pitch black streets after storm", "A blackout hit the coast."),
        ("Toshiba and Hitachi shares rise", "Subaru recalls cars in India; Fujitsu cuts jobs."),
        ("Beaches of Goa crowded", "Visitors from Japan love the shacks."),
        ("Kochi Prefecture sells yuzu", "Growers in Shikoku ship to Delhi."),
        ("Indradhanush vaccination drive begins", "Health workers fan out."),
        ("Talwar family named in suit", "The surname is common in Punjab."),
        ("呉服店が閉店、呉越同舟の商店街", "インドの布も並んだ。"),
        ("Unicorn round for BDL rival", "The Nifty firm BEML runs metro cars; L&T lays track."),
    ],
)
def test_namesakes_are_not_taken_for_arms_exercises_or_bases(judge: Judge, title: str, summary: str) -> None:
    judgement = judged(judge, title, summary)
    assert judgement.decision is Decision.REJECT
    assert set(judgement.entities) <= {"tokyo", "mumbai", "new-delhi"}


def test_a_printed_name_means_one_outlet(watchlist: Watchlist) -> None:
    owners: dict[str, set[str]] = {}
    for publisher in watchlist.publishers.values():
        for name in (publisher.id, publisher.name, *publisher.names):
            owners.setdefault(name.casefold(), set()).add(publisher.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("ANI", "ani"),
        ("PTI", "pti"),
        ("भाषा", "pti"),
        ("IANS", "ians"),
        ("UNI", "uni"),
        ("वार्ता", "uni"),
        ("PIB", "pib"),
        ("Kyodo", "kyodo"),
        ("共同", "kyodo"),
        ("Jiji", "jiji"),
        ("時事", "jiji"),
        ("Reuters", "reuters"),
        ("ロイター", "reuters"),
        ("AP", "ap"),
        ("AFP", "afp"),
    ],
)
def test_agencies_are_known_by_their_credits(watchlist: Watchlist, credit: str, agency: str) -> None:
    publisher = watchlist.publishers[agency]
    assert credit in publisher.names
    assert publisher.kind in {"agency", "official"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the-hindu", "businessline"),
        ("indian-express", "jansatta"),
        ("hindustan-times", "live-hindustan"),
        ("news18", "moneycontrol"),
        ("ndtv", "ians"),
        ("nikkei", "financial-times"),
        ("yomiuri", "japan-news"),
        ("pib", "dd-news"),
    ],
)
def test_outlets_of_one_owner_are_one_family(watchlist: Watchlist, one: str, other: str) -> None:
    assert watchlist.publishers[one].family == watchlist.publishers[other].family


def test_every_suggested_feed_belongs_to_a_known_outlet(watchlist: Watchlist) -> None:
    feeds = load_feeds("india_japan")
    assert len(feeds) >= 80
    assert {feed.publisher for feed in feeds} <= set(watchlist.publishers)
