"""`events`: the ledger as a list, one event in full, files for other programs, and the pace of contact."""

from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.domain.event import EventType, Stage
from monitor.domain.pace import Level
from monitor.entrypoints.cli.context import Context, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, print_json, print_table
from monitor.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.ledger import EventView, LedgerFilter
    from monitor.domain.pace import MonthOfContact
    from monitor.domain.watchlist import Watchlist
    from monitor.entrypoints.cli.event_shapes import EventShapes
    from monitor.store.queries import Queries

app = typer.Typer(help="The ledger of events: list, show, export and pace.", no_args_is_help=True)

YEAR_BACK = timedelta(days=365)
NONE_LISTED = "The ledger has no such event of this time: --since looks further back than a year."
FIRST_YEAR = 1900
LAST_YEAR = 9998
"""Years that can be asked for: a month eleven months before and a day after are days still."""


class Form(StrEnum):
    """What an export is for."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    SVG = "svg"


Since = Annotated[str | None, typer.Option(metavar="D", help="Only with a day from this one on; else a year back.")]
Until = Annotated[str | None, typer.Option(metavar="D", help="Only with a day up to this one.")]
Types = Annotated[list[EventType] | None, typer.Option("--type", help="Only of this type; may be given again.")]
Stages = Annotated[list[Stage] | None, typer.Option("--stage", help="Only at this stage; may be given again.")]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="ENTITY", help="Only where this entity takes part, or one of several; its id."),
]


@app.command("list")
def list_(
    ctx: Context,
    since: Since = None,
    until: Until = None,
    type_: Types = None,
    stage: Stages = None,
    with_: With = None,
    json: AsJson = False,
) -> None:
    """List the events, the newest last."""
    watchlist, queries = _load(ctx)
    views = queries.event_views(_filter(watchlist, _since(since), _day("--until", until), type_, stage, with_))
    shapes = _shapes(watchlist)
    if json:
        print_json([shapes.shape(view) for view in views])
        return
    columns = ("id", "days", "type", "headline", "stage", "place", "reports", "publishers")
    print_table(columns, [_listed(view, shapes) for view in views], NONE_LISTED)


@app.command()
def show(
    ctx: Context,
    event: Annotated[int, typer.Argument(metavar="ID", help="Its number in `events list`.")],
    json: AsJson = False,
) -> None:
    """Show one event: its slots and stages with their evidence, and its reports, official ones first."""
    from monitor.domain.ledger import LedgerFilter
    from monitor.domain.series import all_editions
    from monitor.entrypoints.cli.event_shapes import EventShapes
    from monitor.entrypoints.cli.events_shown import print_event

    watchlist, queries = _load(ctx)
    view = queries.event(event)
    rows = (row.event for row in queries.events(LedgerFilter()))
    shapes = EventShapes.of(watchlist, all_editions(rows, watchlist, _today()))
    if json:
        print_json(shapes.full_shape(view))
    else:
        print_event(view, shapes)


@app.command()
def export(
    ctx: Context,
    form: Annotated[Form, typer.Option("--format", help="CSV is for spreadsheets, ICS for calendars.")] = Form.JSON,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; else stdout.")
    ] = None,
    since: Since = None,
    until: Until = None,
    type_: Types = None,
    stage: Stages = None,
    with_: With = None,
    year: Annotated[
        int | None, typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="The year of an SVG; else this one.")
    ] = None,
) -> None:
    """Write the events as JSON, CSV or a calendar, or a year of them as a drawing with its pace of contact."""
    from monitor.bootstrap import load_renderer
    from monitor.entrypoints.cli.events_export import drawing_of, file_of, pace_of, write

    if form is not Form.SVG and year is not None:
        raise typer.BadParameter("--year is for --format svg: give --since and --until")
    if form is Form.SVG and (since or until):
        raise typer.BadParameter("--format svg draws one --year: leave out --since and --until")
    watchlist, queries = _load(ctx)
    if form is Form.SVG:
        drawn = date(year or _today().year, 12, 31)
        wanted = _filter(watchlist, drawn.replace(month=1, day=1), drawn, type_, stage, with_)
        renderer = load_renderer(load_settings(ctx))
        whenever = _filter(watchlist, None, None, type_, stage, with_)
        months = pace_of((row.event for row in queries.events(whenever)), watchlist, drawn, _today())
        content = drawing_of(queries.event_views(wanted), months, watchlist, renderer, _today())
    else:
        wanted = _filter(watchlist, _since(since), _day("--until", until), type_, stage, with_)
        withdrawn = queries.withdrawn_events(wanted) if form is Form.ICS else ()
        content = file_of(form, queries.event_views(wanted), watchlist, withdrawn)
    write(output, content)


@app.command()
def pace(
    ctx: Context,
    until: Annotated[
        str | None, typer.Option(metavar="MONTH", help="The last month, like 2025-05; else this one.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Count the events that took place in each of twelve months, by level."""
    from monitor.domain.ledger import LedgerFilter
    from monitor.entrypoints.cli.events_export import pace_of

    last = _today() if until is None else _month(until)
    watchlist, queries = _load(ctx)
    months = pace_of((row.event for row in queries.events(LedgerFilter())), watchlist, last, _today())
    if json:
        print_json([_month_shape(month) for month in months])
        return
    rows = [(f"{month.first:%Y-%m}", *month.counts.values(), month.total) for month in months]
    print_table(("month", *Level, "all"), rows, "")


