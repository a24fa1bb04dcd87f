"""`demo` and `init`: the first two commands anybody types."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, configure_logs, globals_of, load_settings
from monitor.entrypoints.cli.output import say

if TYPE_CHECKING:
    from monitor.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)
    app.command()(init)


def demo(
    ctx: Context,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the digests go.")] = Path("demo"),
) -> None:
    """Run the whole pipeline on the bundled newsroom, over loopback HTTP, and write its digests."""
    from monitor.demo.run import run

    configure_logs(ctx, "warning")
    quiet = globals_of(ctx).quiet
    page = asyncio.run(run(out, lambda line: None if quiet else typer.echo(line, err=True)))
    say(f"The digests are written: open {page} in a browser.")


def init(
    ctx: Context,
    feeds: Annotated[
        bool | None, typer.Option("--feeds/--no-feeds", help="Add the watchlist's default feeds; else it asks.")
    ] = None,
) -> None:
    """Write a commented monitor.toml, create the database, and offer the default feeds. Nothing is overwritten."""
    from monitor.settings import write_template
    from monitor.store import migrate
    from monitor.store.database import Database

    file = globals_of(ctx).config or Path(os.environ.get("MONITOR_CONFIG") or "monitor.toml")
    written = write_template(file)
    say(f"Wrote {file}." if written else f"{file} is there already and stays as it is.")
    settings = load_settings(ctx, file)
    with Database(settings.database_url()) as database:
        migrate.upgrade(database)
    say("The database is ready.")
    _offer_feeds(settings, wanted=feeds)
    say("Start the daemon with `monitor run`, or poll once with `monitor poll`.")


def _offer_feeds(settings: "Settings", *, wanted: bool | None) -> None:
    from monitor.bootstrap import utc_now, watchlist_folder, watchlist_name
    from monitor.store.database import Database
    from monitor.store.refresh import SqlRefreshStore
    from monitor.watchlists.catalogue import load_feeds

    suggested = load_feeds(watchlist_name(settings), watchlist_folder(settings))
    if wanted is None and sys.stdin.isatty():
        wanted = typer.confirm(f"Add the {len(suggested)} default feeds?", default=True)
    if wanted is None:
        say(f"{len(suggested)} default feeds are at hand: add them with `monitor init --feeds`.")
    elif wanted:
        with Database(settings.database_url()) as database:
            added = SqlRefreshStore(database).add_feeds(suggested, utc_now())
        say(f"Added {added} of the {len(suggested)} default feeds; the others were there already.")
