"""An article as the classifier reads it: one canonical text with its sentences, and the way back to the fields."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from monitor.domain.item import Article
from monitor.domain.judgement import Field, Span
from monitor.text.canonical import Canonical, canonical

READ_LIMIT = 50_000
"""Characters of a summary that are read: a long article has said what it is about by then, and time stays bounded."""

TITLE_LIMIT = 2_000
"""The same for a title; a longer one is no title."""

_NO_ABBREVIATION = (
    r"(?<!\b[A-Za-z]\.)(?<!\b(?:Mr|Dr|Lt|St|Jr|Sr|No|vs)\.)"
    r"(?<!\b(?:Gen|Adm|Col|Maj|Sgt|Mrs|Hon)\.)(?<!\b(?:Capt|Brig|Cmdr|Prof)\.)"
)
_SENTENCE_END = re.compile(rf"\.{_NO_ABBREVIATION}[\"')\]]*\s|[!?][\"')\]]*\s|[।॥。！？\n]")


@dataclass(frozen=True)
class Reading:
    """Title and summary as one canonical text, a line break between them.

    `text` and `folded` have one length and are addressed alike. `clipped`: the article was longer than what is read.
    """

    article: Article
    title: Canonical
    summary: Canonical
    text: str
    folded: str
    clipped: bool

    @cached_property
    def day(self) -> date:
        """The article's day."""
        return self.article.day

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Where sentences begin; the whole title is the first."""
        first = len(self.title.text) + 1
        return [0, first, *(end.end() for end in _SENTENCE_END.finditer(self.text, first))]

    def sentence(self, place: int) -> int:
        """The number of the sentence at a place of the canonical text; 0 is the title."""
        return bisect_right(self.sentence_starts, place) - 1

    def in_title(self, place: int) -> bool:
        """Whether a place of the canonical text lies in the title."""
        return place < len(self.title.text)

    def span(self, start: int, end: int) -> Span:
        """The span of the article's own text that became canonical `start`..`end`."""
        if self.in_title(start):
            first, last = self.title.original(start, end)
            return Span(Field.TITLE, first, last, self.article.title[first:last])
        shift = len(self.title.text) + 1
        first, last = self.summary.original(start - shift, end - shift)
        return Span(Field.SUMMARY, first, last, self.article.summary[first:last])


def read(article: Article) -> Reading:
    """The article's reading; blanks, NULs and unpaired surrogates do no harm."""
    title, summary = canonical(article.title[:TITLE_LIMIT]), canonical(article.summary[:READ_LIMIT])
    return Reading(
        article,
        title,
        summary,
        text=f"{title.text}\n{summary.text}",
        folded=f"{title.folded}\n{summary.folded}",
        clipped=len(article.title) > TITLE_LIMIT or len(article.summary) > READ_LIMIT,
    )
