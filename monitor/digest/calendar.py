"""What a calendar tells of an event: the words of its digest entry, its sources, and how sure its day is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.digest.forms import web_link
from monitor.digest.headline import headline, told_as
from monitor.digest.lines import event_lines, topic_name
from monitor.digest.sources import Voices, distinct
from monitor.digest.words import counted
from monitor.domain.calendar import CalendarEntry, EntryStatus
from monitor.domain.digest import Source
from monitor.domain.event import Stage
from monitor.domain.ledger import EventView, LedgerRow, Withdrawn, days_of
from monitor.domain.watchlist import Watchlist

STATUS: Mapping[Stage, EntryStatus] = {
    Stage.ANNOUNCED: EntryStatus.TENTATIVE,
    Stage.POSTPONED: EntryStatus.TENTATIVE,
    Stage.CONFIRMED: EntryStatus.CONFIRMED,
    Stage.UNDER_WAY: EntryStatus.CONFIRMED,
    Stage.CONCLUDED: EntryStatus.CONFIRMED,
    Stage.CANCELLED: EntryStatus.CANCELLED,
}
"""A postponed event that has a day has its new one."""

SOURCES_LISTED = 12
"""Sources that one entry names, the first of each voice before any second: calendars have small boxes for it."""

ZONE = "UTC"
"""Where the days of the record are; an event's own days are those of its place, in any calendar."""


def calendar_entry(view: EventView, watchlist: Watchlist, voices: Voices) -> CalendarEntry | None:
    """The event in a calendar; None for one without a day, or of which no stage stands.

    A withdrawn one is cancelled on the last days it had: a calendar that holds it keeps what a file no longer tells of.
    """
    event, days, withdrawn = view.row.event, days_of(view.row.event), view.row.withdrawn
    if days is None or (event.stage is None and withdrawn is None):
        return None
    sources = voices.ordered(distinct(report.source for report in view.reports))
    titled = headline(event, watchlist) is None
    lines = event_lines(event, days[0], ZONE, watchlist, titled=titled)
    return CalendarEntry(
        uid=view.row.uid,
        revision=view.row.revision,
        updated_at=max((view.row.updated_at, *(report.source.first_seen for report in view.reports))),
        first=days[0],
        last=days[1],
        status=EntryStatus.CANCELLED if withdrawn or event.stage is None else STATUS[event.stage],
        summary=told_as(event, next(iter(sources), None), watchlist),
        place=event.place,
        lines=(*_stood(view.row), *(f"{label}: {text}" for label, text in lines), *_listed(sources, voices)),
        categories=(event.type.value, *(topic_name(topic, watchlist) for topic in event.topics)),
        url=address_of(sources, voices),
    )


def _stood(row: LedgerRow) -> Iterator[str]:
    """The stage that stands, and why the event is withdrawn; what gave way to another stands nowhere itself."""
    if row.event.stage is not None and row.withdrawn is not Withdrawn.MERGED:
        yield f"Stage: {row.event.stage}"
    if row.withdrawn is not None:
        yield f"Withdrawn: {row.withdrawn}"


def _listed(sources: Sequence[Source], voices: Voices) -> Iterator[str]:
    """How many sources, then the publisher and the link of each."""
    if not sources:
        return
    yield f"{counted(len(sources), 'report')} from {counted(voices.count(sources), 'publisher')}"
    for source in sources[:SOURCES_LISTED]:
        link = web_link(source.url)
        yield f"{source.publisher}: {link}" if link else source.publisher
    if len(sources) > SOURCES_LISTED:
        yield f"and {len(sources) - SOURCES_LISTED} more"


def address_of(sources: Iterable[Source], voices: Voices) -> str | None:
    """The address of the first official report, of the first one of all where none is official."""
    linked = sorted((one.first_seen, one.item_id, link, one) for one in sources if (link := web_link(one.url)))
    official = [link for *_, link, one in linked if voices.is_official(one)]
    return next(iter([*official, *(link for *_, link, _ in linked)]), None)
