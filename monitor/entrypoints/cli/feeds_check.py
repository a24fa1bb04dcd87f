"""`feeds check`: one look at feeds, stored or not, that stores nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.feeds import feed_address, feed_named
from monitor.entrypoints.cli.output import AsJson, complain, moment, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.feed import FeedForPoll, ParsedFeed
    from monitor.pipeline.check import Checked


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)


def check(
    ctx: Context,
    feed: Annotated[str | None, typer.Argument(metavar="[X|URL]", help="One feed, stored or not; else all.")] = None,
    json: AsJson = False,
) -> None:
    """Fetch and parse feeds without storing anything; exit code 1 when one of them fails.

    Of several feeds it also tells which are one feed under several addresses.
    """
    from monitor.pipeline.check import repeated

    application = load_application(ctx)
    checked = asyncio.run(_checked(ctx, application, _to_check(application, feed)))
    groups, now = repeated(checked), application.clock()
    shapes = [_checked_shape(one, groups, now) for one in checked]
    if json:
        print_json(shapes)
    else:
        _print_checked(shapes, groups)
    if any(one.failure for one in checked):
        raise typer.Exit(1)


def _to_check(application: "Application", name: str | None) -> "list[FeedForPoll]":
    from monitor.domain.catalogue import stranger

    store = application.refresh.store
    if name is not None and name.startswith(("http://", "https://")):
        return [stranger(*feed_address(name))]
    return store.feeds_by_id(None if name is None else [feed_named(application.database, name).id])


async def _checked(ctx: Context, application: "Application", feeds: "Sequence[FeedForPoll]") -> "list[Checked]":
    from monitor.pipeline.check import check as look

    slots = asyncio.Semaphore(application.refresh.polls_at_once)

    async def check_one(feed: "FeedForPoll") -> "Checked":
        async with slots:
            found = await look(feed, application.fetcher, application.parser)
        done(1)
        return found

    async with application.running():
        with progress(ctx, "Checking", len(feeds)) as done:
            return list(await asyncio.gather(*(check_one(feed) for feed in feeds)))


def _checked_shape(one: "Checked", groups: "Sequence[Sequence[Checked]]", now: datetime) -> Json:
    """Ages, lifetimes and what the document asks for are in seconds, `languages` shares of the items."""
    failure = one.failure
    status = 200 if one.validators else getattr(failure, "status", None)
    same = [other.feed for group in groups if one in group for other in group if other is not one]
    return {
        "title": one.feed.title,
        "url": shown_url(one.feed.url),
        "status": status,
        "failure": failure.kind.value if failure else None,
        "message": failure.message if failure else None,
        **_about(one.parsed, now),
        **_sent(one),
        "moved_to": shown_url(one.moved_to) if one.moved_to else None,
        "same_as": [shown_url(feed.url) for feed in same],
    }


def _about(parsed: "ParsedFeed | None", now: datetime) -> Json:
    from monitor.pipeline.check import language_shares, newest_of

    if parsed is None:
        return dict.fromkeys(("format", "entries", "newest", "age", "languages", "asks"))
    newest = newest_of(parsed)
    return {
        "format": parsed.format,
        "entries": len(parsed.entries),
        "newest": moment(newest),
        "age": None if newest is None else int((now - newest).total_seconds()),
        "languages": language_shares(parsed),
        "asks": parsed.asks.plain(),
    }


def _sent(one: "Checked") -> Json:
    if one.validators is None:
        return dict.fromkeys(("validators", "fresh_for"))
    sent = one.validators.elsewhere or one.validators
    given = (("etag", sent.etag), ("last-modified", sent.last_modified))
    return {
        "validators": [name for name, value in given if value],
        "fresh_for": None if one.fresh_for is None else int(one.fresh_for.total_seconds()),
    }


def _print_checked(shapes: Sequence[Json], groups: "Sequence[Sequence[Checked]]") -> None:
    columns = ("title", "address", "result", "format", "items", "newest", "asks to wait", "validators", "languages")
    rows = [
        (
            shape["title"],
            shape["url"],
            shape["failure"] or "ok",
            shape["format"],
            shape["entries"],
            shape["newest"],
            _waits(shape),
            None if shape["validators"] is None else ", ".join(shape["validators"]) or "none",
            _shares(shape["languages"]),
        )
        for shape in shapes
    ]
    print_table(columns, rows, "No feeds.")
    for group in groups:
        names = " and ".join(f"{one.feed.title} ({shown_url(one.feed.url)})" for one in group)
        say(f"One feed under {len(group)} addresses: {names}. Keep one and remove the rest.")
    for shape in shapes:
        if shape["moved_to"]:
            say(f"{shape['title']} ({shape['url']}) has moved for good to {shape['moved_to']}.")
        if shape["failure"]:
            complain(f"{shape['title']} ({shape['url']}): {shape['message']}")


def _waits(shape: Json) -> str | None:
    """The longest that headers or document ask to wait between polls; None where neither says anything."""
    asks = shape["asks"] or {}
    waits = [wait for wait in (shape["fresh_for"], asks.get("ttl"), asks.get("period")) if wait]
    return f"{max(waits)} s" if waits else None


def _shares(shares: Mapping[str, float] | None) -> str | None:
    """The languages of a feed with their shares, of one language alone its name."""
    if not shares:
        return None
    return next(iter(shares)) if len(shares) == 1 else ", ".join(f"{name} {part:.0%}" for name, part in shares.items())
