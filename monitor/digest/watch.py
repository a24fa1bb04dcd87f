"""What a digest says of the watch itself: feeds that fail or fell silent, a role book that ages, mail not sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.digest.words import clock_words, counted, day_words, local_day
from monitor.domain.digest import DigestModel, FeedHealth

FAILING_SHOWN = 12
"""Failing feeds listed by name; a digest that is longer about feeds than about news helps nobody."""


QUIET_SHOWN = 6
"""The same for quiet feeds, which are less urgent."""

LEFT_OUT_SHOWN = 6
"""The same for feeds whose document was not read whole."""


def watch_lines(model: DigestModel) -> tuple[str, ...]:
    """One sentence a line, always the feeds' first."""
    return tuple(_lines(model))


def _lines(model: DigestModel) -> Iterator[str]:
    watch = model.watch
    failing = len(watch.failing)
    if watch.offline_since is not None:
        yield f"No network since {clock_words(watch.offline_since, model.zone)}: no feed can be reached"
    yield _current(watch.feeds, failing)
    for feed in watch.failing[:FAILING_SHOWN]:
        yield _failing(feed, model.zone)
    if failing > FAILING_SHOWN:
        yield f"{counted(failing - FAILING_SHOWN, 'more feed')} failing: see monitor status"
    yield from _quiet(watch.quiet, model.zone)
    for title, count in watch.left_out[:LEFT_OUT_SHOWN]:
        yield f"{title}: {counted(count, 'item')} of its last document not read"
    if len(watch.left_out) > LEFT_OUT_SHOWN:
        yield f"{counted(len(watch.left_out) - LEFT_OUT_SHOWN, 'more feed')} not read whole: see monitor status"
    if watch.waiting:
        yield f"{counted(watch.waiting, 'item')} not judged yet"
    yield _role_book(model)
    if watch.dead_deliveries:
        yield f"{counted(watch.dead_deliveries, 'message')} could not be delivered: see monitor deliveries list"


def _current(feeds: int, failing: int) -> str:
    if not feeds:
        return "No feeds yet"
    return (
        f"{feeds - failing} of {counted(feeds, 'feed')} current" if failing else f"All {counted(feeds, 'feed')} current"
    )


def _failing(feed: FeedHealth, zone: str) -> str:
    since = f" since {clock_words(feed.since, zone)}" if feed.since else ""
    reason = (feed.failure or "failing").rstrip(".")
    return f"{feed.title}: {reason}{since}"


def _quiet(feeds: Sequence[FeedHealth], zone: str) -> Iterator[str]:
    for feed in feeds[:QUIET_SHOWN]:
        since = f" since {day_words(local_day(feed.since, zone))}" if feed.since else ""
        yield f"{feed.title}: quiet, nothing new{since}"
    if len(feeds) > QUIET_SHOWN:
        yield f"{counted(len(feeds) - QUIET_SHOWN, 'more feed')} quiet: see monitor status"


def _role_book(model: DigestModel) -> str:
    checked = model.watch.roles_checked
    if checked is None:
        return "Role book never checked"
    days = (local_day(model.made_at, model.zone) - checked).days
    if days < 0:
        return f"Role book checked {day_words(checked)}"
    return f"Role book checked {counted(days, 'day')} ago" if days else "Role book checked today"
