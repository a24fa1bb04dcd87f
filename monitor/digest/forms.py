"""What every string and address of a digest goes through before a template sees it, one way for each form.

The whole model is reshaped at once, so that no template, ours or a user's, can forget to.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar, cast
from urllib.parse import quote, urlsplit

from monitor.text.shown import one_line

T = TypeVar("T")

Shaper = Callable[[str], str]
"""Makes a text, or a checked address, fit for one form."""

TEXT_WIDTH = 78
"""Characters of a line of plain text (RFC 5322, 2.1.1)."""

_ISOLATE, _POP = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})

_MARKDOWN = re.compile(
    r"[\\`*_\[\]<>|~&]"  # code, emphasis, links, markup, tables, entities
    r"|^[#+=-]|^\d+(?=[.)])"  # what opens a block at the start of a line
    r"|:(?=//)|(?<=www)\.|@",  # what some renderers link by themselves
    re.IGNORECASE,
)
_NOT_IN_ADDRESSES = frozenset("\"'<>\\^`{}|")
_NOT_IN_ADDRESSES_CLASSES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def reshaped(value: T, text: Shaper, address: Shaper) -> T:
    """`value` with every string below it shaped: fields named `url` as addresses, all others as text.

    An address that is no web link becomes None. Enumerations, numbers and dates stay.
    """
    return cast("T", _shaped(value, text, address))


def _shaped(value: object, text: Shaper, address: Shaper) -> object:
    match value:
        case Enum():
            return value
        case str():
            return text(value)
        case tuple():
            return tuple(_shaped(part, text, address) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {field.name: _shaped(getattr(value, field.name), text, address) for field in fields(value)}
    if "url" in changes:
        link = web_link(getattr(value, "url", None))
        changes["url"] = None if link is None else address(link)
    return replace(value, **changes)


def web_link(url: str | None) -> str | None:
    """An http or https address with nothing in it that could end an attribute or a line; None for anything else."""
    encoded = "".join(_encoded(char) for char in (url or "").strip())
    try:
        parts = urlsplit(encoded)
    except ValueError:
        return None
    return encoded if parts.scheme in {"http", "https"} and parts.hostname else None


def plain(text: str) -> str:
    """For plain text: one line; what holds right-to-left letters is isolated from the line around it."""
    line = one_line(text)
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in line):
        return f"{_ISOLATE}{line}{_POP}"
    return line


def xml_line(text: str) -> str:
    """For XML: one line without the two characters that no document of it may hold (XML 1.0, 2.2)."""
    return one_line(text).translate({0xFFFE: None, 0xFFFF: None})


def markdown(text: str) -> str:
    """For Markdown: one line of text in which no letter is markup."""
    return _MARKDOWN.sub(_escaped, plain(text))


def markdown_link(url: str) -> str:
    """For Markdown, between angle brackets: an entity in an address would be decoded."""
    return url.replace("&", "&amp;")


def wrapped(text: str, indent: int) -> str:
    """`text` in lines of `TEXT_WIDTH`, all but the first indented; addresses and unspaced scripts stay whole."""
    margin = " " * indent
    whole = textwrap.TextWrapper(
        TEXT_WIDTH,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return whole.fill(text).removeprefix(margin)


def _encoded(char: str) -> str:
    unsafe = char in _NOT_IN_ADDRESSES or unicodedata.category(char) in _NOT_IN_ADDRESSES_CLASSES
    return quote(char, safe="", errors="replace") if unsafe else char


def _escaped(match: re.Match[str]) -> str:
    """The mark with a backslash; of a number that would open a list, its full stop takes it."""
    found = match.group()
    return f"{found}\\" if found.isdigit() else f"\\{found}"
