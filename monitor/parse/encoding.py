"""Which characters a body's bytes stand for, where its own word is missing, wrong or misleading.

feedparser follows what server and document declare. Three things go wrong with that in practice: a declaration of a
single-byte encoding over a body that is UTF-8 (a server's default), seven-bit ISO-2022-JP passing as ASCII, and
undeclared Japanese encodings, which it takes for windows-1252. Home of charset-normalizer, which guesses those of other
scripts.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
"""What the web means by these names (WHATWG Encoding Standard, "Names and labels"), in Python's codec names."""

_ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "x-euc-jp": "euc_jp"}
"""Labels of the web that Python does not know."""

_SEVERAL_BYTES = frozenset({"cp932", "euc_jp", "iso2022_jp", "cp949", "gb18030", "big5hkscs"})
_SPECIFIC = (
    _SEVERAL_BYTES
    | frozenset({"koi8-r", "koi8-u"})
    | {f"cp{page}" for page in (874, *range(1250, 1259))}
    | {f"iso8859-{part}" for part in range(1, 17)}
)
"""Encodings believed when declared. Others (utf-7, unicode-escape, punycode …) are left to feedparser's own order."""

BAD_SHARE = 0.1
"""Of the characters beyond ASCII, as many may be no UTF-8 in a body that is taken for it."""

_OTHER_SCRIPTS = frozenset({"big5hkscs", "gb18030", "cp949", "koi8-r", "koi8-u", "cp874"}) | {
    *(f"cp{page}" for page in (1251, 1253, 1255, 1256)),
    *(f"iso8859-{part}" for part in (5, 6, 7, 8, 11)),
}
"""Encodings that are believed when guessed. The Latin ones differ in few letters, which no guess tells apart better
than feedparser's windows-1252."""

SAMPLE_BYTES = 20_000
"""As much of a body is looked at for a guess, to the last "<", which no character of several bytes ends with."""

_JAPANESE = ("euc_jp", "cp932")
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
KANA_SHARE = 0.2
"""At least this share of the characters beyond ASCII must be kana for undeclared bytes to be taken for Japanese:
running Japanese text has about half, text in other encodings read that way next to none."""


def to_utf8(body: bytes, content_type: str | None) -> bytes | None:
    """The body in UTF-8 where its encoding is certain enough; None leaves the question to feedparser.

    A byte order mark is believed first, then the bytes themselves (UTF-8 and ISO-2022-JP cannot be mistaken for
    anything else), then the server, then the XML declaration, then the share of kana, then the guess of
    charset-normalizer where that is no Latin encoding. What is UTF-8 but for a few bytes
    stays UTF-8 unless an encoding of several bytes is declared: one bad title would else spoil all the others, as bytes
    of any kind are text in a single-byte encoding.
    """
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(marked, "replace").encode()
    if any(escape in body for escape in _ESCAPES) and body.isascii():
        return body.decode("iso2022_jp", "replace").encode()
    if _is_utf8(body):
        return body if b"\0" not in body else None
    name = declared(body, content_type)
    if name not in _SEVERAL_BYTES and _is_nearly_utf8(body):
        name = "utf-8"
    name = name or _japanese(body) or _guessed(body)
    return body.decode(name, "replace").encode() if name else None


def declared(body: bytes, content_type: str | None) -> str | None:
    """The codec that the server or the XML declaration names, if it is one to believe."""
    http = _HTTP_CHARSET.search(content_type or "")
    xml = _XML_ENCODING.search(body[:1024])
    names = (http[1] if http else None, xml[1].decode("ascii") if xml else None)
    return next(filter(None, (_specific(name) for name in names if name)), None)


def _specific(label: str) -> str | None:
    try:
        name = codecs.lookup(_ALIASES.get(label.lower(), label)).name
    except LookupError:
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _SPECIFIC else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether almost all that is beyond ASCII is UTF-8; in any other encoding next to nothing is by chance."""
    text = body.decode("utf-8", "replace")
    return text.count("\ufffd") <= BAD_SHARE * _beyond_ascii(text)


def _japanese(body: bytes) -> str | None:
    """The Japanese encoding that makes the most kana of the bytes, or None when neither makes enough."""
    share, name = max((_kana_share(body, name), name) for name in _JAPANESE)
    return name if share >= KANA_SHARE else None


def _guessed(body: bytes) -> str | None:
    """The encoding of another script that the bytes most look like; None where they look Latin, or like nothing."""
    # Needed for next to no feed, and 0.15 s of a child's time.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    sample = body if len(body) <= SAMPLE_BYTES else body[:SAMPLE_BYTES].rpartition(b"<")[0]
    best = from_bytes(sample, preemptive_behaviour=False).best()
    name = None if best is None else _specific(best.encoding)
    return name if name in _OTHER_SCRIPTS else None


def _kana_share(body: bytes, name: str) -> float:
    """Kana among the characters beyond ASCII, 0..1; 0 when the bytes are not of this encoding."""
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(body)  # a body may end within a character
    except UnicodeDecodeError:
        return 0.0
    return len(_KANA.findall(text)) / max(1, _beyond_ascii(text))


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
