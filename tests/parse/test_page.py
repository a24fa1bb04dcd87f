"""Feeds that a web page names: pure reading, then in the parser's children."""

from __future__ import annotations

import time

import pytest

from monitor.domain.catalogue import FeedLink, PageLinks
from monitor.domain.feed import Fetched, Validators
from monitor.parse.page import LINK_LIMIT, READ_BYTES, read_page
from monitor.parse.sandbox import SandboxedParser
from tests.support.mutate import mutant

ADDRESS = "https://outlet.example/news/today"


def fetched(body: str | bytes, content_type: str | None = None) -> Fetched:
    return Fetched(ADDRESS, body if isinstance(body, bytes) else body.encode(), content_type, None, Validators())


def urls(body: str | bytes) -> list[str]:
    return [link.url for link in read_page(fetched(body)).links]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://other.example/rss", "https://other.example/rss"),
        ("//cdn.example/rss", "https://cdn.example/rss"),
        ("/rss?a=1&amp;b=2", "https://outlet.example/rss?a=1&b=2"),
        ("rss.xml#top", "https://outlet.example/news/rss.xml"),
        (" /rss \n", "https://outlet.example/rss"),
        ("/ニュース", "https://outlet.example/ニュース"),
    ],
)
def test_a_declared_feed_is_resolved(href: str, url: str) -> None:
    assert urls(f'<head><link rel="alternate" type="application/rss+xml" href="{href}"></head>') == [url]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "ftp://x.example/rss", "http://[", "", "http://me:pw@x.example/rss"]
)
def test_what_cannot_be_fetched_is_no_link(href: str) -> None:
    assert urls(f'<link rel="alternate" type="application/rss+xml" href="{href}">') == []


@pytest.mark.parametrize(
    "attributes",
    [
        'rel=alternate type="application/atom+xml"',
        "REL='ALTERNATE' TYPE='Application/RSS+XML; charset=utf-8'",
        'rel="nofollow alternate home" type="application/feed+json"',
        'rel=alternate type="application/rdf+xml" /',
        "rel=feed",
        "rel=alternate rel=stylesheet type=text/xml",
    ],
)
def test_every_kind_of_declaration_is_read(attributes: str) -> None:
    assert urls(f"<LINK href=/f {attributes}>") == ["https://outlet.example/f"]


@pytest.mark.parametrize(
    "attributes",
    [
        "rel=stylesheet type=text/xml",
        "rel=alternate type=text/html hreflang=ja",
        "rel=alternate type=application/json",
        "rel=alternate type=text/xml+oembed",
        "type=application/rss+xml",
    ],
)
def test_other_links_are_none(attributes: str) -> None:
    assert urls(f"<link href=/x {attributes}>") == []


def test_the_first_base_counts_and_holds_from_where_it_stands() -> None:
    link = "<link rel=alternate type=application/rss+xml href=f>"
    page = f"{link}<base href='/deep/er/'>{link}<base href=https://evil.example/>{link}"
    assert urls(page) == ["https://outlet.example/news/f", "https://outlet.example/deep/er/f"]


def test_comments_and_scripts_hold_no_links() -> None:
    link = "<link rel=alternate type=application/rss+xml href=/f>"
    assert urls(f"<!-- {link} --><script>'{link}'</script><style>{link}</style><textarea>x</textarea>") == []


def test_titles_are_plain_text_and_declared_feeds_come_first() -> None:
    page = """<a href=/rss title="List">RSS</a>
    <link rel=alternate type=application/rss+xml href=/f title="Top &lt;b&gt;stories&lt;/b&gt; &amp; more">"""
    assert read_page(fetched(page)) == PageLinks(
        (
            FeedLink("https://outlet.example/f", "Top stories & more", declared=True),
            FeedLink("https://outlet.example/rss", "List", declared=False),
        )
    )


@pytest.mark.parametrize(
    "href",
    [
        "/feed", "/section/india/feed/", "/rss/news/cat0.xml", "rss.xml", "/rssfeeds/296589292.cms", "/x.rdf",
        "https://feeds.example/top-stories", "/?feed=rss2", "/news?format=rss", "/index.xml", "/FEED/",
    ],
)  # fmt: skip
def test_anchors_that_look_like_feeds_are_candidates(href: str) -> None:
    assert len(urls(f"<a href='{href}'>x</a>")) == 1


@pytest.mark.parametrize(
    "href",
    [
        "/india/rss-chief-mohan-bhagwat-speaks", "/feedback", "/atomic-energy", "/sitemap.xml", "/rss.html",
        "https://feedly.example/i/subscription/feed/https://outlet.example/rss", "mailto:feed@outlet.example", "http://[/feed",
    ],
)  # fmt: skip
def test_other_anchors_are_none(href: str) -> None:
    assert urls(f"<a href='{href}'>x</a>") == []


def test_a_page_in_an_old_encoding_is_read() -> None:
    page = "<meta charset=Shift_JIS><link rel=alternate type=application/rss+xml href=/f title=防衛省>"
    assert read_page(fetched(page.encode("shift_jis"))).links == (
        FeedLink("https://outlet.example/f", "防衛省", declared=True),
    )


def test_links_and_bytes_are_bounded() -> None:
    many = "".join(f"<link rel=alternate type=text/xml href=/{n}><a href=/feed/{n}>x</a>" for n in range(200))
    assert len(urls(many)) == 2 * LINK_LIMIT
    assert urls(b"<p>" + "ü".encode() * READ_BYTES + b"<a href=/feed>") == []


N = 300_000
HOSTILE = {
    "open tags": b"<a " * N,
    "open brackets": b"<" * N,
    "open quotes": b'<a href="' * N,
    "open comments": b"<!--" * N,
    "marked sections": b"<![x" * N,
    "declarations": b"<!x" * N,
    "attributes": b"<a " + b"x " * N + b">",
    "half quotes": b"<a " + b"x='" * N + b">",
    "an endless script": b"<script>" + b"</s" * N,
    "end tags": b"</a" * N,
    "instructions": b"<?" * N,
    "references": b"<a href='" + b"&amp" * N + b"'>",
    "meta": b"<meta " * N,
    "NULs": b"\0" * N,
    "not text": bytes(range(256)) * 1000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_little_and_names_nothing(name: str) -> None:
    started = time.process_time()
    assert urls(HOSTILE[name]) == []
    assert time.process_time() - started < 5


async def test_pages_are_read_in_the_children() -> None:
    async with SandboxedParser() as parser:
        page = fetched("<![CDATA[<link rel=alternate type=text/xml href=/x><link rel=alternate type=text/xml href=/f>")
        assert await parser.links(page) == read_page(page)
        assert parser._slow.children[0]._process is not None


PAGE = """<!doctype html><html lang=en><head><meta charset="utf-8"><base href="/a/"><title>T &amp; x</title>
<script>var a='<link>'</script><link rel="alternate" type="application/rss+xml" title="F" href="feed.xml">
<![CDATA[x]]><!-- c --><?php x ?></head><body><a href="/rss/">x</a><svg/><p>日</p></body></html>""".encode()


def test_a_spoiled_page_is_read_as_far_as_it_goes() -> None:
    for seed in range(2_000):
        assert len(read_page(fetched(mutant(seed, PAGE))).links) <= 2 * LINK_LIMIT
