"""Which reading of each found word stands: conditions of names, rivals, offices and terms, decoys.

A name stands when its conditions hold; of overlapping names the leftmost-longest stands; of entities that share one
name the one with the best grounds, and none where two have equal ones. What was found and does not stand becomes a
near miss that says what it lacked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from monitor.classify.company import Company
from monitor.classify.found import EXTENT, Found, Senses
from monitor.classify.match import Hit, Kind, Matcher, Target
from monitor.classify.reading import Reading
from monitor.domain.watchlist import NEAR_REACH, Alias, AliasKind, Entity, EntityKind, Watchlist
from monitor.text.automaton import leftmost_longest

Places = Mapping[int, Sequence[Hit]]
"""The hits of each pattern."""


_PRECEDENCE = (Kind.NAME, Kind.DECOY, Kind.SIDE)
"""Who keeps a place that several claim: a decoy absorbs a side's word but not an entity known by that very name."""

MAX_PLACES = 64
"""Hits of one pattern that are looked at: a word said more often says nothing new, and time stays bounded."""


@dataclass(slots=True)
class _Sorted:
    """Meanings by what can be said of them before they compete for their place."""

    standing: list[Found] = field(default_factory=list)
    anchored: list[Found] = field(default_factory=list)
    cues: list[Found] = field(default_factory=list)
    lacking: list[Found] = field(default_factory=list)
    ruled_out: list[Found] = field(default_factory=list)

    @property
    def only_cues(self) -> bool:
        """Whether nothing competes with the cues: so it is in most items that are about something else."""
        return not (self.standing or self.anchored or self.lacking or self.ruled_out)


class Resolver:
    """Chooses among the meanings of hits, by the conditions in the watchlist."""

    def __init__(self, watchlist: Watchlist, matcher: Matcher) -> None:
        self._watchlist = watchlist
        self._matcher = matcher
        self._company = Company(watchlist)

    def resolve(self, reading: Reading, hits: Sequence[Hit]) -> Senses:
        """What stands in the article among `hits`."""
        sorted_ = self._sort(reading, hits)
        if sorted_.only_cues:
            return Senses(cues=tuple(_uncovered(sorted_.cues, ())))
        first = _settled(sorted_.standing)
        anchors = {
            found.owner for found in first if found.target.alias is not None and found.target.alias.unconditional
        }
        added = [found for found in sorted_.anchored if found.owner in anchors]
        orphaned = [found for found in sorted_.anchored if found.owner not in anchors]
        if orphaned:
            added += self._company.counterparts(reading, [*first, *sorted_.lacking], sorted_.cues, orphaned)
        if sorted_.lacking:
            added += self._company.vouched(reading, [*first, *added], sorted_.cues, sorted_.lacking)
        settled = _settled([*sorted_.standing, *added]) if added else first
        names, unresolved = self._without_rivals(reading, settled)
        orphans = [Found(one.start, one.end, one.target, "no full name of it in the item") for one in orphaned]
        starts = [one.start for one in names]
        misses = [
            one
            for one in (*sorted_.ruled_out, *sorted_.lacking, *orphans, *unresolved)
            if not _is_inside(one, _overlapping(names, starts, one))
        ]
        return Senses(
            names=tuple(sorted([*names, *self._within_titles(names, sorted_.standing)], key=EXTENT)),
            sides=tuple(one for one in settled if one.target.kind is Kind.SIDE),
            cues=tuple(_uncovered(sorted_.cues, settled)),
            near_misses=tuple(sorted(misses, key=lambda one: (one.start, one.end, one.owner))),
        )

    def _within_titles(self, names: Sequence[Found], standing: Sequence[Found]) -> list[Found]:
        """Bodies named within the title of an office: the navy of "インド海軍参謀長" is named as its chief is."""
        titles = [one for one in names if self._watchlist.entities[one.owner].kind is EntityKind.OFFICE]
        if not titles:
            return []
        within = [one for one in _names(standing) if one not in names and _is_inside(one, titles)]
        return leftmost_longest([one for one in within if self._is_full_name_of_body(one)], EXTENT)

    def _is_full_name_of_body(self, one: Found) -> bool:
        """Whether it is an organisation by its full name: the "空幕" of "空幕長" is a mere part of the word."""
        alias = one.target.alias
        full = alias is not None and alias.kind is AliasKind.OFFICIAL
        return full and self._watchlist.entities[one.owner].kind is EntityKind.ORGANISATION

    def _sort(self, reading: Reading, hits: Sequence[Hit]) -> _Sorted:
        places: dict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            known = places[hit.pattern]
            if len(known) < MAX_PLACES:
                known.append(hit)
        result = _Sorted()
        for hit in chain.from_iterable(places.values()):
            for target in self._matcher.meanings(reading.text, hit):
                if target.alias is None:
                    words = result.cues if target.kind is Kind.CUE else result.standing
                    words.append(Found(hit.start, hit.end, target))
                else:
                    self._place(target, target.alias, hit, places, result)
        return result

    def _place(self, target: Target, alias: Alias, hit: Hit, places: Places, result: _Sorted) -> None:
        if any(_rules_out(other, hit) for pattern in target.never for other in places.get(pattern, ())):
            result.ruled_out.append(Found(hit.start, hit.end, target, "a word that rules this reading out"))
        elif lacked := _lacked(target, alias, hit, places):
            result.lacking.append(Found(hit.start, hit.end, target, lacked))
        elif alias.anchored:
            result.anchored.append(Found(hit.start, hit.end, target, "short form of a full name in the item"))
        else:
            result.standing.append(Found(hit.start, hit.end, target, _grounds(target)))

    def _without_rivals(self, reading: Reading, settled: Iterable[Found]) -> tuple[list[Found], list[Found]]:
        """Names of which each place has one; and those of places where two have equal grounds."""
        names: list[Found] = []
        unresolved: list[Found] = []
        for _, group in groupby(_names(settled), key=EXTENT):
            rivals = {one.owner: one for one in group}
            if len(rivals) == 1:
                names += rivals.values()
                continue
            ranked = sorted(rivals.values(), key=lambda one: self._grounds_of(reading, one), reverse=True)
            if self._grounds_of(reading, ranked[0]) == self._grounds_of(reading, ranked[1]):
                others = ", ".join(sorted(rivals))
                unresolved += [Found(one.start, one.end, one.target, f"could be any of {others}") for one in ranked]
            else:
                names.append(ranked[0])
        return names, unresolved

    def _grounds_of(self, reading: Reading, found: Found) -> tuple[bool, bool, bool]:
        """How good a claim is: in office that day, conditions met, not merely a short form."""
        target = found.target
        entity: Entity = self._watchlist.entities[found.owner]
        in_office = entity.role_on(reading.day) is not None
        anchored = target.alias is not None and target.alias.anchored
        return in_office, bool(target.needs or target.near), not anchored


