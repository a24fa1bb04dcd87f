"""How alike two reports, or two blocks of reports, are by their words and by the entities they name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from monitor.domain.story import Report
from monitor.text.tokens import search_words

ENTITY_SHARE = 0.6
"""Share of the entities in the similarity of reports that have any; the words have the rest."""

TITLE_COUNTS = 2
"""A word of the title counts as often as so many in the summary."""

SHINGLE = 3
"""Words per shingle."""

SUFFIXES = ("ing", "ed", "es", "s")
SHORTEST_STEM = 4
"""Letters that must be left of an English word; shorter ones keep their endings."""

_ENGLISH = (
    "a an and are as at be but by for from has have in into is it its of on or that the their this to up was were will "
    "with after over not no says said s"
)
_HINDI = "के का की को में से और है हैं ने पर कि यह भी एक था थे थी लिए साथ तक हो कर"
_EMPTY = frozenset((*_ENGLISH.split(), *_HINDI.split()))
"""Words without content."""

Vector = dict[str, float]
Shingle = tuple[str, ...]

LONE = 0.5
"""Weight of a term that only one report has: it can only make that report less like the others."""


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors of reports by their terms; `weights`, each in 0..1, says how much a term tells, and is 1 where silent."""

    terms: Mapping[str, tuple[Mapping[str, float], tuple[str, ...]]]
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Space:
        """The space spanned by these reports, in which every term but the empty words tells as much as any other."""
        return cls({report.key: (_words(report), _entities(report)) for report in reports})

    def weighted(self, blocks: Iterable[Sequence[Report]]) -> Space:
        """The same space, where a term tells the less the more its reports are scattered over blocks.

        Its weight is the square root of the chance that two of its reports, drawn with replacement, share a block.
        """
        counts: dict[str, list[int]] = {}
        for block in blocks:
            within = Counter(term for report in block for term in chain(*self.terms[report.key]))
            for term, count in within.items():
                counts.setdefault(term, []).append(count)
        return Space(self.terms, {term: _gathered(scattered) for term, scattered in counts.items()})

    def vector(self, report: Report) -> Vector:
        """The report's terms with their weights; its length is 1, or 0 for a report without any term."""
        words, entities = self.terms[report.key]
        by_words = _unit({word: count * self.weights.get(word, 1.0) for word, count in words.items()})
        by_entities = _unit({entity: self.weights.get(entity, 1.0) for entity in entities})
        share = ENTITY_SHARE if by_words and by_entities else 1.0 if by_entities else 0.0
        return {term: weight * math.sqrt(1 - share) for term, weight in by_words.items()} | {
            term: weight * math.sqrt(share) for term, weight in by_entities.items()
        }


def _gathered(counts: Sequence[int]) -> float:
    total_count = sum(counts)
    if total_count == 1:
        return LONE
    return math.sqrt(sum(count * count for count in counts)) / total_count


def length(vector: Mapping[str, float]) -> float:
    """The Euclidean length."""
    return math.sqrt(sum(weight * weight for weight in vector.values()))


def shingles(report: Report) -> frozenset[Shingle]:
    """The runs of three words of title and summary; the whole text where it is shorter."""
    words = search_words(f"{report.title} {report.summary}")
    if len(words) < SHINGLE:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _words(report: Report) -> dict[str, float]:
    """Content words with the square root of their count, so that a long text does not shout."""
    counts = Counter(_content(report.title) * TITLE_COUNTS + _content(report.summary))
    return {word: math.sqrt(count) for word, count in counts.items()}


def _entities(report: Report) -> tuple[str, ...]:
    return tuple(f"entity:{entity}" for entity in sorted(report.entities))


def _content(text: str) -> list[str]:
    return [stem(word) for word in search_words(text) if len(word) > 1 and word not in _EMPTY]


def stem(word: str) -> str:
    """An English word without its ending; any other word as it is."""
    if word.isascii():
        for suffix in SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
                return word[: -len(suffix)]
    return word


def _unit(vector: Vector) -> Vector:
    size = length(vector)
    return {term: weight / size for term, weight in vector.items()} if size else {}


def total(vectors: Iterable[Mapping[str, float]]) -> Vector:
    """The sum of vectors."""
    result: Vector = {}
    for vector in vectors:
        for term, weight in vector.items():
            result[term] = result.get(term, 0.0) + weight
    return result
