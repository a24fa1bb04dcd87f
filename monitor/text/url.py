"""Addresses: one for all the forms under which feeds link to a page, and what of one may be shown."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit, urlunsplit

TRACKING_PREFIXES = (
    "utm_", "mc_", "pk_", "piwik_", "matomo_", "mtm_", "itm_", "hsa_", "ga_", "vero_", "oly_", "fb_action_",
    "at_campaign", "at_medium",
)  # fmt: skip
TRACKING_KEYS = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "srsltid",
        "xtor",
        "_openstat",
        "twclid",
        "ttclid",
        "mkt_tok",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "cmpid",
        "ocid",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "ref_src",
        "ref_url",
        "spm",
        "smid",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
    }
)
"""Query keys that name a campaign or a click and never a page."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters and default port, scheme and host in lower case.

    Idempotent. The order of the other parameters is kept: some servers read it. What is not an http(s) address, or
    cannot be taken apart, comes back as it is but for blanks around it.
    """
    stripped = url.strip()
    try:
        parts = urlsplit(stripped)
        host = _host(parts)
    except ValueError:
        return stripped
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return stripped
    return urlunsplit((scheme, host, parts.path or "/", _query(parts.query), "")).strip()


def shown_url(url: str) -> str:
    """The address as it may be shown: a user and password in it become "…"."""
    before, separator, rest = url.partition("://")
    location, slash, path = rest.partition("/")
    user, at, host = location.rpartition("@")
    return f"{before}{separator}…@{host}{slash}{path}" if separator and user and at else url


def _host(parts: SplitResult) -> str:
    """The network location with user and port where they matter; raises ValueError for an impossible port."""
    host = (parts.hostname or "").rstrip(".")
    if not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    user, at, _ = parts.netloc.rpartition("@")
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    return f"{user}{at}{host}"


def _query(query: str) -> str:
    kept = (pair for pair in query.split("&") if pair and not _is_tracking(pair.partition("=")[0].lower()))
    return "&".join(kept)


def _is_tracking(key: str) -> bool:
    return key in TRACKING_KEYS or key.startswith(TRACKING_PREFIXES)
