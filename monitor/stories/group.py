"""Grouping: which reports tell of one happening.

A pure function of the set of reports and an analyst's rulings: reports are first put into an order that depends on
their times and words alone (the key only tells apart what is alike to the last letter), so that the order they come in
cannot matter. Layers:

1. analysis stands alone
2. one canonical address, one title, or nearly the same words (exact Jaccard over shingles)     → copies
3. copies are merged, most similar first                                                        → groups

At every layer the facts have a veto: other days, other edition, other place, too far apart in time. An analyst's
rulings come before all of them: reports ruled together are one block from the start, analysis included.

Words weigh alike, but for a frozen list of empty ones: whether two reports belong together depends on nothing that is
said elsewhere in the window, and does not change when other news comes in. The usual inverse document frequency was
measured and left: where a story has hundreds of reports it takes the weight from that story's own words, and gives it
to those that only one headline has (both parts of the headlines of `benchmarks/grouping.py`: F1 0.73 and 0.83 with it,
0.80 and 0.90 without). `group_any` does one thing more, where all reports are at hand for good: it weighs each word by
how well it keeps to one group, and merges anew (0.82 and 0.90).
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

PLAIN = 0.28
"""Similarity from which two blocks merge while every word tells as much as any other; anything from 0.26 to 0.32 does
as well on the headlines."""

WEIGHED = 0.2
"""Similarity from which two blocks merge once words are weighed; from 0.18 to 0.22 likewise."""


def group(reports: Sequence[Report], rulings: Sequence[Ruling] = ()) -> list[Group]:
    """The partition of the reports into groups, in order of their earliest report.

    `rulings` are an analyst's, oldest first; a newer one outweighs an older one. They may name keys of absent reports.
    """
    ordered, bonds = sorted(reports, key=_order), Bonds(rulings)
    alone = [one for one in ordered if one.coding.type is EventType.ANALYSIS and not bonds.bound(one.key)]
    telling = [one for one in ordered if one.coding.type is not EventType.ANALYSIS or bonds.bound(one.key)]
    blocks = merged(copies(telling, Space.of(telling), bonds), PLAIN)
    return _groups([*(block.members for block in blocks), *((report,) for report in alone)])


def group_any(reports: Sequence[Report]) -> list[Group]:
    """The same for reports of any subject, nearly all of them without a coding, that are all there will be."""
    ordered = sorted(reports, key=_order)
    space = Space.of(ordered)
    texts = copies(ordered, space, Bonds())
    weighted = space.weighted(block.members for block in merged(texts, PLAIN))
    blocks = merged([Block.again(block, weighted) for block in texts], WEIGHED)
    return _groups([block.members for block in blocks])


def _groups(blocks: Iterable[Sequence[Report]]) -> list[Group]:
    in_order = sorted(blocks, key=lambda block: _order(min(block, key=_order)))
    return [Group(tuple(sorted(report.key for report in block)), _why(block)) for block in in_order]


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
