"""What ties the feeds together under one budget of requests: the norm of their rates, looked at once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.asks import LEAST_APART
from monitor.ports import RefreshStore
from monitor.schedule.adaptive import USUAL_NORM, norm_of

NORM_AGE = timedelta(days=1)
"""How old a norm may be: feeds change their rhythm over weeks."""


@dataclass(slots=True)
class Budget:
    """The norm of all feeds as of `at`; None before the first look."""

    norm: float = USUAL_NORM
    at: datetime | None = None

    def renew(self, store: RefreshStore, now: datetime, base: timedelta) -> None:
        """Look at the feeds again where the norm is too old, or of a time that is yet to come.

        A `base` of an hour or less needs none: all feeds are then polled each `base` (`interval_of`).
        """
        if base > LEAST_APART and (self.at is None or not timedelta() <= now - self.at < NORM_AGE):
            self.norm, self.at = norm_of(store.rhythms(), base), now
