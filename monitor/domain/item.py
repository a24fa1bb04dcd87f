"""Items: what is stored of a feed's entries, and what the judging rooms see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
    """

    title: str
    summary: str
    language: str | None
    published: datetime | None
    first_seen: datetime

    @property
    def day(self) -> date:
        """The day that decides who held an office: of publication, else of first sight."""
        return (self.published or self.first_seen).date()

    @property
    def time(self) -> datetime:
        """When the article appeared, as far as is known."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item's latest version that has no judgement under the current rules.

    `placed`: an earlier version of it, or an earlier judgement, already made it a member of a story.
    """

    item_id: int
    version_id: int
    article: Article
    url: str | None
    publisher: str | None
    archive: bool
    placed: bool = False


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item from a file, an archive or a test, on its way into the store as archive."""

    key: str
    url: str | None
    outlet: str | None
    title: str
    summary: str
    language: str | None
    published: datetime | None


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
