"""`feeds check` and `feeds discover`: looking at feeds, stored or not, before they are polled."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.feeds import add_feeds, feed_address, feed_named, hint_at_twins
from monitor.entrypoints.cli.output import AsJson, complain, moment, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import NotFoundError
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.feed import FeedForPoll, ParsedFeed
    from monitor.fetch.discover import Discovered, Found
    from monitor.pipeline.check import Checked


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)
    app.command()(discover)


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


def discover(
    ctx: Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="The address of a page, or of a feed.")],
    add: Annotated[
        bool,
        typer.Option("--add", help="Add what the page names, but for comments and repeats; else what it links to."),
    ] = False,
    json: AsJson = False,
) -> None:
    """Find the feeds of a site: those its page names, else those in the usual places."""
    from monitor.domain.feed import NewFeed

    application = load_application(ctx)
    address, host = feed_address(site if "://" in site else f"https://{site}")
    discovered = asyncio.run(_discovered(ctx, application, address))
    if discovered.failure is not None:
        raise NotFoundError(discovered.failure.message)
    if not discovered.found:
        raise NotFoundError(f"No feed was found at {shown_url(address)}: try a page of it that lists its feeds.")
    stored = {row.url for row in application.queries.feeds()}
    new = [
        NewFeed(one.url, one.parsed.title or host, one.parsed.site, one.parsed.language) for one in discovered.wanted
    ]
    added = add_feeds(application.database, new) if add else set()
    _tell_found(discovered.found, stored, added, json=json)
    hint_at_twins(application.database, added)


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


async def _discovered(ctx: Context, application: "Application", address: str) -> "Discovered":
    from monitor.fetch.discover import Discoverer

    async with application.running():
        with progress(ctx, "Looking") as done:
            return await Discoverer(application.fetcher, application.parser, application.parser, done).discover(address)


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
        "same_as": [shown_url(feed.url) for feed in same],
    }


def _about(parsed: "ParsedFeed | None", now: datetime) -> Json:
    from monitor.pipeline.check import language_shares

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
    given = (("etag", one.validators.etag), ("last-modified", one.validators.last_modified))
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


def _tell_found(found: "Sequence[Found]", stored: set[str], added: set[str], *, json: bool) -> None:
    shapes = [_found_shape(one, stored, added) for one in found]
    if json:
        print_json(shapes)
        return
    columns = ("title", "address", "format", "items", "newest", "language", "note")
    rows = [
        (
            *(shape[key] for key in ("title", "url", "format", "items", "newest", "language")),
            _note(shape),
        )
        for shape in shapes
    ]
    print_table(columns, rows, "")
    if added:
        say(f"Added {len(added)}; they are polled next." if len(added) > 1 else "Added 1; it is polled next.")


def _note(shape: Json) -> str:
    """What else there is to say of a feed that was found."""
    notes = (
        ("added", shape["added"]),
        ("there already", shape["stored"]),
        ("comments", shape["comments"]),
        (f"same as {shape['same_as']}", shape["same_as"]),
    )
    return ", ".join((shape["how"], *(note for note, holds in notes if holds)))


def _found_shape(one: "Found", stored: set[str], added: set[str]) -> Json:
    from monitor.pipeline.check import language_shares

    parsed = one.parsed
    return {
        "url": one.url,
        "title": parsed.title,
        "format": parsed.format,
        "items": len(parsed.entries),
        "newest": moment(newest_of(parsed)),
        "language": parsed.language or next(iter(language_shares(parsed)), None),
        "how": one.how.value,
        "same_as": one.same_as,
        "comments": one.comments,
        "stored": one.url in stored,
        "added": one.url in added,
    }


def newest_of(parsed: "ParsedFeed") -> datetime | None:
    """The latest date of its items; None where none has one."""
    return max((entry.published for entry in parsed.entries if entry.published is not None), default=None)
