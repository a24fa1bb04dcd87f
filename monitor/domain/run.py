"""What the three runs take from the store and leave in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.event import Coding, Event
from monitor.domain.item import PendingItem
from monitor.domain.judgement import Decision, Judgement, Strength
from monitor.domain.story import Placement, Report, Ruling


class RunKind(StrEnum):
    """The three runs, and what is done by hand beside them."""

    REFRESH = "refresh"
    FOLLOW = "follow"
    REPORT = "report"
    REPLAY = "replay"


NO_NETWORK = "No network: no feed's host can be reached, so all are tried again soon and none is held to have failed."
"""What a refresh says that reached nobody."""

LOOKS = frozenset({"polled", "unchanged"})
"""Figures of a run that say how far it looked, not what it found."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One line of the run log. `error` is None for a run that ended well; `counts` are its figures by name."""

    kind: RunKind
    started_at: datetime
    finished_at: datetime
    counts: Mapping[str, int]
    error: str | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing happened: it ended well and counted nothing but looks at feeds that brought nothing."""
        return self.error is None and not any(count for name, count in self.counts.items() if name not in LOOKS)


@dataclass(frozen=True, slots=True)
class SavedItems:
    """What a save of polls or of an import added: items never seen before, and new versions of known ones.

    `churned` counts known items that came back under another guid or link.
    """

    new: int = 0
    changed: int = 0
    churned: int = 0

    def __add__(self, other: SavedItems) -> SavedItems:
        return SavedItems(self.new + other.new, self.changed + other.changed, self.churned + other.churned)


@dataclass(frozen=True, slots=True)
class Judged:
    """A pending item with its judgement; `coding` is None for one that stays rejected."""

    item: PendingItem
    judgement: Judgement
    coding: Coding | None

    @property
    def decision(self) -> Decision:
        """What becomes of the item: an analyst's verdict outweighs the judgement."""
        return self.item.verdict or self.judgement.decision

    @property
    def accepted(self) -> bool:
        """Whether the item feeds stories and the ledger."""
        return self.decision is Decision.ACCEPT

    @property
    def hindsight(self) -> bool:
        """Whether it is accepted only because the rules changed.

        Then the world brought no news, so the item becomes archive: it feeds stories and ledger and is not told.
        """
        return self.accepted and self.item.verdict is None and self.item.refused


@dataclass(frozen=True, slots=True)
class Standing:
    """An item judged under other rules than today's, and what stands of that: the judgement, whatever the verdict."""

    item: PendingItem
    decision: Decision
    strength: Strength | None
    entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """What judged items can touch.

    `spans` are stretches of time, in order and apart from each other, from which reports may join them; `days` the
    first days they give to their happenings; `items` the ids of items whose stories are to be looked at again.
    """

    spans: tuple[tuple[datetime, datetime], ...]
    days: frozenset[date] = frozenset()
    items: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """Accepted reports that new ones may join, as read at `revision`; of a story that is touched, all of them.

    `homes` maps the key of a report, or of an item asked for, to its story; `events` a story to its ledger row. A
    report's key is its item's id. `revision` None: nothing was read, so nothing need be guarded. `rulings` are those
    that name one of the reports, or bind what they name, oldest first.
    """

    revision: int | None
    reports: tuple[Report, ...] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[int, Event] = field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryUpdate:
    """A story to write: where its reports go, and its ledger row after them (None: the story makes no event).

    A group without keys is a story that lost its last report.
    """

    placement: Placement
    event: Event | None


@dataclass(frozen=True, slots=True)
class Followed:
    """All that one follow leaves in one commit, valid only while the store is still at `revision`."""

    rules_version: str
    revision: int | None
    judged: tuple[Judged, ...]
    stories: tuple[StoryUpdate, ...]
