"""Real and hostile documents, from parsing to the store; they are not part of this repository."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.domain.feed import Fetched, NewFeed, ParsedFeed, ParseFailed, PollOutcome, Validators
from monitor.domain.item import DATE_AHEAD_ALLOWED, EARLIEST_DATE
from monitor.domain.run import SavedItems
from monitor.parse.document import parse_document
from tests.support.material import FOLDER

if TYPE_CHECKING:
    from tests.store.conftest import World

SHARED = FOLDER / "feeds"
MANIFEST = SHARED / "MANIFEST.jsonl"
NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the shared feed documents are not on this machine")


@pytest.fixture(scope="session")
def documents() -> dict[str, ParsedFeed | ParseFailed]:
    """Every document by its path, parsed once."""
    lines = map(json.loads, MANIFEST.read_text("utf-8").splitlines())
    paths = [str(row["path"]) for row in lines if row["role"] == "feed"]
    address = "https://feeds.example/dir/feed.xml"
    return {
        path: parse_document(Fetched(address, (SHARED / path).read_bytes(), None, None, Validators())) for path in paths
    }


def outcomes(world: World, documents: dict[str, ParsedFeed | ParseFailed], at: datetime) -> list[PollOutcome]:
    feeds = {feed.title: feed for feed in world.refresh.feeds_by_id(None)}
    made = []
    for path, document in documents.items():
        blank = PollOutcome(feeds[path], at, at + timedelta(hours=1))
        parsed = isinstance(document, ParsedFeed)
        made.append(replace(blank, parsed=document) if parsed else replace(blank, failure=document))  # type: ignore[arg-type]
    return made


def test_every_document_is_stored_in_one_commit(world: World, documents: dict[str, ParsedFeed | ParseFailed]) -> None:
    assert len(documents) == 155
    feeds = [NewFeed(f"https://feeds.example/{number}", path) for number, path in enumerate(documents)]
    world.refresh.add_feeds(feeds, NOW)
    held = {path: len(found.entries) for path, found in documents.items() if isinstance(found, ParsedFeed)}

    saved = world.refresh.save_polls(outcomes(world, documents, NOW))
    assert saved == SavedItems(sum(held.values()), 0)
    rows = world.queries.feeds()
    assert {row.title: row.items for row in rows if row.failure is None} == held
    failed = {path: found.message for path, found in documents.items() if isinstance(found, ParseFailed)}
    assert {row.title: row.failure_message for row in rows if row.failure is not None} == failed
    for item in world.follow.pending("rules-1", 10_000):
        assert EARLIEST_DATE <= item.article.time <= NOW + DATE_AHEAD_ALLOWED

    again = world.refresh.save_polls(outcomes(world, documents, NOW + timedelta(hours=1)))
    assert again == SavedItems(0, 0), "the second pass finds every item again under its key"
