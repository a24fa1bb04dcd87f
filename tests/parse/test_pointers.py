"""Where documents say that they and their older entries are."""

from __future__ import annotations

import pytest

from monitor.domain.feed import Fetched, ParsedFeed, Pointers, Validators
from monitor.parse.document import parse_document

LINKS = """<{0}link rel="self" href="/feed"/><{0}link rel="prev-archive" href="https://old.example/2024"/>
<{0}link rel="next" href="?page=2"/><{0}link rel="next" href="?page=3"/>"""
EXPECTED = Pointers("https://x.example/feed", "https://old.example/2024", "https://x.example/f?page=2")


def pointers(document: str) -> Pointers:
    parsed = parse_document(Fetched("https://x.example/f", document.encode(), None, None, Validators()))
    assert isinstance(parsed, ParsedFeed)
    return parsed.pointers


def rss(head: str = "", *guids: str) -> str:
    items = "".join(f"<item><title>T</title><guid isPermaLink='false'>{guid}</guid></item>" for guid in guids)
    return f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>F</title>{head}{items}</channel></rss>"


def test_links_are_read_in_every_format() -> None:
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{LINKS.format('')}</feed>"
    json = '{"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": "?page=2", "feed_url": "/feed"}'
    assert pointers(atom) == EXPECTED
    assert pointers(rss(LINKS.format("a:"))) == EXPECTED
    assert pointers(json) == Pointers(own="https://x.example/feed", next="https://x.example/f?page=2")


def test_a_document_may_say_nothing_or_what_nobody_can_fetch() -> None:
    assert pointers(rss()) == Pointers()
    assert pointers(rss('<a:link rel="next" href="javascript:1"/><a:link rel="prev-archive"/>')) == Pointers()


@pytest.mark.parametrize(
    ("document", "wordpress"),
    [
        (rss("<generator>https://wordpress.org/?v=6.4.2</generator>"), True),
        (rss("<generator>WordPress.com</generator>"), True),
        (rss("<generator>Hugo</generator>", "https://x.example/?p=1"), True),
        (rss("", "https://x.example/?p=1", "https://x.example/?post_type=news&amp;p=22"), True),
        (rss("", "https://x.example/?p=1", "https://x.example/1"), False),
        (rss("", "https://x.example/?page=1"), False),
        (rss("", "urn:1"), False),
    ],
)
def test_wordpress_is_known_by_its_generator_or_its_guids(document: str, wordpress: bool) -> None:
    assert pointers(document).wordpress is wordpress
