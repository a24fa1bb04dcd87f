"""Stories as JSON and as `stories list` and `stories show` print them."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.digest.headline import told_as
from monitor.digest.sources import Voices, appeared, distinct
from monitor.domain.digest import Source
from monitor.domain.event import Event
from monitor.domain.watchlist import Watchlist
from monitor.entrypoints.cli.output import iso, moment, print_table, say
from monitor.entrypoints.cli.shapes import Json
from monitor.store.views import RulingRow, StoryView
from monitor.text.url import shown_url

COLUMNS = ("id", "first", "last", "reports", "publishers", "languages", "headline", "event", "stage")
"""Of the list."""


def shape_of(view: StoryView, watchlist: Watchlist) -> Json:
    """A story of the list, as JSON. It has an accepted report."""
    times, voices = sorted(map(appeared, view.reports)), Voices(watchlist.publishers)
    event = view.event if view.event and view.event.stage else None
    first = next(iter(voices.ordered(distinct(view.reports))), None)
    return {
        "id": view.id,
        "first": moment(times[0]),
        "last": moment(times[-1]),
        "reports": len(view.reports),
        "publishers": voices.count(view.reports),
        "languages": sorted({report.language for report in view.reports}),
        "headline": told_as(event, first, watchlist),
        "event": _event_shape(event) if event else None,
    }


def full_shape(view: StoryView, watchlist: Watchlist, why: str | None) -> Json:
    """The same with its reports and rulings; `why` they stand together, None where others brought them together."""
    return shape_of(view, watchlist) | {
        "why": why,
        "aliases": list(view.aliases),
        "items": [_report_shape(report) for report in view.reports],
        "rulings": [_ruling_shape(row) for row in view.rulings],
    }


def _event_shape(event: Event) -> Json:
    return {
        "id": event.id,
        "type": event.type.value,
        "stage": event.stage.value if event.stage else None,
        "start": iso(event.start),
        "end": iso(event.end),
        "place": event.place,
    }


def _report_shape(report: Source) -> Json:
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


def _ruling_shape(row: RulingRow) -> Json:
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


def row_of(shape: Json) -> Sequence[object]:
    """The same as a row under `COLUMNS`."""
    event = shape["event"] or {"id": None, "stage": None}
    days = (shape["first"][:10], shape["last"][:10])
    languages = ", ".join(shape["languages"])
    counts = (shape["reports"], shape["publishers"])
    return (shape["id"], *days, *counts, languages, shape["headline"], event["id"], event["stage"])


def print_story(shape: Json) -> None:
    """All that `full_shape` has, block by block."""
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
