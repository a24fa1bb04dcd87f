"""Which entry is which item: what tells the items of one feed apart, from poll to poll.

A guid alone neither makes two entries one item nor one item two: broken software repeats guids, numbers anew from 1
or makes new ones at every request. So an item is found again by what its guid and its link say together, each of them
believed alone only where it is not repeated and something else agrees.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from monitor.domain.feed import ParsedEntry


@dataclass(frozen=True, slots=True)
class Identity:
    """What an entry, or an item in its newest version, has to be known by; "" where it has nothing.

    `link` is canonical, `words` the `content_hash`, `dated` the date as the feed wrote it.
    """

    guid: str
    link: str
    title: str
    words: str
    dated: str


def match_items(stored: Sequence[Identity], found: Sequence[Identity]) -> list[int | None]:
    """For each entry found in one document, the place in `stored` of the item that it is; None for a new one.

    No item is given to two entries. `stored` must hold all items of the feed that share a guid or a link with an entry,
    as what several share says nothing; items beyond these change nothing.
    """
    homes = dict(_alike(stored, found))
    for rule in _RULES:
        known, seen = _places(rule.told_by, stored), _places(rule.told_by, found)
        taken = set(homes.values())
        for told, here in seen.items():
            there = known.get(told)
            if there is None or here is None or here in homes or there in taken:
                continue
            if rule.believed(stored[there], found[here]):
                homes[here] = there
    return [homes.get(place) for place in range(len(found))]


@dataclass(frozen=True, slots=True)
class _Rule:
    """`told_by` gives what must be equal, and unrepeated on both sides; None where the rule says nothing."""

    told_by: Callable[[Identity], Hashable | None]
    believed: Callable[[Identity, Identity], bool] = lambda _old, _new: True


def _with_guid(old: Identity, new: Identity) -> bool:
    """Whether an entry under the guid of an item is that item: its link, title or date is still the same."""
    return any(getattr(old, name) == getattr(new, name) != "" for name in ("link", "title", "dated"))


def _with_link(old: Identity, new: Identity) -> bool:
    """Whether an entry under the link of an item is that item: one of them has no guid, or the title is the same."""
    return not old.guid or not new.guid or old.title == new.title != ""


_RULES = (
    _Rule(lambda one: (one.guid, one.link, one.words) if one.guid or one.link else None),
    _Rule(lambda one: (one.link, one.words, one.dated) if one.link and one.dated else None),
    _Rule(lambda one: (one.guid, one.link, one.title) if one.guid or one.link else None),
    _Rule(lambda one: (one.guid, one.link) if one.guid or one.link else None),
    _Rule(lambda one: one.guid or None, _with_guid),
    _Rule(lambda one: one.link or None, _with_link),
)
"""In order of strength; before them comes whoever is the same in everything."""


def _alike(stored: Sequence[Identity], found: Sequence[Identity]) -> Iterable[tuple[int, int]]:
    """Places of the same in everything; where there are several, which of them is which makes no difference."""
    waiting: defaultdict[Identity, list[int]] = defaultdict(list)
    for place in reversed(range(len(stored))):
        waiting[stored[place]].append(place)
    for place, identity in enumerate(found):
        if waiting[identity]:
            yield place, waiting[identity].pop()


def _places(told_by: Callable[[Identity], Hashable | None], among: Sequence[Identity]) -> dict[Hashable, int | None]:
    """Where each value is; None for one that is repeated."""
    places: dict[Hashable, int | None] = {}
    for place, identity in enumerate(among):
        told = told_by(identity)
        if told is not None:
            places[told] = None if told in places else place
    return places


def item_keys(entries: Sequence[ParsedEntry]) -> list[str]:
    """One key per entry of one document, in order: the names under which its new items are stored.

    Equal documents give equal keys, but a key depends on its neighbours, so it is `match_items` that finds an item
    again. A guid that occurs once in the document is the key. A repeated guid is joined with the link; a missing or
    blank guid falls back to the link, and that to the words and the raw date. Entries that are still alike to the last
    letter are numbered in order of appearance.
    """
    guids = Counter(stripped_guid(entry) for entry in entries)
    drafts = [_draft(entry, guids) for entry in entries]
    return _numbered(_resolve_repeats(drafts, entries))


def stripped_guid(entry: ParsedEntry) -> str:
    """The guid without blanks around it; "" for none."""
    return (entry.guid or "").strip()


def content_hash(entry: ParsedEntry) -> str:
    """SHA-256 of the words and link a reader would see: a changed hash is a new version of the item.

    The date has no part in it: some software writes the time of the request as the date of every entry.
    """
    return _sha256(entry.title, entry.summary, entry.link or "")


def _draft(entry: ParsedEntry, guids: Counter[str]) -> str:
    guid = stripped_guid(entry)
    if guid and guids[guid] == 1:
        return f"guid:{guid}"
    if guid:
        return f"guid:{guid} link:{entry.link or ''}"
    if entry.link:
        return f"link:{entry.link}"
    return f"text:{_full_hash(entry)}"


def _resolve_repeats(drafts: list[str], entries: Sequence[ParsedEntry]) -> list[str]:
    """Entries that share a draft key (one link for all, say) are told apart by their words."""
    counts = Counter(drafts)
    return [
        draft if counts[draft] == 1 or draft.startswith("text:") else f"{draft} text:{_full_hash(entry)}"
        for draft, entry in zip(drafts, entries, strict=True)
    ]


def _numbered(keys: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return numbered


def _full_hash(entry: ParsedEntry) -> str:
    """With the date: the same words under another date are another bulletin."""
    return _sha256(entry.title, entry.summary, entry.link or "", entry.published_raw or "")


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
