"""Links, dates and languages as feeds write them, turned into what the domain means by them."""

from __future__ import annotations

import calendar
import hashlib
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from monitor.parse.clean import without_controls

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

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?\Z")


def guid_of(value: object) -> str | None:
    """A guid as it was given, whatever it looks like; None when there is none."""
    guid = without_controls(value).strip() if isinstance(value, str) else ""
    if len(guid) > GUID_LENGTH:
        return f"sha256:{hashlib.sha256(guid.encode()).hexdigest()}"
    return guid or None


def raw_date(value: str) -> str:
    """The words of a date on one line."""
    return " ".join(without_controls(value).split())[:DATE_LENGTH]


def absolute_link(link: object, base: str) -> str | None:
    """The http(s) address a link means, resolved against `base`; None for anything else."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        address = urljoin(base, "".join(without_controls(link).split("\n")).strip().replace(" ", "%20"))
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts.scheme + address[len(parts.scheme) :] if usable and len(address) <= LINK_LENGTH else None


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


def primary_language(tag: object) -> str | None:
    """The primary subtag of a language tag in lower case ("en" of "en-IN"); None when it is none."""
    match = _LANGUAGE.match(tag.strip()) if isinstance(tag, str) else None
    return match[1].lower() if match else None


def _rfc_moment(raw: str) -> datetime:
    """A mail date without a zone, which feedparser leaves unread; raises ValueError for anything else."""
    read = parsedate_to_datetime(raw)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _named_offset(raw: str) -> int:
    *_, last = raw.lower().split() or [""]
    return NAMED_ZONES.get(last.strip("()"), 0)
