"""Agreements and platform deals of which new reports tell a step: where they stand, and what is new or contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from monitor.digest.lines import Line
from monitor.digest.sources import Voices
from monitor.digest.words import day_words, month_words
from monitor.domain.digest import Entry, Source, StoryForDigest
from monitor.domain.ladder import Ladder, Rung, StepReport, ladder
from monitor.domain.watchlist import Watchlist


def decisions(
    stories: Iterable[StoryForDigest], told: Sequence[StepReport], watchlist: Watchlist, voices: Voices, today: date
) -> tuple[Entry, ...]:
    """One entry for each, what most independent publishers tell first; `told` are all reports of their steps so far."""
    news: dict[str, dict[int, Source]] = {}
    for source in (source for story in stories for source in story.sources if source.item_id in story.new_items):
        for step in source.steps:
            news.setdefault(step.entity, {})[source.item_id] = source
    entries = [
        _entry(ladder(entity, watchlist.steps, told, today), sources, watchlist, voices)
        for entity, sources in sorted(news.items())
        if entity in watchlist.entities
    ]
    return tuple(sorted(entries, key=lambda entry: -entry.publishers))


def _entry(climbed: Ladder, news: Mapping[int, Source], watchlist: Watchlist, voices: Voices) -> Entry:
    sources = voices.ordered(news.values())
    return Entry(
        story_id=None,
        headline=watchlist.entities[climbed.entity].name,
        stage=None,
        day="",
        lines=(*_standing(climbed, news), *_contradiction(climbed, news)),
        sources=sources,
        publishers=voices.count(sources),
        why="",
    )


def _standing(climbed: Ladder, news: Mapping[int, Source]) -> tuple[Line, ...]:
    """The step it reached by these reports, or the one that stood before and stands."""
    if not climbed.rungs:
        return ()
    last = climbed.rungs[-1]
    if last.item_id in news:
        before = climbed.rungs[-2] if len(climbed.rungs) > 1 else None
        since = f", after {before.step} {_since(before)}" if before else ""
        return (("New step", f"{last.step}{since}"),)
    return (("Stands", f"{last.step} {_since(last)}; mentioned again, no new step"),)


def _contradiction(climbed: Ladder, news: Mapping[int, Source]) -> tuple[Line, ...]:
    """What new reports tell that cannot be, as it happened long ago."""
    steps = dict.fromkeys(report.step for report in climbed.contradicting if report.item_id in news)
    return tuple(("Contradicts", f"told as {step} now, though {climbed.step} on record") for step in steps)


def _since(rung: Rung) -> str:
    return f"since {day_words(rung.day) if rung.precise else month_words(rung.day)}"
