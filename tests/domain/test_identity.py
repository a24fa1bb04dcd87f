"""Items found again from poll to poll, and the keys they are first stored under: distinct within a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feed import ParsedEntry
from monitor.domain.identity import Identity, content_hash, item_keys, match_items


def entry(guid: str | None = None, link: str | None = None, title: str = "", summary: str = "") -> ParsedEntry:
    return ParsedEntry(guid, link, title, summary, datetime(2025, 5, 4, tzinfo=UTC), "Sun, 04 May 2025")


def test_a_guid_that_occurs_once_is_the_key_whatever_else_changes() -> None:
    before = item_keys([entry("a", "https://example.org/1", "Old title")])
    after = item_keys([entry("a", "https://example.org/2", "New title"), entry("b")])
    assert before == ["guid:a"] == after[:1]


def test_a_repeated_guid_is_joined_with_the_link() -> None:
    keys = item_keys([entry("a", "https://example.org/1"), entry("a", "https://example.org/2")])
    assert keys == ["guid:a link:https://example.org/1", "guid:a link:https://example.org/2"]


def test_a_missing_or_blank_guid_falls_back_to_the_link_then_to_the_words() -> None:
    keys = item_keys([entry(" ", "https://example.org/1"), entry(None, None, "Title")])
    assert keys[0] == "link:https://example.org/1"
    assert keys[1].startswith("text:")


def test_the_same_words_under_another_date_are_another_bulletin_of_a_feed_without_guids_and_links() -> None:
    today = entry(None, None, "Bulletin")
    yesterday = replace(today, published_raw="Sat, 03 May 2025")
    assert len({*item_keys([today]), *item_keys([yesterday])}) == 2


def test_a_date_written_anew_is_no_change_of_the_words() -> None:
    first = entry("a", "https://example.org/1", "Title")
    later = replace(first, published_raw="Sun, 04 May 2025 01:00", published=datetime(2025, 5, 4, 1, tzinfo=UTC))
    assert content_hash(first) == content_hash(later)
    assert content_hash(first) != content_hash(replace(first, title="Title, corrected"))


def test_entries_that_share_one_link_are_told_apart_by_their_words() -> None:
    keys = item_keys([entry(None, "https://example.org/", "One"), entry(None, "https://example.org/", "Two")])
    assert len(set(keys)) == 2
    assert all(key.startswith("link:https://example.org/ text:") for key in keys)


def test_entries_alike_to_the_last_letter_are_numbered() -> None:
    first, second = item_keys([entry(None, None, "Same"), entry(None, None, "Same")])
    assert second == f"{first} #2"


def test_lone_surrogates_do_not_break_the_hash() -> None:
    assert len(content_hash(entry(title="bad \ud800 title"))) == 64


TEXT = st.sampled_from(["", " ", "a", "b"])
ENTRIES = st.lists(
    st.builds(entry, guid=st.none() | TEXT, link=st.none() | TEXT, title=TEXT, summary=TEXT), max_size=12
)


@given(ENTRIES)
def test_keys_are_distinct_and_repeatable(entries: list[ParsedEntry]) -> None:
    keys = item_keys(entries)
    assert len(set(keys)) == len(entries)
    assert keys == item_keys(entries)


@given(ENTRIES.filter(lambda entries: len({(e.guid, e.link, e.title, e.summary) for e in entries}) == len(entries)))
def test_the_order_of_distinct_entries_changes_no_key(entries: list[ParsedEntry]) -> None:
    assert sorted(item_keys(entries)) == sorted(item_keys(entries[::-1]))


HOME = "https://example.org/"
TALKS = Identity("7", HOME + "talks", "Ministers to meet", "to meet", "Sun")
DRILL = Identity("8", HOME + "drill", "Navies drill", "drill", "Mon")


def shown(identity: Identity, **about: str) -> Identity:
    return replace(identity, **about)


@pytest.mark.parametrize(
    "seen",
    [
        TALKS,
        shown(TALKS, words="met", title="Ministers meet", dated="Mon"),
        shown(TALKS, link=HOME + "moved", words="met"),
        shown(TALKS, link=HOME + "moved", words="met", title="Ministers meet"),
        shown(TALKS, link="", words="met", dated="Tue"),
        shown(TALKS, guid="", title="Ministers meet", words="met", dated="Tue"),
        shown(TALKS, guid="made anew", words="met", dated="Tue"),
        shown(TALKS, dated="Tue"),
    ],
    ids=["same", "edited", "moved", "moved and edited", "without link", "without guid", "another guid", "another date"],
)
def test_an_item_is_found_again(seen: Identity) -> None:
    assert match_items([DRILL, TALKS], [seen]) == [1]
    assert match_items([TALKS], [DRILL, seen]) == [None, 0]


@pytest.mark.parametrize(
    "seen",
    [
        shown(DRILL, guid=TALKS.guid),
        shown(DRILL, link=TALKS.link),
        shown(TALKS, guid="", link=""),
        Identity("", "", "", "", ""),
    ],
    ids=["only the guid is the same", "only the link is the same", "neither guid nor link", "nothing at all"],
)
def test_one_sign_alone_makes_no_two_entries_one_item(seen: Identity) -> None:
    assert match_items([TALKS], [seen]) == [None]


def test_a_guid_that_becomes_repeated_splits_no_item() -> None:
    talks, drill = shown(TALKS, guid="home"), shown(DRILL, guid="home")
    assert match_items([talks], [drill, talks]) == [None, 0]
    assert match_items([talks], [drill, shown(talks, words="met")]) == [None, 0]
    assert match_items([talks, drill], [shown(drill, words="drilled")]) == [1]


def test_what_all_entries_share_says_nothing() -> None:
    stored = [Identity("home", HOME, f"Report {n}", f"report {n}", f"day {n}") for n in range(3)]
    new = Identity("home", HOME, "Report 3", "report 3", "day 3")
    assert match_items(stored, [new, stored[2], stored[1]]) == [None, 2, 1]


@pytest.mark.parametrize(
    "about",
    [{"dated": "anew"}, {"dated": "anew", "words": "edited"}, {"guid": "made anew"}],
    ids=["date", "date and summary", "guid"],
)
def test_entries_that_share_guid_and_link_are_found_again_by_the_rest(about: dict[str, str]) -> None:
    stored = [Identity("home", HOME, f"Report {n}", f"report {n}", f"day {n}") for n in range(3)]
    assert match_items(stored, [shown(one, **about) for one in stored]) == [0, 1, 2]


def test_untitled_entries_that_share_guid_and_link_are_found_again_by_their_words() -> None:
    stored = [Identity("home", HOME, "", f"report {n}", f"day {n}") for n in range(3)]
    assert match_items(stored, [shown(one, dated="anew") for one in stored]) == [0, 1, 2]


def test_entries_alike_to_the_last_letter_stay_as_many_items_as_they_were() -> None:
    assert match_items([TALKS, TALKS], [TALKS]) == [0]
    assert match_items([TALKS], [TALKS, TALKS]) == [0, None]


@dataclass
class Archive:
    """What a store would hold of one feed: each item as it was last seen. Windows are matched as by a save."""

    items: list[Identity]

    def save(self, window: Sequence[Identity]) -> list[int]:
        places = []
        for home, seen in zip(match_items(self.items, window), window, strict=True):
            if home is None:
                self.items.append(seen)
                places.append(len(self.items) - 1)
            else:
                self.items[home] = replace(seen, guid=seen.guid or self.items[home].guid)
                places.append(home)
        return places


@dataclass(frozen=True)
class Story:
    """One article of a history: its guid is its own, shared by others, or missing; its link is always its own."""

    number: int
    guid: str

    def seen(self, edit: str) -> Identity:
        own = self.guid.startswith("own")
        link = f"{HOME}{self.number}" + ("/moved" if edit == "moved" and own else "")
        guid = "" if edit == "guid lost" else self.guid
        dated = "regenerated" if edit == "dated anew" else f"day {self.number}"
        title = f"Report {self.number}" + (" (updated)" if edit == "retitled" else "")
        return Identity(guid, link, title, f"{title} {link}", dated)


GUIDS = st.sampled_from(["own", "home", "site", ""])
HISTORIES = st.lists(GUIDS, min_size=1, max_size=9).map(
    lambda kinds: [Story(n, f"own {n}" if kind == "own" else kind) for n, kind in enumerate(kinds)]
)
EDITS = st.sampled_from(["none", "none", "retitled", "moved", "guid lost", "dated anew"])


@given(HISTORIES, st.data())
def test_windows_of_one_history_split_no_article_and_merge_no_two(stories: list[Story], data: st.DataObject) -> None:
    """Whatever neighbours a window brings, each article stays one item, though it is edited between any two of them."""
    archive, homes = Archive([]), dict[int, int]()
    for _ in range(data.draw(st.integers(2, 4))):
        window = data.draw(st.lists(st.sampled_from(stories), unique=True))
        edits = [data.draw(EDITS) if story.number in homes else "none" for story in window]
        seen = [story.seen(edit) for story, edit in zip(window, edits, strict=True)]
        for story, place in zip(window, archive.save(seen), strict=True):
            assert homes.setdefault(story.number, place) == place
        archive.save([story.seen("none") for story in window])  # the next poll brings them as they were
    assert len(archive.items) == len(homes) == len(set(homes.values()))
