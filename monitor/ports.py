"""The Protocols through which the pipeline meets the world: fetching, parsing, storing, delivering, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from monitor.domain.catalogue import PageLinks
from monitor.domain.digest import DigestMaterial, FrozenDigest, Outgoing, Period, Schedule, SendResult
from monitor.domain.feed import FeedForPoll, Fetched, FetchResult, NewFeed, ParsedFeed, ParseFailed, PollOutcome
from monitor.domain.item import ImportedItem, PendingItem
from monitor.domain.rhythm import Rhythm
from monitor.domain.run import Followed, Reach, RunRecord, SavedItems, Standing, Window

Clock = Callable[[], datetime]
"""Returns the time now, aware and in UTC."""


class Fetcher(Protocol):
    """Conditional GET of one feed. Expected failures are values; it never raises for what a server does."""

    async def fetch(self, feed: FeedForPoll) -> FetchResult:
        """Fetch the feed's address with its validators, within the limits of the settings."""


class Parser(Protocol):
    """Turns a body into entries, in a place where a hostile body can hurt nobody."""

    async def parse(self, fetched: Fetched) -> ParsedFeed | ParseFailed:
        """Parse one document; a document that costs too much is a `ParseFailed`."""


class PageReader(Protocol):
    """Reads web pages in the same place."""

    async def links(self, fetched: Fetched) -> PageLinks | ParseFailed:
        """The feeds a web page names."""


class BackfillStore(Protocol):
    """What back-filling writes."""

    def save_backfilled(self, feed: FeedForPoll, page: ParsedFeed, now: datetime) -> SavedItems:
        """Store as archive, in one commit, the entries that are no items of the feed yet; known items stay as they are.

        A feed that was removed meanwhile takes nothing.
        """


class RefreshStore(Protocol):
    """What refresh reads and writes."""

    def add_feeds(self, feeds: Sequence[NewFeed], now: datetime) -> int:
        """Store feeds whose address is not stored yet, due at once; returns how many were new."""

    def due_feeds(self, now: datetime, limit: int) -> list[FeedForPoll]:
        """Feeds whose next poll is due, longest overdue first, paused ones left out."""

    def feeds_by_id(self, ids: Sequence[int] | None) -> list[FeedForPoll]:
        """The named feeds, or with None all that are not paused, due or not."""

    def save_polls(self, outcomes: Sequence[PollOutcome]) -> SavedItems:
        """Items, versions, validators, health and next poll time of all these polls in one commit."""

    def rhythms(self) -> list[Rhythm]:
        """When the feeds that are polled are known to publish; those of which nothing is known are left out."""

    def put_off(self, polls: Mapping[int, datetime]) -> None:
        """Poll these feeds, by id, at these times instead."""

    def forgive(self, ids: Collection[int]) -> None:
        """Take back the first failure of these feeds, if it is still their last: nothing could be reached then."""

    def save_imported(self, name: str, items: Sequence[ImportedItem], now: datetime) -> SavedItems:
        """Store items as archive under the import `name`, in one commit; items of that key and text are left alone."""


class FollowStore(Protocol):
    """What follow reads and writes."""

    def pending(self, rules_version: str, limit: int) -> list[PendingItem]:
        """Latest versions without a judgement under `rules_version` or with a new verdict.

        News comes first, then what waits of the archive, then what other rules judged; each oldest publication first.
        """

    def window(self, reach: Reach) -> Window:
        """Accepted reports that appeared in the spans or whose events were open then, or begin on one of the days.

        Of each story that one of them or one of the items is in, all accepted reports come along, however old, and with
        them the stories that an analyst ruled to be one with it.
        """

    def items(self, ids: Sequence[int]) -> list[PendingItem]:
        """These items in their latest versions, whether they wait or not, by number."""

    def save_followed(self, followed: Followed, now: datetime) -> None:
        """Mentions, judgements, stories, ledger rows and stage changes in one commit.

        A judged item that is not accepted leaves its story, and one accepted in hindsight becomes archive. An item
        that was edited or given a verdict since it was read stays pending. Raises ConflictError when the store is no
        longer at `followed.revision`.
        """


class ReplayStore(Protocol):
    """What replay reads; it writes through the FollowStore."""

    def judged_otherwise(self, rules_version: str, since: datetime | None) -> list[int]:
        """Ids of items whose latest version was judged, but under other rules, by the time they appeared.

        `since` None: from the first on; otherwise only those that appeared then or later.
        """

    def standings(self, ids: Sequence[int]) -> list[Standing]:
        """Those of these items as they stand, by the time they appeared; items that wait for a judgement are none."""


class ReportStore(Protocol):
    """What report reads and writes."""

    def sync_schedules(self, schedules: Sequence[Schedule], now: datetime) -> None:
        """Store schedules not stored yet; the time of a schedule's first sight is where its periods begin."""

    def last_period(self, schedule: str) -> tuple[datetime, date | None]:
        """When the schedule was first seen, and the local date of its last period (None before its first)."""

    def material(self, schedule: Schedule, now: datetime) -> DigestMaterial:
        """Everything the next digest of this schedule can tell, in one read; the store need not know the schedule."""

    def freeze(self, digest: FrozenDigest, addresses: Sequence[tuple[str, str]]) -> None:
        """Digest, members, facts told, its period and one outbox row per (channel, recipient) in one commit.

        Raises ConflictError, naming which, when a member, a fact or the period was written by another run meanwhile.
        """

    def skip_period(self, period: Period) -> None:
        """Record a period that made no digest: a quiet day, or one that a later digest covers."""

    def claim(self, now: datetime, limit: int, attempts: int) -> list[Outgoing]:
        """Take waiting deliveries whose next attempt is due, marking them as being sent.

        One whose sender vanished is taken again, unless that was its `attempts`-th attempt or a later one: then it is
        dead.
        """

    def record(self, outgoing: Outgoing, result: SendResult, now: datetime, retry_at: datetime | None) -> None:
        """Append the attempt; `retry_at` None after a failure makes the delivery dead."""


class RunLog(Protocol):
    """Where runs leave a line for `monitor status`."""

    def record_run(self, record: RunRecord) -> None:
        """Leave one line.

        An idle run leaves none, unless it tells that an error is over; an error that comes again moves its line on.
        """


class Channel(Protocol):
    """One way out. A sender says whether retrying can help; it never raises for what a server does."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Addresses a digest goes to over this channel; each is its own outbox row."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one frozen digest to one recipient."""
