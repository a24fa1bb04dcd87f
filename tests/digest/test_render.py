"""All forms tell the same, and nothing a feed writes becomes markup, a template, a header or a steering mark."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from typing_extensions import override

from monitor.digest.forms import web_link
from monitor.digest.render import Renderer
from monitor.domain.digest import DigestModel, PublishedDigest, Rendered
from monitor.errors import InputError
from monitor.resources import templates

if TYPE_CHECKING:
    from tests.digest.conftest import Day, Desk

DAYS = ("meeting_day", "eve", "quiet_day", "bad_day")
OURS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "p",
    "h1",
    "h2",
    "h3",
}
OURS |= {"span", "bdi", "a", "ul", "li", "br"}


class Page(HTMLParser):
    """What a browser would find: elements, attributes, links, headings and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(templates())


def reported(model: DigestModel) -> list[str | None]:
    listed = [source for section in model.sections for entry in section.entries for source in entry.sources]
    return [source.url for source in (*listed, *model.review)]


@pytest.mark.parametrize("day", DAYS, indirect=True)
def test_page_has_no_element_or_attribute_but_ours(day: Day, renderer: Renderer) -> None:
    page = Page(renderer.render(day.model).html)
    assert page.elements <= OURS
    allowed = "align charset class content data-css-inline dir href http-equiv id lang name rel role scope style width"
    assert page.attributes <= set(allowed.split())


