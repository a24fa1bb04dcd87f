"""Which story a group of reports belongs to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.story import Group, Placement, Ruling, place, staying


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


def test_a_split_leaves_the_story_with_the_part_that_is_to_keep_it() -> None:
    large, small = place([group("1", "2"), group("3")], {"1": 7, "2": 7, "3": 7}, {"3", "9"})
    assert (large.story_id, small.story_id) == (None, 7)


def test_a_merge_keeps_the_story_that_is_to_stay() -> None:
    [placement] = place([group("1", "2", "3")], {"1": 7, "2": 8, "3": 8}, {"1"})
    assert (placement.story_id, placement.merged) == (7, (8,))


def test_the_newest_ruling_says_whose_story_keeps_its_number() -> None:
    a, b, c = (frozenset(key) for key in "abc")
    merge = Ruling(together=True, left=a, right=b | c)
    split = Ruling(together=False, left=b, right=a | c)
    assert staying([]) == frozenset()
    assert staying([merge]) == a
    assert staying([merge, split]) == a | c
    assert staying([split, merge]) == a


def test_a_placement_knows_whether_it_changes_what_is_stored() -> None:
    homes = {"1": 7, "2": 7}
    assert not Placement(group("1", "2"), 7).changes(homes)
    assert Placement(group("1"), 7).changes(homes)
    assert Placement(group("1", "2", "3"), 7).changes(homes)
    assert Placement(group("3"), None).changes(homes)


KEY = st.sampled_from("abcdefgh")
KEYS = st.lists(KEY, unique=True)


@given(KEYS, st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 4)), st.integers(1, 3), st.frozensets(KEY))
def test_no_story_goes_to_two_groups_and_order_changes_nothing(
    keys: list[str], homes: dict[str, int], parts: int, kept: frozenset[str]
) -> None:
    groups = [group(*keys[start::parts]) for start in range(parts) if keys[start::parts]]
    placements = place(groups, homes, kept)
    taken = [story for p in placements for story in (p.story_id, *p.merged) if story is not None]
    assert len(taken) == len(set(taken))
    assert set(taken) == {homes[key] for key in keys if key in homes}
    backwards = place(groups[::-1], homes, kept)
    assert {p.group.keys: (p.story_id, p.merged) for p in placements} == {
        p.group.keys: (p.story_id, p.merged) for p in backwards
    }
