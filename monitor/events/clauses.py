"""Cutting a text into sentences and clauses, so that a cue speaks only for what stands beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_SENTENCE_END = re.compile(r"[。！？!?।;；\n]+|\.(?=\s|$|[\"'])")
_NO_END = re.compile(
    r"\b(?:[a-z]|mr|ms|dr|st|lt|gen|adm|col|maj|capt|cmde|no|vs|govt|prof|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)$"
)
"""An abbreviation or an initial: the full stop after it ends no sentence."""
_JOINERS = "and but while whereas when after before which who whose whom as that following और जबकि जो लेकिन"
_CJK = "ぁ-んァ-ヶー一-龯々"
_CLAUSE_END = re.compile(
    rf"、|(?<=[{_CJK}」』)]) (?=[{_CJK}「『])"
    rf"|,(?!\s?(?:19|20)\d\d)(?=\s)| - |:(?=\s)|(?:^|(?<=\s)(?<!,\s))(?:{'|'.join(_JOINERS.split())})(?=\s)"
)


CRUMB = 25
"""Characters; a shorter line is a byline, a date or a button above a text, and no sentence of it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch `start:end` of a text; `sentence` counts its sentences from 0, crumbs with the one that follows."""

    start: int
    end: int
    sentence: int

    def of(self, text: str) -> str:
        """The clause's own words."""
        return text[self.start : self.end]


def clauses(folded: str) -> list[Clause]:
    """All clauses of a folded text, in order, together covering it."""
    found = []
    number = 0
    for start, end in _sentences(folded):
        cuts = [start, *(m.start() for m in _CLAUSE_END.finditer(folded, start, end) if m.start() > start), end]
        found += [Clause(a, b, number) for a, b in pairwise(cuts)]
        number += not (folded[end - 1 : end] == "\n" and end - start < CRUMB)
    return found


def clause_at(parts: list[Clause], position: int) -> Clause:
    """The clause that holds `position`; the last one for a position past the end."""
    return next((clause for clause in parts if position < clause.end), parts[-1])


def _sentences(folded: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for match in _SENTENCE_END.finditer(folded):
        if match.group() == "." and _NO_END.search(folded, start, match.start()):
            continue
        found.append((start, match.end()))
        start = match.end()
    if start < len(folded) or not found:
        found.append((start, len(folded)))
    return found
