"""Bodies of any kind become values."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.feed import Failure, Fetched, ParsedFeed, ParseFailed, Validators
from monitor.parse.document import parse_document

RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><title>One &amp; two</title><link>/1</link><description>Text</description></item></channel></rss>"""


def parse(body: bytes, content_type: str | None = None) -> ParsedFeed | ParseFailed:
    return parse_document(Fetched("https://feeds.example/feed", body, content_type, None, Validators()))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "an empty body"),
        (b" \r\n\xef\xbb\xbf", "an empty body"),
        (b"<html><body>Log in</body></html>", "a web page, not a feed"),
        (b"  <!-- x --><!DOCTYPE HTML><p>hi", "a web page, not a feed"),
        (b"{}", "JSON that is not a JSON Feed"),
        (b'["a"]', "JSON that is not a JSON Feed"),
        (b'{"items": 3}', "JSON that is not a JSON Feed"),
        (b'{"items": [', "JSON that is broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "XML that is not a feed"),
        (b"Access denied", "something that is not a feed"),
        (b"%PDF-1.7 ...", "a PDF file, not a feed"),
        (gzip.compress(RSS), "a gzip file, not a feed"),
    ],
)
def test_what_is_not_a_feed_is_said_in_one_sentence(body: bytes, what: str) -> None:
    assert parse(body) == ParseFailed(Failure.NOT_A_FEED, f"The address answered with {what}.")


@pytest.mark.parametrize(
    "reference", [b"&#x110000;", b"&#xD800;", b"&#99999999999999;", b"&#0;", b"&#x" + b"f" * 5000 + b";"]
)
def test_references_that_make_feedparser_raise_cost_only_themselves(reference: bytes) -> None:
    parsed = parse(RSS.replace(b"&amp;", reference))
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].title.split() == ["One", "two"]


@pytest.mark.parametrize(
    "encoding", [b"undefined", b"utf-7", b"punycode", b"unicode_escape", b"rot13", b"\xff", b"idna"]
)
@pytest.mark.parametrize("title", [b"One", b"\xe9t\xe9"])
def test_odd_encodings_are_values(encoding: bytes, title: bytes) -> None:
    result = parse(RSS.replace(b"utf-8", encoding).replace(b"One", title))
    assert isinstance(result, ParsedFeed | ParseFailed)


def test_nul_and_surrogates_never_reach_the_store() -> None:
    parsed = parse(RSS.replace(b"One", b"O\x00n\xed\xa0\x80e"))
    assert isinstance(parsed, ParsedFeed)
    parsed.title.encode()
    assert "\x00" not in parsed.entries[0].title
    parsed.entries[0].title.encode()


def test_deeply_nested_json_is_a_failure() -> None:
    assert isinstance(parse(b'{"items": ' + b"[" * 200_000), ParseFailed)


def test_json_of_wrong_types_everywhere_is_read_as_far_as_it_goes() -> None:
    odd: list[object] = [None, 3, True, [], {}, [None], "x"]
    names = ("id", "url", "title", "summary", "date_published", "authors", "author", "tags", "language")
    items = [dict.fromkeys(names, value) for value in odd]
    parsed = parse(json.dumps({"items": items, "title": [], "hubs": {}, "language": 3, "version": {}}).encode())
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) == len(odd)


def test_xml_is_recognised_whatever_its_content_type() -> None:
    for content_type in ("text/html", "application/json", "text/plain; charset=utf-8", "", "\x00;;="):
        assert isinstance(parse(RSS, content_type), ParsedFeed)


@settings(deadline=None)
@given(st.data())
def test_mutants_of_a_feed_are_values(data: st.DataObject) -> None:
    body = bytearray(RSS)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 6))
        body[at : at + length] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"<", b"&", b"]]>", b"<![CDATA[", b"&#x", b"<!--", b'"', b"<item>"])
        )
    assert isinstance(parse(bytes(body)), ParsedFeed | ParseFailed)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_value(body: bytes) -> None:
    assert isinstance(parse(body), ParsedFeed | ParseFailed)
