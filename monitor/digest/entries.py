"""One entry of a digest from one story, or from one event of the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from monitor.digest.headline import headline, told_as
from monitor.digest.lines import Line, corrections, event_lines, mention_lines
from monitor.digest.readouts import side_lines
from monitor.digest.series import expected_words, standing_of
from monitor.digest.sources import Voices, appeared, live, to_list
from monitor.digest.words import day_words, local_day, span_words
from monitor.domain.digest import Entry, Source, StoryForDigest
from monitor.domain.event import Event
from monitor.domain.judgement import Strength
from monitor.domain.series import Expected, expected
from monitor.domain.watchlist import Edition, Watchlist

BOTH = "joint"
"""The side of what is the two sides' own."""

NEARLY = timedelta(days=45)
"""How long before its usual time an edition is told of which nothing is announced: most are, a month before."""

GIVEN_UP = 3
"""Usual intervals without an edition after which nobody waits for one any more."""

READERS_LANGUAGE = "en"
"""The language that digests are written in."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Writes entries for readers in `zone`; `today` is their day, `editions` what is known of every series."""

    watchlist: Watchlist
    voices: Voices
    zone: str
    today: date
    editions: Mapping[str, Sequence[Edition]] = field(default_factory=dict)

    def story(self, story: StoryForDigest) -> Entry:
        """A story under the headline of its event, or of its earliest core report where the row is too poor."""
        sources = self.voices.ordered(to_list(story))
        first = next(iter(sources or self.voices.ordered(story.sources)), None)
        own = headline(story.event, self.watchlist) if story.event else None
        return Entry(
            story_id=story.story_id,
            headline=told_as(story.event, first, self.watchlist),
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
        return Entry(
            story_id=None,
            headline=told_as(event, None, self.watchlist),
            stage=event.stage,
            day=span_words(event.start, event.end),
            lines=(),
            sources=(),
            publishers=0,
            why="",
        )

    def unreported(self, event: Event) -> Entry:
        """An event that was told to come and passed without a report."""
        noticed = ("Notice", f"no report since it was {event.stage}: it may have been put off in silence")
        return replace(self.calendar(event), lines=(noticed,))

    def expected(self) -> tuple[Entry, ...]:
        """One line for each series of the two sides that is about to be due or overdue, and nothing announced of it."""
        found = ((series, expected(known, self.today)) for series, known in sorted(self.editions.items()))
        due = [(one, series) for series, one in found if one is not None and self._tells(series, one)]
        due.sort(key=lambda pair: (pair[0].around, pair[1]))
        return tuple(self._expected(series, one) for one, series in due)

    def _tells(self, series: str, one: Expected) -> bool:
        """Whether readers want to hear of it: it is nearly due, and not given up."""
        entity = self.watchlist.entities.get(series)
        bilateral = entity is not None and entity.side == BOTH
        return bilateral and one.around - NEARLY <= self.today <= one.last.start + one.usual * GIVEN_UP

    def _expected(self, series: str, one: Expected) -> Entry:
        name = self.watchlist.entities[series].name
        lines = (("Expected", expected_words(one)),)
        return Entry(None, name, stage=None, day="", lines=lines, sources=(), publishers=0, why="")

    def _standing(self, event: Event) -> tuple[Line, ...]:
        """How the event stands in its series."""
        words = standing_of(event, self.editions, self.watchlist)
        return (("Series", words),) if words else ()

    def _day(self, event: Event | None, first: Source | None) -> str:
        """The days of the event; the day of publication for what is no event."""
        if event is not None:
            return span_words(event.start, event.end)
        return day_words(local_day(appeared(first), self.zone)) if first else ""

    def _lines(self, story: StoryForDigest, first: Source | None, *, titled: bool) -> tuple[Line, ...]:
        if story.event is None:
            return mention_lines(story, self.watchlist)
        reported = local_day(appeared(first), self.zone) if first else self.today
        day = story.event.start or reported
        lines = event_lines(story.event, day, self.zone, self.watchlist, titled=titled)
        return (*lines, *self._standing(story.event), *side_lines(live(story), self.watchlist, self.voices))


def _why(sources: Sequence[Source], first: Source | None) -> str:
    """The receipt of the first core report in the readers' language, as it quotes words; of `first` where none is."""
    readable = (one for one in sources if one.language == READERS_LANGUAGE and one.strength is Strength.CORE)
    chosen = next(readable, first)
    return chosen.why if chosen else ""
