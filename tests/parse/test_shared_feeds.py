"""Real and hostile documents gathered from other projects' test suites; they are not part of this repository."""

from __future__ import annotations

import json
import re
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.feed import Fetched, ParsedFeed, ParseFailed, Validators
from monitor.domain.identity import item_keys
from monitor.parse.document import parse_document
from tests.support.material import FOLDER

SHARED = FOLDER / "feeds"
MANIFEST = SHARED / "MANIFEST.jsonl"

PREFIXED = {"7ef13a42fa7e177a": 35, "malformed_rss_namespaced.xml": 2}
"""Elements with an undeclared prefix: feedparser finds no item in these, we find all."""

NOT_FEEDS = {
    "invalid.json": "The address answered with JSON that is broken.",
    "rss_empty_document.xml": "The address answered with XML that is not a feed.",
}


ABSENT = pytest.mark.skipif(not MANIFEST.exists(), reason="the shared feed documents are not on this machine")


def rows() -> list[Any]:
    if not MANIFEST.exists():
        return [pytest.param({"path": "none"}, marks=ABSENT)]
    lines = MANIFEST.read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["role"] == "feed"]


def fetched(row: dict[str, Any]) -> Fetched:
    """The document with the headers that feedparser's own fixtures ask a server to send."""
    body = (SHARED / row["path"]).read_bytes()
    asked = re.findall(rb"Header:\s+([\w-]+): *([^\r\n]*)", body[:3000])
    headers = {name.decode().lower(): value.decode().strip() for name, value in asked}
    address = "https://feeds.example/dir/feed.xml"
    return Fetched(address, body, headers.get("content-type"), headers.get("content-location"), Validators())


@ABSENT
def test_all_documents_are_there() -> None:
    assert len(rows()) == 155


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_a_document_gives_its_items_or_one_clear_error(row: dict[str, Any]) -> None:
    name = Path(row["path"]).name
    parsed = parse_document(fetched(row))
    if name in NOT_FEEDS:
        assert isinstance(parsed, ParseFailed)
        assert parsed.message == NOT_FEEDS[name]
        return
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) == PREFIXED.get(name, row.get("items_counted", row.get("feedparser_6_0_14_entries")))
    for entry in parsed.entries:
        assert entry.link is None or re.match(r"https?://[^/]", entry.link)
        assert entry.published is None or entry.published.tzinfo is UTC
    assert sum(entry.link is None for entry in parsed.entries) <= row.get("no_link", len(parsed.entries))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_a_second_reading_gives_the_same_distinct_keys(row: dict[str, Any]) -> None:
    first, second = parse_document(fetched(row)), parse_document(fetched(row))
    assert first == second
    if isinstance(first, ParsedFeed):
        assert len(set(item_keys(first.entries))) == len(first.entries)