def _names(found: Iterable[Found]) -> list[Found]:
    return [one for one in found if one.target.kind is Kind.NAME]


def _settled(found: Iterable[Found]) -> list[Found]:
    """Names, sides and decoys after the leftmost-longest took each place; where a name stands, nothing else does."""
    kept = leftmost_longest(found, EXTENT)
    best: dict[tuple[int, int], int] = {}
    for one in kept:
        rank = _PRECEDENCE.index(one.target.kind)
        best[one.start, one.end] = min(rank, best.get((one.start, one.end), rank))
    return [one for one in kept if _PRECEDENCE.index(one.target.kind) == best[one.start, one.end]]


def _uncovered(cues: Iterable[Found], settled: Sequence[Found]) -> list[Found]:
    """Cues that no name or decoy swallows or cuts, the leftmost-longest of each place."""
    covers = [one for one in settled if one.target.kind is not Kind.SIDE]
    if covers:
        starts = [one.start for one in covers]
        cues = [cue for cue in cues if not any(_cuts(cover, cue) for cover in _overlapping(covers, starts, cue))]
    return leftmost_longest(cues, EXTENT)


def _overlapping(covers: Sequence[Found], starts: Sequence[int], one: Found) -> Sequence[Found]:
    """Those of `covers`, disjoint and in order, that share a character with `one`."""
    first, last = bisect_right(starts, one.start), bisect_left(starts, one.end)
    if first and covers[first - 1].end > one.start:
        first -= 1
    return covers[first:last]


def _cuts(cover: Found, cue: Found) -> bool:
    """Whether an overlapping cover leaves nothing of the cue: a cue that is longer on both counts keeps its place."""
    inside = cue.start <= cover.start and cover.end <= cue.end
    return not inside or (cover.end - cover.start) == (cue.end - cue.start)


def _is_inside(one: Found, names: Iterable[Found]) -> bool:
    return any(name.start <= one.start and one.end <= name.end for name in names)


def _rules_out(other: Hit, hit: Hit) -> bool:
    """Whether a forbidden word stands anywhere but within the name: "Malabar coast" around "Malabar" counts."""
    return not (hit.start <= other.start and other.end <= hit.end)


def _lacked(target: Target, alias: Alias, hit: Hit, places: Places) -> str:
    """What a conditional name lacks here; "" when its conditions hold."""
    if target.needs and not any(_elsewhere(pattern, hit, places) for pattern in target.needs):
        return f"none of {_listed(alias.needs)} in the item"
    if target.near and not any(_elsewhere(pattern, hit, places, NEAR_REACH) for pattern in target.near):
        return f"none of {_listed(alias.near)} within {NEAR_REACH} characters"
    return ""


def _elsewhere(pattern: int, hit: Hit, places: Places, reach: int | None = None) -> bool:
    """Whether the pattern stands outside the name's own places, within `reach` characters where one is given."""
    own = places[hit.pattern]
    for other in places.get(pattern, ()):
        if any(other.start < name.end and name.start < other.end for name in own):
            continue
        if reach is None or max(other.start - hit.end, hit.start - other.end) <= reach:
            return True
    return False


def _listed(words: Sequence[str]) -> str:
    shown = 4
    return ", ".join(f"“{word}”" for word in words[:shown]) + (" …" if len(words) > shown else "")


def _grounds(target: Target) -> str:
    alias = target.alias
    if alias is None:
        return ""
    if alias.kind is AliasKind.OUTLET_ERROR:
        return f"outlet error: {alias.note}" if alias.note else "outlet error"
    if target.needs or target.near:
        return "its conditions are met"
    return "full name"
