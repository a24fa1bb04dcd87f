"""Strings and addresses are made fit for each form, whatever they hold."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.digest.forms import TEXT_WIDTH, markdown, markdown_link, plain, web_link, wrapped
from monitor.text.shown import header_line, one_line

MARKDOWN = MarkdownIt("commonmark")
WILD = st.text(st.characters() | st.sampled_from("\\`*_[]<>|~&#+-=.:@!()\n\r\t\x1b\u202e\u2066\ud800"), max_size=40)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://a.example", "HTTP://a.example"),
        (" https://a.example/a b ", "https://a.example/a%20b"),
        ('https://a.example/"<>\\^`{}|', "https://a.example/%22%3C%3E%5C%5E%60%7B%7D%7C"),
        ("https://a.example/\r\n\u202e", "https://a.example/%0D%0A%E2%80%AE"),
        ("https://a.example/日本", "https://a.example/日本"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("//a.example/x", None),
        ("/x", None),
        ("https://", None),
        ("http://[bad", None),
        ("", None),
        (None, None),
    ],
)
def test_web_link(url: str | None, expected: str | None) -> None:
    assert web_link(url) == expected


@given(WILD)
def test_web_link_is_a_web_link_or_nothing(url: str) -> None:
    link = web_link(url) or web_link(f"https://a.example/{url}")
    assert link is None or (link.lower().startswith("http") and not set(link) & set("\"'<> \n\r\\`"))


@given(WILD)
def test_markdown_text_renders_as_itself(text: str) -> None:
    rendered = MARKDOWN.render(f"- Label {markdown(text)} end")
    inner = rendered.removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    assert unescape(inner) == f"Label {plain(text)} end"


@given(WILD, WILD)
def test_markdown_link_stays_one_link_around_its_title(title: str, path: str) -> None:
    link = web_link(f"https://a.example/{path}")
    rendered = MARKDOWN.render(f"[x{markdown(title)}](<{markdown_link(link or '')}>)")
    assert rendered.startswith('<p><a href="https://a.example/')
    assert rendered.endswith("</a></p>\n")
    assert rendered.count("<a ") == 1


@pytest.mark.parametrize(
    "text", ["1. list", "2) list", "# head", "- item", "+ item", "=== line", "> quote", "``` code"]
)
def test_markdown_text_opens_no_block_at_the_start_of_a_line(text: str) -> None:
    assert unescape(MARKDOWN.render(markdown(text))) == f"<p>{text}</p>\n"


@given(WILD)
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line.isprintable() or not set(line) & {"\x1b", "\n", "\r", "\u202e", "\ud800"}
    assert one_line(line) == line
    assert line.encode().decode() == line


@given(WILD)
def test_header_line_holds_no_encoded_word(text: str) -> None:
    assert "=?" not in header_line(f"=?{text}=?utf-8?q?=0d=0a?=")


def test_joiners_of_devanagari_and_emoji_stay() -> None:
    assert one_line("क्\u200dष 👩\u200d✈\ufe0f") == "क्\u200dष 👩\u200d✈\ufe0f"


def test_wrapped_lines_keep_their_width_and_unspaced_words_whole() -> None:
    lines = wrapped("word " * 40 + "https://a.example/" + "x" * 100, 4).splitlines()
    assert all(len(line) <= TEXT_WIDTH for line in lines[:-1])
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[-1].strip() == "https://a.example/" + "x" * 100
