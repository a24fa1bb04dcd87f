"""Entries on their way into the store, with all that their rows need."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.churn import Told
from monitor.domain.feed import ParsedEntry
from monitor.domain.identity import Identity, content_hash, stripped_guid
from monitor.domain.item import clamp_published
from monitor.store.columns import storable
from monitor.text.url import canonical_url

KEY_LIMIT = 512
"""Characters of a key that is stored as it is; a longer one would not fit into an index of PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with all that its rows need, made before the transaction begins. `language` is declared, or None."""

    key: str
    entry: ParsedEntry
    language: str | None
    archive: bool
    seen_at: datetime
    hash: str
    published: datetime | None
    date_flagged: bool

    @property
    def identity(self) -> Identity:
        """What it is known by, as a database holds that."""
        entry = self.entry
        return Identity(
            guid=storable_key(stripped_guid(entry)),
            link=storable(address(entry) or ""),
            title=storable(entry.title),
            words=self.hash,
            dated=storable(entry.published_raw or ""),
        )

    @property
    def told(self) -> Told:
        """What it tells, as a database holds that."""
        entry = self.entry
        return Told(storable(entry.title), storable(entry.summary), storable(entry.published_raw or ""))


def draft(key: str, entry: ParsedEntry, language: str | None, *, archive: bool, seen_at: datetime) -> Draft:
    """The draft of an entry first or again seen at `seen_at`; its date is clamped to that."""
    published, flagged = clamp_published(entry.published, seen_at)
    return Draft(
        key=storable_key(key),
        entry=entry,
        language=entry.language or language,
        archive=archive,
        seen_at=seen_at,
        hash=content_hash(entry),
        published=published,
        date_flagged=flagged,
    )


def storable_key(key: str) -> str:
    """The key, or its hash where it is too long for an index or holds what a database refuses; never two for one."""
    if len(key) <= KEY_LIMIT and storable(key) == key:
        return key
    return f"sha256:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def address(entry: ParsedEntry) -> str | None:
    """The entry's link as addresses are compared; None without one."""
    return None if entry.link is None else canonical_url(entry.link)
