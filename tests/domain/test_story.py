"""Which story a group of reports belongs to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.story import Group, Placement, place


def group(*keys: str) -> Group:
    return Group(tuple(sorted(keys)), "test")


def test_a_group_of_new_reports_is_a_new_story() -> None:
    assert place([group("1", "2")], {}) == [Placement(group("1", "2"), None)]


def test_a_group_keeps_the_story_it_shares_most_reports_with() -> None:
    [placement] = place([group("1", "2", "3")], {"1": 7, "2": 8, "3": 8})
    assert placement.story_id == 8
    assert placement.merged == (7,)


def test_a_split_leaves_the_story_with_the_larger_part() -> None:
    large, small = place([group("1", "2"), group("3")], {"1": 7, "2": 7, "3": 7})
    assert large.story_id == 7
    assert small.story_id is None


def test_a_placement_knows_whether_it_changes_what_is_stored() -> None:
    homes = {"1": 7, "2": 7}
    assert not Placement(group("1", "2"), 7).changes(homes)
    assert Placement(group("1"), 7).changes(homes)
    assert Placement(group("1", "2", "3"), 7).changes(homes)
    assert Placement(group("3"), None).changes(homes)


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(KEYS, st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 4)), st.integers(1, 3))
def test_no_story_goes_to_two_groups_and_order_changes_nothing(
    keys: list[str], homes: dict[str, int], parts: int
) -> None:
    groups = [group(*keys[start::parts]) for start in range(parts) if keys[start::parts]]
    placements = place(groups, homes)
    taken = [story for p in placements for story in (p.story_id, *p.merged) if story is not None]
    assert len(taken) == len(set(taken))
    assert set(taken) == {homes[key] for key in keys if key in homes}
    backwards = place(groups[::-1], homes)
    assert {p.group.keys: (p.story_id, p.merged) for p in placements} == {
        p.group.keys: (p.story_id, p.merged) for p in backwards
    }
