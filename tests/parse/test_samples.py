"""Sample documents beside what is expected of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.feed import Failure, Fetched, ParsedEntry, ParsedFeed, ParseFailed, Pointers, Validators
from monitor.domain.identity import item_keys
from monitor.parse.document import parse_document

SAMPLES = Path(__file__).parent / "samples"
ADDRESS = "https://feeds.example/dir/feed"


def entry(
    title: str = "",
    summary: str = "",
    *,
    guid: str | None = None,
    link: str | None = None,
    published: datetime | None = None,
    raw: str | None = None,
    authors: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    language: str | None = None,
    source: str | None = None,
    offset: int | None = None,
) -> ParsedEntry:
    return ParsedEntry(guid, link, title, summary, published, raw, authors, tags, language, source, offset)


def japanese(circled_one: str = "①") -> ParsedFeed:
    only = entry(
        "日印防衛相会談について",
        f"両国の大臣が{circled_one}会談を行いました。共同訓練の予定です。",
        link="https://ja.example/1",
        language="ja",
    )
    return ParsedFeed("防衛ニュース", "rss20", "ja", None, None, (only,))


MAY_5 = datetime(2025, 5, 5, tzinfo=UTC)

EXPECTED: dict[str, ParsedFeed | ParseFailed] = {
    "rss20.xml": ParsedFeed(
        "Harbour & Strait Review",
        "rss20",
        "en",
        "https://feeds.example/",
        "https://hub.example/",
        (
            entry(
                "Ministers meet today – agenda open",
                "First paragraph with a link.\nSecond\nline & more",
                guid="tag:review,1",
                link="https://feeds.example/news/1?a=1&b=2",
                published=MAY_5.replace(hour=4, minute=30),
                raw="Mon, 05 May 2025 10:00:00 +0530",
                offset=330,
                authors=("News Desk", "A. Writer"),
                tags=("Navy", "R&D"),
                language="en",
                source="The Agency",
            ),
            entry(
                "No guid, so its link is the permanent one",
                "Escaped twice",
                link="https://review.example/news/2",
                published=MAY_5.replace(hour=1),
                raw="Mon, 05 May 2025 10:00:00 JST",
                offset=540,
                language="en",
            ),
            entry("Repeated guid, one", guid="same", language="en"),
            entry("Repeated guid, two", guid="same", language="en"),
            entry("Hostile link", language="en"),
        ),
    ),
    "atom10.xml": ParsedFeed(
        "Sea & Sky",
        "atom10",
        "ja",
        "https://base.example/",
        None,
        (
            entry(
                "Exercise begins",
                "Head\nText of the body",
                guid="urn:1",
                link="https://base.example/b/1.html",
                published=datetime(2025, 5, 4, 23, 30, tzinfo=UTC),
                raw="2025-05-04T23:30:00Z",
                authors=("B. Writer",),
                language="en",
            ),
            entry(
                "続報",
                "要約",
                guid="urn:2",
                link="https://other.example/c/2.html",
                published=MAY_5.replace(minute=30),
                raw="2025-05-05T09:30:00+09:00",
                offset=540,
                language="ja",
            ),
        ),
        pointers=Pointers(own="https://base.example/a/feed.atom"),
    ),
    "rss10.xml": ParsedFeed(
        "Ministry releases",
        "rss10",
        "ja",
        "https://rdf.example/",
        None,
        (
            entry(
                "Talks held",
                "Short text",
                guid="https://rdf.example/1",
                link="https://rdf.example/1",
                published=MAY_5.replace(hour=9),
                raw="2025-05-05T18:00:00+09:00",
                offset=540,
                tags=("talks",),
                language="ja",
            ),
        ),
    ),
    "rss091.xml": ParsedFeed(
        "Old paper",
        "rss091n",
        "en",
        "http://old.example/",
        None,
        (
            entry("Only a title and a link", link="http://old.example/1", language="en"),
            entry("", "Only a description", language="en"),
        ),
    ),
    "feed11.json": ParsedFeed(
        "Json & Co",
        "json11",
        "hi",
        "https://feeds.example/home",
        "https://hub.example/",
        (
            entry(
                "One",
                "Text\nMore",
                guid="a",
                link="https://feeds.example/a",
                published=MAY_5.replace(hour=4, minute=30),
                raw="2025-05-05T10:00:00+05:30",
                offset=330,
                authors=("C. Writer",),
                tags=("x", "y"),
                language="hi",
            ),
            entry("", "x < y", guid="7", link="https://else.example/b", raw="yesterday", language="en"),
            entry(language="hi"),
        ),
    ),
    "feed10.json": ParsedFeed(
        "Old JSON",
        "json10",
        None,
        None,
        None,
        (entry("", "Body", guid="1", published=MAY_5, raw="2025-05-05", offset=0, authors=("D. Writer",)),),
    ),
    "hindi.xml": ParsedFeed(
        "समाचार",
        "rss20",
        "hi",
        None,
        None,
        (
            entry(
                "रक्षा मंत्री की बैठक आज",
                "क्\u200dषमता और शक्\u200cति\nउलटा\nदूसरा",
                link="https://hindi.example/1",
                language="hi",
            ),
        ),
    ),
    "dates.xml": ParsedFeed(
        "Dates",
        "rss20",
        None,
        None,
        None,
        (
            entry("year one", raw="Mon, 01 Jan 0001 00:00:00 +0000"),
            entry("no zone", published=MAY_5.replace(hour=10), raw="Mon, 05 May 2025 10:00:00", offset=0),
            entry("day only", published=MAY_5, raw="05 May 2025", offset=0),
            entry(
                "named zone",
                published=MAY_5.replace(hour=4, minute=30),
                raw="Mon, 05 May 2025 10:00:00 IST",
                offset=330,
            ),
            entry("nonsense", raw="next Tuesday, probably"),
            entry("none"),
            entry("leap second", published=datetime(2017, 1, 1, tzinfo=UTC), raw="2016-12-31T23:59:60Z"),
            entry("far ahead", raw="Fri, 31 Dec 9999 23:59:59 -1200"),
        ),
    ),
    "truncated.xml": ParsedFeed(
        "Cut short",
        "rss20",
        None,
        None,
        None,
        (entry("Whole", guid="https://cut.example/1", link="https://cut.example/1"),),
    ),
    "injected.xml": ParsedFeed(
        "Injected", "rss20", None, None, None, (entry("Real", link="https://injected.example/1"),)
    ),
    "prefixed.xml": ParsedFeed(
        "Prefixed",
        "rss",
        None,
        None,
        None,
        (
            entry(
                "One",
                link="https://prefixed.example/1",
                published=MAY_5.replace(hour=10),
                raw="Mon, 05 May 2025 10:00:00 GMT",
            ),
            entry("Two", link="https://prefixed.example/2"),
        ),
    ),
    "references.xml": ParsedFeed(
        "References",
        "rss20",
        None,
        None,
        None,
        (
            entry("Bad and good – —", link="https://references.example/1"),
            entry("Neighbour", link="https://references.example/2"),
        ),
    ),
    "shift_jis_undeclared.xml": japanese(),
    "shift_jis_called_utf8.xml": japanese(),
    "euc_jp_undeclared.xml": japanese(""),
    "iso2022jp.xml": japanese(""),
    "iso2022jp_undeclared.xml": japanese(""),
    "utf16.xml": japanese(),
    "page.html": ParseFailed(Failure.NOT_A_FEED, "The address answered with a web page, not a feed."),
    "other.xml": ParseFailed(Failure.NOT_A_FEED, "The address answered with XML that is not a feed."),
}


def read(name: str) -> Fetched:
    return Fetched(ADDRESS, (SAMPLES / name).read_bytes(), None, None, Validators())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_is_read_as_expected(name: str) -> None:
    assert parse_document(read(name)) == EXPECTED[name]


def test_every_sample_has_an_expectation() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if isinstance(expected, ParsedFeed)])
def test_items_keep_their_keys_and_share_none(name: str) -> None:
    first, second = parse_document(read(name)), parse_document(read(name))
    assert isinstance(first, ParsedFeed)
    assert isinstance(second, ParsedFeed)
    assert item_keys(first.entries) == item_keys(second.entries)
    assert len(set(item_keys(first.entries))) == len(first.entries)
