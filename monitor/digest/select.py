"""Selects what one digest tells: which stories in which section, in what order, and which facts are told by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from operator import itemgetter

from monitor.digest.decisions import decisions
from monitor.digest.entries import Editor
from monitor.digest.sources import Voices, appeared, brings_reports
from monitor.digest.words import counted, local_day
from monitor.domain.digest import (
    DigestMaterial,
    DigestModel,
    Entry,
    Period,
    Schedule,
    Section,
    StoryForDigest,
    stage_fact,
    story_fact,
    unreported_fact,
)
from monitor.domain.event import Event, Stage, Status
from monitor.domain.judgement import Strength
from monitor.domain.series import all_editions
from monitor.domain.watchlist import Watchlist


class SectionKind(Enum):
    """The sections of a digest in their order: id and title."""

    HAPPENED = ("happened", "What happened")
    DECISIONS = ("decisions", "Decisions to watch")
    COMING = ("coming", "Coming")
    UNREPORTED = ("unreported", "Passed unreported")
    DEVELOPING = ("developing", "Developing")
    FURTHER = ("further", "Further reports")
    ANALYSIS = ("analysis", "Analysis")
    PASSING = ("passing", "Passing mentions")


TURNS = (Stage.CONCLUDED, Stage.UNDER_WAY, Stage.POSTPONED, Stage.CANCELLED)
"""Stages told as something that happened, in the order of the summary."""


def compose(
    material: DigestMaterial, schedule: Schedule, period: Period, now: datetime, watchlist: Watchlist
) -> DigestModel:
    """The digest of `period` as told at `now`: the same material gives the same model, whatever its order.

    Every story of the material is told in exactly one section, and all its untold stage changes are told with it.
    """
    voices = Voices(watchlist.publishers)
    today = local_day(now, schedule.zone)
    editor = Editor(watchlist, voices, schedule.zone, today, all_editions(material.editions, watchlist, today))
    sections = _sections(material, editor)
    return DigestModel(
        schedule=schedule.name,
        title=schedule.title,
        period=period,
        made_at=now,
        sections=sections,
        review=tuple(sorted(material.review, key=lambda source: (appeared(source), source.item_id), reverse=True)),
        review_waiting=material.review_waiting,
        archive_added=material.archive_added,
        watch=replace(material.watch, roles_checked=watchlist.roles_checked),
        summary=summary(sections, voices),
        zone=schedule.zone,
        members=frozenset[int]().union(*(story.new_items for story in material.stories)),
        facts=frozenset(
            (
                *(fact for story in material.stories for fact in facts_told(story)),
                *(unreported_fact(e.id, e.last_day) for e in material.unreported if e.id and e.last_day),
            )
        ),
    )


def facts_told(story: StoryForDigest) -> list[str]:
    """What readers know after this digest: the story, unless told before, and every stage change not told before."""
    changes = [stage_fact(change.id) for change in story.untold if change.id is not None]
    return changes if story.told else [story_fact(story.story_id), *changes]


def section_of(story: StoryForDigest, today: date) -> SectionKind:
    """The section of a story on the local day `today`; the first rule that fits decides.

    A story that readers know and that has no new stage is told no second time as news: it brings further reports.
    """
    event = story.event
    news = not story.told or bool(story.untold)
    if _only_passing(story):
        return SectionKind.PASSING
    if event and news and event.stage in TURNS:
        return SectionKind.HAPPENED
    if event and event.status is Status.PLANNED and (event.last_day or date.min) >= today:
        return SectionKind.COMING
    if not news:
        return SectionKind.FURTHER
    return SectionKind.DEVELOPING if event else SectionKind.ANALYSIS


def summary(sections: Iterable[Section], voices: Voices) -> tuple[str, ...]:
    """What the digest holds, in counts: "1 event concluded", "2 events ahead", "14 reports from 13 publishers …"."""
    by_id = {section.id: section.entries for section in sections}
    stages = Counter(entry.stage for entry in by_id.get("happened", ()))
    happened = [f"{counted(stages[stage], 'event')} {stage}" for stage in TURNS if stages[stage]]
    coming = [entry for entry in by_id.get("coming", ()) if entry.stage]
    ahead = [f"{counted(len(coming), 'event')} ahead"] if coming else []
    sources = {source.item_id: source for entries in by_id.values() for entry in entries for source in entry.sources}
    if not sources:
        return ("no new reports", *happened, *ahead)
    languages = len({source.language for source in sources.values()})
    spread = f"{counted(voices.count(sources.values()), 'publisher')} in {counted(languages, 'language')}"
    return (*happened, *ahead, f"{counted(len(sources), 'report')} from {spread}")


def _sections(material: DigestMaterial, editor: Editor) -> tuple[Section, ...]:
    """All sections with an entry, in order; in Coming the calendar stands between the stories, by day."""
    stories: dict[SectionKind, list[StoryForDigest]] = {kind: [] for kind in SectionKind}
    for story in material.stories:
        stories[section_of(story, editor.today)].append(story)
    entries = {kind: tuple(sorted(map(editor.story, found), key=_weight)) for kind, found in stories.items()}
    further = filter(brings_reports, stories[SectionKind.FURTHER])
    entries[SectionKind.FURTHER] = tuple(sorted(map(editor.further, further), key=_weight))
    told = {story.event.id for story in material.stories if story.event}
    calendar = [event for event in material.coming if event.id not in told]
    entries[SectionKind.COMING] = (*_by_day(stories[SectionKind.COMING], calendar, editor), *editor.expected())
    entries[SectionKind.DECISIONS] = decisions(
        material.stories, material.steps, editor.watchlist, editor.voices, editor.today
    )
    entries[SectionKind.UNREPORTED] = tuple(editor.unreported(event) for event in material.unreported)
    return tuple(Section(*kind.value, entries[kind]) for kind in SectionKind if entries[kind])


def _by_day(stories: Iterable[StoryForDigest], calendar: Iterable[Event], editor: Editor) -> tuple[Entry, ...]:
    """What lies ahead by its first day; on one day stories stand before the calendar."""
    dated = [(_first_day(story.event), 0, story.story_id, editor.story(story)) for story in stories]
    dated += [(_first_day(event), 1, event.id or 0, editor.calendar(event)) for event in calendar]
    return tuple(entry for *_, entry in sorted(dated, key=itemgetter(0, 1, 2)))


def _weight(entry: Entry) -> tuple[int, int, int]:
    """What most independent publishers tell comes first; the older story breaks a tie."""
    return (-entry.publishers, -len(entry.sources), entry.story_id or 0)


def _only_passing(story: StoryForDigest) -> bool:
    return bool(story.sources) and all(source.strength is Strength.PASSING for source in story.sources)


def _first_day(event: Event | None) -> date:
    return (event.start or event.end or date.max) if event else date.max
