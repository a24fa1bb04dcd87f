"""Stories: reports of one real-world happening, in any feed and language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.domain.event import Coding
from monitor.domain.item import Article, day_at
from monitor.domain.judgement import Judgement

STORY_WINDOW = timedelta(days=14)
"""How far apart in time two reports of one story may be, unless an open event ties them."""


@dataclass(frozen=True, slots=True)
class Report:
    """An item as grouping sees it. `key` is opaque and unique; it breaks no tie that words or dates can break.

    `entities` are the ids its judgement found; `coding` what it says of an event. `voice` names the agency or outlet
    family that speaks, None when unknown. `offset` is that of its article.
    """

    key: str
    title: str
    summary: str
    time: datetime
    entities: frozenset[str]
    coding: Coding
    language: str
    url: str | None = None
    voice: str | None = None
    offset: int | None = None

    @classmethod
    def of(cls, key: str, article: Article, judgement: Judgement, coding: Coding) -> Report:
        """The report that a judged and coded article makes, without address and voice."""
        return cls(
            key=key,
            title=article.title,
            summary=article.summary,
            time=article.time,
            entities=frozenset(judgement.entities),
            coding=coding,
            language=judgement.language,
            offset=article.offset,
        )

    @property
    def day(self) -> date:
        """The writer's own day of publication."""
        return day_at(self.time, self.offset)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an analyst ruled on stories, by keys of reports; it outweighs every rule and holds for ever.

    `together`: all of both sides are of one story (a merge; one side may be empty). Else no report of one side is of a
    story with any of the other (a split), while those of one side may be of one or of several. The story that keeps its
    number is the left one of a merge and the right one of a split.
    """

    together: bool
    left: frozenset[str]
    right: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """One block of a partition of reports: keys sorted, and in one sentence why they stand together."""

    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a group goes. `story_id` None: a new story. `merged` are stories whose id becomes an alias of this one."""

    group: Group
    story_id: int | None
    merged: tuple[int, ...] = ()

    def changes(self, homes: Mapping[str, int]) -> bool:
        """Whether the story's members differ from `homes`, what is stored today."""
        stored = {key for key, story in homes.items() if story == self.story_id}
        return self.story_id is None or stored != set(self.group.keys)


def staying(rulings: Iterable[Ruling]) -> frozenset[str]:
    """The keys whose story is to keep its number, by the newest ruling on each; the rulings come oldest first."""
    kept: set[str] = set()
    for ruling in rulings:
        kept -= ruling.left | ruling.right
        kept |= ruling.left if ruling.together else ruling.right
    return frozenset(kept)


def place(groups: Sequence[Group], homes: Mapping[str, int], kept: Collection[str] = frozenset()) -> list[Placement]:
    """Give each group the story with which it shares most reports; `homes` maps a report's key to its story today.

    Reports that are `kept` (see `staying`) count before all others. A story goes to at most one group (the largest
    overlap, then the smaller first key). A story all of whose reports moved elsewhere is merged into the group that
    took most of them.
    """
    first = {key: homes[key] for key in kept if key in homes}
    claims = sorted(
        (-_overlaps(group, first).get(story, 0), -count, group.keys[0], story, index)
        for index, group in enumerate(groups)
        for story, count in _overlaps(group, homes).items()
    )
    owner: dict[int, int] = {}
    chosen: dict[int, int] = {}
    merged: dict[int, list[int]] = {}
    for *_, story, index in claims:
        if story in owner:
            continue
        owner[story] = index
        if index in chosen:
            merged.setdefault(index, []).append(story)
        else:
            chosen[index] = story
    return [
        Placement(group, chosen.get(index), tuple(sorted(merged.get(index, ())))) for index, group in enumerate(groups)
    ]


def _overlaps(group: Group, homes: Mapping[str, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for key in group.keys:
        if key in homes:
            counts[homes[key]] = counts.get(homes[key], 0) + 1
    return counts
