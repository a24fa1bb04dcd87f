"""Report: make due digests, freeze them, and deliver what waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor import schedule
from monitor.digest.render import Renderer
from monitor.digest.select import compose
from monitor.domain.digest import DigestModel, FrozenDigest, Outgoing, Period, Schedule, SendFailed, Sent
from monitor.domain.watchlist import Watchlist
from monitor.errors import ConflictError
from monitor.ports import Channel, Clock, ReportStore

DELIVERIES_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """The report run with its collaborators. `channels` are by name; `sender_domain` ends every Message-ID."""

    store: ReportStore
    watchlist: Watchlist
    renderer: Renderer
    channels: Mapping[str, Channel]
    schedules: Sequence[Schedule]
    clock: Clock
    sender_domain: str

    async def run(self) -> dict[str, int]:
        """Make every due digest, then deliver whatever waits; returns the figures for the run log."""
        made = await asyncio.to_thread(self.make_due)
        return {"digests": made} | await self.deliver()

    def make_due(self) -> int:
        """Freeze one digest for each schedule with due periods; several missed periods become one digest."""
        now = self.clock()
        self.store.sync_schedules(self.schedules, now)
        made = 0
        for entry in self.schedules:
            first_seen, last = self.store.last_period(entry.name)
            periods = schedule.due_periods(entry, first_seen, last, now)
            for missed in periods[:-1]:
                self.store.skip_period(missed)
            made += sum(self.make(entry, period) is not None for period in periods[-1:])
        return made

    def make(self, entry: Schedule, period: Period) -> FrozenDigest | None:
        """Select, render and freeze one digest; None on a quiet day of a schedule that wants none."""
        model = self.preview(entry, period)
        if not model.sections and not entry.quiet_days:
            self.store.skip_period(period)
            return None
        digest = self._frozen(model)
        try:
            self.store.freeze(digest, self._addresses(entry))
        except ConflictError:
            return None
        return digest

    def preview(self, entry: Schedule, period: Period) -> DigestModel:
        """What a digest of this period would tell now; nothing is written."""
        now = self.clock()
        return compose(self.store.material(entry.name, now), entry, period, now, self.watchlist)

    async def deliver(self) -> dict[str, int]:
        """Send what waits; each recipient and channel on its own, so that none delays another."""
        results: Counter[str] = Counter()
        while claimed := await asyncio.to_thread(self.store.claim, self.clock(), DELIVERIES_AT_ONCE):
            outcomes = await asyncio.gather(*(self._send(outgoing) for outgoing in claimed))
            results.update("sent" if sent else "failed" for sent in outcomes)
        return {"sent": results["sent"], "failed": results["failed"]}

    async def _send(self, outgoing: Outgoing) -> bool:
        channel = self.channels.get(outgoing.channel)
        if channel is None:
            reason = f"no channel named {outgoing.channel} in the settings"
            result: Sent | SendFailed = SendFailed(reason, permanent=True)
        else:
            result = await channel.send(outgoing)
        now = self.clock()
        retry_at = schedule.next_attempt(outgoing.attempt, result, now)
        await asyncio.to_thread(self.store.record, outgoing, result, now, retry_at)
        return isinstance(result, Sent)

    def _frozen(self, model: DigestModel) -> FrozenDigest:
        return FrozenDigest(
            schedule=model.schedule,
            period=model.period,
            made_at=model.made_at,
            rendered=self.renderer.render(model),
            message_id=message_id(model.period, model.made_at, self.sender_domain),
            members=model.members,
            facts=model.facts,
        )

    def _addresses(self, entry: Schedule) -> list[tuple[str, str]]:
        return [
            (name, recipient)
            for name in entry.channels
            if name in self.channels
            for recipient in self.channels[name].recipients
        ]


def message_id(period: Period, made_at: datetime, domain: str) -> str:
    """The digest's Message-ID: readable, and unique because a schedule makes one digest a period."""
    return f"<{period.schedule}.{period.local_date:%Y%m%d}.{made_at:%H%M%S}@{domain}>"
