"""Links, dates and languages as feeds write them, turned into what the domain means by them."""

from __future__ import annotations

import calendar
import hashlib
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from monitor.parse.clean import line_of, without_controls

LINK_LENGTH = 4096
"""A longer address is no link: servers refuse them from about 8,000 characters."""

GUID_LENGTH = 1_000
"""A longer guid is replaced by its SHA-256: cut short, two of them might become one."""

DATE_LENGTH = 100
"""Characters kept of a raw date."""

NAMED_ZONES = {
    "aest": 600, "aedt": 660, "awst": 480, "bst": 60, "cest": 120, "cet": 60, "eat": 180, "eest": 180, "eet": 120,
    "gst": 240, "hkt": 480, "ict": 420, "ist": 330, "jst": 540, "kst": 540, "mesz": 120, "mez": 60, "msk": 180,
    "nzdt": 780, "nzst": 720, "pht": 480, "pkt": 300, "sast": 120, "sgt": 480, "wib": 420,
}  # fmt: skip
"""Minutes east of UTC for zone names which feedparser does not know and reads as UTC. Of names with several meanings
the one with the most speakers is taken."""

AMERICAN_ZONES = {"ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
                  "mdt": -360, "pst": -480, "pdt": -420}  # fmt: skip
"""The same for names that mail dates have by RFC 822 and feedparser knows."""

FARTHEST_ZONE = 14 * 60
"""Minutes; no place on Earth is farther from UTC."""

_ZONE_MINUTES = NAMED_ZONES | AMERICAN_ZONES
_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_UTC_NAMES = frozenset({"z", "ut", "utc", "gmt"})
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]\.?m\b\.?)?", re.IGNORECASE)
_ZONE = re.compile(
    r"\s*(?:(?:GMT|UTC)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?|\(?(?P<name>[A-Za-z]+)\)?)\s*(?:\([^)]*\))?\s*\Z",
    re.IGNORECASE,
)
_NUMERIC_ZONE = re.compile(r":\d{2}\s*(?:GMT|UTC)?[+-]\d{2}", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?\Z")


def guid_of(value: object) -> str | None:
    """A guid as it was given, whatever it looks like; None when there is none."""
    guid = _without_breaks(value).strip() if isinstance(value, str) else ""
    if len(guid) > GUID_LENGTH:
        return f"sha256:{hashlib.sha256(guid.encode()).hexdigest()}"
    return guid or None


def raw_date(value: str) -> str:
    """The words of a date on one line; markup, which no date has, is taken out of it as out of a title."""
    words = line_of(value) if "<" in value else without_controls(value)
    return " ".join(words.split())[:DATE_LENGTH]


def absolute_link(link: object, base: str) -> str | None:
    """The http(s) address a link means, resolved against `base`; None for anything else."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        address = urljoin(base, _without_breaks(link).strip().replace(" ", "%20"))
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts.scheme + address[len(parts.scheme) :] if usable and len(address) <= LINK_LENGTH else None


def _without_breaks(text: str) -> str:
    """What is no text but a name: without controls, of which `without_controls` leaves those that break lines."""
    return _BREAKS.sub("", without_controls(text))


def moment(raw: str, parsed: time.struct_time | None) -> datetime | None:
    """The instant of a date, `parsed` being what feedparser made of it; aware UTC, None when it is none.

    A date without a zone is taken for UTC: at most 14 hours wrong, and of the publisher's own day. Year 1 is what
    broken software writes for "no date".
    """
    try:
        read = _rfc_moment(raw) if parsed is None else datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        return None if read.year <= 1 else read - timedelta(minutes=_named_offset(raw))
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None


def iso_moment(raw: str) -> datetime | None:
    """The instant of an ISO 8601 or RFC 3339 date, aware UTC; without a zone it is taken for UTC."""
    try:
        read = datetime.fromisoformat(raw.strip())
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None if aware.year <= 1 else aware


def written_offset(raw: str) -> int | None:
    """Minutes east of UTC of a date as written; 0 where it names no known zone, None where it is in UTC.

    A day without a clock or a time without a zone is the writer's own, so its day stands as written; of a time in UTC
    nobody knows whether the writer lives by it.
    """
    clock = _CLOCK.search(raw)
    zone = _ZONE.match(raw, clock.end()) if clock else None
    if zone is None:
        return 0
    if zone["name"]:
        return _ZONE_MINUTES.get(zone["name"].lower(), 0) or (None if zone["name"].lower() in _UTC_NAMES else 0)
    minutes = int(zone["hours"]) * 60 + int(zone["minutes"] or 0)
    if minutes > FARTHEST_ZONE:
        return 0
    return (-minutes if zone["sign"] == "-" else minutes) or None


def primary_language(tag: object) -> str | None:
    """The primary subtag of a language tag in lower case ("en" of "en-IN"); None when it is none."""
    match = _LANGUAGE.match(tag.strip()) if isinstance(tag, str) else None
    return match[1].lower() if match else None


def _rfc_moment(raw: str) -> datetime:
    """A mail date without a zone, which feedparser leaves unread; raises ValueError for anything else."""
    read = parsedate_to_datetime(raw)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _named_offset(raw: str) -> int:
    """Minutes that feedparser did not heed; 0 where a number says it, of which the name is a comment."""
    if _NUMERIC_ZONE.search(raw):
        return 0
    *_, last = raw.lower().split() or [""]
    return NAMED_ZONES.get(last.strip("()"), 0)
