"""Follow: judge what came in, group it into stories, and advance the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, Event, EventType, StageChange
from monitor.domain.item import PendingItem
from monitor.domain.judgement import Decision, Judgement, Reason, Receipt
from monitor.domain.run import Followed, Judged, Reach, StoryUpdate, Window
from monitor.domain.story import STORY_WINDOW, Group, Placement, Report, place, staying
from monitor.errors import ConflictError
from monitor.events.code import Coder
from monitor.events.ledger import advance, unsupported
from monitor.logs import get_logger
from monitor.pipeline.offline import assess, localised_report
from monitor.ports import Clock, FollowStore
from monitor.stories.group import group
from monitor.text.language import UNKNOWN

log = get_logger("follow")

ITEMS_PER_COMMIT = 500
REDO_LIMIT = 5
"""How often a follow is redone when others keep writing first; then the next tick takes over."""


FAILED_RULE = "review.failed"
"""The rule on the receipt of an item at which the judge or the coder failed."""

_UNREAD = Coding(EventType.ANALYSIS)
"""Of an item that could not be read: it makes no event, and stands alone if an analyst accepts it."""


@dataclass(frozen=True, slots=True)
class FollowFigures:
    """Figures of one follow: items by decision, and stories written."""

    accepted: int = 0
    review: int = 0
    rejected: int = 0
    stories: int = 0

    def __add__(self, other: FollowFigures) -> FollowFigures:
        return FollowFigures(
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
        """What judgements and codings are stored under: the watchlist, the judge's code and the coder's."""
        return f"{self.judge.rules_version}.{self.coder.version}"

    def run(self) -> FollowFigures:
        """Follow until nothing is pending."""
        report = FollowFigures()
        while (step := self.step()) is not None:
            report += step
        return report

    def step(self) -> FollowFigures | None:
        """Follow one commit's worth of items; None when nothing is pending."""
        pending = self.store.pending(self.rules_version, ITEMS_PER_COMMIT)
        return self.save([self.think(item) for item in pending]) if pending else None

    def again(self, ids: Sequence[int]) -> FollowFigures:
        """Follow these items, whether they wait or not; what else waits goes on waiting."""
        report = FollowFigures()
        for start in range(0, len(ids), ITEMS_PER_COMMIT):
            items = self.store.items(ids[start : start + ITEMS_PER_COMMIT])
            report += self.save([self.think(item) for item in items])
        return report

    def why(self, ids: Sequence[int]) -> str | None:
        """Why the reports of a story, these items, stand together; None where grouping needs others to see it."""
        window = self._read(Reach((), items=frozenset(ids)))
        own = {str(item) for item in ids}
        groups = group([report for report in window.reports if report.key in own], window.rulings)
        return groups[0].why if len(groups) == 1 else None

    def think(self, item: PendingItem) -> Judged:
        """Judge one item, and code it unless it is rejected; what an analyst accepts is coded whatever the judge says.

        An item that makes the judge or the coder fail goes to review with the error on its receipt: it must neither
        keep the others waiting nor be lost. Nothing is written.
        """
        try:
            return self._thought(item)
        except Exception as error:
            log.exception("follow.failed", item=item.item_id, version=item.version_id)
            return Judged(item, _unjudged(error, self.rules_version), _UNREAD)

    def _thought(self, item: PendingItem) -> Judged:
        assessed = assess(item.article, self.judge, self.coder)
        judged = Judged(replace(item, article=assessed.article), assessed.judgement, assessed.coding)
        if judged.coding is None and judged.accepted:
            return replace(judged, coding=self.coder.code(assessed.article, assessed.judgement))
        return judged

    def save(self, judged: Sequence[Judged]) -> FollowFigures:
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
        touching = [one for one in judged if one.accepted or one.item.placed]
        if not touching:
            return Window(revision=None)
        return self._read(reach_of(touching))

    def _read(self, reach: Reach) -> Window:
        window = self.store.window(reach)
        watchlist = self.coder.watchlist
        return replace(window, reports=tuple(localised_report(report, watchlist) for report in window.reports))


