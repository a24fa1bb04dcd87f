"""What every command gets: the global options, and from them settings and the wired application."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from monitor import logs
    from monitor.application import Application
    from monitor.settings import Settings
    from monitor.store.database import Database

Context = typer.Context
"""Typer's context; its `obj` is a `Globals`."""


@dataclass(frozen=True, slots=True)
class Globals:
    """The options that stand before the command."""

    config: Path | None
    verbose: bool
    quiet: bool


def globals_of(ctx: Context) -> Globals:
    """The global options of this call."""
    found: Globals = ctx.obj
    return found


def load_settings(ctx: Context, file: Path | None = None, *, talkative: bool = False) -> "Settings":
    """The settings of `file`, or of the file that is found, with logging set up.

    A daemon is `talkative`: it logs from the level of the settings on; other commands log no less than warnings.
    """
    from monitor.settings import find, load

    settings = load(file or find(globals_of(ctx).config))
    level = settings.log.level if talkative or settings.log.level == "error" else "warning"
    configure_logs(ctx, level, settings.log.format)
    return settings


def configure_logs(ctx: Context, level: "logs.Level", style: "logs.Format" = "console") -> None:
    """Set logging up; -v and --quiet outweigh the level."""
    from monitor import logs

    chosen = globals_of(ctx)
    logs.configure("debug" if chosen.verbose else "error" if chosen.quiet else level, style)


def load_database(ctx: Context) -> "Database":
    """The database of the settings, which is there and up to date: all that commands without judgement need."""
    from monitor.store import migrate
    from monitor.store.database import open_existing

    database = open_existing(load_settings(ctx).database_url())
    ctx.call_on_close(database.close)
    migrate.check(database)
    return database


def load_application(ctx: Context, *, talkative: bool = False) -> "Application":
    """The application wired from the settings, on a database that is there and up to date."""
    from monitor.bootstrap import wire
    from monitor.store import migrate

    application = wire(load_settings(ctx, talkative=talkative))
    ctx.call_on_close(application.database.close)
    migrate.check(application.database)
    return application
