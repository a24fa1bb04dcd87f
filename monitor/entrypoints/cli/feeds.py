"""`feeds`: what is polled, and how it does."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit, urlunsplit

import typer

from monitor.entrypoints.cli.context import Context, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, moment, print_json, print_table, say, warn
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import InputError, NotFoundError
from monitor.text.shown import one_line
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.domain.feed import NewFeed
    from monitor.store.database import Database
    from monitor.store.views import FeedRow

app = typer.Typer(help="What is polled, and how it does.", no_args_is_help=True)

TWINS_SHOWN = 20
URL_SHOWN = 200
"""Characters of a wrong address that a complaint repeats."""

NO_FEEDS = "There are no feeds: add some with `monitor feeds add URL` or `monitor init --feeds`."

Named = Annotated[str, typer.Argument(metavar="X", help="A feed: its id, address or title.")]


@app.command()
def add(
    ctx: Context,
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    title: Annotated[str | None, typer.Option(help="A name to show; else the address's host.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, like en, hi or ja.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Its outlet, an id of the watchlist's publishers.")] = None,
    category: Annotated[str | None, typer.Option(help='A folder to show it in, like "Asia/Japan".')] = None,
    json: AsJson = False,
) -> None:
    """Add a feed; it is due at once."""
    from monitor.bootstrap import load_watchlist
    from monitor.domain.catalogue import category_steps
    from monitor.domain.feed import NewFeed

    url, host = feed_address(url)
    if publisher is not None and publisher not in load_watchlist(load_settings(ctx)).publishers:
        raise InputError(f"There is no publisher {publisher!r}: leave it out, or add it to the watchlist.")
    folder = "/".join(category_steps(one_line(category or ""))) or None
    feed = NewFeed(url, title or host, language=language, publisher=publisher, category=folder)
    database = load_database(ctx)
    added = add_feeds(database, [feed])
    if json:
        print_json({"added": bool(added)})
    else:
        say(f"Added {feed.title}; it is polled next." if added else f"{url} is there already.")
    hint_at_twins(database, added)


@app.command("list")
def list_(ctx: Context, json: AsJson = False) -> None:
    """List the feeds with their health."""
    from monitor.store.queries import Queries

    rows = Queries(load_database(ctx)).feeds()
    if json:
        print_json([_shape(row) for row in rows])
        return
    cells = [
        (row.id, row.title, row.category, shown_url(row.url), _health(row), row.items, row.polled_at, row.next_poll_at)
        for row in rows
    ]
    columns = ("id", "title", "category", "address", "health", "items", "polled", "next")
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
def pause(ctx: Context, feed: Named) -> None:
    """Poll a feed no more until it is resumed."""
    from monitor.store.feeds import pause_feed

    database = load_database(ctx)
    row = feed_named(database, feed)
    pause_feed(database, row.id)
    say(f"{row.title} is paused.")


@app.command()
def resume(ctx: Context, feed: Named) -> None:
    """Poll a paused feed again, when it is due; `monitor poll --feed X` polls it at once."""
    from monitor.store.feeds import resume_feed

    database = load_database(ctx)
    row = feed_named(database, feed)
    resume_feed(database, row.id)
    say(f"{row.title} is polled again, next at {row.next_poll_at:%Y-%m-%d %H:%M}.")


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


def add_feeds(database: "Database", feeds: "Sequence[NewFeed]", *, just_asked: bool = False) -> set[str]:
    """Add feeds, due at once; returns the addresses of those that were not polled before, removed ones included.

    `just_asked`: their documents were fetched a moment ago, so they are due when their publishers expect it again.
    """
    from monitor.bootstrap import utc_now
    from monitor.domain.asks import LEAST_APART
    from monitor.store.feeds import take_back_feed
    from monitor.store.queries import Queries
    from monitor.store.refresh import SqlRefreshStore

    before, now = {row.url for row in Queries(database).feeds()}, utc_now()
    store = SqlRefreshStore(database)
    store.add_feeds(feeds, now)
    polled = {row.url for row in Queries(database).feeds()}
    for url in {feed.url for feed in feeds} - polled:
        take_back_feed(database, url, now)
    added = {feed.url for feed in feeds} - before
    if just_asked:
        rows = (row for row in Queries(database).feeds() if row.url in added)
        store.put_off({row.id: max(row.next_poll_at, now + LEAST_APART) for row in rows})
    return added


def hint_at_twins(database: "Database", added: Collection[str]) -> None:
    """Tell which feeds just added were likely there before under another address."""
    twins = twins_of(added, database) if added else []
    for url, row in twins[:TWINS_SHOWN]:
        warn(f"{url} looks like {row.title} ({shown_url(row.url)}): `monitor feeds check` tells whether they are one.")
    if len(twins) > TWINS_SHOWN:
        warn(f"{len(twins) - TWINS_SHOWN} more look like feeds that are there: `monitor feeds check` tells of all.")


def twins_of(urls: Collection[str], database: "Database") -> "list[tuple[str, FeedRow]]":
    """Those of the feeds' addresses that differ from an older feed's in scheme, "www." or a slash only, with that."""
    from monitor.store.queries import Queries
    from monitor.text.sameness import looks_like

    oldest: dict[str, FeedRow] = {}
    for row in Queries(database).feeds():
        oldest.setdefault(looks_like(row.url), row)
    found = ((url, oldest.get(looks_like(url))) for url in sorted(urls))
    return [(url, row) for url, row in found if row is not None and row.url != url]


def feed_address(url: str) -> tuple[str, str]:
    """The address of a feed with scheme and host in lower case and no fragment, and its host. Raises InputError."""
    from monitor.store.polls import URL_LIMIT

    shown = one_line(shown_url(url))[:URL_SHOWN]
    wrong = InputError(f"{shown} is no address of a feed: give one that begins with https:// or http://.")
    if len(url) > URL_LIMIT:
        raise InputError(f"The address {shown}… is longer than {URL_LIMIT} characters: give a shorter one.")
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
        return "paused" if row.failure is None else f"paused, {row.failure}"
    if row.failure is not None:
        return f"{row.failure} ({row.failures})" if row.failures else str(row.failure)
    notes = [name for name, holds in (("moves", row.moved_to), ("churns", row.churned)) if holds]
    return ", ".join([_works(row), *notes])


def _works(row: "FeedRow") -> str:
    if row.quiet:
        return f"quiet since {row.newest_at or row.added_at:%Y-%m-%d}"
    return "ok" if row.polled_at else "new"


def _shape(row: "FeedRow") -> Json:
    shape = {key: moment(value) if isinstance(value, datetime) else value for key, value in asdict(row).items()}
    shape |= {"url": shown_url(row.url), "moved_to": row.moved_to and shown_url(row.moved_to), "quiet": row.quiet}
    return {key: str(value) if key == "failure" and value else value for key, value in shape.items()}
