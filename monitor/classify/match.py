"""Finding every known word in a text: one automaton over names, side words, cues, decoys and the words they ask for.

All overlapping matches are taken first and filtered by boundaries afterwards; what overlaps is settled by the callers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from monitor.domain.watchlist import Alias, Watchlist
from monitor.text.automaton import Automaton
from monitor.text.canonical import canonical


class Kind(StrEnum):
    """What a pattern stands for."""

    NAME = "name"
    SIDE = "side"
    CUE = "cue"
    DECOY = "decoy"


@dataclass(frozen=True, slots=True)
class Target:
    """One meaning of a pattern. `owner` is an entity's, side's or rule's id, "" for a decoy.

    `exact` is the canonical text that must stand there letter by letter, None where case does not matter. The three
    sets hold the patterns of the words that the alias needs, needs near, and must never meet.
    """

    kind: Kind
    owner: str
    alias: Alias | None = None
    exact: str | None = None
    needs: frozenset[int] = frozenset()
    near: frozenset[int] = frozenset()
    never: frozenset[int] = frozenset()


class Hit(NamedTuple):
    """A pattern found at `start`..`end` of the canonical text, boundaries checked."""

    pattern: int
    start: int
    end: int


class Matcher:
    """The watchlist's words as one automaton. Patterns are numbers; `targets` says what each may mean."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._ids: dict[str, int] = {}
        self._targets: dict[int, list[Target]] = {}
        for entity in watchlist.entities.values():
            for alias in entity.aliases:
                self._add_alias(Kind.NAME, entity.id, alias)
        for side in watchlist.sides:
            for alias in side.words:
                self._add_alias(Kind.SIDE, side.id, alias)
        for cue in watchlist.cues:
            exact = _cased(canonical(cue.text).text) if cue.exact_case else None
            self._add(cue.text, Target(Kind.CUE, cue.rule, exact=exact))
        for decoy in watchlist.decoys:
            self._add(decoy, Target(Kind.DECOY, ""))
        self._with_exact = {
            pattern for pattern, targets in self._targets.items() if any(one.exact is not None for one in targets)
        }
        patterns = list(self._ids)
        self._telling = [
            any(_is_telling(target) for target in self._targets.get(one, ())) for one in range(len(patterns))
        ]
        self._edges = [(boundary_class(pattern[0]), boundary_class(pattern[-1])) for pattern in patterns]
        self._automaton = Automaton(patterns)

    def targets(self, pattern: int) -> Sequence[Target]:
        """What a pattern may mean; empty for a word that only conditions ask for."""
        return self._targets.get(pattern, ())

    def scan(self, folded: str) -> list[Hit]:
        """Every pattern that stands in the folded text as a word of its own, overlaps included, in order of ends."""
        edges = self._edges
        return [
            Hit(pattern, start, end)
            for pattern, start, end in self._automaton.find(folded)
            if _stands_alone(folded, start, end, edges[pattern])
        ]

    def is_telling(self, text: str, hits: Iterable[Hit]) -> bool:
        """Whether any hit may name something or open a gate; where none does, nothing else needs to be looked at.

        "in" is a word of nearly every article, and the Indian Navy only where its letters stand as written.
        """
        telling, exact = self._telling, self._with_exact
        return any(
            telling[hit.pattern] and (hit.pattern not in exact or bool(self.meanings(text, hit))) for hit in hits
        )

    def meanings(self, text: str, hit: Hit) -> Sequence[Target]:
        """The targets of a hit; those that need exact letters only where the canonical text has them."""
        targets = self.targets(hit.pattern)
        if hit.pattern not in self._with_exact:
            return targets
        written = _cased(text[hit.start : hit.end])
        return [target for target in targets if target.exact is None or target.exact == written]

    def _add_alias(self, kind: Kind, owner: str, alias: Alias) -> None:
        exact = _cased(canonical(alias.text).text) if alias.exact_case else None
        needs, near, never = (frozenset(map(self._pattern, words)) for words in (alias.needs, alias.near, alias.never))
        self._add(alias.text, Target(kind, owner, alias, exact, needs, near, never))

    def _add(self, text: str, target: Target) -> None:
        self._targets.setdefault(self._pattern(text), []).append(target)

    def _pattern(self, text: str) -> int:
        folded = canonical(text).folded.strip()
        if not folded:
            raise ValueError(f"{text!r} has no letter to look for")
        return self._ids.setdefault(folded, len(self._ids))


SILENT_RULES = ("penalty.", "namesake.", "third.", "figure.")
"""Rules of words that open no gate."""


def _is_telling(target: Target) -> bool:
    return target.kind in (Kind.NAME, Kind.SIDE) or (
        target.kind is Kind.CUE and not target.owner.startswith(SILENT_RULES)
    )


_NO_BOUNDARY = ""
_WORD, _DIGIT = "word", "digit"


@lru_cache(maxsize=4096)
def boundary_class(char: str) -> str:
    """The letters a character runs together with; "" for kanji, hiragana and all that is no letter.

    Devanagari vowel signs (category M) are letters here, unlike for `re`; katakana runs have boundaries, so that
    インド is not found in インドネシア.
    """
    if char.isascii():
        return _DIGIT if char.isdigit() else _WORD if char.isalpha() else _NO_BOUNDARY
    if "\u0900" <= char <= "\u097f":
        return _NO_BOUNDARY if char in "।॥" else "devanagari"
    if "\u30a1" <= char <= "\u30fa" or char == "ー":
        return "katakana"
    if "\u3041" <= char <= "\u3096" or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char in "々〆〇":
        return _NO_BOUNDARY
    category = unicodedata.category(char)
    return _DIGIT if category == "Nd" else _WORD if category[0] in "LM" else _NO_BOUNDARY


def _stands_alone(text: str, start: int, end: int, edges: tuple[str, str]) -> bool:
    """A letter before a digit is no edge (x86), a digit after a letter is one (JIMEX25)."""
    first, last = edges
    if first and start:
        before = boundary_class(text[start - 1])
        if before == first or (before == _WORD and first == _DIGIT) or (before == _DIGIT and first == _WORD):
            return False
    if last and end < len(text):
        after = boundary_class(text[end])
        if after == last or (last == _DIGIT and after == _WORD):
            return False
    return True


def _cased(text: str) -> str:
    return text.strip().replace("-", " ")
