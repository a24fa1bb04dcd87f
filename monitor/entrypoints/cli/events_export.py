"""Events written for other programs: JSON, CSV, calendars and a year's drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import typer

from monitor.deliver.calendar import calendar_file
from monitor.deliver.file import write_atomically
from monitor.digest.calendar import calendar_entry
from monitor.digest.charts import year_chart
from monitor.digest.render import Renderer
from monitor.digest.words import counted
from monitor.domain.event import Event
from monitor.domain.ledger import EventView
from monitor.domain.pace import MonthOfContact, monthly, took_place_on
from monitor.domain.watchlist import Watchlist
from monitor.entrypoints.cli.event_shapes import COLUMNS, EventShapes
from monitor.entrypoints.cli.events import Form
from monitor.entrypoints.cli.output import as_json, warn
from monitor.errors import InputError
from monitor.events.level import level_of
from monitor.text.table import csv_bytes


def file_of(form: Form, views: Sequence[EventView], watchlist: Watchlist, withdrawn: Sequence[EventView] = ()) -> bytes:
    """The events for programs, spreadsheets or calendars; what a calendar cannot hold is counted on stderr.

    The `withdrawn` ones are for calendars alone, which keep what nothing takes back.
    """
    shapes = EventShapes.of(watchlist)
    if form is Form.CSV:
        return csv_bytes(COLUMNS, map(shapes.cells, views))
    if form is Form.JSON:
        return f"{as_json(list(map(shapes.shape, views)), indent=2)}\n".encode()
    entries = [entry for view in views if (entry := calendar_entry(view, watchlist, shapes.voices)) is not None]
    _tell_undated(len(views) - len(entries))
    taken_back = (calendar_entry(view, watchlist, shapes.voices) for view in withdrawn)
    return calendar_file(watchlist.title, [*entries, *(entry for entry in taken_back if entry is not None)])


def drawing_of(
    views: Sequence[EventView], months: Sequence[MonthOfContact], watchlist: Watchlist, renderer: Renderer, today: date
) -> bytes:
    """The year of these twelve months as SVG; events without a day are in no lane, and counted on stderr.

    `views` have a day in the year, or none; `months` count all events, as one that was announced in the year before
    and has no day may have taken place in this one.
    """
    shapes = EventShapes.of(watchlist)
    charted = [event for view in views if (event := shapes.charted(view)) is not None]
    _tell_undated(len(views) - len(charted))
    year = months[-1].first.year
    return renderer.render_year(year_chart(watchlist.title, year, charted, months, today)).encode()


def pace_of(events: Iterable[Event], watchlist: Watchlist, until: date, today: date) -> tuple[MonthOfContact, ...]:
    """The events that took place by `today`, in the twelve months up to that of `until`."""
    dated = ((took_place_on(event, today), event) for event in events)
    return monthly(((day, level_of(event, watchlist)) for day, event in dated if day is not None), until)


def write(output: Path | None, content: bytes) -> None:
    """To the file, which appears whole or not at all, or to stdout. Raises InputError."""
    if output is None:
        typer.echo(content, nl=False)
        return
    try:
        write_atomically(output, content)
    except OSError as error:
        raise InputError(f"{output} cannot be written ({error.strerror}): choose another place.") from error


def _tell_undated(count: int) -> None:
    if count:
        warn(f"Left out for want of a day: {counted(count, 'event')}; `monitor events list` shows them.")
