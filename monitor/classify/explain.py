"""A judged article cut into segments, each with what was found there: the ground for any rendering of a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.domain.item import Article
from monitor.domain.judgement import Field, Judgement, Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one field under one set of marks.

    `entities` are ids of the mentions that cover it, `rules` those whose words it is part of, `near_misses` the
    readings that failed here; all sorted, empty for unmarked text.
    """

    field: Field
    text: str
    entities: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether anything was found here."""
        return bool(self.entities or self.rules or self.near_misses)


_WIDE_RULES = ("relation.sentence", "relation.subject", "relation.loose")
"""Rules whose spans reach over half a sentence: marking them would mark everything."""


def marked(article: Article, judgement: Judgement) -> tuple[Segment, ...]:
    """The title's segments and then the summary's; joined per field they give its text exactly."""
    marks = list(_marks(judgement))
    return tuple(
        segment
        for field, text in ((Field.TITLE, article.title), (Field.SUMMARY, article.summary))
        for segment in _segments(field, text, [mark for mark in marks if mark[0].field is field])
    )


def _marks(judgement: Judgement) -> Iterator[tuple[Span, str, str]]:
    """Every span with the kind of its mark and what it says."""
    for mention in judgement.mentions:
        yield mention.span, "entity", mention.entity
    for reason in judgement.receipt.reasons:
        if reason.rule not in _WIDE_RULES:
            yield from ((span, "rule", reason.rule) for span in reason.spans)
    for miss in judgement.receipt.near_misses:
        yield from ((span, "near miss", miss.rule) for span in miss.spans)


def _segments(field: Field, text: str, marks: list[tuple[Span, str, str]]) -> Iterator[Segment]:
    edges = {0, len(text)} | {edge for span, _, _ in marks for edge in (span.start, span.end)}
    for start, end in pairwise(sorted(edges)):
        here = [(kind, what) for span, kind, what in marks if span.start <= start and end <= span.end]

        def said(kind: str, here: list[tuple[str, str]] = here) -> tuple[str, ...]:
            return tuple(sorted({what for found, what in here if found == kind}))

        yield Segment(field, text[start:end], said("entity"), said("rule"), said("near miss"))
