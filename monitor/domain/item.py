"""Items: what is stored of a feed's entries, and what the judging rooms see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from monitor.domain.judgement import Decision

LIVE_AT_FIRST_POLL = timedelta(hours=48)
"""At a feed's first poll an entry older than this is archive: the reader would be told old news as new."""

DATE_AHEAD_ALLOWED = timedelta(days=1)
"""A publisher's date further ahead than this is clamped to the time the item was first seen."""

EARLIEST_DATE = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
"""No web feed is older; earlier dates (year 0001, epoch 0) are defaults of broken software."""


@dataclass(frozen=True, slots=True)
class Article:
    """The words and dates of one item version, and nothing else: no id, address or outlet can sway a judgement.

    `language` is the declared one, None when unknown. `published` is the clamped date, None when the feed gave none.
    `offset` is that of the calendar the writer lives by, in minutes east of UTC: as the date was given, 0 for a date
    without a zone (its day stands as written), None for one given in UTC or not at all, which says nothing of it.
    """

    title: str
    summary: str
    language: str | None
    published: datetime | None
    first_seen: datetime
    offset: int | None = None

    @property
    def day(self) -> date:
        """The writer's own "today", which also decides who held an office: of publication, else of first sight."""
        return day_at(self.time, self.offset)

    @property
    def time(self) -> datetime:
        """When the article appeared, as far as is known."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item's latest version that has no judgement under the current rules, or a verdict not followed yet.

    `placed`: an earlier version of it, or an earlier judgement, already made it a member of a story. `refused`: other
    rules judged this very version, and none of them ever accepted it. `verdict` is an analyst's last, None without one.
    """

    item_id: int
    version_id: int
    article: Article
    url: str | None
    publisher: str | None
    archive: bool
    placed: bool = False
    refused: bool = False
    verdict: Decision | None = None


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item from a file, an archive or a test, on its way into the store as archive; `offset` as in `Article`."""

    key: str
    url: str | None
    outlet: str | None
    title: str
    summary: str
    language: str | None
    published: datetime | None
    offset: int | None = None


def day_at(time: datetime, offset: int | None) -> date:
    """The calendar day of a time `offset` minutes east of UTC (None: in UTC), held at the ends of the calendar."""
    try:
        return (time.astimezone(UTC) + timedelta(minutes=offset or 0)).date()
    except OverflowError:
        return time.date()


def offset_of(written: datetime) -> int | None:
    """The `offset` of an Article whose date was written so: 0 for a naive time or day, None for one in UTC."""
    if (east := written.utcoffset()) is None:
        return 0
    return int(east.total_seconds() // 60) or None


def clamp_published(published: datetime | None, first_seen: datetime) -> tuple[datetime | None, bool]:
    """The date to show and whether it was changed.

    A date more than `DATE_AHEAD_ALLOWED` ahead becomes `first_seen`; one before `EARLIEST_DATE` becomes None.
    """
    if published is None:
        return None, False
    if published > first_seen + DATE_AHEAD_ALLOWED:
        return first_seen, True
    if published < EARLIEST_DATE:
        return None, True
    return published, False


def is_archive(published: datetime | None, first_seen: datetime, *, first_poll: bool) -> bool:
    """Whether an item of an ordinary poll is archive: only at a feed's first poll, and only when it is old."""
    return first_poll and published is not None and first_seen - published > LIVE_AT_FIRST_POLL
