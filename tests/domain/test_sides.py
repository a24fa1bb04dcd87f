"""Both sides of one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.domain.digest import Source
from monitor.domain.judgement import Strength
from monitor.domain.sides import SideView, sides_of
from monitor.domain.watchlist import EntityKind, Publisher

OUTLETS = {
    "pib": Publisher("pib", "PIB", "pib", "official", "india"),
    "mint": Publisher("mint", "Mint", "mint", "newspaper", "india"),
    "jiji": Publisher("jiji", "Jiji", "jiji", "agency", "japan"),
    "afp": Publisher("afp", "AFP", "afp", "agency", None),
}
KINDS = {
    "jimex": EntityKind.EXERCISE,
    "veer-guardian": EntityKind.EXERCISE,
    "jidip": EntityKind.CONCEPT,
    "rajnath-singh": EntityKind.PERSON,
}


def report(number: int, publisher: str, *entities: str, topics: tuple[str, ...] = ()) -> Source:
    time = datetime(2025, 5, 5, number, tzinfo=UTC)
    source = Source(number, f"Report {number}", None, publisher, "en", time, time, Strength.CORE, "", archive=False)
    return replace(source, entities=entities, topics=topics)


def views(*reports: Source) -> tuple[SideView, ...]:
    return sides_of(reports, lambda one: OUTLETS.get(one.publisher), ("india", "japan"), KINDS.get)


def numbers(view: SideView) -> list[int]:
    return [one.item_id for one in view.reports]


def test_official_reports_come_first_and_strangers_last() -> None:
    found = views(report(1, "mint"), report(2, "afp"), report(3, "pib"), report(4, "jiji"), report(5, "blog"))
    assert [(view.side, numbers(view)) for view in found] == [("india", [3, 1]), ("japan", [4]), (None, [2, 5])]


def test_what_only_one_side_speaks_of() -> None:
    found = views(
        report(1, "mint", "jimex", "rajnath-singh", topics=("equipment", "wreath")),
        report(2, "pib", topics=("wreath",)),
        report(3, "jiji", "jidip", topics=("equipment",)),
        report(4, "afp", "malabar"),
        report(5, "afp", "veer-guardian"),
        report(6, "mint", "veer-guardian"),
    )
    assert [(view.side, set(view.only)) for view in found] == [
        ("india", {"wreath", "jimex"}),
        ("japan", {"jidip"}),
        (None, set()),
    ]
    assert found[0].only[0] == "wreath"


def test_where_the_other_side_is_silent_nothing_is_called_left_out() -> None:
    assert [view.only for view in views(report(1, "mint", "jimex"), report(2, "afp"))] == [(), ()]
