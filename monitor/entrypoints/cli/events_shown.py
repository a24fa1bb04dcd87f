"""One event as `events show` prints it: its slots, stages, evidence and reports."""

from collections.abc import Callable, Iterator

from monitor.digest.words import span_words
from monitor.domain.event import StageChange, standing
from monitor.domain.evidence import evidence_of
from monitor.domain.ledger import EventView
from monitor.entrypoints.cli.event_shapes import EventShapes, with_office
from monitor.entrypoints.cli.output import moment, print_table, say
from monitor.entrypoints.cli.shapes import Json
from monitor.text.url import shown_url


def print_event(view: EventView, shapes: EventShapes) -> None:
    """Everything that is known of an event, block by block."""
    for block in BLOCKS:
        block(view, shapes)


def _slots(view: EventView, shapes: EventShapes) -> None:
    shape = shapes.shape(view)
    say(f"Event {shape['id']}: {shape['headline']}")
    print_table(("", ""), [line for line in _lines(view, shape, shapes) if line[1]], "")


def _lines(view: EventView, shape: Json, shapes: EventShapes) -> Iterator[tuple[str, str]]:
    event, codes = view.row.event, shape["codes"]
    yield "Type", f"{event.type}, {shape['level']} level"
    yield "Stage", event.stage or "none stands any more"
    yield "Days", span_words(event.start, event.end) or "not known"
    yield "Place", event.place or ""
    yield "Series", shape["series"]["name"] if shape["series"] else ""
    yield "Standing", shapes.standing(view)
    yield "Edition", ", ".join(str(one) for one in (shape["edition"], shape["edition_year"]) if one is not None)
    yield "Services", ", ".join(shape["services"])
    yield "Who", "; ".join(map(with_office, shape["participants"]))
    yield "Topics", " · ".join(topic["name"] for topic in shape["topics"])
    yield from shapes.sides(view)
    more = ", ".join(filter(None, (codes["mode"], codes["context"])))
    yield (
        "Codes",
        f"{codes['verb']} · PLOVER {codes['plover']}{f' ({more})' if more else ''} · CAMEO {codes['cameo'] or 'none'}",
    )
    yield "Calendar", f"{view.row.uid}, revision {view.row.revision} of {moment(view.row.updated_at)}"


def _stages(view: EventView, shapes: EventShapes) -> None:
    del shapes
    event = view.row.event
    stands = standing(event.changes)
    publishers = {str(report.source.item_id): report.source.publisher for report in view.reports}

    def row(change: StageChange) -> tuple[object, ...]:
        fate = "stands" if change in stands else "taken back"
        return (
            change.stage,
            change.at,
            change.evidence,
            publishers.get(change.evidence, "no report of it any more"),
            fate,
        )

    told = [change for change in event.changes if change.retracts is None]
    print_table(("stage", "told", "item", "by", ""), [row(change) for change in told], "No stage was ever told.")


def _evidence(view: EventView, shapes: EventShapes) -> None:
    del shapes
    rows = [
        (one.slot, one.value, one.span.surface if one.span else "", one.rule, one.confidence, one.item_id)
        for one in evidence_of(view)
    ]
    print_table(("slot", "value", "words", "rule", "sure", "item"), rows, "No report tells of its slots any more.")


def _reports(view: EventView, shapes: EventShapes) -> None:
    rows = [
        (
            report.source.item_id,
            report.source.published or report.source.first_seen,
            report.source.publisher,
            shapes.side(report),
            report.source.language,
            report.source.title,
            shown_url(report.source.url) if report.source.url else None,
        )
        for report in shapes.by_side(view)
    ]
    print_table(("item", "appeared", "publisher", "side", "lang", "title", "link"), rows, "It has no reports any more.")


BLOCKS: tuple[Callable[[EventView, EventShapes], None], ...] = (_slots, _stages, _evidence, _reports)
"""What is printed, in order."""
