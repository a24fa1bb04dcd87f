"""What stands before a document's root element: nothing that is declared there is to have any effect.

Entities, attribute lists and external subsets serve attacks (expansion, files, quadratic lists) and no feed needs them:
names that HTML knows are understood without. feedparser removes some of this; a comment before it is enough to stop it.
"""

from __future__ import annotations

import re

_SPACE = re.compile(rb"\s*+")
_IDLE = re.compile(rb"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE(?=[\s>\[])", re.IGNORECASE)
_OUTSIDE = re.compile(rb"""[^\["'>]*+""")
_INSIDE = re.compile(rb"""(?:[^\]"'<]++|<(?!!--|\?))*+""")
_CLOSED_BY = {b"<!--": b"-->", b"<?": b"?>", b'"': b'"', b"'": b"'"}
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|rdf|channel|entry|item)[\s>/]", re.IGNORECASE)

NETSCAPE = b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "">'
"""The one thing that a document type tells: by it feedparser knows Netscape's RSS 0.91 from Userland's."""


def without_declarations(body: bytes) -> bytes:
    """The document without its document type, in an encoding that has ASCII in it; linear in its length."""
    kept: list[bytes] = []
    begin = 0  # of what is not yet in `kept`
    place = _after(_IDLE, body, 3 if body.startswith(b"\xef\xbb\xbf") else 0)
    while (opening := _DOCTYPE.match(body, place)) is not None:
        end = _end_of_doctype(body, opening.end())
        kept += [body[begin:place], NETSCAPE if b"netscape" in body[place:end].lower() else b""]
        begin, place = end, _after(_IDLE, body, end)
    return b"".join([*kept, body[begin:]])


def _end_of_doctype(body: bytes, place: int) -> int:
    """Where a document type ends that began before `place`; one that never ends goes as far as the root element."""
    end = _over(body, place, _OUTSIDE, (b'"', b"'"))
    if end is not None and body[end : end + 1] == b"[":
        end = _over(body, end + 1, _INSIDE, (b'"', b"'", b"<!--", b"<?"))
        end = None if end is None else _after(_SPACE, body, end + 1)
    if end is not None and body[end : end + 1] == b">":
        return end + 1
    root = _ROOT.search(body, place)
    return root.start() if root else len(body)


def _over(body: bytes, place: int, plain: re.Pattern[bytes], pairs: tuple[bytes, ...]) -> int | None:
    """The first place that is neither plain nor within a pair; None where a pair is never closed."""
    place = _after(plain, body, place)
    while body.startswith(pairs, place):
        passed = _past(body, place, pairs)
        if passed is None:
            return None
        place = _after(plain, body, passed)
    return place


def _past(body: bytes, place: int, pairs: tuple[bytes, ...]) -> int | None:
    """The place behind the pair that opens here; None where none does, or it is never closed."""
    opening = next((one for one in pairs if body.startswith(one, place)), None)
    if opening is None:
        return None
    closing = _CLOSED_BY[opening]
    end = body.find(closing, place + len(opening))
    return None if end < 0 else end + len(closing)


def _after(pattern: re.Pattern[bytes], body: bytes, place: int) -> int:
    """Where the pattern ends that begins here; it matches nothing at all as well."""
    match = pattern.match(body, place)
    return match.end() if match else place
