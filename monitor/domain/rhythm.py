"""When a feed was seen to publish, and so when it is to be expected to: by hour of the day and by day of the week.

A poll does not see when items came, only that they came after the poll before. What it brings is therefore spread over
the time since then, more of it to the hours in which the pattern known so far expects more. Items that come together
are one arrival: a batch tells no more about when to come again than a single item does.

The figures below were chosen on the first halves of the series in benchmarks/polling.py; it hardly matters which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from math import log

HOURS, WEEKDAYS = 24, 7

MEMORY = timedelta(days=60)
"""What was seen so long ago counts half."""

PRIOR_ARRIVALS, PRIOR_RATE = 0.5, 1 / 24
"""A feed of which nothing was seen is believed to publish once a day; half an arrival weighs as much as this belief."""

PRIOR_HOURS, PRIOR_WEEKDAYS = 12.0, 7.0
"""Arrivals, evenly spread over the day and over the week, that outweigh a pattern which few have shown."""

SHORTEST_LOOK = timedelta(hours=3)
"""Items of a shorter time count as those of this time, lest one batch pass for a flood that never ends."""

PEAK_MEMORY = timedelta(days=30)
"""The busiest rate counts half this long after it was seen last."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LONGEST_SPREAD = timedelta(weeks=1)
"""Of a longer silence only the end is spread over: the pattern is that of a week."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the polls of one feed showed until `polled_at`, older ones counting less.

    `watched` are the hours looked upon, `arrivals` how often something new came in them. `hours` (of UTC) and
    `weekdays` (of UTC, Monday first) tell when, each count 0 or more. `window` is the number of entries of the newest
    document, 0 if unknown; `peak` the most items an hour that were seen.
    """

    polled_at: datetime
    watched: float = 0.0
    arrivals: float = 0.0
    hours: tuple[float, ...] = (0.0,) * HOURS
    weekdays: tuple[float, ...] = (0.0,) * WEEKDAYS
    window: int = 0
    peak: float = 0.0

    @classmethod
    def learned(cls, polled_at: datetime, published: Iterable[datetime], window: int) -> Rhythm:
        """From the first document of a feed: the dates of those of its `window` entries that have one.

        Dates to come are left out. Where most dates show one time of day they are taken for dates without a time, which
        tell about weekdays but not about hours. The oldest only says since when the feed is looked upon.
        """
        stamps = sorted(stamp.astimezone(UTC) for stamp in published if stamp <= polled_at)
        if not stamps:
            return cls(polled_at, window=window)
        timed = _timed(stamps)
        weights = [(stamp, _kept(polled_at - stamp, MEMORY)) for stamp in sorted(set(stamps))[1:]]
        return cls(
            polled_at=polled_at,
            watched=(MEMORY / _HOUR) / log(2) * (1 - _kept(polled_at - stamps[0], MEMORY)),
            arrivals=sum(weight for _, weight in weights),
            hours=_added((0.0,) * HOURS, [(stamp.hour, weight) for stamp, weight in weights] if timed else ()),
            weekdays=_added((0.0,) * WEEKDAYS, [(stamp.weekday(), weight) for stamp, weight in weights]),
            window=window,
            peak=_peak(stamps, SHORTEST_LOOK if timed else _DAY),
        )

    def after(self, polled_at: datetime, new_items: int, window: int | None) -> Rhythm:
        """What is known after a further poll that succeeded, `new_items` of it being new.

        `window` None: its document was not read, as after an answer 304. A poll no later than the last is ignored.
        """
        gap = polled_at - self.polled_at
        if gap <= timedelta():
            return self
        kept = _kept(gap, MEMORY)
        spread = tuple(self._spread(polled_at)) if new_items else ()
        return Rhythm(
            polled_at=polled_at,
            watched=kept * self.watched + gap / _HOUR,
            arrivals=kept * self.arrivals + (new_items > 0),
            hours=_added([kept * count for count in self.hours], ((at.hour, share) for at, share in spread)),
            weekdays=_added([kept * count for count in self.weekdays], ((at.weekday(), share) for at, share in spread)),
            window=self.window if window is None else window,
            peak=max(self.peak * _kept(gap, PEAK_MEMORY), new_items / (max(gap, SHORTEST_LOOK) / _HOUR)),
        )

    def rate(self) -> float:
        """Arrivals in an average hour, above 0."""
        return (self.arrivals + PRIOR_ARRIVALS) / (self.watched + PRIOR_ARRIVALS / PRIOR_RATE)

    def week(self) -> tuple[float, ...]:
        """Arrivals expected in each of the 168 hours of a week from Monday, 0 h UTC; all above 0, their mean `rate`."""
        rate, by_hour = self.rate(), _factors(_smoothed(self.hours), PRIOR_HOURS)
        return tuple(rate * day * hour for day in _factors(self.weekdays, PRIOR_WEEKDAYS) for hour in by_hour)

    def plain(self) -> list[float]:
        """As JSON can hold it: 36 numbers, the time in seconds since 1970."""
        figures = (self.watched, self.arrivals, self.window, self.peak, *self.hours, *self.weekdays)
        return [round(self.polled_at.timestamp(), 3), *(round(figure, 6) for figure in figures)]

    @classmethod
    def of_plain(cls, plain: Sequence[float]) -> Rhythm:
        """The reverse of `plain`, to six decimals."""
        polled_at, watched, arrivals, window, peak, *counts = plain
        return cls(
            polled_at=datetime.fromtimestamp(polled_at, UTC),
            watched=float(watched),
            arrivals=float(arrivals),
            hours=tuple(map(float, counts[:HOURS])),
            weekdays=tuple(map(float, counts[HOURS:])),
            window=int(window),
            peak=float(peak),
        )

    def _spread(self, polled_at: datetime) -> Iterator[tuple[datetime, float]]:
        """The hours in which what a poll brings may have come, each with its share; the shares add up to 1."""
        week, pieces = self.week(), []
        start, end = max(self.polled_at, polled_at - _LONGEST_SPREAD).astimezone(UTC), polled_at.astimezone(UTC)
        while start < end:
            stop = min(start.replace(minute=0, second=0, microsecond=0) + _HOUR, end)
            pieces.append((start, (stop - start) / _HOUR * week[start.weekday() * HOURS + start.hour]))
            start = stop
        whole = sum(weight for _, weight in pieces)
        return ((at, weight / whole) for at, weight in pieces)


