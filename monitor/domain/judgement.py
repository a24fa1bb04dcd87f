"""A judgement and the receipt that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SHORT_WORDS = 30
"""Characters up to which a stretch of text is quoted as a word."""

WORDS_SHOWN = 3
"""Words that a reason quotes in one line."""


class Decision(StrEnum):
    """What becomes of an item."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class Strength(StrEnum):
    """Whether the relation is the item's subject, or a substantial part of a wider item."""

    CORE = "core"
    PASSING = "passing"


class Field(StrEnum):
    """Which of an article's texts a span points into."""

    TITLE = "title"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`start` and `end` count code points of the article's own text, half open; `surface` is what stands there."""

    field: Field
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A known entity found in an article.

    `entity` is an id of the watchlist. `sense` says why this reading was chosen ("full name", "anchored by …",
    "outlet error", "office held on 2025-05-05"). `office` is the title its holder had on the article's day, None for
    what holds no office then.
    """

    entity: str
    span: Span
    sense: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a receipt: the rule that spoke, the points it gave or took, and where it looked."""

    rule: str
    points: float
    text: str
    spans: tuple[Span, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words it rests on, each once; stretches longer than `SHORT_WORDS` are left to the spans."""
        return tuple(dict.fromkeys(span.surface for span in self.spans if len(span.surface) <= SHORT_WORDS))


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why a judgement fell as it did.

    `gate` names for each of side A, side B and the subject the evidence that opened it, "" where none did.
    `near_misses` are readings that were found and not used, each with what it lacked. `offices` are titles that stand
    for whoever held the office on the article's day: `entity` is that holder, who need not be named.
    """

    rules_version: str
    gate: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    near_misses: tuple[Reason, ...] = ()
    offices: tuple[Mention, ...] = ()

    @property
    def in_one_line(self) -> str:
        """What gave most in each family of rules, with short words it rests on; "" when nothing gave anything.

        A rule's family is its id up to the dot: "relation", "subject" … Two of one family say much the same.
        """
        best: dict[str, Reason] = {}
        for reason in sorted(self.reasons, key=lambda reason: -reason.points):
            if reason.points > 0:
                best.setdefault(reason.rule.partition(".")[0], reason)
        return " · ".join(map(_with_words, best.values()))


def _with_words(reason: Reason) -> str:
    words = ", ".join(reason.words[:WORDS_SHOWN])
    return f"{reason.text} ({words})" if words else reason.text


@dataclass(frozen=True, slots=True)
class Judgement:
    """Decision, score in 0..1, strength (None unless accepted or under review), mentions and receipt."""

    decision: Decision
    score: float
    strength: Strength | None
    language: str
    mentions: tuple[Mention, ...]
    receipt: Receipt

    @property
    def entities(self) -> tuple[str, ...]:
        """Ids of all entities mentioned, sorted, each once."""
        return tuple(sorted({mention.entity for mention in self.mentions}))
