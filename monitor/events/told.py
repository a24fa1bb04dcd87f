"""What clauses tell of the stage of a happening, and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.event import Stage
from monitor.domain.judgement import Field, Span
from monitor.events.passage import Part, Passage
from monitor.events.words import Hit

ACCOMPLISHED = frozenset({Stage.UNDER_WAY, Stage.CONCLUDED})


@dataclass(frozen=True, slots=True)
class Told:
    """The stage that one clause tells of, its weight, and the words that say so.

    `passing`: words that do not say whether the happening still goes on or has begun at all ("hold", "arrive").
    """

    stage: Stage
    weight: float
    part: Part
    hit: Hit
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of an article say of the stage: points per stage and the clauses they come from."""

    points: Mapping[Stage, float]
    told: tuple[Told, ...]

    @property
    def looks_ahead(self) -> bool:
        """Whether the words announce a happening rather than tell of it."""
        done = max(self.points.get(Stage.CONCLUDED, 0.0), self.points.get(Stage.UNDER_WAY, 0.0))
        return self.points.get(Stage.ANNOUNCED, 0.0) > done

    @property
    def settled(self) -> bool:
        """Whether the title says that the happening has begun or is over, so that a day ahead cannot be its first."""
        title = [told for told in self.told if told.part.field is Field.TITLE and not told.passing]
        return bool(title) and leading(points_of(title)) in ACCOMPLISHED

    def span(self, stage: Stage, texts: Sequence[Passage]) -> Span | None:
        """The words that speak loudest for a stage; None where none does."""
        best = max((told for told in self.told if told.stage is stage), key=lambda told: told.weight, default=None)
        if best is None:
            return None
        passage = next(passage for passage in texts if passage.field is best.part.field)
        return passage.span(best.part.start + best.hit.start, best.part.start + best.hit.end)


def points_of(told: Iterable[Told]) -> dict[Stage, float]:
    """The weights of clauses added up by stage."""
    points: dict[Stage, float] = defaultdict(float)
    for each in told:
        points[each.stage] += each.weight
    return points


def leading(points: Mapping[Stage, float]) -> Stage:
    """The stage with most points, the earlier in the order of `Stage` on a tie."""
    order = list(Stage)
    return min(points, key=lambda stage: (-points[stage], order.index(stage)))