def _kept(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (age / half_life))


def _added(counts: Sequence[float], more: Iterable[tuple[int, float]]) -> tuple[float, ...]:
    sums = list(counts)
    for place, weight in more:
        sums[place] += weight
    return tuple(sums)


def _smoothed(counts: Sequence[float]) -> list[float]:
    """A quarter of each count to either neighbour, round the clock."""
    around = chain(counts[-1:], counts, counts[:1])
    before, here = next(around), next(around)
    smooth = []
    for after in around:
        smooth.append(before / 4 + here / 2 + after / 4)
        before, here = here, after
    return smooth


def _factors(counts: Sequence[float], prior: float) -> list[float]:
    """How many times the average each place is, drawn towards 1 by `prior` evenly spread arrivals; their mean is 1."""
    mean = (sum(counts) + prior) / len(counts)
    return [(count + prior / len(counts)) / mean for count in counts]


def _timed(stamps: Sequence[datetime]) -> bool:
    clocks = Counter(stamp.time() for stamp in set(stamps))
    return 2 * max(clocks.values()) <= clocks.total()


def _peak(stamps: Sequence[datetime], look: timedelta) -> float:
    """The most items an hour within any time as long as `look`; `stamps` in order."""
    most = first = 0
    for last, stamp in enumerate(stamps):
        while stamp - stamps[first] >= look:
            first += 1
        most = max(most, last - first + 1)
    return most / (look / _HOUR)
