"""Item keys: stable from poll to poll, distinct within a document."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feed import ParsedEntry
from monitor.domain.identity import content_hash, item_keys


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
    assert keys[1] == f"text:{content_hash(entry(None, None, 'Title'))}"


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
