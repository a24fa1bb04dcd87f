"""feedparser as it is used here: its switches, its driver, its limits."""

from __future__ import annotations

import io
import json
import warnings
import xml.sax
from pathlib import Path
from typing import Any

import feedparser
import feedparser.api
import pytest

from monitor.domain.feed import Fetched, ParsedFeed, Validators
from monitor.parse import feed as module
from monitor.parse.feed import BUFFERED_DRIVER, base_of, parse_xml
from monitor.parse.json_feed import parse_json

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.xml"))


def fetched(body: bytes, location: str | None = None) -> Fetched:
    return Fetched("https://feeds.example/dir/feed", body, None, location, Validators())


def parsed(body: bytes) -> ParsedFeed:
    found = parse_xml(fetched(body))
    assert found is not None
    return found


def raw(body: bytes, drivers: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", drivers)
    found = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return {name: value for name, value in found.items() if name != "bozo_exception"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_buffered_driver_changes_nothing_but_speed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = path.read_bytes()
    body = body if b"&#x110000;" not in body else body.replace(b"&#x110000;&#xD800;&#99999999999999;&#0;", b"")
    buffered = raw(body, [BUFFERED_DRIVER], monkeypatch)
    assert buffered == raw(body, [], monkeypatch)


def test_the_buffered_driver_is_the_one_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", ["drv_libxml2"])
    parsed(SAMPLES[0].read_bytes())
    assert feedparser.api.PREFERRED_XML_PARSERS == [BUFFERED_DRIVER, "drv_libxml2"]


def test_text_arrives_in_one_piece_from_the_buffered_driver() -> None:
    """The point of the driver: without it there is one call per line and per entity."""
    pieces: list[str] = []
    handler = xml.sax.ContentHandler()
    handler.characters = pieces.append  # type: ignore[method-assign, assignment]
    reader = xml.sax.make_parser([BUFFERED_DRIVER])  # noqa: S317 - our own text
    reader.setContentHandler(handler)
    reader.parse(io.BytesIO(b"<a>one &amp; two\nthree &lt;four</a>"))
    assert pieces == ["one & two\nthree <four"]


def test_a_body_that_names_a_file_opens_no_file() -> None:
    assert parse_xml(fetched(b"/etc/hostname")) is None
    assert parse_xml(fetched(b"http://127.0.0.1:9/feed")) is None


def test_no_warning_is_given_for_entries_with_one_date() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in SAMPLES:
            parse_xml(fetched(path.read_bytes()))


@pytest.mark.parametrize(
    ("location", "base"),
    [
        (None, "https://feeds.example/dir/feed"),
        ("/other/", "https://feeds.example/other/"),
        ("https://feeds.example/x", "https://feeds.example/x"),
        ("http://backend.internal/x", "https://feeds.example/dir/feed"),
        ("javascript:alert(1)", "https://feeds.example/dir/feed"),
        ("http://[", "https://feeds.example/dir/feed"),
    ],
)
def test_content_location_is_the_base_on_its_own_host_only(location: str | None, base: str) -> None:
    assert base_of(fetched(b"", location)) == base


def test_entries_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENTRY_LIMIT", 3)
    monkeypatch.setattr("monitor.parse.json_feed.ENTRY_LIMIT", 3)
    items = b"".join(b"<item><title>%d</title></item>" % number for number in range(5))
    found = parsed(b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
    assert ([entry.title for entry in found.entries], found.left_out) == (["0", "1", "2"], 2)
    body = json.dumps({"items": [{"id": number} for number in range(5)]}).encode()
    in_json = parse_json(fetched(body))
    assert in_json is not None
    assert (len(in_json.entries), in_json.left_out) == (3, 2)


def test_a_counting_redirect_gives_way_to_the_article() -> None:
    body = b"""<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
    <link>https://count.example/~1</link><feedburner:origLink>https://paper.example/1</feedburner:origLink>
    </item></channel></rss>"""
    assert parsed(body).entries[0].link == "https://paper.example/1"


def test_entities_are_not_expanded_without_bound() -> None:
    lol = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 9)
    )
    body = b"<!DOCTYPE r [" + lol + b"]><rss version='2.0'><channel><title>&a8;</title></channel></rss>"
    assert len(parsed(body).title) < 1000


DECLARED = '<!DOCTYPE rss [<!ENTITY a "grown">]><rss version="2.0"><channel><title>&a;{}</title></channel></rss>'


@pytest.mark.parametrize("codec", ["utf-8", "cp037", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("before", ["", "<!-- -->" * 101, "text "])
@pytest.mark.parametrize("broken", ["", "<br>"])
def test_entities_are_refused_in_any_encoding(codec: str, before: str, broken: str) -> None:
    body = f'<?xml version="1.0" encoding="{codec}"?>{before}{DECLARED.format(broken)}'.encode(codec)
    found = parse_xml(fetched(body))
    assert found is None or "grown" not in found.title


@pytest.mark.parametrize("body", [DECLARED.format(""), "<!-- -->" * 101 + DECLARED.format("")])
def test_the_driver_refuses_entities(body: str) -> None:
    reader = xml.sax.make_parser([BUFFERED_DRIVER])  # noqa: S317 - our own text
    with pytest.raises(xml.sax.SAXException, match="declares entities"):
        reader.parse(io.BytesIO(body.encode()))


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    body = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>
    <rss version="2.0"><channel><title>a&x;b</title></channel></rss>"""
    assert "hush" not in parsed(body.encode()).title


def test_a_summary_without_a_value_gives_way_to_the_content() -> None:
    text = {"type": "text/plain", "value": "Words"}
    assert module._summary({"summary": None, "content": [{"type": "text/html", "value": None}, text]}) == "Words"
    assert not module._summary({"summary": None})
