"""One entry of a digest from one story, or from one event of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.digest.headline import headline
from monitor.digest.lines import Line, corrections, event_lines, mention_lines
from monitor.digest.sources import Voices, appeared, to_list
from monitor.digest.words import day_words, local_day, span_words
from monitor.domain.digest import Entry, Source, StoryForDigest
from monitor.domain.event import Event
from monitor.domain.judgement import Strength
from monitor.domain.watchlist import Watchlist

READERS_LANGUAGE = "en"
"""The language that digests are written in."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Writes entries for readers in `zone`; `today` is their day."""

    watchlist: Watchlist
    voices: Voices
    zone: str
    today: date

    def story(self, story: StoryForDigest) -> Entry:
        """A story under the headline of its event, or of its earliest core report where the row is too poor."""
        sources = self.voices.ordered(to_list(story))
        first = next(iter(sources or self.voices.ordered(story.sources)), None)
        own = headline(story.event, self.watchlist) if story.event else None
        return Entry(
            story_id=story.story_id,
            headline=own or (first.title if first else _plain(story.event)),
            stage=story.event.stage if story.event else None,
            day=self._day(story.event, first),
            lines=(*corrections(story), *self._lines(story, first, titled=own is None)),
            sources=sources,
            publishers=self.voices.count(sources),
            why=_why(sources, first),
        )

    def further(self, story: StoryForDigest) -> Entry:
        """More reports of what readers know: no line of it is told again."""
        return replace(self.story(story), lines=())

    def calendar(self, event: Event) -> Entry:
        """An event that lies ahead, in one line and without its reports."""
        own = headline(event, self.watchlist)
        return Entry(
            story_id=None,
            headline=own or _plain(event),
            stage=event.stage,
            day=span_words(event.start, event.end),
            lines=(),
            sources=(),
            publishers=0,
            why="",
        )

    def _day(self, event: Event | None, first: Source | None) -> str:
        """The days of the event; the day of publication for what is no event."""
        if event is not None:
            return span_words(event.start, event.end)
        return day_words(local_day(appeared(first), self.zone)) if first else ""

    def _lines(self, story: StoryForDigest, first: Source | None, *, titled: bool) -> tuple[Line, ...]:
        if story.event is None:
            return mention_lines(story, self.watchlist)
        reported = local_day(appeared(first), self.zone) if first else self.today
        return event_lines(story.event, story.event.start or reported, self.zone, self.watchlist, titled=titled)


def _why(sources: Sequence[Source], first: Source | None) -> str:
    """The receipt of the first core report in the readers' language, as it quotes words; of `first` where none is."""
    readable = (one for one in sources if one.language == READERS_LANGUAGE and one.strength is Strength.CORE)
    chosen = next(readable, first)
    return chosen.why if chosen else ""


def _plain(event: Event | None) -> str:
    """What even the poorest row says: its type."""
    return event.type.replace("-", " ").capitalize() if event else ""
