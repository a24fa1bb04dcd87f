"""The reports of a story as a digest lists them: who first, how many speak for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.domain.digest import Source, StoryForDigest
from monitor.domain.judgement import Strength
from monitor.domain.watchlist import Publisher
from monitor.text.url import canonical_url


class Voices:
    """Tells which outlets speak for themselves.

    Outlets of one family, by any of their names, are one voice, and so is an agency with all that print its copy.
    """

    def __init__(self, publishers: Mapping[str, Publisher]) -> None:
        self._publishers = publishers
        self._speakers = {
            name.casefold(): publisher
            for publisher in publishers.values()
            for name in (publisher.id, publisher.name, *publisher.names)
        }

    def speaker(self, source: Source) -> Publisher | None:
        """Whose words the report is: the agency it credits, else its publisher; None for an unknown one."""
        return self._speakers.get((source.credit or source.publisher).casefold())

    def is_official(self, source: Source) -> bool:
        """Whether a side itself speaks; no for an unknown speaker."""
        speaker = self.speaker(source)
        return speaker is not None and speaker.official

    def voice(self, source: Source) -> str:
        """The family of who speaks; an unknown publisher is its own."""
        speaker = self.speaker(source)
        return speaker.family if speaker else (source.credit or source.publisher).casefold()

    def count(self, sources: Iterable[Source]) -> int:
        """How many independent publishers these are."""
        return len({self.voice(source) for source in sources})

    def ordered(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """The first report of every voice before any voice's second; within both, core before passing, then by time."""
        firsts: list[Source] = []
        repeats: list[Source] = []
        heard: set[str] = set()
        for source in sorted(sources, key=_rank):
            (repeats if self.voice(source) in heard else firsts).append(source)
            heard.add(self.voice(source))
        return tuple(map(self._credited, (*firsts, *repeats)))

    def _credited(self, source: Source) -> Source:
        """The source with the agency behind its publisher's name, where that is another voice: "LatestLY (ANI)"."""
        agency = self._publishers.get(source.credit or "")
        own = self.voice(replace(source, credit=None))
        if agency is None or own == agency.family:
            return source
        return replace(source, publisher=f"{source.publisher} ({agency.name})")


def to_list(story: StoryForDigest) -> list[Source]:
    """The reports to list: those new to this digest, or where none is new, the evidence of what changed.

    Archive reports are never listed: they feed stories and are not told. Of several items with one address, as the
    national and the international feed of a paper bring, the first stands for all.
    """
    reports = live(story)
    evidence = {change.evidence for change in story.untold}
    return (
        [source for source in reports if source.item_id in story.new_items]
        or [source for source in reports if str(source.item_id) in evidence]
        or reports
    )


def brings_reports(story: StoryForDigest) -> bool:
    """Whether any of its new items is a report of its own, not a copy under an address that was there before."""
    return any(source.item_id in story.new_items for source in live(story))


def live(story: StoryForDigest) -> list[Source]:
    """The story's reports that are no archive, the first of each address."""
    return distinct(source for source in story.sources if not source.archive)


def distinct(sources: Iterable[Source]) -> list[Source]:
    """The first item seen of each address, in the order given; those without an address all."""
    firsts: dict[str, Source] = {}
    for source in sources:
        address = canonical_url(source.url) if source.url else str(source.item_id)
        known = firsts.setdefault(address, source)
        if (source.first_seen, source.item_id) < (known.first_seen, known.item_id):
            firsts[address] = source
    return list(firsts.values())


def appeared(source: Source) -> datetime:
    """When the report appeared, as far as is known."""
    return source.published or source.first_seen


def _rank(source: Source) -> tuple[bool, datetime, int]:
    return (source.strength is not Strength.CORE, appeared(source), source.item_id)
