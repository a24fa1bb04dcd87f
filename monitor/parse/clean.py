"""Markup to plain text: the only place where a feed's markup is read. Home of nh3.

Nothing that comes out of here is markup any more: what looks like a tag has been dropped, entities are decoded, and
block boundaries have become line breaks.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

TITLE_LENGTH = 500
"""Characters kept of a title, a name or a tag; a cut shows as an ellipsis."""

SUMMARY_LENGTH = 20_000
"""Characters kept of a summary: several times a long newspaper report; a cut shows as an ellipsis."""

NESTING_LIMIT = 512
"""Tags nested deeper are dropped before nh3 sees them: its time is quadratic in the depth (40,000 nested `<div>` cost
10 s), and no browser builds a deeper tree either."""

ELLIPSIS = "…"


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BLOCKS = _set(
    "address article aside blockquote br caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre section summary "
    "table tbody td tfoot th thead tr ul"
)
_VOID = _set("area base br col embed hr img input link meta param source track wbr")
_WITHOUT_TEXT = _set(
    "applet audio canvas head iframe math noembed noframes noscript object script style svg template textarea title "
    "video xmp"
)
"""Elements whose content is no text of the article."""

_BLOCK_TAG = re.compile(r"<[^>]*>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(r"""<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][^\s/>]*)(?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*>?""", re.DOTALL)
_LEFT_OVER = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|br|center|code|div|em|figcaption|figure|font|form|h[1-6]|hr|i|iframe|img|input|"
    r"li|link|meta|object|ol|p|pre|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul|video)"
    r"(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, characters that reverse the direction of what follows, lone surrogates, byte order marks. Zero
width joiner and non-joiner stay: Devanagari is spelled with them."""

_SPACE_IN_LINE = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


def text_of(markup: str, limit: int) -> str:
    """The text of a piece of HTML, one line per block, at most `limit` characters.

    Markup that was escaped twice on its way into the feed is undone once more. Plain text passes through with its line
    breaks.
    """
    text = _pass(markup)
    if _LEFT_OVER.search(text):
        text = _pass(text.replace("\n", "<br>"))
        text = _LEFT_OVER.sub(" ", text)
    return _cut(_tidy(text), limit)


def line_of(markup: str, limit: int = TITLE_LENGTH) -> str:
    """The text of a title, a name or a tag: `text_of` on one line."""
    return _cut(text_of(markup, SUMMARY_LENGTH).replace("\n", " "), limit)


def without_controls(text: str) -> str:
    """Text that any database, mail and terminal can carry, otherwise unchanged."""
    return _FORBIDDEN.sub("", text)


def limit_nesting(markup: str) -> str:
    """The markup without the tags that are nested deeper than `NESTING_LIMIT`; their text stays."""
    if markup.count("<") <= NESTING_LIMIT:
        return markup
    open_tags: dict[str, int] = {}
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match[1], (match[2] or "").lower()
        if not name or name in _VOID:
            return match[0]
        if closing and open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1
        elif not closing:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
        return match[0] if depth <= NESTING_LIMIT else "\n"

    return _TAG.sub(keep, markup)


def _pass(markup: str) -> str:
    """One reading of the markup: tags away, blocks to line breaks, entities decoded once."""
    if "<" not in markup:
        return html.unescape(markup)
    if "<![CDATA[" in markup:  # wrapped twice; to HTML the inner one would be a comment
        markup = _CDATA.sub(r"\1", markup)
    blocks = _cleaner().clean(limit_nesting(without_controls(markup)))
    return html.unescape(_BLOCK_TAG.sub("\n", " ".join(blocks.split())))


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    """Leaves the bare tags of blocks, and everything else as text with `<`, `>` and `&` escaped."""
    return nh3.Cleaner(
        tags=set(_BLOCKS), clean_content_tags=set(_WITHOUT_TEXT), attributes={}, link_rel=None, strip_comments=True
    )


def _tidy(text: str) -> str:
    lines = _SPACE_IN_LINE.sub(" ", without_controls(_LINE_ENDS.sub("\n", text))).split("\n")
    return "\n".join(line for line in map(str.strip, lines) if line)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(ELLIPSIS)].rstrip() + ELLIPSIS
