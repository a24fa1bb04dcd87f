"""How long to wait before a feed is polled again, given when it is known to publish.

Under a budget of requests the mean delay is least when intervals are in proportion to one over the square root of a
feed's rate (Cho and Garcia-Molina, Effective page refresh policies for web crawlers, 2003). One number ties the feeds
together: the `norm`, the root of the rate, in arrivals an hour, at which a feed is polled once in `base`. Where
the rate varies over day and week, a poll is due when the items then expected to be waiting equal the rate of that
moment times the interval that this rate would have: to wait longer would cost those waiting more than it spares later
ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from statistics import fmean

from monitor.domain.asks import LEAST_APART
from monitor.domain.rhythm import HOURS, PRIOR_RATE, Rhythm

SHORTEST, LONGEST = 0.25, 1.5
"""The bounds of an interval, times `base`. The longest keeps the 95th percentile of delays within 1.15 times that of
polling each `base`, and no feed is forgotten; chosen on the first halves of the series in benchmarks/polling.py."""

STEPS = 8
"""Into how many moments a `base` is divided to plan in."""

SAFE_SHARE = 0.5
"""How much of the time that a feed's busiest rate takes to fill its document may pass between two polls."""

USUAL_NORM = sqrt(PRIOR_RATE)
"""The norm where no feed is known yet."""

SAMPLE, ROUNDS = 50, 5
"""Feeds whose week is played through to find the norm, evenly picked from all, and how often: a round leaves less than
half of what the number of polls is off."""

_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_YEAR_OF_HOURS = 365 * 24.0
_SOME_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def adaptive_interval(rhythm: Rhythm | None, now: datetime, base: timedelta, norm: float) -> timedelta:
    """How long after its poll at `now` to poll a feed again; `base` where nothing is known of it (`rhythm` None).

    Between `SHORTEST` and `LONGEST` times `base`, and less where its document would otherwise overflow. `norm` is that
    of all feeds (`norm_of`), with which they are polled as often together as if each waited `base`.
    """
    if rhythm is None:
        return base
    return _interval(rhythm.week(), overflow_guard(rhythm), now, base, norm)


def overflow_guard(rhythm: Rhythm) -> timedelta | None:
    """The longest wait during which nothing scrolls out of the feed's document unseen; None where none is known."""
    if not rhythm.window or not rhythm.peak:
        return None
    return min(SAFE_SHARE * rhythm.window / rhythm.peak, _YEAR_OF_HOURS) * _HOUR


def norm_of(rhythms: Sequence[Rhythm], base: timedelta) -> float:
    """The norm with which these feeds make as many polls in a week as if each were polled every `base`.

    No feed is polled sooner than after `LEAST_APART`, so that what the busiest may not have goes to the others. For a
    `base` longer than that; with a shorter one there is nothing to share out.

    Takes less than a quarter of a second for any number of feeds. Once a day is often enough: feeds change their
    rhythms over weeks.
    """
    if not rhythms:
        return USUAL_NORM
    picked = rhythms[:: -(-len(rhythms) // SAMPLE)]
    feeds = [(rhythm.week(), overflow_guard(rhythm)) for rhythm in picked]
    norm = fmean(sqrt(rhythm.rate()) for rhythm in picked)
    for _ in range(ROUNDS):
        norm *= fmean(_polls_a_week(week, guard, base, norm) for week, guard in feeds) / (_WEEK / base)
    return norm


def _polls_a_week(week: Sequence[float], guard: timedelta | None, base: timedelta, norm: float) -> float:
    now, polls = _SOME_MONDAY, 0
    while now < _SOME_MONDAY + _WEEK:
        now += max(_interval(week, guard, now, base, norm), SHORTEST * base, LEAST_APART)
        polls += 1
    return polls / ((now - _SOME_MONDAY) / _WEEK)


def _interval(week: Sequence[float], guard: timedelta | None, now: datetime, base: timedelta, norm: float) -> timedelta:
    planned = _planned(week, now, base, norm)
    return planned if guard is None else min(planned, guard)


def _planned(week: Sequence[float], now: datetime, base: timedelta, norm: float) -> timedelta:
    """The interval with the least cost: the hours that items will wait until its end, less what its length is worth.

    One poll costs as many item hours as make `base` the best interval at the norm. An hour at a rate that lasted would
    cost, waits and polls together, `norm` times `base` times the root of the rate; that much a later poll spares.
    """
    step, worth = base / _HOUR / STEPS, norm * (base / _HOUR)
    at = now.astimezone(UTC)
    start = at.weekday() * HOURS + at.hour + at.minute / 60
    waiting = cost = 0.0
    costs = []
    for count in range(round(LONGEST * STEPS)):
        rate = week[int(start + (count + 0.5) * step) % len(week)]
        cost += (waiting + rate * step / 2 - worth * sqrt(rate)) * step
        waiting += rate * step
        costs.append(cost)
    first = round(SHORTEST * STEPS) - 1
    return (costs.index(min(costs[first:]), first) + 1) * base / STEPS
