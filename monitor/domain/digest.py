"""Schedules, periods, digests and their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.domain.event import Event, Stage, StageChange, StepTold
from monitor.domain.judgement import Mention, Strength
from monitor.domain.ladder import StepReport

REVIEW_SHOWN = 12
"""Items under review that a digest shows, the newest; the rest are counted."""

EDITIONS_FOR = timedelta(days=3 * 366)
"""How far back the ledger is asked for editions of series; what is older speaks through the watchlist's history."""

UNREPORTED_AFTER = timedelta(days=3)
"""Days after its last one by which an event that took place is reported: agencies are done with it the next day, and
ministries with their photographs on the third."""

UNREPORTED_FOR = timedelta(days=30)
"""How long after its last day an event may still be told as unreported; older ones are no news."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When, for whom and about what a digest is made. `cron` has five fields, read in `zone` (an IANA name).

    `channels` are names of channels in the settings. `quiet_days`: also make a digest when nothing happened.
    """

    name: str
    title: str
    cron: str
    zone: str
    channels: tuple[str, ...]
    quiet_days: bool = True


@dataclass(frozen=True, slots=True)
class Period:
    """One due digest of a schedule. `local_date` is its day in the schedule's zone; `due_at` the UTC instant."""

    schedule: str
    local_date: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """A report as a digest lists it. `url` None: the feed gave no link. `publisher` is a name to show.

    `credit` is the publisher id of the agency whose copy it is, None where the text credits none; `steps` are those it
    tells of agreements and platform deals, `entities` and `topics` the ids of what it names and speaks of.
    """

    item_id: int
    title: str
    url: str | None
    publisher: str
    language: str
    published: datetime | None
    first_seen: datetime
    strength: Strength | None
    why: str
    archive: bool
    credit: str | None = None
    steps: tuple[StepTold, ...] = ()
    entities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryForDigest:
    """A story with untold news: its event (None for analysis), sources in order of time, and what was told before.

    `told_changes` are ids of the event's stage changes this schedule has told, and of those that rest on archive items
    alone, which are never told; `told` says whether the story itself was.
    `new_items` are those of its items that get their membership by this digest.
    """

    story_id: int
    event: Event | None
    sources: tuple[Source, ...]
    mentions: tuple[Mention, ...]
    told: bool
    told_changes: frozenset[int]
    new_items: frozenset[int]

    @property
    def untold(self) -> tuple[StageChange, ...]:
        """Stage changes this schedule has not told, in order of record."""
        changes = self.event.changes if self.event else ()
        return tuple(change for change in changes if change.id not in self.told_changes)


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How one feed does: `since` is the first of the present run of failures, or when a quiet feed last brought news.

    None: it is healthy.
    """

    title: str
    failure: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WatchState:
    """What a reader must know of the watch itself. `waiting` counts items that nobody has judged yet.

    `quiet` are feeds that work and bring nothing for much longer than they ever did; `offline_since` is when the
    present network outage was noticed, None while there is none. `left_out` names the feeds of whose last document some
    entries were not read, and how many.
    """

    feeds: int
    failing: tuple[FeedHealth, ...]
    roles_checked: date | None
    dead_deliveries: int = 0
    waiting: int = 0
    quiet: tuple[FeedHealth, ...] = ()
    offline_since: datetime | None = None
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DigestMaterial:
    """All a digest can be made of, as read in one short transaction at `now`.

    `stories` hold live accepted items without a membership in this schedule; `coming` are events that lie ahead;
    `review` are the newest items that wait for an analyst, at most `REVIEW_SHOWN` of the `review_waiting`;
    `archive_added` counts archive items accepted since the last digest. `editions` are the events of the last
    `EDITIONS_FOR`, by which series are told; `unreported` those told to these readers that passed without a report.
    `steps` are all that reports ever told of the agreements and platform deals of which the stories tell one.
    """

    stories: tuple[StoryForDigest, ...]
    coming: tuple[Event, ...]
    review: tuple[Source, ...]
    review_waiting: int
    archive_added: int
    watch: WatchState
    editions: tuple[Event, ...] = ()
    unreported: tuple[Event, ...] = ()
    steps: tuple[StepReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening, analysis or mention as the reader sees it; every line follows from stored rows.

    `story_id` None: a line of the calendar, an event that lies ahead and is not retold. `day` is a day or span as
    shown, "" when none is known; `lines` are pairs of label and text; `publishers` counts independent ones; `why` is
    one line of a receipt, "" where there is none.
    """

    story_id: int | None
    headline: str
    stage: Stage | None
    day: str
    lines: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    publishers: int
    why: str

    @property
    def titled_by(self) -> Source | None:
        """The report whose title serves as headline; None where the headline follows from the ledger."""
        first = self.sources[0] if self.sources else None
        return first if first and first.title == self.headline else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its sources, sorted, each once."""
        return tuple(sorted({source.language for source in self.sources}))


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of entries; an empty one is not shown."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class DigestModel:
    """What every form of one digest is rendered from."""

    schedule: str
    title: str
    period: Period
    made_at: datetime
    sections: tuple[Section, ...]
    review: tuple[Source, ...]
    review_waiting: int
    archive_added: int
    watch: WatchState
    summary: tuple[str, ...]
    zone: str
    members: frozenset[int]
    facts: frozenset[str]

    @property
    def news(self) -> bool:
        """Whether it tells anything that its readers do not know; the calendar alone is no news."""
        return bool(self.members or self.facts)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The frozen forms of a digest."""

    subject: str
    html: str
    text: str
    markdown: str


@dataclass(frozen=True, slots=True)
class FrozenDigest:
    """A digest with the bytes that go out. `message_id` includes its angle brackets and never changes."""

    schedule: str
    period: Period
    made_at: datetime
    rendered: Rendered
    message_id: str
    members: frozenset[int]
    facts: frozenset[str]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedDigest:
    """A digest as an index page lists it; `stem` is the name of its files without their endings."""

    subject: str
    day: date
    made_at: datetime
    stem: str


class DeliveryState(StrEnum):
    """Where a row of the outbox stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed delivery: one digest to one recipient over one channel. `attempt` counts from 1."""

    delivery_id: int
    channel: str
    recipient: str
    attempt: int
    digest: FrozenDigest


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel accepted it; `answer` is what it said, for the record."""

    answer: str


@dataclass(frozen=True, slots=True)
class SendFailed:
    """The channel did not; `permanent` says that trying again cannot help."""

    reason: str
    permanent: bool


SendResult = Sent | SendFailed


def story_fact(story_id: int) -> str:
    """The fact that a story was told for the first time."""
    return f"story:{story_id}"


def unreported_fact(event_id: int, last_day: date) -> str:
    """The fact that an event's last day passed unreported; one put off to a new day may pass so again."""
    return f"unreported:{event_id}:{last_day.isoformat()}"


def stage_fact(change_id: int) -> str:
    """The fact that a stage change was told."""
    return f"stage:{change_id}"
