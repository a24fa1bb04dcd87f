"""How what is asked at every tick is answered: by an index, never by reading a whole table.

On SQLite, whose choice follows from the indexes. PostgreSQL chooses by the size of its tables, and on a test's tables
any plan is as good.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Select, select

from monitor.store.follow import pending_queries
from monitor.store.known import known_query, recent_query
from monitor.store.ladder_view import naming_query
from monitor.store.material import editions_since, review_count, review_query, unreported_to
from monitor.store.outbox import claim_query
from monitor.store.refresh import due_query
from monitor.store.replay import judged_otherwise_query
from monitor.store.review_view import review_query as queue_query
from monitor.store.review_view import waiting
from monitor.store.rulings import ruling_query
from monitor.store.tables import events, feeds, items
from monitor.store.untold import untold_changes_query, untold_items_query
from monitor.store.window import days_query, reports_query, span_query

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
GROWING = (
    "feeds",
    "items",
    "item_versions",
    "judgements",
    "mentions",
    "verdicts",
    "events",
    "stage_changes",
    "story_members",
    "deliveries",
    "digest_members",
    "ruling_items",
)


on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (due_query(NOW, 100), "ix_feeds_paused_next_poll_at"),
        *((query, "ix_items_judged_under_archive_time") for query in pending_queries("rules-1")),
        (known_query(7, items.c.guid, ["a", "b"]), "ix_items_feed_id_guid"),
        (known_query(7, items.c.url, ["https://a.example/", "b"]), "ix_items_url"),
        (known_query(7, items.c.key, ["guid:a", "b"]), "key"),
        (recent_query(7, 90), "ix_items_feed_id_id"),
        (span_query(NOW - timedelta(days=14), NOW), "ix_items_decision_time"),
        (span_query(NOW - timedelta(days=14), NOW), "ix_verdicts_decision_item_id"),
        (days_query([NOW.date()]), "ix_events_starts_on"),
        (reports_query([1, 2, 3]), "ix_verdicts_item_id_id"),
        (ruling_query([1, 2, 3]), "ix_ruling_items_item_id"),
        (review_query(NOW), "ix_items_decision_time"),
        (review_count(NOW), "ix_items_decision_time"),
        (untold_items_query("daily", NOW), "ix_items_decision_time"),
        (untold_changes_query("daily", NOW, NOW), "ix_stage_changes_recorded_at"),
        (claim_query(NOW, 50), "ix_deliveries_state_next_attempt_at"),
        (queue_query(*waiting()), "ix_items_decision_time"),
        (judged_otherwise_query("rules-1", None), "ix_items_judged_under_archive_time"),
        (naming_query(["pact"]), "ix_mentions_entity"),
        (select(events).where(unreported_to("daily", NOW.date())), "ix_events_stage_last_day"),
        (select(events).where(editions_since(NOW.date())), "ix_events_starts_on"),
    ],
    ids=[
        "due",
        "news",
        "imported",
        "others",
        "guid",
        "url",
        "key",
        "recent",
        "window",
        "verdicts",
        "days",
        "reports",
        "rulings",
        "review",
        "waiting",
        "untold",
        "changes",
        "claim",
        "queue",
        "replay",
        "steps",
        "unreported",
        "editions",
    ],
)
def test_no_table_that_grows_is_read_whole(world: World, query: Select[Any], index: str) -> None:
    with world.database.read() as connection:
        plan = world.plan(connection, query)
    read_whole = [table for table in GROWING if re.search(rf"SCAN {table}\b", plan)]
    assert read_whole == [], plan
    assert index in plan, plan


@on_sqlite
def test_a_table_without_an_index_would_be_noticed(world: World) -> None:
    with world.database.read() as connection:
        plan = world.plan(connection, select(feeds).where(feeds.c.title == "x"))
    assert "SCAN feeds" in plan
