"""The default feeds of a watchlist: feeds.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from monitor.domain.feed import NewFeed
from monitor.domain.watchlist import Publisher
from monitor.errors import WatchlistError
from monitor.watchlists.history import HISTORY
from monitor.watchlists.loader import FILES, existing, folders, load_publishers
from monitor.watchlists.tables import Table, read_table

FEEDS = "feeds.toml"
CONFIDENCES = ("high", "medium", "low")


def load_feeds(name: str, folder: Path | None = None) -> tuple[NewFeed, ...]:
    """The feeds suggested with the watchlist `name`, in the order of the file. Raises WatchlistError."""
    layers = folders(name, folder)
    outlets = load_publishers(layers)
    table = read_table(existing(layers, FEEDS))
    feeds: dict[str, NewFeed] = {}
    for inner in table.tables("feed"):
        feed = _feed(inner, outlets)
        if feed.url in feeds:
            raise inner.wrong("url", f"{feed.url!r} is listed twice")
        feeds[feed.url] = feed
    table.done()
    return tuple(feeds.values())


def refuse_strays(folder: Path) -> None:
    """Raise WatchlistError for a TOML file in the user's folder that nothing reads: its name may be misspelt."""
    known = {*FILES, FEEDS, HISTORY}
    strays = sorted(path.name for path in folder.glob("*.toml") if path.name not in known)
    if strays:
        raise WatchlistError(f"{strays[0]} in {folder} is read by nothing: call it one of {', '.join(sorted(known))}.")


def _feed(table: Table, outlets: Mapping[str, Publisher]) -> NewFeed:
    url = table.text("url")
    if not url.startswith(("https://", "http://")):
        raise table.wrong("url", f"is {url!r} and must begin with https:// or http://")
    publisher = table.optional_text("publisher")
    if publisher is not None and publisher not in outlets:
        raise table.wrong("publisher", f"is {publisher!r}, which is not in publishers.toml")
    feed = NewFeed(
        url=url,
        title=table.text("title"),
        site=table.optional_text("site"),
        language=table.optional_text("language"),
        publisher=publisher,
        country=table.optional_text("country"),
        kind=table.optional_text("kind"),
        confidence=table.choice("confidence", CONFIDENCES),
    )
    table.done()
    return feed
