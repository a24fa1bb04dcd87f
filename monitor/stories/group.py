"""Grouping: which reports tell of one happening.

A pure function of the set of reports and an analyst's rulings: reports are first put into an order that depends on
their times and words alone (the key only tells apart what is alike to the last letter), so that the order they come in
cannot matter. Layers:

1. analysis stands alone
2. one canonical address, one title, or nearly the same words (exact Jaccard over shingles)     → copies
3. copies are merged, most similar first, every word telling as much as any other               → rough groups
4. each word is weighed by how well it keeps to one rough group, and the merging done anew      → groups

Weights are learnt from the reports given and from nothing else. The usual inverse document frequency was measured and
left: in a window where a story has hundreds of reports it takes the weight from that story's own words, and gives it
to the words that only one headline has (on the headlines of `benchmarks/grouping.py`: F1 0.73 and 0.83 with it on the
two parts, 0.80 and 0.90 with no weights at all, 0.82 and 0.92 with these).

At every layer the facts have a veto: other days, other edition, other place, too far apart in time. An analyst's
rulings come before all of them: reports ruled together are one block from the start, analysis included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.domain.event import EventType
from monitor.domain.story import Group, Report, Ruling
from monitor.stories.block import Block
from monitor.stories.copies import copies
from monitor.stories.merge import merged
from monitor.stories.rulings import Bonds
from monitor.stories.similarity import Space

ROUGH = 0.28
"""Similarity from which two blocks merge while every word tells as much as any other; anything from 0.26 to 0.32 does
as well on the headlines."""

MERGE = 0.2
"""Similarity from which two blocks merge once words are weighed; from 0.18 to 0.22 likewise."""


def group(reports: Sequence[Report], rulings: Sequence[Ruling] = ()) -> list[Group]:
    """The partition of the reports into groups, in order of their earliest report.

    `rulings` are an analyst's, oldest first; a newer one outweighs an older one. They may name keys of absent reports.
    """
    ordered, bonds = sorted(reports, key=_order), Bonds(rulings)
    alone = [one for one in ordered if one.coding.type is EventType.ANALYSIS and not bonds.bound(one.key)]
    telling = [one for one in ordered if one.coding.type is not EventType.ANALYSIS or bonds.bound(one.key)]
    members = [*(block.members for block in _blocks(telling, bonds)), *((report,) for report in alone)]
    members.sort(key=lambda block: _order(min(block, key=_order)))
    return [Group(tuple(sorted(report.key for report in block)), _why(block)) for block in members]


def _blocks(reports: Sequence[Report], bonds: Bonds) -> list[Block]:
    space = Space.of(reports)
    texts = copies(reports, space, bonds)
    rough = merged(texts, ROUGH)
    weighted = space.weighted(block.members for block in rough)
    return merged([Block.again(block, weighted) for block in texts], MERGE)


def _order(report: Report) -> tuple[object, ...]:
    return (report.time, report.title, report.summary, report.url or "", report.key)


def _why(members: Iterable[Report]) -> str:
    reports = list(members)
    if len(reports) == 1:
        return "Stands alone."
    shared = sorted(frozenset.intersection(*(report.entities for report in reports)))
    starts = sorted({report.coding.start for report in reports if report.coding.start is not None})
    by = f"all name {', '.join(shared)}" if shared else "their words and names are alike"
    when = f"; the day is {starts[0]}" if len(starts) == 1 else ""
    return f"{len(reports)} reports: {by}{when}."
