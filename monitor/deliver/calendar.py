"""Events as a file for calendars (RFC 5545): icalendar's only home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from icalendar import Calendar, Event

from monitor.domain.calendar import CalendarEntry
from monitor.text.shown import one_line

PRODUCT = "-//india-japan-monitor//events//EN"
"""PRODID: what wrote it, the same in every version, so that the same events make the same bytes."""

ONE_DAY = timedelta(days=1)


def calendar_file(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """A calendar of this name with its entries in the order given, in UTF-8 with CRLF and folded lines.

    A calendar that is read again updates what it knows: an entry keeps its UID, and its SEQUENCE grows when its event
    is rewritten. A further report changes the description alone, and with it DTSTAMP and LAST-MODIFIED, which are the
    same where no METHOD stands (3.8.7.2), so that nothing in the file depends on when it was made; a report that is
    taken back moves none of them. Entries take whole days and leave the reader's time free.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _words(name))
    for entry in entries:
        calendar.add_component(_event(entry))
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", _words(entry.uid))
    event.add("dtstamp", entry.updated_at)
    event.add("last-modified", entry.updated_at)
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.first)
    event.add("dtend", _day_after(entry.last))
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT")
    event.add("summary", _words(entry.summary))
    if entry.place:
        event.add("location", _words(entry.place))
    if entry.lines:
        event.add("description", "\n".join(map(_words, entry.lines)))
    if entry.categories:
        event.add("categories", [_words(category) for category in entry.categories])
    if entry.url:
        event.add("url", _words(entry.url))
    return event


def _words(text: str) -> str:
    """Strangers' words on one line, since no escape of the format holds a control character.

    icalendar takes a backslash with a capital N for the end of a line, even in what it is to escape; a small n it
    escapes.
    """
    return one_line(text).replace("\\N", "\\n")


def _day_after(day: date) -> date:
    """The end, which is exclusive (3.6.1); after the last day there is, that day itself."""
    return day if day == date.max else day + ONE_DAY
