"""Finding the words of a vocabulary in text of three scripts, with offsets into the text as given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.text.canonical import Canonical, canonical

_PLAIN = {ord(c): str(unicodedata.digit(c)) for c in "०१२३४५६७८९"} | {ord("〜"): "~"}

WORD = "0-9A-Za-z\u00c0-\u024f\u0900-\u0963\u0966-\u097f"
"""What continues a word in Latin and Devanagari, vowel signs included; the danda (U+0964) ends one. Kana and kanji
need no boundary."""


def fold(text: str) -> str:
    """The folded canonical text with digits as 0-9: as long as `canonical(text).text`."""
    return plain(canonical(text))


def plain(form: Canonical) -> str:
    """The same of a canonical form."""
    return form.folded if form.folded.isascii() else form.folded.translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found: the name it stands for in its vocabulary, and where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by name, compiled once. The longest word wins at each place; a word two names share counts for both."""

    names: Mapping[str, tuple[str, ...]]
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pattern", any_of(self.names))

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
        return [
            Hit(name, match.start(), match.end())
            for match in self._pattern.finditer(folded)
            for name in self.names[match.group()]
        ]

    def __contains__(self, folded: str) -> bool:
        """Whether any word stands in a folded text."""
        return self._pattern.search(folded) is not None


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
