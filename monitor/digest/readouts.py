"""Both sides of one happening in a digest: whose official word there is, and what only one side speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.digest.lines import Line, topic_name
from monitor.digest.sources import Voices
from monitor.domain.digest import Source
from monitor.domain.sides import SideView, sides_of
from monitor.domain.watchlist import EntityKind, Watchlist

ONLY_SHOWN = 5
"""Things that only one side speaks of, as a line holds them; the most often named come first."""


def side_lines(sources: Sequence[Source], watchlist: Watchlist, voices: Voices) -> tuple[Line, ...]:
    """The official readouts of each side, and what one side leaves out; nothing where only one side speaks."""

    def kind(entity: str) -> EntityKind | None:
        found = watchlist.entities.get(entity)
        return found.kind if found else None

    names = {side.id: side.name for side in watchlist.sides}
    views = [view for view in sides_of(sources, voices.speaker, tuple(names), kind) if view.side is not None]
    if len(views) < len(names):
        return ()
    official = " · ".join(_official(views, names, voices))
    only = " · ".join(_only(views, names, watchlist))
    return tuple((label, text) for label, text in (("Official", official), ("One side", only)) if text)


def _official(views: Sequence[SideView], names: dict[str, str], voices: Voices) -> Iterator[str]:
    for view in views:
        speakers = map(voices.speaker, view.reports)
        found = dict.fromkeys(one.name for one in speakers if one is not None and one.official)
        if found:
            yield f"{names[view.side or '']}: {', '.join(found)}"


def _only(views: Sequence[SideView], names: dict[str, str], watchlist: Watchlist) -> Iterator[str]:
    for view in views:
        if view.only:
            spoken = ", ".join(topic_name(one, watchlist) for one in view.only[:ONLY_SHOWN])
            yield f"only {names[view.side or '']} speaks of {spoken}"
