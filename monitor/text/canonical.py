"""Canonical text: one form for all ways of writing the same words, with the way back to the original.

NFKC; joiners and nuktas stripped; dashes, quotes and blanks folded; runs of blanks collapsed. `folded` is that text in
lower case, without the accents of Latin letters and with a blank for a hyphen between letters, so that "Self-Defence"
and "self defence", "La Pérouse" and "La Perouse" are one; it has the same length as `text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

_STRIPPED = (
    0x00AD,  # soft hyphen
    *range(0x200B, 0x2010),  # zero-width blanks and joiners, writing directions
    *range(0x202A, 0x202F),  # embeddings of a direction
    *range(0x2060, 0x2065),  # word joiner, invisible operators
    *range(0x2066, 0x206A),  # isolates
    0xFEFF,  # byte order mark
    *range(0xFE00, 0xFE10),  # variation selectors
    0x093C,  # nukta: Hindi writers leave it out at will
)
_BLANKS = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
)
_HYPHENS = (*range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D)
_SINGLE_QUOTES = (*range(0x2018, 0x201C), 0x0060, 0x00B4, 0x2032, 0x2039, 0x203A, 0xFF07)
_DOUBLE_QUOTES = (*range(0x201C, 0x2020), 0x00AB, 0x00BB, 0x2033, 0xFF02)
_WIDE_ASCII = range(0xFF01, 0xFF5F)
_SURROGATES = range(0xD800, 0xE000)

_ONE_TO_ONE: dict[int, int] = (
    {code: code - 0xFEE0 for code in _WIDE_ASCII}
    | dict.fromkeys(_SURROGATES, 0xFFFD)  # half a pair cannot leave Python
    | dict.fromkeys(_BLANKS, 0x20)
    | dict.fromkeys(_HYPHENS, 0x2D)
    | dict.fromkeys(_SINGLE_QUOTES, 0x27)
    | dict.fromkeys(_DOUBLE_QUOTES, 0x22)
)
_PLAIN = (
    "\\x21-\\x7e\\xa1-\\xa7\\xa9\\xab-\\xac\\xae\\xb0-\\xb1\\xb6-\\xb7\\xbb\\xbf-\\u0131\\u0134-\\u013e\\u0141-\\u0148\\u014a-\\u017e"
    "\\u0391-\\u03a9\\u03b1-\\u03c9\\u0410-\\u044f"
    "\\u0900-\\u0928\\u092a-\\u0930\\u0932-\\u0933\\u0935-\\u093b\\u093d-\\u0957\\u0960-\\u097f"
    "\\u3001-\\u3035\\u3041-\\u3096\\u30a1-\\u30fe\\u4e00-\\u9fff\\ufffd"
)
"""Characters that NFKC leaves alone unless a combining mark follows; everything else takes the slow way."""
_ODD = re.compile(f"[\\s\\S]?[^ {_PLAIN}]+ *|  +")
_BLANK_RUN = re.compile("  +")
_LETTER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_STRIPPED_SET = frozenset(map(chr, _STRIPPED))


def _without_accents() -> Iterator[tuple[int, int]]:
    for code in chain(range(0xC0, 0x250), range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            yield code, ord(base)


_ACCENTS = dict(_without_accents())


@dataclass(frozen=True, slots=True)
class Canonical:
    """Canonical text and where each of its characters comes from.

    `text` keeps the case, `folded` does not; both have the same length n. `offsets` and `ends` hold n code point
    positions of the original: where the piece begins that became this character, and where it ends.
    """

    text: str
    folded: str
    offsets: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that became canonical `start`..`end`; an empty span stays empty."""
        if start >= end:
            at = self.offsets[start] if start < len(self.offsets) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.offsets[start], self.ends[end - 1]


def canonical(text: str) -> Canonical:
    """The canonical form of any string, NULs and unpaired surrogates included."""
    plain = text if _stays(text) else text.translate(_ONE_TO_ONE)
    if _is_canonical(plain):
        places = range(len(plain) + 1)
        return Canonical(plain, fold(plain), places[:-1], places[1:])
    pieces, offsets, ends = _rewritten(plain)
    result = "".join(pieces)
    return Canonical(result, fold(result), offsets, ends)


def fold(text: str) -> str:
    """Canonical text as it is compared: same length, without case, accents of Latin letters and inner hyphens."""
    plain = text if text.isascii() else text.translate(_ACCENTS)
    lower = plain.lower()
    if len(lower) != len(plain):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in plain)
    return _LETTER_HYPHEN.sub(" ", lower) if "-" in lower else lower


def _stays(text: str) -> bool:
    """Whether every single character stays as it is: so do those of printed ASCII, but for the backtick."""
    return text.isascii() and text.isprintable() and "`" not in text


def _is_canonical(plain: str) -> bool:
    """Whether a text whose single characters were replaced needs no more; in ASCII only runs of blanks do."""
    return "  " not in plain if plain.isascii() else _ODD.search(plain) is None


def _rewritten(text: str) -> tuple[list[str], list[int], list[int]]:
    """The text piece by piece: plain stretches as they are, the odd ones normalised cluster by cluster."""
    pieces: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    done = 0
    for odd in _ODD.finditer(text):
        start, end = odd.span()
        pieces.append(text[done:start])
        offsets += range(done, start)
        ends += range(done + 1, start + 1)
        for first, last, piece in _clusters(text, start, end):
            kept = piece.lstrip(" ") if _ends_blank(pieces) else piece
            pieces.append(kept)
            offsets += [first] * len(kept)
            ends += [last] * len(kept)
        done = end
    pieces.append(text[done:])
    offsets += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return pieces, offsets, ends


def _ends_blank(pieces: Sequence[str]) -> bool:
    last = next((piece for piece in reversed(pieces) if piece), "")
    return last.endswith(" ")


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Pieces of `text[start:end]` that NFKC treats on their own: (start, end, canonical form)."""
    first = start
    cluster = ""
    for place in range(start, end):
        char = text[place]
        if char in _STRIPPED_SET:
            continue
        if cluster and not _joins(char):
            yield first, place, _normalised(cluster)
            cluster, first = "", place
        elif not cluster:
            first = place
        cluster += char
    if cluster:
        yield first, end, _normalised(cluster)


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """Whether NFKC may compose the character with what stands before it."""
    decomposed = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(decomposed) != 0 or "\u1160" <= decomposed <= "\u11ff" or decomposed == "\u09be"


def _normalised(cluster: str) -> str:
    composed = unicodedata.normalize("NFKC", cluster)
    folded = composed.translate(_ONE_TO_ONE)
    kept = "".join(char for char in folded if char not in _STRIPPED_SET)
    return _BLANK_RUN.sub(" ", kept)
