"""How the engines mean to answer what is asked at every tick: by an index, never by reading a whole table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Select, select

from monitor.store.follow import pending_query
from monitor.store.material import review_query
from monitor.store.outbox import claim_query
from monitor.store.refresh import due_query
from monitor.store.tables import feeds
from monitor.store.untold import untold_items_query
from monitor.store.window import reports_query

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
GROWING = ("feeds", "items", "item_versions", "judgements", "mentions", "stage_changes", "deliveries", "digest_members")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (due_query(NOW, 100), "ix_feeds_paused_next_poll_at"),
        (pending_query("rules-1", 500), "ix_items_judged_under_time"),
        (reports_query(NOW - timedelta(days=14), NOW), "ix_items_decision_time"),
        (review_query(NOW), "ix_items_decision_time"),
        (untold_items_query("daily", NOW), "ix_items_decision_time"),
        (claim_query(NOW, 50), "ix_deliveries_state_next_attempt_at"),
    ],
    ids=["due", "pending", "window", "review", "untold", "claim"],
)
def test_no_table_that_grows_is_read_whole(world: World, query: Select[Any], index: str) -> None:
    with world.database.read() as connection:
        plan = world.plan(connection, query)
    read_whole = [table for table in GROWING if re.search(rf"(SCAN|Seq Scan on) {table}\b", plan)]
    assert read_whole == [], plan
    assert index in plan, plan


def test_a_table_without_an_index_would_be_noticed(world: World) -> None:
    with world.database.read() as connection:
        plan = world.plan(connection, select(feeds).where(feeds.c.title == "x"))
    assert "SCAN feeds" in plan or "Seq Scan on feeds" in plan
