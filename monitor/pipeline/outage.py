"""Telling a dead network from dead feeds: when no host at all can be reached, that is no feed's failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.domain.feed import NO_ANSWER, UNASKED, PollOutcome
from monitor.schedule.polling import next_after_outage

OUTAGE_HOSTS = 3
"""Healthy hosts that fall silent with none answering in between: two may well go down together."""


@dataclass(frozen=True, slots=True)
class Network:
    """What polls showed of the network so far.

    `silent` are the hosts, with their feeds, that were healthy and failed since any host last answered; `down` that
    they were enough to call it an outage. `doubtful` hosts failed in an outage and have not answered since: they may
    be dead themselves, so that they are no evidence for the next one.
    """

    silent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    down: bool = False
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """The network after a run, its outcomes as they are to be saved, and feeds whose last failure is taken back."""

    network: Network
    outcomes: tuple[PollOutcome, ...]
    forgiven: frozenset[int] = frozenset()


def answered(outcome: PollOutcome) -> bool:
    """Whether some host answered this poll, with whatever."""
    return outcome.failure is None or outcome.failure.kind not in NO_ANSWER | UNASKED


def after_answers(network: Network, outcomes: Sequence[PollOutcome]) -> Network:
    """The network once one of these polls was answered: it is up, and the hosts that answered are beyond doubt."""
    hosts = {_host(outcome) for outcome in outcomes if answered(outcome)}
    return Network(doubtful=(network.doubtful | (network.silent.keys() if network.down else set())) - hosts)


def after_silence(network: Network, outcomes: Sequence[PollOutcome], now: datetime) -> Weighed:
    """The network after a run in which no host answered at all."""
    unreached = [outcome for outcome in outcomes if outcome.failure is not None and outcome.failure.kind in NO_ANSWER]
    silent = dict(network.silent)
    for outcome in unreached:
        host = _host(outcome)
        if network.down or (outcome.feed.failures == 0 and host not in network.doubtful):
            silent[host] = silent.get(host, frozenset()) | {outcome.feed.id}
    down = network.down or len(silent) >= OUTAGE_HOSTS
    network_after = replace(network, silent=silent, down=down)
    if not down:
        return Weighed(network_after, tuple(outcomes))
    weighed = tuple(
        _excused(outcome, now) if outcome in unreached or outcome.waits else outcome for outcome in outcomes
    )
    return Weighed(network_after, weighed, _before(network))


def _before(network: Network) -> frozenset[int]:
    """Feeds that failed when it was not known yet that all would."""
    return frozenset() if network.down else frozenset().union(*network.silent.values())


def _excused(outcome: PollOutcome, now: datetime) -> PollOutcome:
    return replace(outcome, offline=True, next_poll_at=next_after_outage(outcome.feed.asks, now))


def _host(outcome: PollOutcome) -> str:
    """The host of the feed's address; redirects to hosts that are down count for the one they come from."""
    return urlsplit(outcome.feed.url).hostname or ""


@dataclass(slots=True)
class NetworkWatch:
    """Remembers the network from run to run; a restart forgets it, and the next run finds out again."""

    network: Network = field(default_factory=Network)

    def weigh(self, outcomes: Sequence[PollOutcome], now: datetime, *, answers: bool) -> Weighed:
        """What outcomes of one run come to, some of which were answered or none (`answers`)."""
        if answers:
            weighed = Weighed(after_answers(self.network, outcomes), tuple(outcomes))
        else:
            weighed = after_silence(self.network, outcomes, now)
        self.network = weighed.network
        return weighed
