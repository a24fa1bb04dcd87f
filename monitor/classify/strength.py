"""Core or passing: whether the relation is the item's subject, or a substantial part of a wider one."""

from __future__ import annotations

from monitor.classify.case import Case
from monitor.domain.judgement import Strength


def strength_of(case: Case, score: float, core: float) -> Strength:
    """Core from the score `core` on, unless the title is about a company of several countries."""
    if score < core or _company_in_title(case):
        return Strength.PASSING
    return Strength.CORE


def _company_in_title(case: Case) -> bool:
    """Whether the title names a thing of several, or two other countries, and nothing of the two alone."""
    title = case.context.title
    if any(case.gatekeeper.is_joint(one) for one in title.evidence):
        return False
    if any(case.reading.in_title(start) for start, _ in case.context.pairs):
        return False
    return len(title.thirds) > 1 or any(map(case.gatekeeper.is_company, title.evidence))
