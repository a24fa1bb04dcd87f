"""The feeds of an OPML file, with their categories. Runs in a parser's child: the file may be a stranger's.

Expat is asked directly: it reads attributes alone, refuses what declares entities, and fetches nothing.
"""

from __future__ import annotations

import html
import re
from xml.parsers import expat

from monitor.domain.catalogue import CATEGORY_DEPTH, Outline, Outlines, category_steps
from monitor.domain.feed import Failure, Fetched, NewFeed, ParseFailed
from monitor.parse.clean import TITLE_LENGTH, without_controls
from monitor.parse.encoding import to_utf8
from monitor.parse.values import LINK_LENGTH, absolute_link, primary_language

FEED_LIMIT = 10_000
"""Feeds kept of one file; `Outlines.left_out` counts the others."""

_NO_OPML = "It is no OPML file."
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)([A-Za-z]{2,31};)?")
"""What is no reference of XML: a bare "&", as writers leave it in addresses, or a name that only HTML knows."""

_BAD_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));", re.IGNORECASE)


class _RefusedError(Exception):
    """The file does what no honest one does; the text says what."""


def read_opml(fetched: Fetched) -> Outlines | ParseFailed:
    """The feeds in the file, or one sentence on why there are none to be read."""
    reader = _Reader()
    try:
        reader.read(_mended(fetched))
    except _RefusedError as refused:
        return ParseFailed(Failure.NOT_A_FEED, str(refused))
    except expat.ExpatError as error:
        if reader.root != "opml":
            return ParseFailed(Failure.NOT_A_FEED, _NO_OPML)
        what = expat.ErrorString(error.code)
        return ParseFailed(Failure.NOT_A_FEED, f"It is broken at line {error.lineno} ({what}): mend it there.")
    return Outlines(tuple(reader.feeds), reader.left_out)


class _Reader:
    """Takes down the feeds, each under the names of the folders it lies in."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.feeds: list[Outline] = []
        self.left_out = 0
        self._folders: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def read(self, document: bytes) -> None:
        """Read the whole file. Raises ExpatError and _RefusedError."""
        self._parser.Parse(document, True)  # noqa: FBT003 - pyexpat takes no keywords

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.lower()
        if self.root is None:
            self.root = name
            if name != "opml":
                raise _RefusedError(_NO_OPML)
        if name != "outline":
            return
        given = {key.lower(): value for key, value in attributes.items()}
        if given.get("xmlurl", "").strip():
            self._take(given)
        self._folders.append(_name(given))

    def _end(self, name: str) -> None:
        if name.lower() == "outline":
            self._folders.pop()

    def _entity(self, *_: object) -> None:
        raise _RefusedError("It declares entities, which no OPML file needs: remove its DOCTYPE.")

    def _take(self, given: dict[str, str]) -> None:
        if len(self.feeds) >= FEED_LIMIT:
            self.left_out += 1
            return
        feed = NewFeed(
            url=without_controls(given["xmlurl"]).strip()[: LINK_LENGTH + 1],
            title=_name(given),
            site=absolute_link(given.get("htmlurl"), ""),
            language=primary_language(given.get("language")),
            category=self._category(given),
        )
        self.feeds.append(Outline(self._parser.CurrentLineNumber, feed))

    def _category(self, given: dict[str, str]) -> str | None:
        """The folders' names, else the first of OPML 2.0's `category` attribute ("/Asia/Japan,/Navies")."""
        folders = "/".join(self._folders[:CATEGORY_DEPTH])
        named = _line(given.get("category", "").partition(",")[0])
        return "/".join(category_steps(folders) or category_steps(named)) or None


def _name(given: dict[str, str]) -> str:
    return _line(given.get("title", "")) or _line(given.get("text", ""))


def _line(text: str) -> str:
    return " ".join(without_controls(text).split())[:TITLE_LENGTH].strip()


def _mended(fetched: Fetched) -> bytes:
    """The file in UTF-8, without what is no XML and harmless: control characters, bare ampersands, names of HTML."""
    utf8 = to_utf8(fetched.body, fetched.content_type)
    text = (fetched.body if utf8 is None else utf8).decode("utf-8", "replace")
    text = _LOOSE_AMPERSAND.sub(_reference, without_controls(text).lstrip())
    return _BAD_REFERENCE.sub(_allowed, text).encode()


def _reference(match: re.Match[str]) -> str:
    """Text for an "&" that is not XML's: the characters its name stands for in HTML, else itself."""
    named = html.unescape(f"&{match[1]}") if match[1] else ""
    meant = named if named and not named.startswith("&") else None
    return html.escape(meant) if meant else f"&amp;{match[1] or ''}"


def _allowed(match: re.Match[str]) -> str:
    """The reference, or nothing where its character may not stand in XML."""
    code = int(match[1], 16) if match[1] else int(match[2])
    allowed = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF  # noqa: PLR2004 - XML 1.0, production 2
    return match[0] if allowed else ""
