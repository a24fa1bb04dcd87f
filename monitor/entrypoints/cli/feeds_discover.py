"""`feeds discover`: the feeds of a site."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.feeds import add_feeds, feed_address, hint_at_twins
from monitor.entrypoints.cli.output import AsJson, moment, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import NotFoundError
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.pipeline.discover import Discovered, Found


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(discover)


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
    added = add_feeds(application.database, new, just_asked=True) if add else set()
    _tell_found(discovered.found, stored, added, json=json)
    hint_at_twins(application.database, added)


async def _discovered(ctx: Context, application: "Application", address: str) -> "Discovered":
    from monitor.pipeline.discover import Discoverer

    async with application.running():
        with progress(ctx, "Looking") as done:
            return await Discoverer(application.fetcher, application.parser, application.parser, done).discover(address)


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
        say(f"Added {len(added)}; first polled in an hour, as the site was asked just now.")


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
    from monitor.pipeline.check import language_shares, newest_of

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
