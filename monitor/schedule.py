"""When a feed is polled next, when a delivery is tried again, and which digest periods are due. Time is an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from monitor.domain.digest import Period, Schedule, SendFailed, SendResult
from monitor.domain.feed import Failure, FeedForPoll, FetchFailed, FetchResult, ParseFailed

POLL_FLOOR = timedelta(minutes=1)
"""No feed is polled sooner than this after its last poll, whatever the settings or the server say."""

JITTER = 0.1
"""A feed's interval is stretched or shortened by up to this share, so that feeds added together spread out."""

FRESH_CAP = timedelta(hours=6)
"""The most that a Cache-Control of days may delay a poll: some servers give every address the same long lifetime."""

BACKOFF_CAP = timedelta(days=1)
"""A failing feed is tried at least this often; also the longest Retry-After that is obeyed."""

GONE_INTERVAL = timedelta(days=7)
"""410 Gone says that the feed will not come back; a weekly look notices when it does."""

LAST_DOUBLING = 20
"""Doublings after which every sensible interval has long met its cap; keeps the numbers small."""

RETRY_LADDER = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8, 12, 12, 12, 12)),
)
"""Waits between the attempts of one delivery: together 72 hours less 9 minutes, so a mail server may be away for a
long weekend."""

LAST_ATTEMPT = len(RETRY_LADDER) + 1
"""The attempt after which a delivery that fails is dead."""

CRON_FIELDS = 5
SKIPPED_STEP = timedelta(minutes=1)
"""Clocks are put forward at full minutes everywhere."""


def next_poll(
    feed: FeedForPoll,
    result: FetchResult,
    failure: FetchFailed | ParseFailed | None,
    now: datetime,
    interval: timedelta,
) -> datetime:
    """When to poll the feed next, given what its poll at `now` brought; always at least `POLL_FLOOR` ahead.

    A healthy feed waits its jittered interval, or what Cache-Control asks for when that is longer (up to `FRESH_CAP`).
    The first failure waits as long; each further one in a row doubles the wait up to `BACKOFF_CAP`. Retry-After is a
    floor up to the same cap. A feed that is gone waits `GONE_INTERVAL`.
    """
    wait = _jittered(interval, feed.url)
    if failure is None:
        asked = min(_fresh_for(result), FRESH_CAP)
    elif failure.kind is Failure.GONE:
        return now + GONE_INTERVAL
    else:
        wait = max(wait, min(wait * 2 ** min(feed.failures, LAST_DOUBLING), BACKOFF_CAP))
        asked = min(_retry_after(failure), BACKOFF_CAP)
    return now + max(wait, asked, POLL_FLOOR)


def next_attempt(attempt: int, result: SendResult, now: datetime) -> datetime | None:
    """When to try a delivery again after its `attempt`-th attempt (from 1) ended at `now` with `result`.

    None: it was sent, trying again cannot help, or the ladder is used up. The ladder waits 1, 5, 15 and 30 minutes,
    then 1, 2, 4, 8 and 8 hours, then four times 12 hours: 14 attempts over three days.
    """
    if not isinstance(result, SendFailed) or result.permanent or attempt > len(RETRY_LADDER):
        return None
    return now + RETRY_LADDER[attempt - 1]


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


def _jittered(interval: timedelta, url: str) -> timedelta:
    """The interval times a factor in 1 ± `JITTER` that is always the same for this address."""
    draw = int.from_bytes(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:4], "big") / 2**32
    return interval * (1 + JITTER * (2 * draw - 1))


def _fresh_for(result: FetchResult) -> timedelta:
    asked = None if isinstance(result, FetchFailed) else result.fresh_for
    return asked or timedelta()


def _retry_after(failure: FetchFailed | ParseFailed) -> timedelta:
    asked = failure.retry_after if isinstance(failure, FetchFailed) else None
    return asked or timedelta()
