"""Judging, coding and grouping articles, whether or not they are in a database: the thought of `follow` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, EventType
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.story import Group, Report
from monitor.domain.watchlist import Watchlist
from monitor.events.code import Coder
from monitor.stories.group import group, group_any
from monitor.text.language import detect_language

_UNCODED = Coding(EventType.OTHER)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An article, localised, with its judgement; `coding` is None for a rejected one."""

    article: Article
    judgement: Judgement
    coding: Coding | None

    @property
    def accepted(self) -> bool:
        """Whether the article belongs to the watchlist's subject."""
        return self.judgement.decision is Decision.ACCEPT


def assess(article: Article, judge: Judge, coder: Coder) -> Assessed:
    """Judge one article, and code it unless it is rejected."""
    local = localised(article, coder.watchlist)
    judgement = judge.judge(local)
    rejected = judgement.decision is Decision.REJECT
    return Assessed(local, judgement, None if rejected else coder.code(local, judgement))


def assess_any(article: Article, judge: Judge, coder: Coder) -> Assessed:
    """Judge an article of any subject, and code it if it names anything the watchlist knows.

    Then entities and dates help grouping; elsewhere the words of the coding were not meant for what they would find.
    """
    local = localised(article, coder.watchlist)
    judgement = judge.judge(local)
    return Assessed(local, judgement, coder.code(local, judgement) if judgement.entities else None)


def localised(article: Article, watchlist: Watchlist) -> Article:
    """The article with the offset by which to take its day.

    The date's own offset counts. A date given in UTC, or none, is read by the calendar of the side at home in the
    article's language: what appears at 22:30 GMT on a Japanese site was written on the next day. Else the day is UTC's.
    """
    if article.offset is not None:
        return article
    language = detect_language(f"{article.title}\n{article.summary}", article.language)
    return replace(article, offset=watchlist.offset_of(language, article.time))


def localised_report(report: Report, watchlist: Watchlist) -> Report:
    """A stored report with the offset that its article was read by."""
    if report.offset is not None:
        return report
    return replace(report, offset=watchlist.offset_of(report.language, report.time))


def number_stories(assessed: Sequence[Assessed | None]) -> tuple[list[int | None], list[Group]]:
    """For each article the number of its story, and the stories: story n is the n-th group (from 1).

    Stories are numbered in order of first appearance; an article given as None belongs to none.
    """
    return _numbered(assessed, group)


def number_any(assessed: Sequence[Assessed | None]) -> tuple[list[int | None], list[Group]]:
    """The same for articles of any subject."""
    return _numbered(assessed, group_any)


def _numbered(
    assessed: Sequence[Assessed | None], grouping: Callable[[Sequence[Report]], list[Group]]
) -> tuple[list[int | None], list[Group]]:
    reports = [_report(str(place), one) for place, one in enumerate(assessed) if one is not None]
    groups = sorted(grouping(reports), key=lambda block: min(map(int, block.keys)))
    homes = {int(key): number for number, block in enumerate(groups, 1) for key in block.keys}
    return [homes.get(place) for place in range(len(assessed))], groups


def accepted_only(assessed: Iterable[Assessed]) -> Iterator[Assessed | None]:
    """The accepted ones, None in the place of the others: only these make stories."""
    return (one if one.accepted else None for one in assessed)


def _report(key: str, assessed: Assessed) -> Report:
    """The article as grouping sees it. Its address and outlet stay outside: words, entities and dates decide."""
    return Report.of(key, assessed.article, assessed.judgement, assessed.coding or _UNCODED)
