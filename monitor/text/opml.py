"""Feeds as an OPML 2.0 file, their categories as folders. Reading one is `parse.opml`'s part: a file may be hostile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from monitor.domain.catalogue import category_steps
from monitor.domain.feed import NewFeed
from monitor.text.shown import one_line

_NOT_XML = dict.fromkeys((0xFEFF, 0xFFFE, 0xFFFF))
"""What XML forbids beyond controls and surrogates, and the byte order mark that a reader drops."""

_INDENT = "  "


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    feeds: list[NewFeed] = field(default_factory=list)


def write_opml(feeds: Iterable[NewFeed], title: str) -> str:
    """The file, equal for equal feeds: those without a category first, then folders by name; feeds in their order."""
    root = _Folder()
    for feed in feeds:
        folder = root
        for name in category_steps(feed.category or ""):
            folder = folder.folders.setdefault(name, _Folder())
        folder.feeds.append(feed)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<opml version="2.0">',
            f"{_INDENT}<head><title>{escape(_clean(title))}</title></head>",
            f"{_INDENT}<body>",
            *_lines(root, 2),
            f"{_INDENT}</body>",
            "</opml>",
            "",
        ]
    )


def _lines(folder: _Folder, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    for feed in folder.feeds:
        yield f"{indent}<outline {_attributes(_of(feed))}/>"
    for name, inner in sorted(folder.folders.items()):
        yield f"{indent}<outline {_attributes([('text', name)])}>"
        yield from _lines(inner, depth + 1)
        yield f"{indent}</outline>"


def _of(feed: NewFeed) -> Sequence[tuple[str, str | None]]:
    return (
        ("text", feed.title),
        ("title", feed.title),
        ("type", "rss"),  # the only word the specification has, for feeds of every format
        ("xmlUrl", feed.url),
        ("htmlUrl", feed.site),
        ("language", feed.language),
    )


def _attributes(given: Iterable[tuple[str, str | None]]) -> str:
    return " ".join(f"{name}={quoteattr(_clean(value))}" for name, value in given if value)


def _clean(text: str) -> str:
    """Text that XML can carry, on one line."""
    return one_line(text).translate(_NOT_XML)
