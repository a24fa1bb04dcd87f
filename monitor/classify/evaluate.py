"""How good the judge is: precision, recall and F1 with Wilson intervals, by language and category, and for entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.classify.judge import Judge
from monitor.domain.figures import Confusion, Share, confusion
from monitor.domain.item import Article, offset_of
from monitor.domain.judgement import Decision, Judgement, Strength
from monitor.domain.watchlist import EntityKind, Watchlist
from monitor.errors import InputError

BACKGROUND = "background"
"""The category of negatives that share no trap with the subject; all other negatives are hard."""


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A labelled article. `category` says why a negative is one, None for a positive; `entities` are ids.

    `strength` None: a negative, or a positive whose label does not say.
    """

    id: str
    article: Article
    relevant: bool
    category: str | None
    language: str
    entities: frozenset[str]
    strength: Strength | None = None


def gold_item(row: Mapping[str, object]) -> GoldItem:
    """A labelled item from its JSON object; keys beyond those needed are left alone.

    Raises InputError naming the key that is missing or of the wrong kind.
    """
    published, offset = _time(row)
    declared = row.get("lang")
    language = declared if isinstance(declared, str) else None
    relevant = row.get("relevant")
    if not isinstance(relevant, bool):
        raise InputError(f"Item {row.get('id')!r}: `relevant` must be true or false.")
    why, entities = row.get("why"), row.get("entities")
    return GoldItem(
        id=_text(row, "id"),
        article=Article(_text(row, "title"), _text(row, "summary"), language, published, published, offset),
        relevant=relevant,
        category=str(why or "negative") if not relevant else None,
        language=language or "und",
        entities=frozenset(map(str, entities)) if isinstance(entities, list) else frozenset(),
        strength=_strength(row) if relevant else None,
    )


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise InputError(f"Item {row.get('id')!r}: `{key}` must be a text.")
    return value


def _strength(row: Mapping[str, object]) -> Strength | None:
    value = row.get("strength")
    try:
        return None if value is None else Strength(str(value))
    except ValueError:
        raise InputError(f"Item {row.get('id')!r}: `strength` must be core or passing.") from None


def _time(row: Mapping[str, object]) -> tuple[datetime, int | None]:
    try:
        time = datetime.fromisoformat(_text(row, "published"))
    except ValueError:
        raise InputError(f"Item {row.get('id')!r}: `published` must be a date such as 2025-05-04.") from None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC), offset_of(time)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one set of labelled items.

    `core_recall` and `passing_recall` are shares of the relevant items of that strength; `hard_accepted` and
    `hard_reviewed` of the hard negatives; those by category of the negatives of that category. `entities` counts
    (item, entity) pairs of relevant items. `errors` are ids with what was decided.
    """

    items: int
    relevance: Confusion
    by_language: Mapping[str, Confusion]
    by_category: Mapping[str, Share]
    reviewed_by_category: Mapping[str, Share]
    core_recall: Share
    passing_recall: Share
    hard_accepted: Share
    hard_reviewed: Share
    missed_to_review: Share
    entities: Confusion
    errors: tuple[tuple[str, Decision], ...]


Pair = tuple[GoldItem, Judgement]


def evaluate(judge: Judge, gold: Sequence[GoldItem], ignored: frozenset[str] = frozenset()) -> Evaluation:
    """Judge all items and compare; only accept counts as relevant. `ignored` entities are not scored."""
    return compare([(item, judge.judge(item.article)) for item in gold], ignored)


def compare(judged: Sequence[Pair], ignored: frozenset[str] = frozenset()) -> Evaluation:
    """The figures of judgements that were made before."""
    hard = [pair for pair in judged if _is_hard(pair[0])]
    languages = {item.language for item, _ in judged}
    categories = {item.category for item, _ in judged if item.category}
    return Evaluation(
        items=len(judged),
        relevance=_relevance(judged),
        by_language={
            language: _relevance([pair for pair in judged if pair[0].language == language])
            for language in sorted(languages)
        },
        by_category={name: _decided(_of(judged, name), Decision.ACCEPT) for name in sorted(categories)},
        reviewed_by_category={name: _decided(_of(judged, name), Decision.REVIEW) for name in sorted(categories)},
        core_recall=_recall(judged, Strength.CORE),
        passing_recall=_recall(judged, Strength.PASSING),
        hard_accepted=_decided(hard, Decision.ACCEPT),
        hard_reviewed=_decided(hard, Decision.REVIEW),
        missed_to_review=_decided([pair for pair in judged if pair[0].relevant], Decision.REVIEW),
        entities=_entities([pair for pair in judged if pair[0].relevant], ignored),
        errors=tuple(
            (item.id, judgement.decision) for item, judgement in judged if item.relevant != _accepted(judgement)
        ),
    )


def unscored(watchlist: Watchlist) -> frozenset[str]:
    """Entities that labels leave open: the two countries, and places named by a side's own words.

    A capital stands for its government as often as for itself.
    """
    words = {word.text for side in watchlist.sides for word in side.words}
    capitals = (
        entity.id
        for entity in watchlist.entities.values()
        if entity.kind is EntityKind.PLACE and any(one.unconditional and one.text in words for one in entity.aliases)
    )
    return frozenset([*capitals, *(side.id for side in watchlist.sides)])


def _is_hard(item: GoldItem) -> bool:
    return not item.relevant and item.category != BACKGROUND


def _accepted(judgement: Judgement) -> bool:
    return judgement.decision is Decision.ACCEPT


def _of(pairs: Sequence[Pair], category: str) -> list[Pair]:
    return [pair for pair in pairs if pair[0].category == category]


def _recall(pairs: Sequence[Pair], strength: Strength) -> Share:
    return _decided([pair for pair in pairs if pair[0].strength is strength], Decision.ACCEPT)


def _decided(pairs: Sequence[Pair], decision: Decision) -> Share:
    return Share(sum(judgement.decision is decision for _, judgement in pairs), len(pairs))


def _relevance(pairs: Iterable[Pair]) -> Confusion:
    return confusion((item.relevant, _accepted(judgement)) for item, judgement in pairs)


def _entities(pairs: Iterable[Pair], ignored: frozenset[str]) -> Confusion:
    right = invented = missed = 0
    for item, judgement in pairs:
        want, got = item.entities - ignored, frozenset(judgement.entities) - ignored
        right += len(want & got)
        invented += len(got - want)
        missed += len(want - got)
    return Confusion(right, invented, missed)
