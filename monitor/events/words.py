"""Finding the words of a vocabulary in text of three scripts, with offsets into the text as given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.text.automaton import Automaton, leftmost_longest
from monitor.text.canonical import Canonical, canonical

_PLAIN = {ord(c): str(unicodedata.digit(c)) for c in "०१२३४५६७८९"} | {ord("〜"): "~"}

WORD = "0-9A-Za-z\u00c0-\u024f\u0900-\u0963\u0966-\u097f"
"""What continues a word in Latin and Devanagari, vowel signs included; the danda (U+0964) ends one. Kana and kanji
need no boundary."""


def fold(text: str) -> str:
    """The folded canonical text with digits as 0-9: as long as `canonical(text).text`."""
    return plain(canonical(text))


fold_name = lru_cache(maxsize=4096)(fold)
"""The same for names, which come again and again."""


def plain(form: Canonical) -> str:
    """The same of a canonical form."""
    return form.folded if form.folded.isascii() else form.folded.translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found: the name it stands for in its vocabulary, and where it stands."""

    name: str
    start: int
    end: int


class Vocabulary:
    """Words by name, compiled once. The longest word wins at each place; a word two names share counts for both."""

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
        """`names` maps folded words to what each stands for."""
        self._names = tuple(names.values())
        self._bounds = tuple((_is_letter(word[0]), _is_letter(word[-1])) for word in names)
        self._automaton = Automaton(tuple(names))

    @classmethod
    def of(cls, group: Mapping[str, Iterable[str]]) -> Vocabulary:
        """From a mapping name → words."""
        names: dict[str, tuple[str, ...]] = {}
        for name, words in group.items():
            for word in map(fold, words):
                if name not in names.get(word, ()):
                    names[word] = (*names.get(word, ()), name)
        return cls(names)

    def find(self, folded: str) -> list[Hit]:
        """Every word in a folded text, in order, none overlapping another."""
        found = [match for match in self._automaton.find(folded) if self._stands_alone(folded, *match)]
        if len(found) > 1:
            found = leftmost_longest(found, _extent)
        return [Hit(name, start, end) for word, start, end in found for name in self._names[word]]

    def says(self, folded: str) -> bool:
        """Whether any word stands in a folded text and belongs to no noun behind it (出港した「かしま」)."""
        return any(_NOUN.match(folded, hit.end) is None for hit in self.find(folded))

    def __contains__(self, folded: str) -> bool:
        """Whether any word stands in a folded text."""
        return any(self._stands_alone(folded, *match) for match in self._automaton.find(folded))

    def _stands_alone(self, folded: str, word: int, start: int, end: int) -> bool:
        """Whether no letter continues the word on a side where it begins or ends with one."""
        first, last = self._bounds[word]
        inside = first and start > 0 and _is_letter(folded[start - 1])
        return not inside and not (last and end < len(folded) and _is_letter(folded[end]))


_NOUN = re.compile(r"(?<=[たるい])[「『一-龯ァ-ヴ]")


def destinations(groups: Mapping[str, Mapping[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """Places behind "to", which is then no infinitive: "sends divers to Ominato"."""
    own = (name for names in groups.get("places", {}).values() for name in names if name.isascii())
    return tuple(f"to {name}" for name in (*own, *CAPITALS))


CAPITALS = ("Tokyo", "New Delhi", "Delhi")


def _extent(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], match[2]


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the folded words, longest first, whole words where the script has any.

    Without words it matches nothing. Built as a trie: a plain alternation of a thousand words is many times slower.
    """
    bounded: _Node = {}
    free: _Node = {}
    for word in words:
        node = bounded if _LETTER.match(word) else free
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    openings = "".join(re.escape(character) for character in sorted((*bounded, *free)))
    choices = [_NOT_INSIDE + _expression(bounded, "")] * bool(bounded) + [_expression(free, "")] * bool(free)
    return re.compile(f"(?=[{openings}])(?:{'|'.join(choices)})" if choices else "(?!)")


_Node = dict[str, "_Node"]

_LETTER = re.compile(f"[{WORD}]")
_is_letter = lru_cache(maxsize=4096)(_LETTER.match)
_NOT_INSIDE = f"(?<![{WORD}])"


def _expression(node: _Node, before: str) -> str:
    """What may follow `before` (the character that led here, "" at the root)."""
    branches = [
        re.escape(character) + _expression(below, character) for character, below in sorted(node.items()) if character
    ]
    ending = f"(?![{WORD}])" if _LETTER.match(before) else ""
    if not branches:
        return ending
    longer = "(?:" + "|".join(branches) + ")"
    return f"(?:{longer}|{ending})" if "" in node else longer
