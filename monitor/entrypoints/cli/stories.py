"""`stories`: reports of one happening, and an analyst's rulings on which those are."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.articles import parse_time
from monitor.entrypoints.cli.context import Context, load_application, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, print_json, print_table, say
from monitor.entrypoints.cli.review import analyst_name
from monitor.entrypoints.cli.shapes import Json

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.store.stories import Remark, Ruled, SqlStoryStore

app = typer.Typer(help="Stories, and rulings on what belongs together.", no_args_is_help=True)

Named = Annotated[int, typer.Argument(metavar="STORY", help="Its number, or that of a story merged into it.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the ruling.")]


@app.command("list")
def list_(
    ctx: Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only with a report of this day or later, like 2025-01-31.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List the stories, those with the newest reports first."""
    from monitor.bootstrap import load_watchlist
    from monitor.entrypoints.cli.stories_shown import COLUMNS, row_of, shape_of
    from monitor.store.queries import Queries

    views = Queries(load_database(ctx)).stories(limit, _since(since))
    watchlist = load_watchlist(load_settings(ctx))
    shapes = [shape_of(view, watchlist) for view in views]
    if json:
        print_json(shapes)
        return
    rows = list(map(row_of, shapes))
    print_table(COLUMNS, rows, "There is no story yet." if since is None else "No story has a report of then or later.")


@app.command()
def show(ctx: Context, story: Named, json: AsJson = False) -> None:
    """Show one story: its reports, its event, and what analysts ruled on it."""
    from monitor.entrypoints.cli.stories_shown import full_shape, print_story

    application = load_application(ctx)
    view = application.queries.story(story)
    why = application.follow.why([report.item_id for report in view.reports])
    shape = full_shape(view, application.rules.watchlist, why)
    if json:
        print_json(shape)
    else:
        print_story(shape)


@app.command()
def split(
    ctx: Context,
    story: Named,
    items: Annotated[list[str], typer.Argument(metavar="ITEM…", help="Items of it: numbers or addresses.")],
    note: Note = "",
    json: AsJson = False,
) -> None:
    """Take items out of a story: they are one of their own from now on, whatever the rules say."""
    _rule(ctx, note, lambda store, remark: store.split(story, items, remark), json=json)


@app.command()
def merge(
    ctx: Context,
    story: Named,
    others: Annotated[list[int], typer.Argument(metavar="STORY…", help="Stories that become part of the first.")],
    note: Note = "",
    json: AsJson = False,
) -> None:
    """Make one story of several, with the number of the first, whatever the rules say."""
    _rule(ctx, note, lambda store, remark: store.merge(story, others, remark), json=json)


def _rule(ctx: Context, note: str, record: "Callable[[SqlStoryStore, Remark], Ruled]", *, json: bool) -> None:
    """Record the ruling, follow the items that it moves, and tell what came out."""
    from monitor.store.stories import Remark, SqlStoryStore

    application = load_application(ctx)
    remark = Remark(analyst_name(), note, application.clock())
    ruled = record(SqlStoryStore(application.database), remark)
    application.follow.again(ruled.moving)
    outcome = _outcome(application, ruled)
    if json:
        print_json(outcome)
    else:
        say(_outcome_words(outcome))


def _outcome(application: "Application", ruled: "Ruled") -> Json:
    """The stories that hold the items now, those of before first, and the numbers that became aliases."""
    named = {*ruled.moving, *ruled.staying}
    homes = application.queries.homes(named)
    there = [story for story in ruled.stories if story in homes.values()]
    views = [application.queries.story(story) for story in (*there, *sorted(set(homes.values()) - set(there)))]
    return {
        "stories": [
            {
                "id": view.id,
                "reports": len(view.reports),
                "new": view.id not in ruled.stories and named.issuperset(one.item_id for one in view.reports),
            }
            for view in views
        ],
        "aliases": [story for story in ruled.stories if any(story in view.aliases for view in views)],
        "left_out": len(named - homes.keys()),
    }


def _outcome_words(outcome: Json) -> str:
    parts = [
        f"story {one['id']} is new with {one['reports']}" if one["new"] else f"story {one['id']} now holds {_many(one)}"
        for one in outcome["stories"]
    ]
    parts += [f"story {alias} is its alias" for alias in outcome["aliases"]]
    if outcome["left_out"]:
        parts.append(f"{outcome['left_out']} of the items left all stories, as they are not accepted any more")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _many(one: Json) -> str:
    return f"{one['reports']} report{'' if one['reports'] == 1 else 's'}"


def _since(text: str | None) -> datetime | None:
    time = None if text is None else parse_time(text)
    if text is not None and time is None:
        raise typer.BadParameter(f"--since is {text!r} and must be a day like 2025-05-04 or an ISO 8601 time")
    return time
