"""`events series` and `events ladder`: editions with what is due, and how far agreements and platform deals got."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, iso, print_json, print_table
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from monitor.domain.ladder import Ladder
    from monitor.domain.watchlist import Edition, Watchlist

Of = Annotated[str | None, typer.Argument(metavar="ENTITY", help="One of them in full; its id.")]


def register(app: typer.Typer) -> None:
    """Add both commands to the group `events`."""
    app.command("series")(series)
    app.command("ladder")(ladder)


def series(ctx: Context, entity: Of = None, json: AsJson = False) -> None:
    """List exercises, dialogues and lines of meetings with their editions, the usual interval, and what is due."""
    from monitor.bootstrap import load_watchlist, utc_now
    from monitor.domain.ledger import LedgerFilter
    from monitor.domain.series import all_editions
    from monitor.store.queries import Queries

    watchlist, today = load_watchlist(load_settings(ctx)), utc_now().date()
    rows = Queries(load_database(ctx)).events(LedgerFilter())
    known = all_editions((row.event for row in rows), watchlist, today)
    chosen = _chosen(entity, known, watchlist, "has no edition yet: `monitor events series` shows those that have")
    shapes = [_series_shape(one, known[one], watchlist, today) for one in chosen]
    if json:
        print_json(shapes)
    elif entity is None:
        columns = ("series", "editions", "last", "place", "usually every", "next")
        print_table(columns, [_series_row(shape) for shape in shapes], "No series has an edition yet.")
    else:
        rows_shown = [tuple(edition.values()) for shape in shapes for edition in shape["editions"]]
        print_table(("start", "end", "place", "event", "source"), rows_shown, "")


def ladder(ctx: Context, entity: Of = None, json: AsJson = False) -> None:
    """List agreements and platform deals with the step they reached, and the reports that contradict it."""
    from monitor.bootstrap import load_watchlist, utc_now
    from monitor.domain.ladder import CLIMBING
    from monitor.domain.ladder import ladder as climb
    from monitor.store.queries import Queries

    watchlist, today = load_watchlist(load_settings(ctx)), utc_now().date()
    climbing = [one.id for one in watchlist.entities.values() if one.kind in CLIMBING]
    told = Queries(load_database(ctx)).step_reports(climbing)
    climbed = {one: climb(one, watchlist.steps, told, today) for one in climbing}
    known = {one: found for one, found in climbed.items() if found.rungs}
    chosen = _chosen(entity, known, watchlist, "has reached no step yet: `monitor events ladder` shows those that have")
    shapes = [_ladder_shape(known[one], watchlist) for one in chosen]
    if json:
        print_json(shapes)
    elif entity is None:
        columns = ("agreement or deal", "id", "step", "since", "reports that contradict")
        print_table(columns, [_ladder_row(shape) for shape in shapes], "Nothing has reached a step yet.")
    else:
        rungs = [tuple(rung.values()) for shape in shapes for rung in shape["steps"]]
        print_table(("step", "since", "item", "source"), rungs, "")
        against = [tuple(report.values()) for shape in shapes for report in shape["contradicting"]]
        print_table(("told as", "on", "item"), against, "No report contradicts it.")


def _chosen(entity: str | None, known: "Collection[str]", watchlist: "Watchlist", lacking: str) -> list[str]:
    """The named one, or all by name. Raises NotFoundError for one that is not known, or of which nothing is."""
    if entity is None:
        return sorted(known, key=lambda one: watchlist.entities[one].name.casefold())
    if entity not in watchlist.entities:
        raise NotFoundError(f"There is no entity {entity!r}: `monitor entities list` shows their ids.")
    if entity not in known:
        raise NotFoundError(f"{watchlist.entities[entity].name} {lacking}.")
    return [entity]


def _series_shape(series_id: str, editions: "Sequence[Edition]", watchlist: "Watchlist", today: "date") -> Json:
    from monitor.domain.series import expected, usual_interval

    usual, due = usual_interval(editions), expected(editions, today)
    return {
        "id": series_id,
        "name": watchlist.entities[series_id].name,
        "usual_days": usual.days if usual else None,
        "expected": due.around.isoformat() if due else None,
        "overdue": bool(due and due.overdue),
        "editions": [
            {
                "start": iso(one.start, precise=one.precise),
                "end": iso(one.end),
                "place": one.place,
                "event": one.event_id,
                "source": one.source or None,
            }
            for one in editions
        ],
    }


def _series_row(shape: Json) -> tuple[object, ...]:
    last, days = shape["editions"][-1], shape["usual_days"]
    due = (
        f"{'overdue, expected about' if shape['overdue'] else 'about'} {shape['expected'][:7]}"
        if shape["expected"]
        else None
    )
    usual = f"{days} days" if days else None
    return shape["name"], len(shape["editions"]), last["start"], last["place"], usual, due


def _ladder_shape(climbed: "Ladder", watchlist: "Watchlist") -> Json:
    return {
        "id": climbed.entity,
        "name": watchlist.entities[climbed.entity].name,
        "step": climbed.step,
        "steps": [
            {
                "step": rung.step.value,
                "since": iso(rung.day, precise=rung.precise),
                "item": rung.item_id,
                "source": rung.source or None,
            }
            for rung in climbed.rungs
        ],
        "contradicting": [
            {"step": report.step.value, "on": report.day.isoformat(), "item": report.item_id}
            for report in climbed.contradicting
        ],
    }


def _ladder_row(shape: Json) -> tuple[object, ...]:
    return shape["name"], shape["id"], shape["step"], shape["steps"][-1]["since"], len(shape["contradicting"]) or None
