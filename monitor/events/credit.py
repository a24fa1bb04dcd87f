"""Whose copy a text says it is: "NEW DELHI, May 4 (ANI) —", 【東京共同】, "With inputs from PTI", a last word "IANS".

What an outlet prints under an agency's credit is the agency's voice and no second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.domain.item import Article
from monitor.domain.watchlist import Publisher

AGENCY = "agency"

AMBIGUOUS = 2
"""Latin letters up to which a name in brackets credits only before a dash, as in a dateline: AP is a state of India."""

DATELINE = 40
"""Characters that may stand before an agency's name inside the same brackets: a town, a day."""

EDGE = 200
"""Characters at either end of a text in which a dateline or a credit stands; further in, brackets explain a word."""

_CLOSING = ")]）】］"
_DASH = re.compile(r"\s*[-–—]")

_PATTERNS = (
    r"[(\[（【［]\s*[^()\[\]（）【】［］]{0,%(dateline)d}?(?<![A-Za-z\u0900-\u097f])%(name)s\s*[)\]）】］]",
    r"(?i:with inputs from|inputs from|source\s*:|courtesy\s*:?|स्रोत\s*:|इनपुट\s*:?)\s*%(name)s(?![^\W_])",
    r"[-–—=|/]\s*%(name)s\s*\.?\s*\Z",
    r"(?:\A|[.!?।。\n])\s*%(name)s\s*\.?\s*\Z",
)


class CreditReader:
    """Knows the agencies by all names they are printed under, and how a credit is written."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self._ids = {
            name: publisher.id for publisher in publishers if publisher.kind == AGENCY for name in _printed(publisher)
        }
        names = "|".join(map(re.escape, sorted(self._ids, key=len, reverse=True)))
        named = {"name": f"(?P<name>{names})", "dateline": DATELINE}
        self._patterns = [re.compile(pattern % named) for pattern in _PATTERNS] if names else []

    def read(self, article: Article) -> str | None:
        """The publisher id of the agency that the text credits, the first one named; None for no credit."""
        text = article.summary
        for edge in (text[:EDGE], text[-EDGE:]):
            for pattern in self._patterns:
                match = pattern.search(edge)
                if match and not self._explains(edge, match) and not _ambiguous(edge, match):
                    return self._ids[match["name"]]
        return None

    def _explains(self, text: str, match: re.Match[str]) -> bool:
        """Whether the brackets only abbreviate a name before them: "Press Trust of India (PTI)"."""
        before = text[: match.start()].rstrip()
        agency = self._ids[match["name"]]
        return any(before.endswith(name) for name, owner in self._ids.items() if owner == agency)


def _ambiguous(text: str, match: re.Match[str]) -> bool:
    bracketed = match[0][-1] in _CLOSING
    short = match["name"].isascii() and len(match["name"]) <= AMBIGUOUS
    return bracketed and short and not _DASH.match(text, match.end())


def _printed(publisher: Publisher) -> Iterable[str]:
    return (name for name in (publisher.name, *publisher.names) if "." not in name)
