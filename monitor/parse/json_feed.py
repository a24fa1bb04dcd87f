"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to domain values; feedparser 6 does not read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from monitor.domain.feed import Fetched, ParsedEntry, ParsedFeed
from monitor.parse.clean import SUMMARY_LENGTH, line_of, text_of
from monitor.parse.feed import AUTHOR_LIMIT, ENTRY_LIMIT, TAG_LIMIT
from monitor.parse.pointers import json_pointers
from monitor.parse.values import absolute_link, guid_of, iso_moment, primary_language, raw_date, written_offset

Json = Mapping[str, object]

NUMBER_LENGTH = 100
"""Digits of the longest number that is read as one."""

_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_COMMA = re.compile(r"\s*,?\s*")
_FORMATS = {"1": "json10", "1.0": "json10", "1.1": "json11"}
"""Formats by the last part of `version`, which is an address; "json" stands for any other."""


def parse_json(fetched: Fetched) -> ParsedFeed | None:
    """The feed in the body, or None for JSON that is none: no list of items. Raises ValueError for broken JSON.

    Publishers forget or misspell `version`; a document with a list of items is read all the same.
    """
    document = _document(fetched.body.decode("utf-8-sig", "replace"))
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    entries = [item for item in items if isinstance(item, dict)]
    language = primary_language(document.get("language"))
    return ParsedFeed(
        title=line_of(_text(document, "title")),
        format=_format(document),
        language=language,
        site=absolute_link(document.get("home_page_url"), fetched.url),
        hub=_hub(document, fetched.url),
        entries=tuple(_entry(entry, fetched.url, language) for entry in entries[:ENTRY_LIMIT]),
        left_out=max(0, len(entries) - ENTRY_LIMIT),
        pointers=json_pointers(document, fetched.url),
    )


def _document(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value; of one that is broken, cut off or nested too deeply, the items before that. Raises ValueError."""
    try:
        return json.loads(text, parse_int=_number)
    except (ValueError, RecursionError) as error:
        items = list(_whole_items(text))
        if not items:
            raise ValueError("broken JSON") from error
        return {"items": items}


def _whole_items(text: str) -> Iterator[object]:
    """The items of a document up to the first that cannot be read."""
    decoder = json.JSONDecoder(parse_int=_number)
    opening = _ITEMS.search(text)
    place = opening.end() if opening else len(text)
    with suppress(ValueError, RecursionError):
        while text[place : place + 1] == "{":
            item, place = decoder.raw_decode(text, place)
            yield item
            place = _COMMA.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing at all as well


def _number(digits: str) -> int | str:
    """A whole number; one that Python would not write again (4,300 digits) as text."""
    return int(digits) if len(digits) <= NUMBER_LENGTH else digits


def _entry(item: Json, base: str, language: str | None) -> ParsedEntry:
    raw = _text(item, "date_published") or _text(item, "date_modified")
    published = iso_moment(raw)
    return ParsedEntry(
        guid=guid_of(_text(item, "id")),
        link=absolute_link(item.get("url"), base) or absolute_link(item.get("external_url"), base),
        title=line_of(_text(item, "title")),
        summary=_summary(item),
        published=published,
        published_raw=raw_date(raw) or None,
        authors=tuple(_authors(item))[:AUTHOR_LIMIT],
        tags=tuple(filter(None, (line_of(str(tag)) for tag in _list(item, "tags"))))[:TAG_LIMIT],
        language=primary_language(item.get("language")) or language,
        offset=written_offset(raw) if published else None,
    )


def _summary(item: Json) -> str:
    """The summary where there is one, else the content; `content_text` is plain by definition but may hold anything."""
    candidates = (_text(item, name) for name in ("summary", "content_html", "content_text"))
    return text_of(next(filter(None, candidates), ""), SUMMARY_LENGTH)


def _authors(item: Json) -> Iterable[str]:
    """Names of version 1.1's list and of version 1.0's single author, each once."""
    people = [*_list(item, "authors"), item.get("author")]
    names = (line_of(_text(person, "name")) for person in people if isinstance(person, dict))
    return dict.fromkeys(filter(None, names))


def _hub(document: Json, base: str) -> str | None:
    hubs = (hub for hub in _list(document, "hubs") if isinstance(hub, dict))
    return next((absolute_link(hub.get("url"), base) for hub in hubs), None)


def _format(document: Json) -> str:
    return _FORMATS.get(_text(document, "version").rpartition("/")[2], "json")


def _list(value: Json, name: str) -> list[object]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _text(value: Json, name: str) -> str:
    """The value as text: ids are sometimes numbers; anything that is neither text nor number counts as absent."""
    found = value.get(name)
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""
