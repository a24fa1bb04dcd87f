"""Follow: judge what came in, group it into stories, and advance the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.classify.judge import Judge
from monitor.domain.event import Event
from monitor.domain.item import PendingItem
from monitor.domain.judgement import Decision
from monitor.domain.run import Followed, Judged, StoryUpdate, Window
from monitor.domain.story import STORY_WINDOW, Placement, Report, place
from monitor.errors import ConflictError
from monitor.events.code import Coder
from monitor.events.ledger import advance
from monitor.ports import Clock, FollowStore
from monitor.stories.group import group

ITEMS_PER_COMMIT = 500
REDO_LIMIT = 5
"""How often a follow is redone when others keep writing first; then the next tick takes over."""


@dataclass(frozen=True, slots=True)
class FollowReport:
    """Figures of one follow: items by decision, and stories written."""

    accepted: int = 0
    review: int = 0
    rejected: int = 0
    stories: int = 0

    def __add__(self, other: FollowReport) -> FollowReport:
        return FollowReport(
            self.accepted + other.accepted,
            self.review + other.review,
            self.rejected + other.rejected,
            self.stories + other.stories,
        )

    def counts(self) -> dict[str, int]:
        """The figures by name, for the run log."""
        return {
            "accepted": self.accepted,
            "review": self.review,
            "rejected": self.rejected,
            "stories": self.stories,
        }


@dataclass(frozen=True, slots=True)
class Follow:
    """The follow run with its collaborators."""

    store: FollowStore
    judge: Judge
    coder: Coder
    clock: Clock

    @property
    def rules_version(self) -> str:
        """The rules that judgements are made and stored under."""
        return self.judge.rules_version

    def run(self) -> FollowReport:
        """Follow until nothing is pending."""
        report = FollowReport()
        while (step := self.step()) is not None:
            report += step
        return report

    def step(self) -> FollowReport | None:
        """Follow one commit's worth of items; None when nothing is pending."""
        pending = self.store.pending(self.rules_version, ITEMS_PER_COMMIT)
        return self._follow([self._judge(item) for item in pending]) if pending else None

    def _judge(self, item: PendingItem) -> Judged:
        judgement = self.judge.judge(item.article)
        rejected = judgement.decision is Decision.REJECT
        return Judged(item, judgement, None if rejected else self.coder.code(item.article, judgement))

    def _follow(self, judged: Sequence[Judged]) -> FollowReport:
        """Place and save the judged items; redone from the load when somebody else wrote first."""
        for _ in range(REDO_LIMIT):
            window = self._window(judged)
            stories = weave(window, judged)
            followed = Followed(self.rules_version, window.revision, tuple(judged), stories)
            with suppress(ConflictError):
                self.store.save_followed(followed, self.clock())
                return _count(judged, len(stories))
        raise ConflictError("Other writers kept the stories busy; the items stay pending and the next run takes them.")

    def _window(self, judged: Sequence[Judged]) -> Window:
        """What the judged items can touch: nothing when none is accepted and none was in a story before."""
        times = [one.item.article.time for one in judged if one.accepted or one.item.placed]
        if not times:
            return Window(revision=None)
        return self.store.window(_shifted(min(times), -STORY_WINDOW), _shifted(max(times), STORY_WINDOW))


def weave(window: Window, judged: Sequence[Judged]) -> tuple[StoryUpdate, ...]:
    """Group the window's reports with the newly accepted ones; returns the stories that differ from what is stored."""
    reports = {report.key: report for report in window.reports}
    for one in judged:
        reports.pop(str(one.item.item_id), None)
    fresh = {report.key: report for report in map(report_of, judged) if report is not None}
    reports |= fresh
    updates = []
    for placement in place(group(tuple(reports.values())), window.homes):
        members = [reports[key] for key in placement.group.keys]
        if placement.changes(window.homes) or not fresh.keys().isdisjoint(placement.group.keys):
            updates.append(StoryUpdate(placement, advance(_recorded(placement, window), members)))
    return tuple(updates)


def report_of(judged: Judged) -> Report | None:
    """The judged item as grouping sees it; None unless it is accepted."""
    article = judged.item.article
    if not judged.accepted or judged.coding is None:
        return None
    return Report(
        key=str(judged.item.item_id),
        title=article.title,
        summary=article.summary,
        time=article.time,
        entities=frozenset(judged.judgement.entities),
        coding=judged.coding,
        language=judged.judgement.language,
        url=judged.item.url,
        voice=judged.item.publisher,
    )


def _recorded(placement: Placement, window: Window) -> list[Event]:
    """Ledger rows of the stories that come together here, the surviving story's first."""
    stories = (placement.story_id, *placement.merged)
    return [window.events[story] for story in stories if story is not None and story in window.events]


def _shifted(time: datetime, by: timedelta) -> datetime:
    """`time` moved, held at the ends of the calendar."""
    try:
        return time + by
    except OverflowError:
        return time


def _count(judged: Sequence[Judged], stories: int) -> FollowReport:
    decisions = Counter(one.judgement.decision for one in judged)
    return FollowReport(decisions[Decision.ACCEPT], decisions[Decision.REVIEW], decisions[Decision.REJECT], stories)
