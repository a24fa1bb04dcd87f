"""Report: make due digests, freeze them, and deliver what waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.digest.render import Renderer
from monitor.digest.select import compose
from monitor.domain.digest import DigestModel, FrozenDigest, Outgoing, Period, Schedule, SendFailed, SendResult, Sent
from monitor.domain.watchlist import Watchlist
from monitor.errors import ConflictError
from monitor.logs import get_logger
from monitor.pipeline.threads import in_thread
from monitor.ports import Channel, Clock, ReportStore
from monitor.schedule.periods import due_periods
from monitor.schedule.retries import LAST_ATTEMPT, next_attempt

DELIVERIES_AT_ONCE = 50

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """How many digests were made, and what kept others from it, by schedule."""

    digests: int
    faults: Mapping[str, Exception]


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
        """Make every due digest, then deliver whatever waits; returns the figures for the run log.

        A digest that cannot be made keeps no other from being made or delivered; its fault is raised in the end.
        """
        made = await in_thread(self.make_due)
        delivered = await self.deliver()
        for fault in made.faults.values():
            raise fault
        return {"digests": made.digests} | delivered

    def make_due(self) -> Made:
        """Freeze one digest for each schedule with due periods, each on its own."""
        now = self.clock()
        self.store.sync_schedules(self.schedules, now)
        made, faults = 0, {}
        for entry in self.schedules:
            try:
                made += self._make_due_of(entry, now)
            except ConflictError as conflict:  # the next tick tries again, with what is untold then
                log.warning("digest.conflict", schedule=entry.name, reason=str(conflict))
            except Exception as fault:  # noqa: BLE001, it is raised once the others are done
                log.warning("digest.failed", schedule=entry.name, reason=f"{type(fault).__name__}: {fault}")
                faults[entry.name] = fault
        return Made(made, faults)

    def make(self, entry: Schedule, period: Period) -> FrozenDigest | None:
        """Select, render and freeze one digest; None on a quiet day of a schedule that wants none.

        Raises ConflictError when another program told some of it meanwhile, and InputError for a wrong template.
        """
        model = self.preview(entry, period)
        if not model.news and not entry.quiet_days:
            return None
        digest = self._frozen(model)
        self.store.freeze(digest, self._addresses(entry))
        return digest

    def make_early(self, entry: Schedule, period: Period) -> FrozenDigest | None:
        """Make the digest of a period that is not due yet; None where it was made already or has nothing to tell.

        In both cases nothing is written: what comes until the period is due is told then.
        """
        self.store.sync_schedules(self.schedules, self.clock())
        _, last = self.store.last_period(entry.name)
        if last is not None and last >= period.local_date:
            return None
        try:
            return self.make(entry, period)
        except ConflictError as conflict:
            log.warning("digest.conflict", schedule=entry.name, reason=str(conflict))
            return None

    def preview(self, entry: Schedule, period: Period) -> DigestModel:
        """What a digest of this period would tell now; nothing is written."""
        now = self.clock()
        return compose(self.store.material(entry, now), entry, period, now, self.watchlist)

    async def deliver(self) -> dict[str, int]:
        """Send what waits; each recipient and channel on its own, so that none delays another or takes it along."""
        results: Counter[str] = Counter()
        while claimed := await in_thread(self._claim):
            outcomes = await asyncio.gather(*(self._send(outgoing) for outgoing in claimed), return_exceptions=True)
            for fault in (outcome for outcome in outcomes if isinstance(outcome, BaseException)):
                raise fault
            results.update("sent" if sent else "failed" for sent in outcomes)
        return {"sent": results["sent"], "failed": results["failed"]}

    def _make_due_of(self, entry: Schedule, now: datetime) -> bool:
        """Whether a digest was made; several missed periods become one."""
        first_seen, last = self.store.last_period(entry.name)
        periods = due_periods(entry, first_seen, last, now)
        for missed in periods[:-1]:
            self.store.skip_period(missed)
        for period in periods[-1:]:
            if self.make(entry, period) is not None:
                return True
            self.store.skip_period(period)
        return False

    def _claim(self) -> list[Outgoing]:
        return self.store.claim(self.clock(), DELIVERIES_AT_ONCE, LAST_ATTEMPT)

    async def _send(self, outgoing: Outgoing) -> bool:
        result = await self._attempt(outgoing)
        now = self.clock()
        retry_at = next_attempt(outgoing.attempt, result, now)
        await in_thread(self.store.record, outgoing, result, now, retry_at)
        return isinstance(result, Sent)

    async def _attempt(self, outgoing: Outgoing) -> SendResult:
        """What the channel says; a surprise in it is a failure too, or the delivery would be tried without an end."""
        channel = self.channels.get(outgoing.channel)
        if channel is None:
            return SendFailed(f"no channel named {outgoing.channel} in the settings", permanent=False)
        try:
            return await channel.send(outgoing)
        except Exception as surprise:
            log.exception("delivery.failed", channel=outgoing.channel, delivery=outgoing.delivery_id)
            return SendFailed(f"{type(surprise).__name__}: {surprise}", permanent=False)

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
