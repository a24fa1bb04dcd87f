"""The built-in watchlist: facts that must hold in its data."""

from __future__ import annotations

import json
import tracemalloc
from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from monitor.domain.watchlist import Alias, EntityKind, Role, Watchlist
from monitor.text.canonical import canonical
from monitor.watchlists.loader import load
from tests.support.material import material


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load("india_japan")


def holders(watchlist: Watchlist, office: str, day: date) -> set[str]:
    return {
        entity.id
        for entity in watchlist.entities.values()
        for role in entity.roles
        if role.office == office and role.held_on(day)
    }


def alias(watchlist: Watchlist, entity: str, text: str) -> Alias:
    return next(name for name in watchlist.entities[entity].aliases if name.text == text)


def test_every_entity_is_shown_by_a_name_in_latin_letters(watchlist: Watchlist) -> None:
    assert len(watchlist.entities) >= 405
    for entity in watchlist.entities.values():
        assert any("a" <= char.lower() <= "z" or char.isdigit() for char in entity.name), entity.id
        assert canonical(entity.name).folded.isprintable()


def test_every_entity_has_a_name_that_can_count_without_another_name(watchlist: Watchlist) -> None:
    for entity in watchlist.entities.values():
        assert any(not name.anchored for name in entity.aliases), entity.id


