"""`stories`: reports of one happening, and an analyst's rulings on which those are."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.articles import parse_time
from monitor.entrypoints.cli.context import Context, load_application, load_database, load_settings
from monitor.entrypoints.cli.output import AsJson, moment, print_json, print_table, say
from monitor.entrypoints.cli.review import analyst_name
from monitor.entrypoints.cli.shapes import Json
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.digest import Source
    from monitor.domain.event import Event
    from monitor.domain.watchlist import Watchlist
    from monitor.store.stories import Remark, Ruled, SqlStoryStore
    from monitor.store.views import RulingRow, StoryView

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
    from monitor.store.queries import Queries

    views = Queries(load_database(ctx)).stories(limit, _since(since))
    watchlist = load_watchlist(load_settings(ctx))
    if json:
        print_json([_shape(view, watchlist) for view in views])
        return
    rows = [_row(_shape(view, watchlist)) for view in views]
    columns = ("id", "first", "last", "reports", "publishers", "languages", "headline", "event", "stage")
    print_table(columns, rows, "There is no story yet." if since is None else "No story has a report of then or later.")


@app.command()
def show(ctx: Context, story: Named, json: AsJson = False) -> None:
    """Show one story: its reports, its event, and what analysts ruled on it."""
    application = load_application(ctx)
    view, watchlist = application.queries.story(story), application.rules.watchlist
    shape = _shape(view, watchlist) | {
        "why": application.follow.why([report.item_id for report in view.reports]),
        "aliases": list(view.aliases),
        "items": [_report_shape(report) for report in view.reports],
        "rulings": [_ruling_shape(row) for row in view.rulings],
    }
    if json:
        print_json(shape)
    else:
        _print(shape)


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


def _shape(view: "StoryView", watchlist: "Watchlist") -> Json:
    from monitor.digest.sources import Voices, appeared

    times = sorted(map(appeared, view.reports))
    return {
        "id": view.id,
        "first": moment(times[0]),
        "last": moment(times[-1]),
        "reports": len(view.reports),
        "publishers": Voices(watchlist.publishers).count(view.reports),
        "languages": sorted({report.language for report in view.reports}),
        "headline": _headline(view, watchlist),
        "event": _event_shape(view.event) if view.event and view.event.stage else None,
    }


def _headline(view: "StoryView", watchlist: "Watchlist") -> str:
    """That of its event, else the title of its first report, of those about the relation itself if there are any."""
    from monitor.digest.headline import headline
    from monitor.domain.judgement import Strength

    core = [report for report in view.reports if report.strength is Strength.CORE]
    told = headline(view.event, watchlist) if view.event and view.event.stage else None
    return told or (core or view.reports)[0].title


def _event_shape(event: "Event") -> Json:
    return {
        "id": event.id,
        "type": event.type.value,
        "stage": event.stage.value if event.stage else None,
        "start": event.start.isoformat() if event.start else None,
        "end": event.end.isoformat() if event.end else None,
        "place": event.place,
    }


def _report_shape(report: "Source") -> Json:
    from monitor.digest.sources import appeared

    return {
        "id": report.item_id,
        "publisher": report.publisher,
        "credit": report.credit,
        "time": moment(appeared(report)),
        "lang": report.language,
        "archive": report.archive,
        "title": report.title,
        "url": report.url,
    }


def _ruling_shape(row: "RulingRow") -> Json:
    """A merge: the items of the story that stayed, and of those that joined it. A split: who stayed, and who left."""
    stayed, moved = (row.left, row.right) if row.together else (row.right, row.left)
    return {
        "ruling": "merge" if row.together else "split",
        "moved": sorted(moved),
        "stayed": sorted(stayed),
        "analyst": row.analyst,
        "note": row.note,
        "at": moment(row.at),
    }


def _row(shape: Json) -> Sequence[object]:
    event = shape["event"] or {"id": None, "stage": None}
    days = (shape["first"][:10], shape["last"][:10])
    languages = ", ".join(shape["languages"])
    counts = (shape["reports"], shape["publishers"])
    return (shape["id"], *days, *counts, languages, shape["headline"], event["id"], event["stage"])


def _print(shape: Json) -> None:
    say(f"Story {shape['id']}: {shape['headline']}")
    event = shape["event"]
    days = " to ".join(dict.fromkeys((shape["first"][:10], shape["last"][:10])))
    lines = [
        ("event", _event_words(event) if event else "none"),
        ("reports", f"{shape['reports']} by {shape['publishers']} publishers, {days}, {', '.join(shape['languages'])}"),
        ("why", shape["why"] or "other reports brought them together"),
    ]
    if shape["aliases"]:
        lines.append(("merged in", ", ".join(map(str, shape["aliases"]))))
    print_table(("", ""), lines, "")
    reports = [
        (one["id"], one["publisher"], one["time"], one["lang"], one["title"], shown_url(one["url"] or ""))
        for one in shape["items"]
    ]
    print_table(("item", "publisher", "appeared", "lang", "title", "address"), reports, "")
    rulings = [
        (one["at"], one["ruling"], one["analyst"], _numbers(one["moved"]), _numbers(one["stayed"]), one["note"])
        for one in shape["rulings"]
    ]
    if rulings:
        print_table(("ruled at", "ruling", "analyst", "moved", "stayed", "note"), rulings, "")


def _event_words(event: Json) -> str:
    told = (event["type"], event["stage"], event["start"], event["place"])
    return f"{event['id']}: {', '.join(filter(None, told))}"


def _numbers(items: Sequence[int]) -> str:
    return ", ".join(map(str, items))


def _since(text: str | None) -> datetime | None:
    time = None if text is None else parse_time(text)
    if text is not None and time is None:
        raise typer.BadParameter(f"--since is {text!r} and must be a day like 2025-05-04 or an ISO 8601 time")
    return time
