"""Which entry is which item: the key that stays the same from poll to poll."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from monitor.domain.feed import ParsedEntry


def item_keys(entries: Sequence[ParsedEntry]) -> list[str]:
    """One key per entry of one document, in order; equal documents give equal keys.

    A guid that occurs once in the document is the key. A repeated guid is joined with the link; a missing or blank
    guid falls back to the link, and that to the words and the raw date. Entries that are still alike to the last
    letter are numbered in order of appearance.
    """
    guids = Counter(_stripped(entry.guid) for entry in entries)
    drafts = [_draft(entry, guids) for entry in entries]
    return _numbered(_resolve_repeats(drafts, entries))


def content_hash(entry: ParsedEntry) -> str:
    """SHA-256 of the words, link and date a reader would see: a changed hash is a new version of the item."""
    parts = (entry.title, entry.summary, entry.link or "", entry.published_raw or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _draft(entry: ParsedEntry, guids: Counter[str]) -> str:
    guid = _stripped(entry.guid)
    if guid and guids[guid] == 1:
        return f"guid:{guid}"
    if guid:
        return f"guid:{guid} link:{entry.link or ''}"
    if entry.link:
        return f"link:{entry.link}"
    return f"text:{content_hash(entry)}"


def _resolve_repeats(drafts: list[str], entries: Sequence[ParsedEntry]) -> list[str]:
    """Entries that share a draft key (one link for all, say) are told apart by their words."""
    counts = Counter(drafts)
    return [
        draft if counts[draft] == 1 or draft.startswith("text:") else f"{draft} text:{content_hash(entry)}"
        for draft, entry in zip(drafts, entries, strict=True)
    ]


def _numbered(keys: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return numbered


def _stripped(guid: str | None) -> str:
    return (guid or "").strip()
