"""When digests may be made after a start or a sleep: once the news of the time away is in, or was waited for enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ASLEEP = timedelta(minutes=2)
"""The machine slept when nothing looked at the clock for so long: the shortest tick comes every five seconds."""

PATIENCE = timedelta(minutes=5)
"""How long digests wait at most. A refresh of some hundred feeds takes a minute; one that hangs must not hold them."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was known when a run began: which time awake it belongs to, and whether that had its refresh by then."""

    awake_since: datetime
    refreshed: bool


class CatchUp:
    """Holds digests back until one refresh and then one follow, both begun since the machine is awake, have ended.

    All times are of the clock on the wall, which goes on while a machine is suspended.
    """

    def __init__(self, now: datetime) -> None:
        self._seen = now
        self._awake_since = now
        self._refreshed = False
        self._followed = False

    def look(self, now: datetime) -> bool:
        """Whether digests may be made at `now`. To be asked at every tick: a gap between two looks was a sleep."""
        if not timedelta() <= now - self._seen <= ASLEEP:  # a clock that was set back is a sleep of unknown length
            self._awake_since, self._refreshed, self._followed = now, False, False
        self._seen = now
        return self._followed or now - self._awake_since >= PATIENCE

    def begin(self, now: datetime) -> Begun:
        """To be told when a refresh or a follow begins; what is returned goes to its end."""
        self.look(now)
        return Begun(self._awake_since, self._refreshed)

    def refreshed(self, begun: Begun, now: datetime) -> None:
        """A refresh ended well."""
        self.look(now)
        self._refreshed |= begun.awake_since == self._awake_since

    def followed(self, begun: Begun, now: datetime) -> None:
        """A follow ended well; only one that began after the refresh has judged all that it brought."""
        self.look(now)
        self._followed |= begun.refreshed and begun.awake_since == self._awake_since