def reach_of(judged: Sequence[Judged]) -> Reach:
    """What these items can touch: a stretch of time around each cluster of them, and their days and stories."""
    spans: list[tuple[datetime, datetime]] = []
    for time in sorted(one.item.article.time for one in judged):
        earliest, latest = _shifted(time, -STORY_WINDOW), _shifted(time, STORY_WINDOW)
        if spans and earliest <= spans[-1][1]:
            spans[-1] = (spans[-1][0], latest)
        else:
            spans.append((earliest, latest))
    days = (one.coding.start for one in judged if one.accepted and one.coding)
    return Reach(tuple(spans), frozenset(filter(None, days)), frozenset(one.item.item_id for one in judged))


def weave(window: Window, judged: Sequence[Judged]) -> tuple[StoryUpdate, ...]:
    """Group the window's reports with the newly accepted ones; returns the stories that differ from what is stored."""
    keys = [str(one.item.item_id) for one in judged]
    reports = {report.key: report for report in window.reports if report.key not in set(keys)}
    reports |= {report.key: report for report in map(report_of, judged) if report is not None}
    groups = group(tuple(reports.values()), window.rulings)
    placements = place(groups, window.homes, staying(window.rulings))
    placements += _emptied(placements, [window.homes[key] for key in keys if key in window.homes])
    rows = _settled(placements, window, reports)
    return tuple(
        StoryUpdate(placement, row)
        for placement, row in zip(placements, rows, strict=True)
        if placement.changes(window.homes) or row != window.events.get(placement.story_id or 0)
    )


def _emptied(placements: Sequence[Placement], left: Sequence[int]) -> list[Placement]:
    """The stories among those that items left which no report is in any more."""
    living = {story for placement in placements for story in (placement.story_id, *placement.merged)}
    return [Placement(Group((), "No report is left."), story) for story in sorted(set(left) - living)]


def _settled(placements: Sequence[Placement], window: Window, reports: Mapping[str, Report]) -> list[Event | None]:
    """The ledger row of each placement after its reports.

    A recorded stage change stays with its story while a report there tells its stage; else it goes along with its
    evidence to the story where that is told now; else it is taken back.
    """
    members = [[reports[key] for key in placement.group.keys] for placement in placements]
    homes = {report.key: number for number, block in enumerate(members) for report in block}
    recorded = [_recorded(placement, window) for placement in placements]
    joining: dict[int, list[StageChange]] = {}
    for number, rows in enumerate(recorded):
        for change in unsupported((change for row in rows for change in row.changes), members[number]):
            home = homes.get(change.evidence, number)
            if home != number and not unsupported([change], [reports[change.evidence]]):
                joining.setdefault(home, []).append(change)
    gone = {change.id for changes in joining.values() for change in changes}
    return [
        advance([_without(row, gone) for row in rows], members[number], joining.get(number, ()))
        for number, rows in enumerate(recorded)
    ]


def _without(row: Event, gone: Collection[int | None]) -> Event:
    return replace(row, changes=tuple(change for change in row.changes if change.id not in gone))


def report_of(judged: Judged) -> Report | None:
    """The judged item as grouping sees it; None unless it is accepted."""
    item = judged.item
    if not judged.accepted or judged.coding is None:
        return None
    report = Report.of(str(item.item_id), item.article, judged.judgement, judged.coding)
    return replace(report, url=item.url, voice=judged.coding.credit or item.publisher)


def _recorded(placement: Placement, window: Window) -> list[Event]:
    """Ledger rows of the stories that come together here, the surviving story's first."""
    stories = (placement.story_id, *placement.merged)
    return [window.events[story] for story in stories if story is not None and story in window.events]


def _unjudged(error: Exception, rules_version: str) -> Judgement:
    """For an analyst to judge what the rules could not."""
    reason = Reason(FAILED_RULE, 0.0, f"could not be judged ({type(error).__name__}): to review")
    return Judgement(Decision.REVIEW, 0.0, None, UNKNOWN, (), Receipt(rules_version, (), (reason,)))


def _shifted(time: datetime, by: timedelta) -> datetime:
    """`time` moved, held at the ends of the calendar."""
    try:
        return time + by
    except OverflowError:
        return time


def _count(judged: Sequence[Judged], stories: int) -> FollowFigures:
    decisions = Counter(one.decision for one in judged)
    return FollowFigures(decisions[Decision.ACCEPT], decisions[Decision.REVIEW], decisions[Decision.REJECT], stories)
