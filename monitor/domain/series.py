"""Series: the editions of an exercise, dialogue or line of meetings, how one stands among them, and what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from monitor.domain.event import Event, EventType, Status
from monitor.domain.ledger import day_of_offices
from monitor.domain.watchlist import Edition, Entity, EntityKind, Watchlist

SAME_EDITION = timedelta(days=21)
"""Two records of one series begin no further apart than this when they are of one edition: harbour and sea phase of an
exercise are reported a week or two apart, and no line of the trade meets twice within three weeks by name."""

SAME_MONTH = timedelta(days=45)
"""The same where only the month of one is known, whose first day stands for it."""

RECENT = timedelta(days=184)
"""Half a year, the longest there is."""

GAPS_NEEDED = 2
"""Gaps between editions without which there is no usual interval."""

LONGEST_INTERVAL = timedelta(days=550)
"""A longer usual interval, a year and a half, rather tells of editions that nobody recorded than of what to expect."""

OVERDUE_FACTOR = 1.5
"""An edition is overdue when the usual interval and half of it again have passed since the last one began."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one edition stands in its series: the one before it, and how many began in the half year up to it, with it.

    `usual` is the median interval between the editions up to it; None while too few are known.
    """

    previous: Edition | None
    recent: int
    usual: timedelta | None


@dataclass(frozen=True, slots=True)
class Expected:
    """The next edition of a series, of which nothing is announced: the last one, the usual interval, and about when."""

    last: Edition
    usual: timedelta
    around: date
    overdue: bool


def series_of(event: Event, watchlist: Watchlist) -> str | None:
    """The series that the event is an edition of: a line of meetings by who met in it, else what its row says.

    A meeting of two ministers on the margins of a forum belongs to their own line, not to the forum's editions.
    """
    if event.type is EventType.MEETING:
        offices = _offices(event, watchlist)
        lines = (one for one in watchlist.entities.values() if one.between and offices >= set(one.between))
        line = max(lines, key=lambda entity: len(entity.between), default=None)
        if line is not None:
            return line.id
    return event.series if _repeats(watchlist.entities.get(event.series or "")) else None


def edition_of(event: Event, watchlist: Watchlist) -> Edition | None:
    """The event as an edition of its series; None for one of no series, without a first day, or that does not stand.

    Cancelled events and postponed ones without a day do not stand; a postponed one with a day is due on its new one.
    """
    series = series_of(event, watchlist)
    if series is None or event.start is None or event.status is Status.NONE:
        return None
    return Edition(series, event.start, event.end, event.place, event_id=event.id)


def all_editions(events: Iterable[Event], watchlist: Watchlist, today: date) -> dict[str, list[Edition]]:
    """The editions known of every series, by day: the ledger's, and those of the watchlist's history in no row.

    Of the history only what began until `today` counts: a ledger that is played again must not know what came later.
    """
    recorded: defaultdict[str, list[Edition]] = defaultdict(list)
    for event in events:
        edition = edition_of(event, watchlist)
        if edition is not None:
            recorded[edition.series].append(edition)
    known: defaultdict[str, list[Edition]] = defaultdict(list)
    for edition in watchlist.editions:
        if edition.start <= today:
            known[edition.series].append(edition)
    return {series: _joined(recorded[series], known[series]) for series in sorted({*recorded, *known})}


def same(one: Edition, other: Edition) -> bool:
    """Whether two records of a series are of one edition."""
    reach = SAME_EDITION if one.precise and other.precise else SAME_MONTH
    return abs(one.start - other.start) <= reach or (
        one.start <= (other.end or other.start) and other.start <= _last(one)
    )


def standing(edition: Edition, among: Sequence[Edition]) -> Standing:
    """How `edition` stands `among` the editions of its series, in order of time; it may be one of them."""
    before = [one for one in among if one.start < edition.start and not same(one, edition)]
    recent = sum(edition.start - one.start <= RECENT for one in before) + 1
    return Standing(before[-1] if before else None, recent, usual_interval([*before, edition]))


def usual_interval(among: Sequence[Edition]) -> timedelta | None:
    """The median interval between editions in order of time; None while `GAPS_NEEDED` gaps are not known."""
    gaps = [(later.start - earlier.start).days for earlier, later in pairwise(among)]
    return timedelta(days=round(median(gaps))) if len(gaps) >= GAPS_NEEDED else None


def expected(among: Sequence[Edition], today: date) -> Expected | None:
    """What is to be expected of a series of which nothing is under way or ahead; None where that cannot be told."""
    usual = usual_interval(among)
    if usual is None or usual > LONGEST_INTERVAL or _last(among[-1]) >= today:
        return None
    last = among[-1]
    return Expected(last, usual, last.start + usual, overdue=today > last.start + usual * OVERDUE_FACTOR)


def _offices(event: Event, watchlist: Watchlist) -> set[str]:
    """The offices its participants are, or held on the day that tells."""
    day, people = day_of_offices(event), (watchlist.entities.get(one) for one in event.participants)
    roles = (person.role_on(day) for person in people if person is not None and day is not None)
    held = {role.office for role in roles if role is not None and role.office is not None}
    return held | {one for one in event.participants if one in watchlist.entities}


def _repeats(entity: Entity | None) -> bool:
    """Whether it is something that has editions: an agreement or a ship has none."""
    return entity is not None and entity.kind in {EntityKind.EXERCISE, EntityKind.FORUM}


def _joined(recorded: Iterable[Edition], known: Iterable[Edition]) -> list[Edition]:
    """Each edition once: of two rows the first, as two stories of it did not find together; a row before history."""
    kept: list[Edition] = []
    for edition in (*sorted(recorded, key=_order), *known):
        if not any(same(edition, other) for other in kept):
            kept.append(edition)
    return sorted(kept, key=_order)


def _last(edition: Edition) -> date:
    return max(edition.start, edition.end or edition.start)


def _order(edition: Edition) -> tuple[date, int]:
    return edition.start, edition.event_id or 0
