"""How an event stands in its series, in words such as these.

Second meeting in six months; the last was in Vientiane on Fri 22 Nov 2024
The last was in East Fuji on Mon 24 Feb 2025; usually every 12 months
no date known here; the last was in Yokosuka in Jun 2024; usually every 10 months, so overdue
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from monitor.digest.words import day_words, month_words
from monitor.domain.event import Event, EventType
from monitor.domain.series import Expected, Standing, edition_of, standing
from monitor.domain.watchlist import Edition, Watchlist

ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth")
DAYS_PER_MONTH = 30.44
NOUNS = {EventType.MEETING: "meeting", EventType.DIALOGUE: "round", EventType.STAFF_TALKS: "round"}
"""What one edition is called; "edition" where nothing stands here."""


def standing_of(event: Event, editions: Mapping[str, Sequence[Edition]], watchlist: Watchlist) -> str:
    """The words for an event among all `editions` by series; "" where it is none of any, or the first one known."""
    own = edition_of(event, watchlist)
    return "" if own is None else standing_words(standing(own, editions.get(own.series, ())), event.type)


def standing_words(standing: Standing, event_type: EventType) -> str:
    """The edition before it and how close they come; "" for the first one known."""
    if standing.previous is None:
        return ""
    last = f"the last was {where_and_when(standing.previous)}"
    if 1 < standing.recent < len(ORDINALS):
        return f"{ORDINALS[standing.recent]} {NOUNS.get(event_type, 'edition')} in six months; {last}"
    usual = f"; usually every {interval_words(standing.usual)}" if standing.usual else ""
    return f"{last[0].upper()}{last[1:]}{usual}"


def expected_words(expected: Expected) -> str:
    """The last edition, the usual interval, and what follows from them."""
    when = "overdue" if expected.overdue else f"about {month_words(expected.around)}"
    last = where_and_when(expected.last)
    return f"no date known here; the last was {last}; usually every {interval_words(expected.usual)}, so {when}"


def where_and_when(edition: Edition) -> str:
    """Place and day of an edition; the month where no day is known."""
    place = f"in {edition.place} " if edition.place else ""
    return f"{place}on {day_words(edition.start)}" if edition.precise else f"{place}in {month_words(edition.start)}"


def interval_words(interval: timedelta) -> str:
    """Whole months, or weeks below two months."""
    months = round(interval.days / DAYS_PER_MONTH)
    return f"{months} months" if months > 1 else f"{max(1, round(interval.days / 7))} weeks"
