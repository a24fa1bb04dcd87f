"""The commands put together, the global options, and the one place where errors become a sentence and an exit code."""

import errno
import io
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from monitor import __version__
from monitor.entrypoints.cli import (
    articles,
    db,
    deliveries,
    digest,
    entities,
    evaluate,
    events,
    events_series,
    explain,
    feeds,
    feeds_check,
    feeds_discover,
    feeds_history,
    feeds_opml,
    replay,
    review,
    runs,
    start,
    stories,
)
from monitor.entrypoints.cli.context import Context, Globals
from monitor.entrypoints.cli.output import complain
from monitor.errors import MonitorError


class Commands(TyperGroup):
    """Turns what a command raises into one sentence on stderr and exit code 1."""

    @override
    def invoke(self, ctx: Any) -> Any:  # Typer keeps the type of its contexts private
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except MonitorError as error:
            complain(str(error))
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            _surprised(error, verbose=ctx.obj is not None and ctx.obj.verbose)
        raise typer.Exit(1)


def _surprised(error: Exception, *, verbose: bool) -> None:
    """Something nobody foresaw: -v shows where."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, MonitorError):
        complain(str(error))
        return
    if verbose:
        traceback.print_exception(error, file=sys.stderr)
    complain(
        f"This should not have happened ({type(error).__name__}: {error}): run it with -v and report what it says."
    )


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="monitor",
    cls=Commands,
    help="Watches the news about two countries and tells what happened, on time, once, with the reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    ctx: Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The settings file; else MONITOR_CONFIG, else ./monitor.toml.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log everything.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Log errors only, and show no progress.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Options that hold for every command."""
    del version
    ctx.obj = Globals(config=config, verbose=verbose, quiet=quiet)


for module in (start, runs, articles, explain, evaluate, replay):
    module.register(app)
for module in (feeds_check, feeds_discover, feeds_opml, feeds_history):
    module.register(feeds.app)
events_series.register(events.app)
for name, group in (
    ("feeds", feeds),
    ("digest", digest),
    ("deliveries", deliveries),
    ("entities", entities),
    ("events", events),
    ("review", review),
    ("stories", stories),
    ("db", db),
):
    app.add_typer(group.app, name=name)


def main() -> None:
    """The `monitor` command. What the terminal's encoding cannot show is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
