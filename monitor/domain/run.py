"""What the three runs take from the store and leave in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.event import Coding, Event
from monitor.domain.item import PendingItem
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.story import Placement, Report


class RunKind(StrEnum):
    """The three runs, and imports beside them."""

    REFRESH = "refresh"
    FOLLOW = "follow"
    REPORT = "report"
    DELIVER = "deliver"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One line of the run log. `error` is None for a run that ended well; `counts` are its figures by name."""

    kind: RunKind
    started_at: datetime
    finished_at: datetime
    counts: Mapping[str, int]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SavedItems:
    """What a save of polls or of an import added: items never seen before, and new versions of known ones."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: SavedItems) -> SavedItems:
        return SavedItems(self.new + other.new, self.changed + other.changed)


@dataclass(frozen=True, slots=True)
class Judged:
    """A pending item with its judgement; `coding` is None for a rejected one."""

    item: PendingItem
    judgement: Judgement
    coding: Coding | None

    @property
    def accepted(self) -> bool:
        """Whether the item feeds stories and the ledger."""
        return self.judgement.decision is Decision.ACCEPT


@dataclass(frozen=True, slots=True)
class Window:
    """Accepted reports that new ones may join, as read at `revision`.

    `homes` maps a report's key to its story, `events` a story to its ledger row. A report's key is its item's id.
    `revision` None: nothing was read, so nothing need be guarded.
    """

    revision: int | None
    reports: tuple[Report, ...] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[int, Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryUpdate:
    """A story to write: where its reports go, and its ledger row after them (None: the story makes no event)."""

    placement: Placement
    event: Event | None


@dataclass(frozen=True, slots=True)
class Followed:
    """All that one follow leaves in one commit, valid only while the store is still at `revision`."""

    rules_version: str
    revision: int | None
    judged: tuple[Judged, ...]
    stories: tuple[StoryUpdate, ...]
