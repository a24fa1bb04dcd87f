"""How alike two reports, or two blocks of reports, are by their words and by the entities they name.

Weights are TF-IDF over exactly the reports given: no frozen table, which would have to exist for every subject and
language and would make the partition depend on more than the set of reports. The price is that with a handful of
reports the weights are nearly equal; entities and the facts of the event then carry the decision.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.story import Report
from monitor.text.tokens import search_words

ENTITY_SHARE = 0.5
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


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors of reports; `rarity` is the inverse document frequency of each term, always above 0."""

    rarity: Mapping[str, float]
    terms: Mapping[str, tuple[Mapping[str, float], tuple[str, ...]]]

    @classmethod
    def of(cls, reports: Sequence[Report]) -> Space:
        """The space spanned by these reports."""
        terms = {report.key: (_words(report), _entities(report)) for report in reports}
        counts = Counter(term for words, entities in terms.values() for term in (*words, *entities))
        size = len(reports)
        return cls({term: math.log(1 + size / (count + 0.5)) for term, count in counts.items()}, terms)

    def vector(self, report: Report) -> Vector:
        """The report's terms with their weights; its length is 1, or 0 for a report without any term."""
        words, entities = self.terms[report.key]
        by_words = _unit({word: count * self.rarity[word] for word, count in words.items()})
        by_entities = _unit({entity: self.rarity[entity] for entity in entities})
        share = ENTITY_SHARE if by_words and by_entities else 1.0 if by_entities else 0.0
        return {term: weight * math.sqrt(1 - share) for term, weight in by_words.items()} | {
            term: weight * math.sqrt(share) for term, weight in by_entities.items()
        }


def length(vector: Mapping[str, float]) -> float:
    """The Euclidean length."""
    return math.sqrt(sum(weight * weight for weight in vector.values()))


def shingles(report: Report) -> frozenset[tuple[str, ...]]:
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
