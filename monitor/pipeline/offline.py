"""Judging, coding and grouping articles that are in no database: the thought of `follow` without its load and save."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.classify.judge import Judge
from monitor.domain.event import Coding, EventType
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.domain.story import Group, Report
from monitor.events.code import Coder
from monitor.stories.group import group

_UNCODED = Coding(EventType.OTHER)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An article with its judgement; `coding` is None for a rejected one."""

    article: Article
    judgement: Judgement
    coding: Coding | None

    @property
    def accepted(self) -> bool:
        """Whether the article belongs to the watchlist's subject."""
        return self.judgement.decision is Decision.ACCEPT


def assess(article: Article, judge: Judge, coder: Coder) -> Assessed:
    """Judge one article, and code it unless it is rejected."""
    judgement = judge.judge(article)
    rejected = judgement.decision is Decision.REJECT
    return Assessed(article, judgement, None if rejected else coder.code(article, judgement))


def assess_any(article: Article, judge: Judge, coder: Coder) -> Assessed:
    """Judge and code an article of any subject, so that entities and dates found in it can help grouping."""
    judgement = judge.judge(article)
    return Assessed(article, judgement, coder.code(article, judgement))


def number_stories(assessed: Sequence[Assessed | None]) -> tuple[list[int | None], list[Group]]:
    """For each article the number of its story, and the stories: story n is the n-th group (from 1).

    Stories are numbered in order of first appearance; an article given as None belongs to none.
    """
    reports = [_report(str(place), one) for place, one in enumerate(assessed) if one is not None]
    groups = sorted(group(reports), key=lambda block: min(map(int, block.keys)))
    homes = {int(key): number for number, block in enumerate(groups, 1) for key in block.keys}
    return [homes.get(place) for place in range(len(assessed))], groups


def accepted_only(assessed: Iterable[Assessed]) -> Iterator[Assessed | None]:
    """The accepted ones, None in the place of the others: only these make stories."""
    return (one if one.accepted else None for one in assessed)


def _report(key: str, assessed: Assessed) -> Report:
    """The article as grouping sees it. Its address and outlet stay outside: words, entities and dates decide."""
    article, judgement = assessed.article, assessed.judgement
    return Report(
        key=key,
        title=article.title,
        summary=article.summary,
        time=article.time,
        entities=frozenset(judgement.entities),
        coding=assessed.coding or _UNCODED,
        language=judgement.language,
    )
