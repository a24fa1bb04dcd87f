"""When a feed that works is `quiet`: it brings nothing for much longer than it ever did."""

from __future__ import annotations

from datetime import datetime, timedelta

QUIET_FACTOR = 3
"""Times its own longest gap that a feed must have been silent."""

LEAST_SILENCE = timedelta(days=3)
"""No shorter silence is one: an hourly feed may rest over a night, and an office over a long weekend."""

LEAST_HISTORY = timedelta(days=14)
"""A feed watched for less than this has not shown its longest gap."""

UNKNOWN_GAP = timedelta(days=10)
"""Stands for the longest gap of a feed that brought news only once, or never: it is quiet after a month."""


def is_quiet(
    newest_at: datetime | None, longest_gap: int | None, added_at: datetime, succeeded_at: datetime | None
) -> bool:
    """Whether the feed is quiet, as of its last good poll (None: there was none): what nobody saw is no silence.

    `newest_at` is when a poll last brought a new item, `longest_gap` the longest silence before one in seconds.
    """
    if succeeded_at is None or succeeded_at - added_at < LEAST_HISTORY:
        return False
    silence = succeeded_at - (newest_at or added_at)
    gap = UNKNOWN_GAP if longest_gap is None else timedelta(seconds=longest_gap)
    return silence >= max(gap * QUIET_FACTOR, LEAST_SILENCE)


def gap_before(newest_at: datetime | None, succeeded_at: datetime | None) -> timedelta | None:
    """The silence that a new item ends, as long as polls saw it last; None for a feed's first items.

    What came while nobody polled may have come at once, so the gap ends with the last good poll before.
    """
    return None if newest_at is None or succeeded_at is None else max(succeeded_at - newest_at, timedelta())
