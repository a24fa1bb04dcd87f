"""feedparser's own expectations of its shared fixtures, as far as they concern what we keep, asked of our parser.

Each file states its expectation as a Python expression over feedparser's result. We give the expression a result of the
same shape made of ours: title, link, guid, summary, version, what was decoded. `bozo` and `bozo_exception` say how the
parser felt about the document, and headers, etag and modified what the server sent: we keep neither, so where an
expression asks for them that part is named in `NOT_OURS` and the rest is asked all the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.feed import Fetched, ParsedFeed, ParseFailed, Validators
from monitor.parse.document import parse_document
from tests.support.material import FOLDER

FIXTURES = FOLDER / "feeds" / "kurtmckee-feedparser"
ADDRESS = "http://127.0.0.1:8097/feed/file.xml"
"""Where feedparser's own tests serve these files."""

NOT_OURS = {
    "bozo": "whether the document was well-formed: we keep the feed, not its grade",
    "bozo_exception": "the same",
    "encoding": "the name of the encoding: we keep the text, which is asked for below",
    "etag": "validators are the fetcher's, tested with it",
    "modified": "the same",
    "modified_parsed": "the same",
    "headers": "the same",
    "guidislink": "kept as the entry's link where it has no other, asked for below",
    "locals": "asks whether a header was there at all",
}

GUESSED = {
    "big5.xml": "很容易|成中文|有助于改",
    "eucjp.xml": "[\u3041-\u30fa]",
    "euckr.xml": "[\uac00-\ud7a3]",
    "gb2312.xml": "不归移民|漫画系列|专业工作",
    "koi8r.xml": "[\u0430-\u044f]",
    "shiftjis.xml": "[\u3041-\u30fa]",
    "tis620.xml": "[\u0e01-\u0e2e]",
    "windows1255.xml": "[\u05d0-\u05ea]",
}
"""Undeclared encodings, by letters or words that the text has when the guess is right."""


def files() -> list[Path]:
    return sorted(path for path in FIXTURES.rglob("*") if path.is_file() and expectation(path) is not None)


def source(path: Path) -> str:
    """The file as text, by its byte order mark where it has one."""
    data = path.read_bytes()
    for name in ("utf-8", "utf-16", "utf-32", "utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le"):
        text = data.decode(name, "replace")
        if "Expect" in text:
            return text
    return data.decode("latin-1")


def expectation(path: Path) -> str | None:
    match = re.search(r"Expect:\s*(.+?)\s*(?:\r?\n|-->)", source(path))
    return match[1] if match else None


def parsed(path: Path) -> ParsedFeed | ParseFailed:
    headers = {
        name.lower(): value.strip() for name, value in re.findall(r"Header:\s+([\w-]+): *([^\r\n]*)", source(path))
    }
    return parse_document(
        Fetched(ADDRESS, path.read_bytes(), headers.get("content-type"), headers.get("content-location"), Validators())
    )


class Record(dict[str, Any]):
    """Attributes and keys alike, as feedparser's results have them."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return self[name]


def namespace(feed: ParsedFeed) -> dict[str, Any]:
    """Our result under feedparser's names."""
    entries = [
        Record(
            title=entry.title, link=entry.link, id=entry.guid, summary=entry.summary, description=entry.summary,
            content=[Record(value=entry.summary)],
        )
        for entry in feed.entries
    ]  # fmt: skip
    minutes = feed.asks.ttl.total_seconds() / 60 if feed.asks.ttl else None
    about = Record(title=feed.title, link=feed.site, language=feed.language, ttl=f"{minutes:g}" if minutes else None)
    return {"feed": about, "entries": entries, "version": feed.format, "len": len, "ord": ord}


def parts(expression: str) -> list[str]:
    """What of an expression concerns us: its terms that name nothing of `NOT_OURS`."""
    terms = re.split(r"\s+and\s+", expression)
    return [term for term in terms if NOT_OURS.keys().isdisjoint(re.findall(r"\w+", term)) and term != "1"]


ABSENT = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared feed documents are not on this machine")
ASKED = [(path, part) for path in files() for part in parts(expectation(path) or "")] if FIXTURES.exists() else []

CLEANED = "bozo_linenoise.xml"
"""Expects a control character, which we take out of all text, and no "<>", which feedparser's sanitiser takes out (it
is off) and browsers show."""

MARKUP = "rel_uri_with_unicode_character.xml"
"""Expects a link within a summary's markup to be made absolute: we keep the words of a summary, no markup."""


@ABSENT
def test_every_expectation_is_found() -> None:
    assert len(files()) >= 50
    assert len(ASKED) >= 15


@ABSENT
@pytest.mark.parametrize(("path", "part"), ASKED, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_what_feedparser_expects_of_a_field_we_keep_holds(path: Path, part: str) -> None:
    found = parsed(path)
    assert isinstance(found, ParsedFeed)
    if path.name == MARKUP:
        assert found.entries[0].summary == "uri"
        return
    if path.name == CLEANED:
        assert found.entries[0].summary == "\xe2\u20ac\u2122<>\xe2\u20ac\u0160"
        return
    assert eval(part, {"__builtins__": {}}, namespace(found)), (part, namespace(found))  # noqa: S307 - expressions of feedparser's own suite


@ABSENT
@pytest.mark.parametrize("path", files() if FIXTURES.exists() else [], ids=lambda path: path.name)
def test_every_fixture_comes_to_a_value(path: Path) -> None:
    assert isinstance(parsed(path), ParsedFeed | ParseFailed)


@ABSENT
@pytest.mark.parametrize(("name", "letters"), GUESSED.items())
def test_undeclared_encodings_are_read_as_text(name: str, letters: str) -> None:
    found = parsed(FIXTURES / "tests" / "illformed" / "chardet" / name)
    assert isinstance(found, ParsedFeed)
    words = " ".join([found.title, *(f"{entry.title} {entry.summary}" for entry in found.entries)])
    assert len(re.findall(letters, words)) >= 3, words[:200]


@ABSENT
def test_every_undeclared_encoding_is_named() -> None:
    names = {path.name for path in (FIXTURES / "tests" / "illformed" / "chardet").iterdir()}
    assert names == GUESSED.keys()


@ABSENT
def test_a_guid_that_is_a_permanent_link_is_the_link() -> None:
    found = parsed(FIXTURES / "tests" / "wellformed" / "rss" / "item_guid_guidislink.xml")
    assert isinstance(found, ParsedFeed)
    assert found.entries[0].link == found.entries[0].guid
