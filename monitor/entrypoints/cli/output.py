"""Printing: results to stdout, complaints and progress to stderr. Words of strangers are made safe to show."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.text.shown import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.entrypoints.cli.context import Context

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

PIPE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe, where no terminal says how wide it is."""


def complain(text: str) -> None:
    """One sentence per line to stderr."""
    for line in text.splitlines():
        typer.echo(f"monitor: {one_line(line)}", err=True)


def warn(text: str) -> None:
    """One line to stderr, in yellow where a terminal shows it."""
    typer.secho(f"monitor: {one_line(text)}", err=True, fg=typer.colors.YELLOW)


def say(text: str) -> None:
    """One line to stdout."""
    typer.echo(one_line(text))


def print_json(value: object) -> None:
    """One JSON document to stdout, in letters people can read."""
    typer.echo(as_json(value, indent=2))


def as_json(value: object, indent: int | None = None) -> str:
    """JSON in which only lone surrogates are escaped, as UTF-8 cannot carry them."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """A table to stdout, or the sentence `empty` when there are no rows. Columns without any name get no header."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say(empty)
        return
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(columns))
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    stdout().print(table)


def stdout() -> "Console":
    """Rich on stdout; no colours and a fixed width where that is no terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def moment(time: datetime | None) -> str | None:
    """A time as JSON and tables show it: ISO 8601 in UTC to the second; None stays None."""
    return None if time is None else time.isoformat(timespec="seconds").replace("+00:00", "Z")


def iso(day: date | None, *, precise: bool = True) -> str | None:
    """A day as JSON and tables show it, or only its month where no day is known; None stays None."""
    if day is None:
        return None
    return day.isoformat() if precise else f"{day:%Y-%m}"


@contextmanager
def progress(ctx: "Context", what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, for people only; yields the function that is told how many more are done."""
    from monitor.entrypoints.cli.context import globals_of

    if globals_of(ctx).quiet or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return one_line(str(value))
