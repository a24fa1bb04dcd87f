"""What back-filling writes: older entries of a feed, as archive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from typing_extensions import override

from monitor.domain.feed import FeedForPoll, ParsedFeed
from monitor.domain.identity import item_keys
from monitor.domain.run import SavedItems
from monitor.ports import BackfillStore
from monitor.store.database import Database
from monitor.store.drafts import draft
from monitor.store.items import save_unknown
from monitor.store.tables import feeds


class SqlBackfillStore(BackfillStore):
    """Archive items in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    def save_backfilled(self, feed: FeedForPoll, page: ParsedFeed, now: datetime) -> SavedItems:
        language = page.language or feed.language
        drafts = [
            draft(key, entry, language, archive=True, seen_at=now)
            for key, entry in zip(item_keys(page.entries), page.entries, strict=True)
        ]
        polled = select(feeds.c.id).where(feeds.c.id == feed.id, feeds.c.next_poll_at.is_not(None))
        with self._database.write() as connection:
            if connection.execute(polled.with_for_update()).scalar() is None:
                return SavedItems()
            return SavedItems(save_unknown(connection, feed.id, drafts))
