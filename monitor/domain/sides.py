"""Both sides of one event: the reports of each side's publishers, and what only one side speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from monitor.domain.digest import Source
from monitor.domain.watchlist import EntityKind, Publisher

TELLING = frozenset(
    {
        EntityKind.EXERCISE,
        EntityKind.FORUM,
        EntityKind.AGREEMENT,
        EntityKind.PLATFORM,
        EntityKind.SHIP,
        EntityKind.CONCEPT,
    }
)
"""Kinds of entities whose absence on one side says something; who and where is named by each side as it likes."""


@dataclass(frozen=True, slots=True)
class SideView:
    """What one side says. `side` None: publishers of neither side, and unknown ones.

    `reports` have official ones first, then by time. `only` are entities and topics by id that no other report
    speaks of, most often named first, then by id; empty where the other side is silent.
    """

    side: str | None
    reports: tuple[Source, ...]
    only: tuple[str, ...] = ()


def sides_of(
    reports: Sequence[Source],
    publisher: Callable[[Source], Publisher | None],
    sides: Sequence[str],
    kind: Callable[[str], EntityKind | None],
) -> tuple[SideView, ...]:
    """The views of both `sides` in their order, then that of the others; a side without reports has none.

    `publisher` finds whose words a report is, `kind` what sort of thing an entity is.
    """
    homes: dict[str | None, list[Source]] = {side: [] for side in (*sides, None)}
    for report in reports:
        speaker = publisher(report)
        homes[speaker.side if speaker is not None and speaker.side in sides else None].append(report)
    return tuple(
        SideView(side, _ordered(own, publisher), _only(side, homes, sides, kind)) for side, own in homes.items() if own
    )


def _ordered(reports: Sequence[Source], publisher: Callable[[Source], Publisher | None]) -> tuple[Source, ...]:
    def official(report: Source) -> bool:
        speaker = publisher(report)
        return speaker is not None and speaker.official

    return tuple(sorted(reports, key=lambda report: not official(report)))


def _only(
    side: str | None,
    homes: dict[str | None, list[Source]],
    sides: Sequence[str],
    kind: Callable[[str], EntityKind | None],
) -> tuple[str, ...]:
    """What the one side speaks of and nobody else does, while the other side speaks too.

    Reports of unknown side may be anybody's copy: what they say as well is no secret of the one side.
    """
    if side is None or not any(homes[other] for other in sides if other != side):
        return ()
    said = Counter(one for report in homes[side] for one in _spoken_of(report, kind))
    others = (report for other, reports in homes.items() if other != side for report in reports)
    heard: Collection[str] = {one for report in others for one in _spoken_of(report, kind)}
    return tuple(sorted((one for one in said if one not in heard), key=lambda one: (-said[one], one)))


def _spoken_of(report: Source, kind: Callable[[str], EntityKind | None]) -> set[str]:
    return {entity for entity in report.entities if kind(entity) in TELLING} | set(report.topics)
