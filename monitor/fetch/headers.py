"""What response headers ask of us: validators, freshness, and when to come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.domain.feed import Validators

VALIDATOR_LENGTH = 1024
"""A longer validator, or one with anything but printable ASCII, could not be sent back byte for byte: it is ignored."""

LONGEST = timedelta(days=365)
"""No wish of a server is read as longer; some ask for 16 years."""

_PRINTABLE = re.compile(r"[\x20-\x7e]+\Z")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_FRESH = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)

Headers = Mapping[str, str]


def received_validators(headers: Headers, body_hash: str) -> Validators:
    """The validators of a new body: what the response carries replaces what was stored, even by nothing."""
    return Validators(_validator(headers, "ETag"), _validator(headers, "Last-Modified"), body_hash)


def confirmed_validators(headers: Headers, stored: Validators) -> Validators:
    """The validators after a 304: the stored ones, replaced where the response carries newer."""
    return Validators(
        _validator(headers, "ETag") or stored.etag,
        _validator(headers, "Last-Modified") or stored.last_modified,
        stored.body_hash,
    )


def request_validators(stored: Validators) -> dict[str, str]:
    """The headers of a conditional request."""
    headers = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {name: value for name, value in headers.items() if value}


def fresh_for(headers: Headers) -> timedelta | None:
    """How long the response says it stays fresh from now (RFC 9111); None when it does not say.

    That is max-age, or without it Expires less the server's own Date, and from both what passed in caches (Age).
    Several lines of Cache-Control are one list, of which the first max-age counts.
    """
    control = _joined(headers, "Cache-Control")
    if _NOT_FRESH.search(control):
        return None
    match = _MAX_AGE.search(control)
    lifetime = int(match[1]) if match else _between(headers, "Expires")
    if lifetime is None:
        return None
    age = headers.get("Age", "").strip()
    return _seconds(lifetime - (int(age) if re.fullmatch(r"[0-9]{1,12}", age) else 0))


def retry_after(headers: Headers) -> timedelta | None:
    """How long the server asks to wait, 0 or more; None when it does not say.

    A date counts from the server's own Date, so that neither clock need be right; without one it says nothing.
    """
    wish = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,12}", wish):
        return _seconds(int(wish))
    wait = _between(headers, "Retry-After")
    return None if wait is None else _seconds(wait)


def _joined(headers: Headers, name: str) -> str:
    """All values of the header as one; those of a mapping that knows one each are as they are."""
    getall = getattr(headers, "getall", None)
    return headers.get(name, "") if getall is None else ", ".join(getall(name, []))


def _validator(headers: Headers, name: str) -> str | None:
    value = headers.get(name, "")
    return value if len(value) <= VALIDATOR_LENGTH and _PRINTABLE.match(value) else None


def _between(headers: Headers, name: str) -> int | None:
    """Seconds from the response's Date to the date in the named header; None where one of them is none."""
    until, now = _date(headers.get(name, "")), _date(headers.get("Date", ""))
    return None if until is None or now is None else int((until - now).total_seconds())


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=min(max(count, 0), int(LONGEST.total_seconds())))


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
