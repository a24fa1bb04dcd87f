"""What a publisher asks of those who poll, beyond what one answer asks: how long to wait, and when not to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

ALL_HOURS = 24
ALL_DAYS = 7

LEAST_APART = timedelta(hours=1)
"""What publishers expect between two conditional requests at least (Rachel Kroll's score), whoever removes and adds a
feed meanwhile."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Wishes as they were given, uncapped; None or empty where nothing was said.

    `ttl` is RSS's, `period` the time between updates by the syndication module (sy:updatePeriod), `fresh` what the last
    answer's Cache-Control or Expires asked for. `skip_hours` holds hours 0..23 and `skip_days` weekdays, 0 for Monday
    to 6, both in GMT, in which not to poll.
    """

    ttl: timedelta | None = None
    period: timedelta | None = None
    fresh: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()

    def skips(self, moment: datetime) -> bool:
        """Whether not to poll at this moment. Who names all hours of a day, or all days, says nothing by it."""
        local = moment.astimezone(UTC)
        by_hour = local.hour in self.skip_hours and len(self.skip_hours) < ALL_HOURS
        return by_hour or (local.weekday() in self.skip_days and len(self.skip_days) < ALL_DAYS)

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it, waits in seconds, without what was not said."""
        waits = {"ttl": self.ttl, "period": self.period, "fresh": self.fresh}
        times = {"skip_hours": sorted(self.skip_hours), "skip_days": sorted(self.skip_days)}
        seconds = {name: int(wait.total_seconds()) for name, wait in waits.items() if wait is not None}
        return seconds | {name: numbers for name, numbers in times.items() if numbers}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Asks:
        """The reverse of `plain`, to the second."""
        waits = {name: timedelta(seconds=plain[name]) for name in ("ttl", "period", "fresh") if name in plain}
        return cls(
            **waits,
            skip_hours=frozenset(plain.get("skip_hours", ())),
            skip_days=frozenset(plain.get("skip_days", ())),
        )


NO_ASKS = Asks()
