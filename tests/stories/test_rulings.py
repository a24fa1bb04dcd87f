from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.event import Coding, EventType
from monitor.domain.story import Report, Ruling
from monitor.stories.group import group
from monitor.stories.rulings import Bonds

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
KEYS = "abcdef"
SIDES = st.sets(st.sampled_from(KEYS), min_size=1, max_size=5).map(lambda keys: "".join(sorted(keys)))


def report(key: str, title: str = "Navies open their drill off the coast", **coding: object) -> Report:
    slots = Coding(**({"type": EventType.OTHER} | coding))  # type: ignore[arg-type]
    return Report(key, title, "", NOON + timedelta(hours=ord(key) - ord("a")), frozenset(), slots, "en")


def together(left: str, right: str = "") -> Ruling:
    return Ruling(True, frozenset(left), frozenset(right))


def split(left: str, right: str) -> Ruling:
    return Ruling(False, frozenset(left), frozenset(right))


def partition(reports: list[Report], *rulings: Ruling) -> set[str]:
    return {"".join(found.keys) for found in group(reports, rulings)}


ALIKE = [report(key) for key in "abc"]
UNLIKE = [report("a", "Budget debate goes on"), report("b", "Cricket scores"), report("c", "Rain in Chennai")]


def test_what_is_ruled_together_is_one_story_whatever_its_words_and_days() -> None:
    assert partition(UNLIKE, together("a", "c")) == {"ac", "b"}
    days = [report("a", start=date(2020, 9, 26)), report("b", start=date(2022, 9, 11))]
    assert partition(days, together("ab")) == {"ab"}


def test_copies_ruled_apart_are_two_stories() -> None:
    assert partition(ALIKE) == {"abc"}
    assert partition(ALIKE, split("b", "ac")) == {"ac", "b"}


def test_a_newcomer_joins_one_of_the_parts_and_never_both() -> None:
    assert partition([*ALIKE, report("d")], split("b", "ac")) in ({"acd", "b"}, {"ac", "bd"})


def test_the_newer_ruling_outweighs_the_older() -> None:
    assert partition(ALIKE, split("b", "ac"), together("ab")) == {"ab", "c"}
    assert partition(UNLIKE, together("abc"), split("b", "ac")) == {"ac", "b"}
    assert partition(UNLIKE, together("abc"), split("a", "c")) in ({"ab", "c"}, {"a", "bc"})


@pytest.mark.parametrize("leaving", KEYS[:4])
def test_who_leaves_a_merge_takes_nobody_along(leaving: str) -> None:
    unlike = [*UNLIKE, report("d", "Onion prices fall")]
    staying = "abcd".replace(leaving, "")
    assert partition(unlike, together("abcd"), split(leaving, staying)) == {leaving, staying}


@given(SIDES, SIDES.filter(lambda side: len(side) > 1))
def test_an_older_merge_less_the_sides_of_a_newer_split_stays_one_block(leaving: str, staying: str) -> None:
    bonds = Bonds([together(KEYS), split(leaving, "".join(set(staying) - set(leaving)))])
    parts = [leaving, set(staying) - set(leaving), set(KEYS) - set(leaving) - set(staying)]
    assert all(len({bonds.root(key) for key in part}) == 1 for part in parts if part)
    assert len({bonds.root(key) for key in KEYS}) == sum(map(bool, parts[:2]))


def test_absent_reports_bind_others() -> None:
    assert partition(UNLIKE, together("a", "x"), together("x", "c")) == {"ac", "b"}


def test_analysis_may_be_ruled_into_a_story() -> None:
    analysis = report("b", type=EventType.ANALYSIS)
    assert partition([report("a"), analysis]) == {"a", "b"}
    assert partition([report("a"), analysis], together("ab")) == {"ab"}


RULINGS = st.lists(
    st.builds(
        Ruling,
        together=st.booleans(),
        left=st.frozensets(st.sampled_from(KEYS), min_size=1, max_size=2),
        right=st.frozensets(st.sampled_from(KEYS), max_size=2),
    ).filter(lambda ruling: not ruling.left & ruling.right),
    max_size=4,
)
TITLES = st.lists(st.sampled_from(["Navies open a drill", "Pact on supplies signed", "Ministers meet"]), min_size=6)


@settings(deadline=None)
@given(TITLES, RULINGS)
def test_the_newest_ruling_always_holds_and_order_does_not_matter(titles: list[str], rulings: list[Ruling]) -> None:
    reports = [report(key, title) for key, title in zip(KEYS, titles, strict=False)]
    found = group(reports, rulings)
    assert group(reports[::-1], rulings) == found
    if not rulings:
        return
    homes = {key: block.keys for block in found for key in block.keys}
    newest = rulings[-1]
    if newest.together:
        assert len({homes[key] for key in newest.left | newest.right}) == 1
    else:
        assert not any(homes[a] == homes[b] for a in newest.left for b in newest.right)


@settings(deadline=None)
@given(RULINGS)
def test_splits_alone_all_hold(rulings: list[Ruling]) -> None:
    splits = [ruling for ruling in rulings if not ruling.together]
    homes = {key: block.keys for block in group([report(key) for key in KEYS], splits) for key in block.keys}
    parted = {pair for one in splits for pair in combinations(KEYS, 2) if _parts(one, *pair)}
    assert not any(homes[a] == homes[b] for a, b in parted)


def _parts(ruling: Ruling, a: str, b: str) -> bool:
    return (a in ruling.left and b in ruling.right) or (b in ruling.left and a in ruling.right)