@pytest.mark.parametrize("day", DAYS, indirect=True)
def test_links_of_every_form_are_web_links(day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(day.model)
    links = Page(rendered.html).links + Page(MarkdownIt("gfm-like", {"linkify": False}).render(rendered.markdown)).links
    assert all(re.match(r"https?://\w", link) for link in links)
    assert "javascript:" not in " ".join(links).lower()


def test_markdown_of_hostile_titles_has_no_element_but_headings_lists_and_links(
    bad_day: Day, renderer: Renderer
) -> None:
    page = Page(MarkdownIt("commonmark").render(renderer.render(bad_day.model).markdown))
    assert page.elements <= {"h1", "h2", "h3", "p", "ul", "li", "a", "strong", "code"}
    assert "<script>alert(1)</script>" in page.text
    assert "**bold** `code`" in page.text


def test_feed_text_is_data_and_never_template(bad_day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(bad_day.model)
    assert "{{7*7}}" in Page(rendered.html).text
    assert "{{7*7}}" in rendered.text
    assert "49" not in rendered.html + rendered.text + rendered.markdown + rendered.subject


@pytest.mark.parametrize("day", DAYS, indirect=True)
def test_no_form_holds_a_control_or_an_unclosed_steering_mark(day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(day.model)
    for form in (rendered.subject, rendered.html, rendered.text, rendered.markdown):
        assert form.encode()
        assert not [char for char in form if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n"]
        assert not re.search("[\u202a-\u202e\u2066\u2067\u2028\u2029]", form)
        assert form.count("\u2068") == form.count("\u2069")


def test_right_to_left_text_is_isolated_and_keeps_its_letters(bad_day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(bad_day.model)
    title = "خبر عاجل عن الدفاع (عربي)"
    assert f"\u2068{title}\u2069" in rendered.text
    assert '<h3 lang="ar"' in rendered.html
    assert title in rendered.html


@pytest.mark.parametrize("day", DAYS, indirect=True)
def test_every_form_lists_the_same_reports_in_the_same_order(day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(day.model)
    links = [
        Page(rendered.html).links,
        Page(MarkdownIt("commonmark").render(rendered.markdown)).links,
        re.findall(r"^ +(https?://.*)$", rendered.text, re.MULTILINE),
    ]
    in_order = dict.fromkeys(map(web_link, reported(day.model)))
    expected = [link for link in in_order if link is not None]
    assert [[unquote(link) for link in dict.fromkeys(form)] for form in links] == [list(map(unquote, expected))] * 3


def test_subject_is_one_line_without_encoded_words(bad_day: Day, desk: Desk, renderer: Renderer) -> None:
    source = desk.source("=?utf-8?q?x=0d=0aBcc=3a?=\r\nBcc: a@b.c", "A", "2025-05-05T10:00")
    model = replace(bad_day, material=replace(bad_day.material, stories=(desk.story(1, None, source),))).model
    subject = renderer.render(model).subject
    assert subject == "India–Japan defence, Tue 6 May: = ?utf-8?q?x=0d=0aBcc=3a?= Bcc: a@b.c"


def test_quiet_day_says_so(quiet_day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(quiet_day.model)
    assert rendered.subject == "India–Japan defence, Sat 10 May: no new reports"
    assert "All 28 feeds current" in rendered.text


def test_review_list_is_cut_and_says_by_how_many(bad_day: Day, renderer: Renderer) -> None:
    rendered = renderer.render(bad_day.model)
    for form in (rendered.text, Page(rendered.html).text, Page(MarkdownIt().render(rendered.markdown)).text):
        assert "needs review (20)" in form.lower()
        assert "and 10 more: monitor review list" in form


def test_sources_after_the_titled_ones_are_linked_by_publisher(meeting_day: Day, renderer: Renderer) -> None:
    html = renderer.render(meeting_day.model).html
    assert "India, Japan review military logistics" not in html
    assert re.search(r'<a href="https://news\.example/12"[^>]*>Devdiscourse</a>', html)


def test_rendering_twice_gives_the_same_bytes(meeting_day: Day, renderer: Renderer) -> None:
    again: Rendered = Renderer(templates()).render(meeting_day.model)
    assert renderer.render(meeting_day.model) == again


def test_users_override_one_template_and_keep_the_others(tmp_path: Path, quiet_day: Day, renderer: Renderer) -> None:
    put(tmp_path, "subject.txt.j2", "Mine: {{ digest.title }}")
    mine = Renderer(templates(), tmp_path).render(quiet_day.model)
    assert mine.subject == "Mine: India–Japan defence"
    assert mine.text == renderer.render(quiet_day.model).text


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("line one\n{{ digest.heading }}", "line 2: .*heading"),
        ("{% if %}", r"subject\.txt\.j2, line 1"),
        ("{{ ''.__class__.__mro__ }}", "line 1: .*unsafe"),
        ("one\ntwo\n{{ 1 / 0 }}", r"subject\.txt\.j2, line 3: ZeroDivisionError: division by zero"),
        ("{{ digest.title + 1 }}", r"subject\.txt\.j2, line 1: TypeError"),
        ("{% for _ in range(10 ** 9) %}{% endfor %}", r"subject\.txt\.j2, line 1: OverflowError"),
    ],
)
def test_wrong_template_is_one_sentence_with_file_and_line(
    tmp_path: Path, quiet_day: Day, template: str, complaint: str
) -> None:
    put(tmp_path, "subject.txt.j2", template)
    with pytest.raises(InputError, match=complaint):
        Renderer(templates(), tmp_path).render(quiet_day.model)


def test_wrong_index_template_is_one_sentence_too(tmp_path: Path) -> None:
    put(tmp_path, "index.html.j2", "{{ digest.subject }}")
    with pytest.raises(InputError, match=r"index\.html\.j2, line 1: 'digest' is undefined"):
        Renderer(templates(), tmp_path).render_index([])


def test_index_lists_digests_in_order_and_escapes_their_subjects(meeting_day: Day, renderer: Renderer) -> None:
    made = meeting_day.now
    digests = [
        PublishedDigest("<b>Newer</b> {{7*7}}", made.date(), made, "morning-2025-05-06"),
        PublishedDigest("Older", made.date(), made, "morning-2025-05-05"),
    ]
    page = Page(renderer.render_index(digests))
    assert page.links[::3] == ["morning-2025-05-06.html", "morning-2025-05-05.html"]
    assert "b" not in page.elements
    assert "<b>Newer</b> {{7*7}}" in page.text


def put(folder: Path, name: str, content: str) -> None:
    (folder / "digest").mkdir()
    (folder / "digest" / name).write_text(content)
