"""OPML files, honest and hostile: what is read of them, and that writing and reading come to rest."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.catalogue import Outlines, category_steps
from monitor.domain.feed import Fetched, NewFeed, ParseFailed, Validators
from monitor.parse.opml import FEED_LIMIT, read_opml
from monitor.parse.sandbox import SandboxedParser
from monitor.text.opml import write_opml
from monitor.text.shown import one_line
from tests.support.mutate import mutant

FEED = "<outline text='Navy' xmlUrl='https://navy.example/rss'/>"


def read(document: str | bytes) -> Outlines | ParseFailed:
    body = document if isinstance(document, bytes) else document.encode()
    return read_opml(Fetched("", body, None, None, Validators()))


def feeds(document: str | bytes) -> list[NewFeed]:
    outlines = read(document)
    assert isinstance(outlines, Outlines), outlines
    return [outline.feed for outline in outlines.feeds]


def refusal(document: str | bytes) -> str:
    failed = read(document)
    assert isinstance(failed, ParseFailed)
    return failed.message


def test_feeds_folders_and_attributes_are_read() -> None:
    document = """<?xml version="1.0" encoding="UTF-8"?>
    <opml version="2.0"><head><title>Mine</title></head><body>
      <outline text="Plain" xmlUrl="https://a.example/rss" type="rss" language="hi-IN" htmlUrl="https://a.example/"/>
      <outline text="Asia"><outline title=" Japan ">
        <outline text="text" title="Title &amp; more" XMLURL="https://b.example/rss"/>
      </outline></outline>
      <outline text="By attribute" xmlUrl="https://c.example/rss" category="/Asia/India,/Other"/>
    </body></opml>"""
    assert feeds(document) == [
        NewFeed("https://a.example/rss", "Plain", site="https://a.example/", language="hi"),
        NewFeed("https://b.example/rss", "Title & more", category="Asia/Japan"),
        NewFeed("https://c.example/rss", "By attribute", category="Asia/India"),
    ]
    outlines = read(document)
    assert isinstance(outlines, Outlines)
    assert [outline.line for outline in outlines.feeds] == [3, 5, 7]


def test_a_feed_may_hold_feeds() -> None:
    assert [
        feed.category
        for feed in feeds(
            f"<opml><outline text=A xmlUrl='https://x.example/'>{FEED}</outline></opml>".replace("text=A", "text='A'")
        )
    ] == [None, "A"]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2"),
        ("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&b=2"),
        ("https://x.example/?copy=1&copy;", "https://x.example/?copy=1©"),
        ("https://x.example/&#0;&#xFFFF;\x01a", "https://x.example/a"),
        ("https://x.example/&nosuch;", "https://x.example/&nosuch;"),
    ],
)
def test_what_writers_get_wrong_in_attributes_is_mended(written: str, url: str) -> None:
    assert [feed.url for feed in feeds(f"<opml><outline xmlUrl='{written}'/></opml>")] == [url]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("shift_jis", "Shift_JIS"),
        ("euc_jp", "EUC-JP"),
        ("utf-8", "ascii"),
    ],
)
def test_encodings_are_told_as_those_of_feeds(encoding: str, declared: str) -> None:
    document = (
        f"<?xml version='1.0' encoding='{declared}'?><opml><outline text='防衛' xmlUrl='https://x.example/'/></opml>"
    )
    assert [feed.title for feed in feeds(document.encode(encoding))] == ["防衛"]


def test_letters_no_declaration_explains_cost_only_themselves() -> None:
    (feed,) = feeds(b"<opml><outline text='caf\xe9' xmlUrl='https://x.example/'/></opml>")
    assert feed.url == "https://x.example/"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "It is no OPML file."),
        ("{}", "It is no OPML file."),
        ("<rss><channel/></rss>", "It is no OPML file."),
        (b"\x89PNG\r\n\0\0", "It is no OPML file."),
        ("<!doctype html><html><body></body></html>", "It is no OPML file."),
        (f"<opml>{FEED}", "It is broken at line 1 (no element found): mend it there."),
        (f"<opml>\n{FEED}\n</body></opml>", "It is broken at line 3 (mismatched tag): mend it there."),
        (
            '<!DOCTYPE opml [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><opml><outline xmlUrl="https://x.example/&b;"/></opml>',
            "It declares entities, which no OPML file needs: remove its DOCTYPE.",
        ),
        (
            '<!DOCTYPE opml [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><opml/>',
            "It declares entities, which no OPML file needs: remove its DOCTYPE.",
        ),
    ],
)
def test_what_is_no_opml_is_told_in_one_sentence(document: str | bytes, message: str) -> None:
    assert refusal(document) == message


def test_a_doctype_that_declares_nothing_is_passed_over() -> None:
    document = f'<!DOCTYPE opml SYSTEM "https://evil.example/opml.dtd"><opml>{FEED}</opml>'
    assert [feed.title for feed in feeds(document)] == ["Navy"]


def test_outlines_without_end_are_bounded() -> None:
    started = time.process_time()
    outlines = read("<opml>" + "<outline/>" * 200_000 + FEED * (FEED_LIMIT + 5) + "</opml>")
    assert isinstance(outlines, Outlines)
    assert (len(outlines.feeds), outlines.left_out) == (FEED_LIMIT, 5)
    assert time.process_time() - started < 10


def test_deep_nesting_costs_neither_stack_nor_time() -> None:
    depth = 100_000
    document = "<outline text='a' xmlUrl='https://x.example/'>" * depth + "</outline>" * depth
    found = feeds(f"<opml>{document}</opml>")
    assert found[-1].category == "/".join(["a"] * 20)


async def test_files_are_read_in_the_children() -> None:
    async with SandboxedParser() as parser:
        assert await parser.outlines(f"<opml>{FEED}</opml>".encode()) == read(f"<opml>{FEED}</opml>")
        assert await parser.outlines(b"") == read("")


def test_a_list_is_written_with_its_folders() -> None:
    written = write_opml(
        [
            NewFeed("https://b.example/?x=1&y=2", 'B "and" <b>', category="Asia/Japan"),
            NewFeed("https://a.example/rss", "A", "https://a.example/", "en"),
        ],
        "Feeds & more",
    )
    assert written == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head><title>Feeds &amp; more</title></head>\n"
        "  <body>\n"
        '    <outline text="A" title="A" type="rss" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"'
        ' language="en"/>\n'
        '    <outline text="Asia">\n'
        '      <outline text="Japan">\n'
        """        <outline text='B "and" &lt;b&gt;' title='B "and" &lt;b&gt;' type="rss" xmlUrl="https://b.example/?x=1&amp;y=2"/>\n"""
        "      </outline>\n"
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_nothing_is_written_as_an_empty_list() -> None:
    assert feeds(write_opml([], "None")) == []


def path(words: list[str]) -> str | None:
    return "/".join(category_steps(one_line("/".join(words)))) or None


titles: st.SearchStrategy[Any] = st.text(min_size=1, max_size=30).filter(lambda title: bool(one_line(title)))
new_feeds = st.builds(
    NewFeed,
    url=st.integers(0, 999).map(lambda number: f"https://x.example/{number}?a=1&b='\""),
    title=titles,
    site=st.none() | st.just("https://x.example/"),
    language=st.sampled_from([None, "en", "hi", "ja"]),
    category=st.none() | st.lists(st.text(max_size=12), max_size=4).map(path),
)


@settings(deadline=None)
@given(st.lists(new_feeds, max_size=6))
def test_what_was_written_is_written_again_to_the_letter(given_feeds: list[NewFeed]) -> None:
    written = write_opml(given_feeds, "Feeds")
    assert write_opml(feeds(written), "Feeds") == written


SPOILT = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE opml><opml version="2.0"><head><title>x</title></head><body>
<outline text="A &amp; b"><outline text="日本" title='x' type="rss" xmlUrl="https://a.example/?a=1&amp;b=2"
htmlUrl="https://a.example/" language="ja" category="/a/b"/></outline></body></opml>""".encode()


def test_a_spoiled_file_is_read_or_told_in_one_sentence() -> None:
    results = [read(mutant(seed, SPOILT)) for seed in range(2_000)]
    failures = [result.message for result in results if isinstance(result, ParseFailed)]
    assert all(message.endswith(".") and "\n" not in message for message in failures)
    assert len(failures) > 1_000
