"""What the read side answers: plain values for lists, `monitor status` and `monitor explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.digest import DeliveryState, Source
from monitor.domain.event import Coding, Event
from monitor.domain.feed import Failure
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.silence import is_quiet


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A polled feed with its health. `failing_since` None: the last poll succeeded, or there was none (`polled_at`).

    `left_out` counts entries of its last document that were not read, `churned` those that were known under
    other names; `items` counts all that it ever brought. `moved_to`: where permanent redirects lead since then.
    `newest_at` is when a poll last brought a new item, `longest_gap` the most seconds without any before.
    """

    id: int
    url: str
    title: str
    site: str | None
    category: str | None
    language: str | None
    publisher: str | None
    country: str | None
    kind: str | None
    confidence: str | None
    format: str | None
    hub: str | None
    paused: bool
    added_at: datetime
    next_poll_at: datetime
    polled_at: datetime | None
    succeeded_at: datetime | None
    failures: int
    failing_since: datetime | None
    failure: Failure | None
    failure_message: str | None
    left_out: int
    churned: int
    moved_to: str | None
    moved_since: datetime | None
    newest_at: datetime | None
    longest_gap: int | None
    items: int

    @property
    def quiet(self) -> bool:
        """Whether it works and brings nothing for much longer than it ever did."""
        if self.paused or self.failures:
            return False
        return is_quiet(self.newest_at, self.longest_gap, self.added_at, self.succeeded_at)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of what there is.

    `pending` are items whose newest version was never judged, by whatever rules, or whose verdict is not followed yet.
    `decisions` are those in force, verdicts included, of live and archive items alike.
    """

    feeds: int
    failing: int
    paused: int
    items: int
    archive: int
    pending: int
    decisions: Mapping[Decision, int]
    stories: int
    events: int
    digests: int


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule the database knows; the last two are None before its first period and its first digest."""

    name: str
    zone: str
    first_seen: datetime
    last_period: date | None
    last_digest_at: datetime | None


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest as a list shows it; `members` and `facts` are counts."""

    id: int
    schedule: str
    local_date: date
    made_at: datetime
    subject: str
    members: int
    facts: int
    deliveries: Mapping[DeliveryState, int]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as a list shows it. `next_attempt_at` is when it is, or was last, due; None once it is settled.

    The last two tell of the last attempt; None before its first, and while one is under way.
    """

    id: int
    digest_id: int
    schedule: str
    local_date: date
    channel: str
    recipient: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item in the words of its newest version, and the judgement in force with the words it read.

    The three of the judgement are None while the item was never judged; `judged_article` differs from `article` while
    an edited item waits. `verdict` is an analyst's last, None without one. `story_id` None: member of no story.
    """

    id: int
    key: str
    url: str | None
    publisher: str
    feed: str
    archive: bool
    versions: int
    article: Article
    judged_article: Article | None
    judgement: Judgement | None
    judged_at: datetime | None
    coding: Coding | None
    verdict: Decision | None
    story_id: int | None


@dataclass(frozen=True, slots=True)
class RulingRow:
    """An analyst's ruling on stories, by ids of items; `note` is "" where no reason was given.

    `together`: a merge into the story of the left side. Else a split, in which the left side left the right one.
    """

    id: int
    together: bool
    left: frozenset[int]
    right: frozenset[int]
    analyst: str
    note: str
    at: datetime

    @property
    def bound(self) -> frozenset[int]:
        """The items that it holds together: those that left a story do not part again."""
        return self.left | self.right if self.together else self.left

    def names(self, item_ids: Iterable[int]) -> bool:
        """Whether it names one of these items."""
        return not (self.left | self.right).isdisjoint(item_ids)


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its accepted reports by the time they appeared, and its ledger row (None: it makes no event).

    `aliases` are the numbers of the stories merged into it; `rulings` name one of its reports, oldest first.
    """

    id: int
    event: Event | None
    reports: tuple[Source, ...]
    aliases: tuple[int, ...]
    rulings: tuple[RulingRow, ...]
