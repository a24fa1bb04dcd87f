"""When a delivery is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.digest import SendFailed, SendResult

RETRY_LADDER = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8, 12, 12, 12, 12)),
)
"""Waits between the attempts of one delivery: together 72 hours less 9 minutes, so a mail server may be away for a
long weekend."""

LAST_ATTEMPT = len(RETRY_LADDER) + 1
"""The attempt after which a delivery that fails is dead."""


def next_attempt(attempt: int, result: SendResult, now: datetime) -> datetime | None:
    """When to try a delivery again after its `attempt`-th attempt (from 1) ended at `now` with `result`.

    None: it was sent, trying again cannot help, or the ladder is used up. The ladder waits 1, 5, 15 and 30 minutes,
    then 1, 2, 4, 8 and 8 hours, then four times 12 hours: 14 attempts over three days.
    """
    if not isinstance(result, SendFailed) or result.permanent or attempt > len(RETRY_LADDER):
        return None
    return now + RETRY_LADDER[attempt - 1]
