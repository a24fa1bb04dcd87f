"""The addresses of one fetch: what may be asked for, who gets which validators back, and where a feed came from."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from yarl import URL

from monitor.domain.feed import Elsewhere, Failure, FeedForPoll, Fetched, FetchFailed, FetchResult, Validators

_DEFAULT_PORTS = (("http", 80), ("https", 443))


def target_of(url: str) -> URL | FetchFailed:
    """The address as it will be requested: character for character where it is valid as it stands."""
    try:
        printable = url.isascii() and url.isprintable() and " " not in url
        target = URL(url, encoded=printable)
        usable = target.scheme in {"http", "https"} and bool(target.host) and target.port is not None
    except ValueError:
        target, usable = URL(), False
    if usable:
        return target
    return FetchFailed(Failure.REFUSED_ADDRESS, "Only complete http and https addresses can be fetched.")


def joined(base: URL, location: str) -> str:
    """The address a redirect names; an empty one, which `target_of` refuses, when it names none."""
    try:
        return urljoin(str(base), location)
    except ValueError:
        return ""


def validators_for(target: URL, feed: FeedForPoll) -> Validators:
    """What this address gave us, or an address of its site: nobody gets back what another one gave."""
    own, elsewhere = feed.validators, feed.validators.elsewhere
    if elsewhere is not None and str(target) != feed.url and _same_site(target, URL(elsewhere.url)):
        return Validators(elsewhere.etag, elsewhere.last_modified, own.body_hash)
    return own if _same_site(target, URL(feed.url)) else Validators(body_hash=own.body_hash)


def of_feed(result: FetchResult, feed: FeedForPoll, target: URL | None, *, permanent: bool) -> FetchResult:
    """The result as that of the feed, `target` being where redirects led and None for its own address."""
    if isinstance(result, FetchFailed):
        return result
    found, own = result.validators, feed.validators
    if target is None:
        return replace(result, validators=replace(found, elsewhere=own.elsewhere))
    address = str(target.with_fragment(None))
    elsewhere = Elsewhere(address, found.etag, found.last_modified)
    moved_to = address if permanent and target.user is None and target.password is None else None
    validators = Validators(own.etag, own.last_modified, found.body_hash, elsewhere)
    led = replace(result, validators=validators, moved_to=moved_to)
    return replace(led, feed_url=feed.url) if isinstance(led, Fetched) else led


def _same_site(target: URL, own: URL) -> bool:
    """Whether validators may go there: the own host and port, or the same host after an upgrade to https."""
    if target.host != own.host:
        return False
    ports = (own.scheme, own.port), (target.scheme, target.port)
    return ports[0] == ports[1] or ports == _DEFAULT_PORTS
