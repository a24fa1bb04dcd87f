"""Which documents are one feed under several addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.feed import Fetched, ParsedEntry, ParsedFeed, ParseFailed, Pointers, Validators
from monitor.parse.document import parse_document
from monitor.text.sameness import Content, are_one, content_of, looks_like, same_feeds
from tests.support.material import material


def content(
    links: range | tuple[int, ...] = (), titles: range | tuple[int, ...] = (), own: str | None = None
) -> Content:
    return Content(own, frozenset(f"https://x.example/{n}" for n in links), frozenset(f"Title {n}" for n in titles))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (content(range(10)), content(range(10)), True),
        (content(range(10)), content(range(2, 12)), True),
        (content(range(10)), content(range(3, 13)), False),
        (content(range(10)), content(range(50)), False),  # a section within the whole
        (content(range(2)), content(range(2)), False),  # too few to tell
        (content((), range(10)), content((), range(10)), True),
        (content((), range(4)), content((), range(4)), False),
        (content(range(10), range(10)), content(range(20, 30), range(10)), True),  # counted links, equal titles
        (content((1,), own="https://x.example/f"), content((1, 2, 3, 4), own="https://x.example/f"), True),
        (content((1,), own="https://x.example/f"), content((2,), own="https://x.example/f"), False),
        (content((), own="https://x.example/f"), content((), own="https://x.example/f"), False),
        (content(), content(), False),
    ],
)
def test_overlap_in_both_directions_tells(one: Content, other: Content, same: bool) -> None:
    assert are_one(one, other) is same
    assert are_one(other, one) is same


def test_groups_are_found_among_many() -> None:
    contents = [content(range(10)), content(range(100, 110)), content(range(1, 11)), content(), content(range(2, 12))]
    assert same_feeds(contents) == [[0, 2, 4]]
    assert same_feeds([]) == []


def test_content_is_canonical() -> None:
    entries = (
        ParsedEntry(None, "https://X.example/1?utm_source=rss", "  A Title ", "", None, None),
        ParsedEntry(None, None, "", "", None, None),
    )
    parsed = ParsedFeed("F", "rss20", None, None, None, entries, pointers=Pointers(own="https://x.example/f#a"))
    assert content_of(parsed) == Content(
        "https://x.example/f", frozenset({"https://x.example/1"}), frozenset({"a title"})
    )


@pytest.mark.parametrize(
    "other", ["http://x.example/feed", "https://www.x.example/feed/", "https://x.example/feed?utm_source=a"]
)
def test_addresses_that_differ_in_little_look_alike(other: str) -> None:
    assert looks_like("https://x.example/feed") == looks_like(other)


def test_addresses_that_differ_in_more_do_not() -> None:
    assert looks_like("https://x.example/feed?lang=1") != looks_like("https://x.example/feed?lang=2")


def test_among_captured_feeds_only_copies_of_one_document_are_one() -> None:
    """Over a hundred documents of five collections; the group is four spellings of gofeed's sample of JSON Feed."""
    captured = material("feeds")
    paths = [
        path for path in sorted(captured.rglob("*.*")) if path.suffix in {".xml", ".json", ".rss", ".atom", ".rdf"}
    ]
    read = [(path, parsed) for path in paths if isinstance(parsed := parse(path), ParsedFeed)]
    assert len(read) >= 100
    groups = same_feeds([content_of(parsed) for _, parsed in read])
    assert [{read[place][0].name.partition("_1")[0] for place in group} for group in groups] == [{"version_json"}]


def parse(path: Path) -> ParsedFeed | ParseFailed | None:
    """The document, unless it is so long that a fast test has no time for it."""
    if path.stat().st_size > 100_000:
        return None
    return parse_document(Fetched(f"https://x.example/{path.name}", path.read_bytes(), None, None, Validators()))
