"""Which periods of a digest's schedule are due, and which cron lines name one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from monitor.domain.digest import Period, Schedule

CRON_FIELDS = 5
SKIPPED_STEP = timedelta(minutes=1)
"""Clocks are put forward at full minutes everywhere."""


def due_periods(schedule: Schedule, first_seen: datetime, last: date | None, now: datetime) -> list[Period]:
    """Periods of the schedule that are due at `now`, came due at or after `first_seen` and lie after the day `last`.

    Oldest first; `last` None: no period was recorded yet. A period is one local date of the schedule's zone: where the
    cron line names several times of a date, the first one counts. A local time that the clocks skip is due at the next
    instant that exists; one that they repeat is due at its first pass. The times of a date that no longer match after
    the cron line was changed are gone: a date that had its period gets no second one.
    """
    zone = ZoneInfo(schedule.zone)
    first = first_seen.astimezone(zone).date() - timedelta(days=1)
    start = first if last is None else max(first, last + timedelta(days=1))
    periods = (
        Period(schedule.name, moment.date(), _instant(moment, zone)) for moment in _first_times(schedule.cron, start)
    )
    due = takewhile(lambda period: period.due_at <= now, periods)
    return [period for period in due if period.due_at >= first_seen]


def check_cron(cron: str) -> None:
    """Raises ValueError, saying what is wrong, unless `cron` names one time of day and falls due within 50 years.

    A line that names several times of a day is refused rather than cut down to its first: that takes two schedules.
    """
    if len(cron.split()) != CRON_FIELDS:
        raise ValueError("it needs five fields: minute, hour, day of month, month, day of week")
    try:
        parsed = CronSim(cron, datetime(2000, 1, 1))  # noqa: DTZ001, cron lines speak of local times
    except CronSimError as error:
        raise ValueError(str(error).lower()) from error
    if len(parsed.hours) != 1 or len(parsed.minutes) != 1:
        raise ValueError("it names several times of a day, and a schedule makes one digest a day")
    if next(parsed, None) is None:
        raise ValueError("it never falls due")


def _first_times(cron: str, start: date) -> Iterator[datetime]:
    """The first local time of each matching date from `start` on, naive, in order."""
    while True:
        # CronSim answers with times after the one it is given.
        moment = next(CronSim(cron, datetime.combine(start, time()) - timedelta(seconds=1)), None)
        if moment is None:
            return
        yield moment
        start = moment.date() + timedelta(days=1)


def _instant(moment: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time: its first pass when repeated, the next time that exists when skipped."""
    while (instant := moment.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != moment:
        moment += SKIPPED_STEP
    return instant