def _load(ctx: Context) -> "tuple[Watchlist, Queries]":
    from monitor.bootstrap import load_watchlist
    from monitor.store.queries import Queries

    return load_watchlist(load_settings(ctx)), Queries(load_database(ctx))


def _shapes(watchlist: "Watchlist") -> "EventShapes":
    from monitor.entrypoints.cli.event_shapes import EventShapes

    return EventShapes.of(watchlist)


def _filter(
    watchlist: "Watchlist",
    since: date | None,
    until: date | None,
    types: "Sequence[EventType] | None",
    stages: "Sequence[Stage] | None",
    entities: "Sequence[str] | None",
) -> "LedgerFilter":
    """The filter of the options. Raises NotFoundError for an entity that the watchlist does not know."""
    from monitor.domain.ledger import LedgerFilter

    for entity in entities or ():
        if entity not in watchlist.entities:
            raise NotFoundError(f"There is no entity {entity!r}: `monitor entities list` shows their ids.")
    return LedgerFilter(since, until, tuple(types or ()), tuple(stages or ()), tuple(entities or ()))


def _today() -> date:
    from monitor.bootstrap import utc_now

    return utc_now().date()


def _since(text: str | None) -> date | None:
    return _today() - YEAR_BACK if text is None else _day("--since", text)


def _day(option: str, text: str | None) -> date | None:
    return None if text is None else _parsed(option, text, text, "a day like 2025-05-04")


def _month(text: str) -> date:
    first = _parsed("--until", f"{text}-01", text, "a month like 2025-05")
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise typer.BadParameter(f"--until is {text!r} and must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return first


def _parsed(option: str, text: str, given: str, wanted: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{option} is {given!r} and must be {wanted}") from error


def _listed(view: "EventView", shapes: "EventShapes") -> tuple[object, ...]:
    from monitor.digest.words import span_words

    event, sources = view.row.event, shapes.sources(view)
    days = span_words(event.start, event.end)
    voices = shapes.voices.count(sources)
    return view.row.id, days, event.type, shapes.headline(view), event.stage, event.place, len(sources), voices


def _month_shape(month: "MonthOfContact") -> dict[str, object]:
    return {
        "month": f"{month.first:%Y-%m}",
        **{level.value: count for level, count in month.counts.items()},
        "all": month.total,
    }
