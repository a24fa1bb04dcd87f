"""What ties the feeds together under one budget of requests: the norm of their rates, looked at once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.ports import RefreshStore
from monitor.schedule.adaptive import USUAL_NORM, norm_of

NORM_AGE = timedelta(days=1)
"""How old a norm may be: feeds change their rhythm over weeks."""

LEAST_BASE = timedelta(hours=1)
"""The shortest step for it, which takes a quarter of a second."""


@dataclass(slots=True)
class Budget:
    """The norm of all feeds as of `at`; None before the first look."""

    norm: float = USUAL_NORM
    at: datetime | None = None

    def renew(self, store: RefreshStore, now: datetime, base: timedelta) -> None:
        """Look at the feeds again where the norm is too old, or of a time that is yet to come.

        The norm hardly depends on `base`, and the time to find it does: a week is played through in steps of it.
        """
        if self.at is None or not timedelta() <= now - self.at < NORM_AGE:
            self.norm, self.at = norm_of(store.rhythms(), max(base, LEAST_BASE)), now
