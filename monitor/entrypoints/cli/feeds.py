"""`feeds`: what is polled, and how it does."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit, urlunsplit

import typer

from monitor.entrypoints.cli.context import Context, load_application, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, moment, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import InputError, NotFoundError
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.feed import FeedForPoll, PollOutcome
    from monitor.store.database import Database
    from monitor.store.views import FeedRow

app = typer.Typer(help="What is polled, and how it does.", no_args_is_help=True)

NO_FEEDS = "There are no feeds: add some with `monitor feeds add URL` or `monitor init --feeds`."

Named = Annotated[str, typer.Argument(metavar="X", help="A feed: its id, address or title.")]


@app.command()
def add(
    ctx: Context,
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    title: Annotated[str | None, typer.Option(help="A name to show; else the address's host.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, like en, hi or ja.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Its outlet, an id of the watchlist's publishers.")] = None,
    json: AsJson = False,
) -> None:
    """Add a feed; it is due at once."""
    from monitor.bootstrap import load_watchlist, utc_now
    from monitor.domain.feed import NewFeed
    from monitor.store.feeds import take_back_feed
    from monitor.store.refresh import SqlRefreshStore

    url, host = _address(url)
    if publisher is not None and publisher not in load_watchlist(load_settings(ctx)).publishers:
        raise InputError(f"There is no publisher {publisher!r}: leave it out, or add it to the watchlist.")
    feed = NewFeed(url, title or host, language=language, publisher=publisher)
    database, now = load_database(ctx), utc_now()
    added = SqlRefreshStore(database).add_feeds([feed], now) or take_back_feed(database, url, now)
    if json:
        print_json({"added": bool(added)})
    else:
        say(f"Added {feed.title}; it is polled next." if added else f"{url} is there already.")


@app.command("list")
def list_(ctx: Context, json: AsJson = False) -> None:
    """List the feeds with their health."""
    from monitor.store.queries import Queries

    rows = Queries(load_database(ctx)).feeds()
    if json:
        print_json([_shape(row) for row in rows])
        return
    cells = [
        (row.id, row.title, shown_url(row.url), _health(row), row.items, row.polled_at, row.next_poll_at)
        for row in rows
    ]
    columns = ("id", "title", "address", "health", "items", "polled", "next")
    print_table(columns, cells, NO_FEEDS)


@app.command()
def show(ctx: Context, feed: Named, json: AsJson = False) -> None:
    """Show everything about one feed."""
    shape = _shape(feed_named(load_database(ctx), feed))
    if json:
        print_json(shape)
    else:
        print_table(("", ""), [(key.replace("_", " "), value) for key, value in shape.items()], "")


@app.command()
def check(
    ctx: Context,
    feed: Annotated[str | None, typer.Argument(metavar="[X|URL]", help="One feed, stored or not; else all.")] = None,
    json: AsJson = False,
) -> None:
    """Fetch and parse feeds without storing anything; exit code 1 when one of them fails."""
    application = load_application(ctx)
    outcomes = asyncio.run(_checked(ctx, application, _to_check(application, feed)))
    if json:
        print_json([_outcome_shape(outcome) for outcome in outcomes])
    else:
        rows = [tuple(_outcome_shape(outcome).values()) for outcome in outcomes]
        print_table(("title", "address", "failure", "message", "format", "entries", "newest"), rows, "No feeds.")
    if any(outcome.failure for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def pause(ctx: Context, feed: Named) -> None:
    """Poll a feed no more until it is resumed."""
    from monitor.store.feeds import pause_feed

    database = load_database(ctx)
    row = feed_named(database, feed)
    pause_feed(database, row.id)
    say(f"{row.title} is paused.")


@app.command()
def resume(ctx: Context, feed: Named) -> None:
    """Poll a paused feed again; it is due at once."""
    from monitor.bootstrap import utc_now
    from monitor.store.feeds import resume_feed

    database = load_database(ctx)
    row = feed_named(database, feed)
    resume_feed(database, row.id, utc_now())
    say(f"{row.title} is polled again.")


@app.command()
def remove(
    ctx: Context,
    feed: Named,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a feed; the items it brought stay."""
    from monitor.store.feeds import remove_feed

    database = load_database(ctx)
    row = feed_named(database, feed)
    if not yes:
        typer.confirm(f"Remove {row.title} ({shown_url(row.url)})?", abort=True, err=True)
    remove_feed(database, row.id)
    say(f"{row.title} is removed.")


def feed_named(database: "Database", name: str) -> "FeedRow":
    """The feed of this id, address or title (in any case). Raises NotFoundError for none, InputError for several."""
    from monitor.store.queries import Queries

    rows = Queries(database).feeds()
    exact = [row for row in rows if name in {str(row.id), row.url}]
    found = exact or [row for row in rows if row.title.casefold() == name.casefold()]
    if not found:
        raise NotFoundError(f"There is no feed {name}: `monitor feeds list` shows those there are.")
    if len(found) > 1:
        ids = ", ".join(str(row.id) for row in found)
        raise InputError(f"Several feeds are called {name}: name one by its id ({ids}).")
    return found[0]


def _address(url: str) -> tuple[str, str]:
    """The address of a feed with scheme and host in lower case and no fragment, and its host. Raises InputError."""
    wrong = InputError(f"{shown_url(url)} is no address of a feed: give one that begins with https:// or http://.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if not parts.hostname or parts.scheme not in {"http", "https"} or any(map(str.isspace, url)):
        raise wrong
    if parts.username is not None:
        raise InputError("Addresses with a user and password are not fetched: give one without.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    location = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, location, parts.path, parts.query, "")), parts.hostname


def _health(row: "FeedRow") -> str:
    if row.paused:
        return "paused"
    if row.failure is not None:
        return f"{row.failure} ({row.failures})"
    return "ok" if row.polled_at else "new"


def _shape(row: "FeedRow") -> Json:
    shape = {key: moment(value) if isinstance(value, datetime) else value for key, value in asdict(row).items()}
    shape["url"] = shown_url(row.url)
    return {key: str(value) if key == "failure" and value else value for key, value in shape.items()}


def _to_check(application: "Application", name: str | None) -> "list[FeedForPoll]":
    from monitor.domain.feed import FeedForPoll, Validators

    store = application.refresh.store
    if name is not None and name.startswith(("http://", "https://")):
        return [FeedForPoll(0, *_address(name), None, None, Validators(), 0, polled_before=False)]
    ids = None if name is None else [feed_named(application.database, name).id]
    # Without validators, so that the server sends the document.
    return [replace(feed, validators=Validators()) for feed in store.feeds_by_id(ids)]


async def _checked(ctx: Context, application: "Application", feeds: "Sequence[FeedForPoll]") -> "list[PollOutcome]":
    async def check_one(feed: "FeedForPoll") -> "PollOutcome":
        outcome = await application.refresh.poll(feed)
        done(1)
        return outcome

    async with application.running():
        with progress(ctx, "Checking", len(feeds)) as done:
            return list(await asyncio.gather(*(check_one(feed) for feed in feeds)))


def _outcome_shape(outcome: "PollOutcome") -> Json:
    parsed, failure = outcome.parsed, outcome.failure
    return {
        "title": outcome.feed.title,
        "url": shown_url(outcome.feed.url),
        "failure": failure.kind.value if failure else None,
        "message": failure.message if failure else None,
        "format": parsed.format if parsed else None,
        "entries": len(parsed.entries) if parsed else None,
        "newest": moment(_newest(entry.published for entry in parsed.entries)) if parsed else None,
    }


def _newest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
