"""Search words in three scripts: what the full-text index holds and what a query asks for.

Words of scripts that put blanks between them stay whole, with their marks; kanji and kana, which have no blanks, give
single characters and bigrams, so that 日印 is found inside 日印防衛相会談.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from monitor.text.canonical import canonical

_UNSPACED = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff"
_RUNS = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>(?:[^\\W_{_UNSPACED}]|[{_MARKS}])+)")


def search_words(text: str) -> list[str]:
    """All search words of a text in order, repeats kept: folded words, and characters then bigrams of unspaced runs."""
    return [word for run in _RUNS.finditer(canonical(text).folded) for word in _words(run)]


def query_words(text: str) -> list[str]:
    """What a query must find, each once: as `search_words`, but two or more unspaced characters ask by bigrams."""
    words = [
        word for run in _RUNS.finditer(canonical(text).folded) for word in _words(run, singles=len(run.group()) == 1)
    ]
    return list(dict.fromkeys(words))


def _words(run: re.Match[str], *, singles: bool = True) -> Iterator[str]:
    letters = run.group()
    if run.lastgroup == "word":
        yield letters
        return
    if singles:
        yield from letters
    yield from (left + right for left, right in pairwise(letters))
