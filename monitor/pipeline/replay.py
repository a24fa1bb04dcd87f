"""Replay: judge the archive again under today's rules, and tell what changes. Follow writes it, if it is to be written.

Only items that were judged under other rules are judged again; those that wait for their first judgement are follow's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.judgement import Decision, Strength
from monitor.domain.run import Judged, Standing
from monitor.pipeline.follow import Follow
from monitor.ports import ReplayStore

ITEMS_AT_ONCE = 500
"""Items that are held, and committed, at a time."""


@dataclass(frozen=True, slots=True)
class Change:
    """What today's rules change about one item.

    `before` and `after` are decisions in force, so with a verdict they are equal. `strengths` is None where both are
    equal; `gained` and `lost` are entities.
    """

    item_id: int
    title: str
    before: Decision
    after: Decision
    strengths: tuple[Strength | None, Strength | None] | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The weightiest of what changes: decisions as in "reject → accept", else "strength", else "entities"."""
        if self.before is not self.after:
            return f"{self.before} → {self.after}"
        return "strength" if self.strengths else "entities"


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay did: items judged again, those whose verdict outweighs the new judgement, and the changes."""

    rules_version: str
    judged: int
    held_by_verdict: int
    changes: tuple[Change, ...]

    def counts(self) -> dict[str, int]:
        """The figures by name, for the run log."""
        return {"judged": self.judged, "changed": len(self.changes), "held_by_verdict": self.held_by_verdict}


@dataclass(frozen=True, slots=True)
class Replay:
    """The replay with its collaborators."""

    store: ReplayStore
    follow: Follow

    def waiting(self, since: datetime | None = None) -> list[int]:
        """Ids of the items to judge again, by the time they appeared; `since` None: all."""
        return self.store.judged_otherwise(self.follow.rules_version, since)

    def run(
        self, ids: Sequence[int], *, apply: bool, progress: Callable[[int], None] = lambda _done: None
    ) -> ReplayReport:
        """Judge these items again; only with `apply` is anything written, a chunk per commit.

        What is accepted in hindsight becomes archive and is not told. Of an item nothing but its changes is kept.
        """
        judged = held = 0
        changes: list[Change] = []
        for standings, again in self._chunks(ids):
            if apply and again:
                self.follow.save(again)
            judged += len(again)
            held += sum(map(_held, standings, again))
            changes += filter(None, map(change, standings, again))
            progress(len(again))
        return ReplayReport(self.follow.rules_version, judged, held, tuple(changes))

    def _chunks(self, ids: Sequence[int]) -> Iterator[tuple[list[Standing], list[Judged]]]:
        for start in range(0, len(ids), ITEMS_AT_ONCE):
            standings = self.store.standings(ids[start : start + ITEMS_AT_ONCE])
            yield standings, [self.follow.think(standing.item) for standing in standings]


def change(standing: Standing, again: Judged) -> Change | None:
    """What differs between how an item stands and how it is judged now; None for nothing.

    Entities of what was and stays rejected count for nothing: they feed neither story nor ledger.
    """
    judgement, verdict = again.judgement, again.item.verdict
    entities = frozenset(judgement.entities)
    found = Change(
        item_id=again.item.item_id,
        title=again.item.article.title,
        before=verdict or standing.decision,
        after=again.decision,
        strengths=None if standing.strength is judgement.strength else (standing.strength, judgement.strength),
        gained=tuple(sorted(entities - standing.entities)),
        lost=tuple(sorted(standing.entities - entities)),
    )
    if found.before is found.after is Decision.REJECT:
        return None
    differs = found.before is not found.after or found.strengths or found.gained or found.lost
    return found if differs else None


def _held(standing: Standing, again: Judged) -> bool:
    """Whether only a verdict keeps the decision from changing."""
    return again.item.verdict is not None and standing.decision is not again.judgement.decision
