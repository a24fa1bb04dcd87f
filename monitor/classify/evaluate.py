"""How good the judge is: precision, recall and F1 with Wilson intervals, by language and category, and for entities."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.classify.judge import Judge
from monitor.domain.item import Article
from monitor.domain.judgement import Decision, Judgement
from monitor.errors import InputError

BACKGROUND = "background"
"""The category of negatives that share no trap with the subject; all other negatives are hard."""


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A labelled article. `category` says why a negative is one, None for a positive; `entities` are ids."""

    id: str
    article: Article
    relevant: bool
    category: str | None
    language: str
    entities: frozenset[str]


def gold_item(row: Mapping[str, object]) -> GoldItem:
    """A labelled item from its JSON object; keys beyond those needed are left alone.

    Raises InputError naming the key that is missing or of the wrong kind.
    """
    published = _time(row)
    declared = row.get("lang")
    language = declared if isinstance(declared, str) else None
    relevant = row.get("relevant")
    if not isinstance(relevant, bool):
        raise InputError(f"Item {row.get('id')!r}: `relevant` must be true or false.")
    why, entities = row.get("why"), row.get("entities")
    return GoldItem(
        id=_text(row, "id"),
        article=Article(_text(row, "title"), _text(row, "summary"), language, published, published),
        relevant=relevant,
        category=str(why or "negative") if not relevant else None,
        language=language or "und",
        entities=frozenset(map(str, entities)) if isinstance(entities, list) else frozenset(),
    )


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise InputError(f"Item {row.get('id')!r}: `{key}` must be a text.")
    return value


def _time(row: Mapping[str, object]) -> datetime:
    try:
        time = datetime.fromisoformat(_text(row, "published"))
    except ValueError:
        raise InputError(f"Item {row.get('id')!r}: `published` must be a date such as 2025-05-04.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the bounds of the 95 % Wilson interval; None where there is nothing to divide by."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share in 0..1."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval, within 0..1."""
        if not self.total:
            return None
        z, n, p = 1.96, self.total, self.hits / self.total
        centre = p + z * z / (2 * n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of right and wrong answers, and the figures that follow from them."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int = 0

    @property
    def precision(self) -> Share:
        """Of what was found, how much is right."""
        return Share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Share:
        """Of what is right, how much was found."""
        return Share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where nothing was right and nothing was found."""
        found = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / found if found else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one set of labelled items.

    `hard_accepted` and `hard_reviewed` are shares of the hard negatives. `entities` counts (item, entity) pairs of
    relevant items. `errors` are ids with what was decided.
    """

    items: int
    relevance: Confusion
    by_language: Mapping[str, Confusion]
    by_category: Mapping[str, Share]
    hard_accepted: Share
    hard_reviewed: Share
    missed_to_review: Share
    entities: Confusion
    errors: tuple[tuple[str, Decision], ...]


def evaluate(judge: Judge, gold: Sequence[GoldItem], ignored: frozenset[str] = frozenset()) -> Evaluation:
    """Judge all items and compare; only accept counts as relevant. `ignored` entities are not scored."""
    judged = [(item, judge.judge(item.article)) for item in gold]
    hard = [(item, judgement) for item, judgement in judged if _is_hard(item)]
    return Evaluation(
        items=len(judged),
        relevance=_relevance(judged),
        by_language={
            language: _relevance([pair for pair in judged if pair[0].language == language])
            for language in sorted({item.language for item in gold})
        },
        by_category={
            category: _decided([pair for pair in judged if pair[0].category == category], Decision.ACCEPT)
            for category in sorted({item.category for item in gold if item.category})
        },
        hard_accepted=_decided(hard, Decision.ACCEPT),
        hard_reviewed=_decided(hard, Decision.REVIEW),
        missed_to_review=_decided([pair for pair in judged if pair[0].relevant], Decision.REVIEW),
        entities=_entities([pair for pair in judged if pair[0].relevant], ignored),
        errors=tuple(
            (item.id, judgement.decision) for item, judgement in judged if item.relevant != _accepted(judgement)
        ),
    )


Pair = tuple[GoldItem, Judgement]


def _is_hard(item: GoldItem) -> bool:
    return not item.relevant and item.category != BACKGROUND


def _accepted(judgement: Judgement) -> bool:
    return judgement.decision is Decision.ACCEPT


def _decided(pairs: Sequence[Pair], decision: Decision) -> Share:
    return Share(sum(judgement.decision is decision for _, judgement in pairs), len(pairs))


def _relevance(pairs: Iterable[Pair]) -> Confusion:
    answers = [(item.relevant, _accepted(judgement)) for item, judgement in pairs]
    count: Callable[[tuple[bool, bool]], int] = answers.count
    return Confusion(count((True, True)), count((False, True)), count((True, False)), count((False, False)))


def _entities(pairs: Iterable[Pair], ignored: frozenset[str]) -> Confusion:
    right = invented = missed = 0
    for item, judgement in pairs:
        want, got = item.entities - ignored, frozenset(judgement.entities) - ignored
        right += len(want & got)
        invented += len(got - want)
        missed += len(want - got)
    return Confusion(right, invented, missed)
