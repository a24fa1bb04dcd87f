"""The newsroom's feed documents: one function per format, built from the same dispatches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_1 = "http://purl.org/rss/1.0/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One feed of the newsroom. A `desk` names per item the outlet it was taken from."""

    id: str
    title: str
    format: str
    language: str
    behaviour: str = "ordinary"
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One report as its outlet publishes it. `url` is where it really stands, None when unknown; `id` never changes."""

    id: str
    title: str
    summary: str
    published: datetime
    url: str | None
    outlet: str


def rss20(outlet: Outlet, home: str, dispatches: Sequence[Dispatch]) -> bytes:
    """An RSS 2.0 document, newest dispatch first."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _text(channel, title=outlet.title, link=home, description=outlet.title, language=outlet.language)
    for dispatch in dispatches:
        item = ET.SubElement(channel, "item")
        _text(item, title=dispatch.title, link=dispatch.url, description=dispatch.summary)
        ET.SubElement(item, "guid", isPermaLink="false").text = dispatch.id
        ET.SubElement(item, "pubDate").text = format_datetime(dispatch.published)
        if outlet.desk:
            ET.SubElement(item, "source", url=dispatch.url or home).text = dispatch.outlet
    return _xml(root)


def atom10(outlet: Outlet, home: str, dispatches: Sequence[Dispatch]) -> bytes:
    """An Atom 1.0 document, newest dispatch first."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": outlet.language})
    _text(root, ATOM, title=outlet.title, id=home)
    if dispatches:
        _text(root, ATOM, updated=dispatches[0].published.isoformat())
    for dispatch in dispatches:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        published = dispatch.published.isoformat()
        _text(entry, ATOM, id=dispatch.id, title=dispatch.title, summary=dispatch.summary)
        _text(entry, ATOM, published=published, updated=published)
        if dispatch.url:
            ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=dispatch.url)
        if outlet.desk:
            _text(ET.SubElement(entry, f"{{{ATOM}}}source"), ATOM, title=dispatch.outlet)
    return _xml(root)


def rdf(outlet: Outlet, home: str, dispatches: Sequence[Dispatch]) -> bytes:
    """An RSS 1.0 (RDF) document, newest dispatch first; its items have no guid but their address."""
    for prefix, namespace in (("rdf", RDF), ("", RSS_1), ("dc", DUBLIN_CORE)):
        ET.register_namespace(prefix, namespace)
    root = ET.Element(f"{{{RDF}}}RDF")
    channel = ET.SubElement(root, f"{{{RSS_1}}}channel", {f"{{{RDF}}}about": home})
    _text(channel, RSS_1, title=outlet.title, link=home, description=outlet.title)
    _text(channel, DUBLIN_CORE, language=outlet.language)
    for dispatch in dispatches:
        item = ET.SubElement(root, f"{{{RSS_1}}}item", {f"{{{RDF}}}about": dispatch.url or dispatch.id})
        _text(item, RSS_1, title=dispatch.title, link=dispatch.url, description=dispatch.summary)
        _text(item, DUBLIN_CORE, date=dispatch.published.isoformat())
    return _xml(root)


def json11(outlet: Outlet, home: str, dispatches: Sequence[Dispatch]) -> bytes:
    """A JSON Feed 1.1 document, newest dispatch first."""
    items = [
        {
            "id": dispatch.id,
            "title": dispatch.title,
            "content_text": dispatch.summary,
            "date_published": dispatch.published.isoformat(),
        }
        | ({"url": dispatch.url} if dispatch.url else {})
        for dispatch in dispatches
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": home,
        "language": outlet.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


FORMATS: Mapping[str, tuple[str, Callable[[Outlet, str, Sequence[Dispatch]], bytes]]] = {
    "rss20": ("application/rss+xml", rss20),
    "atom10": ("application/atom+xml", atom10),
    "rdf": ("application/rdf+xml", rdf),
    "json11": ("application/feed+json", json11),
}
"""Content type and writer of each format."""


def _text(parent: ET.Element, namespace: str = "", **children: str | None) -> None:
    """Append a child with text for each name whose text is not None."""
    for name, text in children.items():
        if text is not None:
            ET.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name).text = text


def _xml(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
