"""`replay`: the archive under today's rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.articles import parse_time
from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.output import AsJson, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.pipeline.replay import Change, ReplayReport

SHOWN = 20
"""Changes of one kind that are listed; JSON has them all."""

ENTITIES_SHOWN = 6
"""Entities that one line names."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(replay)


def replay(
    ctx: Context,
    since: Annotated[
        str | None, typer.Option(metavar="D", help="Only items that appeared on this day or later.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Store the new judgements; no daemon may run.")] = False,
    json: AsJson = False,
) -> None:
    """Judge again what other rules judged, and show what changes; nothing is written without --apply.

    An analyst's verdict outweighs the new judgement. What is accepted only now becomes archive: it joins stories and
    ledger and is not told. A daemon does the same when it starts with changed rules.
    """
    earliest = _since(since)
    application = load_application(ctx)
    report = _run(ctx, application, earliest, apply=apply)
    if json:
        print_json(_shape(report, applied=apply))
    else:
        _print(report, applied=apply)


def _since(text: str | None) -> datetime | None:
    time = None if text is None else parse_time(text)
    if text is not None and time is None:
        raise typer.BadParameter(f"--since is {text!r} and must be a day like 2025-05-04 or an ISO 8601 time")
    return time


def _run(ctx: Context, application: "Application", since: datetime | None, *, apply: bool) -> "ReplayReport":
    """A daemon with other rules in memory would undo what is applied, so none may run then."""
    from monitor.domain.run import RunKind, RunRecord
    from monitor.store.lock import only_daemon

    started = application.clock()
    with only_daemon(application.database) if apply else nullcontext():
        ids = application.replay.waiting(since)
        with progress(ctx, "Judging", len(ids)) as done:
            report = application.replay.run(ids, apply=apply, progress=done)
    if apply and report.judged:
        record = RunRecord(RunKind.REPLAY, started, application.clock(), report.counts())
        application.runs.record_run(record)
    return report


def _shape(report: "ReplayReport", *, applied: bool) -> Json:
    return {
        "rules_version": report.rules_version,
        "applied": applied,
        **report.counts(),
        "kinds": {kind: len(changes) for kind, changes in _by_kind(report.changes).items()},
        "changes": [_change_shape(change) for change in report.changes],
    }


def _change_shape(change: "Change") -> Json:
    return {
        "id": change.item_id,
        "title": change.title,
        "kind": change.kind,
        "before": change.before.value,
        "after": change.after.value,
        "strengths": list(change.strengths) if change.strengths else None,
        "gained": list(change.gained),
        "lost": list(change.lost),
    }


def _by_kind(changes: "Sequence[Change]") -> "Mapping[str, list[Change]]":
    """Changes of decisions first, the rest in the order strength, entities."""
    found: defaultdict[str, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: (change.kind in {"strength", "entities"}, change.kind[::-1])):
        found[change.kind].append(change)
    return found


def _print(report: "ReplayReport", *, applied: bool) -> None:
    for kind, changes in _by_kind(report.changes).items():
        say(f"{kind}: {len(changes)}")
        rows = [(change.item_id, change.title, _details(change)) for change in changes[:SHOWN]]
        print_table(("id", "title", "what else"), rows, "")
        if len(changes) > SHOWN:
            say(f"and {len(changes) - SHOWN} more: --json lists them all")
    held = f"; {report.held_by_verdict} keep an analyst's verdict" if report.held_by_verdict else ""
    written = "stored" if applied else "nothing is written without --apply"
    say(
        f"{report.judged} items judged again under rules {report.rules_version}, {len(report.changes)} change{held}: "
        f"{written}."
        if report.judged
        else f"Every item is judged under today's rules, {report.rules_version}, already."
    )


def _details(change: "Change") -> str:
    before, after = change.strengths or (None, None)
    strength = [f"{before or 'none'} → {after or 'none'}"] if change.strengths and before and after else []
    entities = [*(f"+{entity}" for entity in change.gained), *(f"-{entity}" for entity in change.lost)]
    more = [f"{len(entities) - ENTITIES_SHOWN} more"] if len(entities) > ENTITIES_SHOWN else []
    return ", ".join([*strength, *entities[:ENTITIES_SHOWN], *more])