def test_no_name_means_two_entities_without_a_condition(watchlist: Watchlist) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in watchlist.entities.values():
        for name in entity.aliases:
            if name.unconditional:
                owners[canonical(name.text).folded].add(entity.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_no_condition_asks_only_for_the_name_itself(watchlist: Watchlist) -> None:
    for entity in watchlist.entities.values():
        for name in entity.aliases:
            own = canonical(name.text).folded
            for words in (name.needs, name.near):
                assert not words or any(canonical(word).folded not in own for word in words), (entity.id, name.text)


def test_an_office_passes_on_and_is_never_held_by_two_but_on_the_day_of_handing_over(watchlist: Watchlist) -> None:
    terms: dict[str, list[tuple[str, Role]]] = defaultdict(list)
    for entity in watchlist.entities.values():
        for role in entity.roles:
            if role.office:
                terms[role.office].append((entity.id, role))
    assert len(terms) >= 38
    for office, held in terms.items():
        for (one, first), (other, second) in combinations(held, 2):
            assert _apart(first, second), f"{office}: {one} and {other}"


def _apart(one: Role, other: Role) -> bool:
    earlier, later = sorted((one, other), key=lambda role: role.start or date.min)
    return earlier.end is not None and later.start is not None and earlier.end <= later.start


@pytest.mark.parametrize(
    ("office", "day", "holder"),
    [
        ("office-raksha-mantri", date(2025, 5, 5), "rajnath-singh"),
        ("office-japan-defense-minister", date(2025, 5, 5), "gen-nakatani"),
        ("office-japan-defense-minister", date(2025, 10, 22), "shinjiro-koizumi"),
        ("office-japan-defense-minister", date(2019, 9, 2), "takeshi-iwaya"),
        ("office-japan-pm", date(2025, 5, 5), "shigeru-ishiba"),
        ("office-india-pm", date(2025, 5, 5), "narendra-modi"),
        ("office-eam", date(2019, 11, 30), "s-jaishankar"),
        ("office-japan-fm", date(2019, 11, 30), "toshimitsu-motegi"),
        ("office-defence-secretary", date(2016, 1, 1), "g-mohan-kumar"),
        ("office-defence-secretary", date(2014, 9, 1), "rk-mathur"),
        ("office-mos-defence", date(2024, 7, 1), "sanjay-seth"),
        ("office-india-nsa", date(2013, 5, 29), "shivshankar-menon"),
        ("office-cds", date(2026, 6, 1), "ns-raja-subramani"),
        ("office-coas", date(2026, 7, 1), "dhiraj-seth"),
        ("office-cns", date(2026, 7, 1), "krishna-swaminathan"),
        ("office-cas", date(2026, 10, 30), "ap-singh"),
        ("office-cas", date(2026, 11, 22), "ashutosh-dixit"),
        ("office-focinc-east", date(2025, 11, 1), "sanjay-bhalla"),
        ("office-focinc-west", date(2025, 10, 1), "krishna-swaminathan"),
        ("office-dg-icg", date(2020, 1, 16), "krishnaswamy-natarajan"),
        ("office-drdo-chairman", date(2018, 9, 1), "satheesh-reddy"),
        ("office-ambassador-india", date(2024, 11, 15), "sibi-george"),
        ("office-ambassador-japan", date(2023, 4, 6), "hiroshi-suzuki-ambassador"),
        ("office-japan-defense-minister", date(2012, 10, 1), "satoshi-morimoto"),
        ("office-japan-vice-minister-defense", date(2023, 4, 5), "atsuo-suzuki"),
        ("office-japan-vice-minister-international", date(2023, 4, 5), "masami-oka"),
        ("office-japan-nsa", date(2024, 8, 20), "takeo-akiba"),
        ("office-joint-staff-chief", date(2018, 1, 1), "katsutoshi-kawano"),
        ("office-cos-jgsdf", date(2025, 9, 1), "masayoshi-arai"),
        ("office-cos-jasdf", date(2018, 1, 1), "yoshinari-marumo"),
        ("office-commander-sd-fleet", date(2023, 7, 5), "akira-saito"),
        ("office-jjoc-commander", date(2026, 3, 24), "tateki-tawara"),
        ("office-commandant-jcg", date(2024, 7, 2), "yoshio-seguchi"),
        ("office-atla-commissioner", date(2024, 11, 15), "takeshi-ishikawa"),
        ("office-atla-commissioner", date(2026, 9, 1), "manabu-imakiire"),
    ],
)
def test_who_held_the_office_that_day(watchlist: Watchlist, office: str, day: date, holder: str) -> None:
    assert holders(watchlist, office, day) == {holder}


UNBROKEN = [
    "office-india-pm",
    "office-raksha-mantri",
    "office-defence-secretary",
    "office-coas",
    "office-japan-pm",
    "office-japan-defense-minister",
    "office-japan-vice-minister-defense",
    "office-atla-commissioner",
    "office-joint-staff-chief",
    "office-cos-jgsdf",
    "office-cos-jmsdf",
    "office-cos-jasdf",
    "office-commandant-jcg",
]
"""Offices of which every holder since 2016 is known."""


@pytest.mark.parametrize("office", UNBROKEN)
def test_the_chief_offices_have_a_holder_on_every_first_of_a_month(watchlist: Watchlist, office: str) -> None:
    known_late = {"office-atla-commissioner": 2019, "office-commandant-jcg": 2017}
    years = range(known_late.get(office, 2016), 2026)
    empty = [
        day
        for day in (date(year, month, 1) for year in years for month in range(1, 13))
        if not holders(watchlist, office, day)
    ]
    assert empty == []


def test_two_roles_in_three_have_a_source_that_says_where_to_look(watchlist: Watchlist) -> None:
    """A floor: it may be raised only. A source names a publisher and a day, a title or an address."""
    roles = [role for entity in watchlist.entities.values() for role in entity.roles]
    sources = [role.source for role in roles if role.source]
    assert len(sources) / len(roles) >= 0.66
    for source in sources:
        assert any(char.isdigit() for char in source) or "'" in source, source
        assert len(source) >= 10, source


def test_every_holder_of_an_office_is_named_in_all_three_languages(watchlist: Watchlist) -> None:
    for entity in watchlist.entities.values():
        if any(role.office for role in entity.roles):
            assert {"en", "hi", "ja"} <= {name.language for name in entity.aliases}, entity.id


def test_a_name_that_many_people_bear_asks_for_company(watchlist: Watchlist) -> None:
    for entity, text in [
        ("sanjay-seth", "Sanjay Seth"),
        ("ajay-bhatt", "Ajay Bhatt"),
        ("raj-kumar-sdp", "Raj Kumar"),
        ("rajendra-singh-icg", "Rajendra Singh"),
        ("salman-khurshid", "Salman Khurshid"),
        ("ashutosh-dixit", "Ashutosh Dixit"),
        ("hiroshi-suzuki-ambassador", "鈴木浩"),
        ("keiichi-ichikawa", "市川恵一"),
    ]:
        assert alias(watchlist, entity, text).needs, text


def test_a_defence_office_opens_the_subject_and_a_person_only_a_side(watchlist: Watchlist) -> None:
    entities = watchlist.entities
    assert entities["office-raksha-mantri"].opens == {"india", "subject"}
    assert entities["office-japan-defense-minister"].opens == {"japan", "subject"}
    assert entities["office-japan-fm"].opens == {"japan"}
    people = [entity for entity in entities.values() if entity.kind is EntityKind.PERSON]
    assert all(person.opens <= {person.side} for person in people)


def test_joint_exercises_open_all_three_gates_and_those_of_one_side_only_its_own(watchlist: Watchlist) -> None:
    exercises = [entity for entity in watchlist.entities.values() if entity.kind is EntityKind.EXERCISE]
    joint = [entity for entity in exercises if entity.side == "joint"]
    assert len(joint) >= 7
    for entity in [*joint, watchlist.entities["malabar"], watchlist.entities["la-perouse"]]:
        assert entity.opens == {"india", "japan", "subject"}, entity.id
        assert entity.event_type == "exercise"
    assert watchlist.entities["rimpac"].opens == {"subject"}
    assert watchlist.entities["yudh-abhyas"].opens == {"india", "subject"}
    assert watchlist.entities["quad"].opens == {"india", "japan"}


def test_bare_surnames_and_acronyms_do_not_count_alone(watchlist: Watchlist) -> None:
    assert alias(watchlist, "rajnath-singh", "Singh").anchored
    assert alias(watchlist, "gen-nakatani", "中谷").near
    assert alias(watchlist, "us-2", "US-2").exact_case
    assert "highway" in alias(watchlist, "us-2", "US-2").never
    assert alias(watchlist, "india-japan-2plus2", "2+2").needs
    assert alias(watchlist, "js-izumo", "Izumo").near
    for entity, text in [("office-raksha-mantri", "RM"), ("atla", "ATLA"), ("bel", "BEL"), ("quad", "Quad")]:
        name = alias(watchlist, entity, text)
        assert name.exact_case
        assert name.needs
        assert name.never


def test_short_latin_names_ask_for_their_letters_or_for_company(watchlist: Watchlist) -> None:
    """Three letters stand in too many texts by chance."""
    for entity in watchlist.entities.values():
        for name in entity.aliases:
            if name.text.isascii() and len(name.text) <= 3:
                assert name.exact_case or not name.unconditional, (entity.id, name.text)


def test_every_ship_has_a_side_and_opens_the_subject(watchlist: Watchlist) -> None:
    ships = [entity for entity in watchlist.entities.values() if entity.kind is EntityKind.SHIP]
    assert all(ship.side and "subject" in ship.opens for ship in ships)


def test_every_entity_of_the_labelled_items_is_there_with_its_kind(watchlist: Watchlist) -> None:
    gold = material("gold/entities.jsonl").parent
    listed = [json.loads(line) for line in (gold / "entities.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {entry["id"] for entry in listed} <= set(watchlist.entities)
    kinds = {entry["id"]: entry["kind"] for entry in listed}
    assert {entity: kinds[entity] for entity in kinds} == {
        entity.id: str(entity.kind) for entity in watchlist.entities.values() if entity.id in kinds
    }


def test_loading_takes_little_memory() -> None:
    """Every command loads the watchlist: 30 MB are the most it may cost. The time is told by benchmarks/speed.py."""
    tracemalloc.start()
    load("india_japan")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_language_at_home_on_one_side_tells_the_calendar(watchlist: Watchlist) -> None:
    noon = datetime(2025, 5, 5, 12, tzinfo=UTC)
    assert [watchlist.offset_of(language, noon) for language in ("ja", "hi", "en", "und")] == [540, 330, None, None]
