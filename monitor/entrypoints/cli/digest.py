"""`digest`: what the next one would tell, making one now, and those that were made."""

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_application, load_database
from monitor.entrypoints.cli.output import AsJson, complain, moment, print_json, print_table, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.digest import Rendered, Schedule

app = typer.Typer(help="Digests: preview, make, list and show.", no_args_is_help=True)


class Form(StrEnum):
    """The forms of a digest."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


Named = Annotated[str | None, typer.Argument(metavar="[SCHEDULE]", help="A schedule; needed when there are several.")]
InForm = Annotated[Form, typer.Option("--form", help="How to show it.")]


@app.command()
def preview(ctx: Context, schedule: Named = None, form: InForm = Form.TEXT, json: AsJson = False) -> None:
    """Show what a digest made now would tell; nothing is told by this."""
    application = load_application(ctx)
    entry = _schedule(application, schedule)
    model = application.report.preview(entry, application.period_now(entry))
    _show(application.report.renderer.render(model), form, {"schedule": entry.name} if json else None)


@app.command()
def make(ctx: Context, schedule: Named = None, json: AsJson = False) -> None:
    """Make today's digest now instead of at its time, and deliver it; exit code 1 when a delivery failed."""
    application = load_application(ctx)
    entry = _schedule(application, schedule)
    digest, delivered = asyncio.run(application.make_now(entry))
    if digest is None:
        raise InputError(f"No digest: today's of {entry.name} is made already, or there is nothing to tell.")
    if json:
        print_json({"subject": digest.rendered.subject, "message_id": digest.message_id, **delivered})
    else:
        say(f"{digest.rendered.subject}: made, {delivered['sent']} sent, {delivered['failed']} failed.")
    if delivered["failed"]:
        complain("Some deliveries failed and are tried again: `monitor deliveries list` tells why.")
        raise typer.Exit(1)


@app.command("list")
def list_(
    ctx: Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
    json: AsJson = False,
) -> None:
    """List the digests that were made, newest first."""
    from monitor.store.queries import Queries

    rows = Queries(load_database(ctx)).digests(limit)
    if json:
        print_json(
            [
                {
                    "id": row.id,
                    "schedule": row.schedule,
                    "day": row.local_date.isoformat(),
                    "made": moment(row.made_at),
                    "subject": row.subject,
                    "members": row.members,
                    "facts": row.facts,
                    "deliveries": {state.value: count for state, count in row.deliveries.items()},
                }
                for row in rows
            ]
        )
        return
    cells = [
        (
            row.id,
            row.schedule,
            row.local_date,
            row.subject,
            row.members,
            ", ".join(f"{count} {state}" for state, count in row.deliveries.items()),
        )
        for row in rows
    ]
    print_table(("id", "schedule", "day", "subject", "items", "deliveries"), cells, "No digest was made yet.")


@app.command()
def show(
    ctx: Context,
    digest: Annotated[int, typer.Argument(metavar="ID", help="Its number in `digest list`.")],
    form: InForm = Form.TEXT,
    json: AsJson = False,
) -> None:
    """Show one digest as it was sent."""
    from monitor.store.queries import Queries

    found = Queries(load_database(ctx)).digest(digest)
    head = {
        "id": found.id,
        "schedule": found.schedule,
        "day": found.period.local_date.isoformat(),
        "made": moment(found.made_at),
        "message_id": found.message_id,
        "items": sorted(found.members),
        "facts": sorted(found.facts),
    }
    _show(found.rendered, form, head if json else None)


def _schedule(application: "Application", name: str | None) -> "Schedule":
    schedules = {entry.name: entry for entry in application.report.schedules}
    if name is None and len(schedules) == 1:
        return next(iter(schedules.values()))
    if name is None:
        raise InputError(f"Name one of the schedules: {', '.join(schedules) or 'none is set'}.")
    if name not in schedules:
        raise NotFoundError(f"There is no schedule {name!r}: the settings have {', '.join(schedules) or 'none'}.")
    return schedules[name]


def _show(rendered: "Rendered", form: Form, head: Json | None) -> None:
    """The digest in one form, or with `head` in all of them as JSON."""
    if head is not None:
        forms = {"html": rendered.html, "text": rendered.text, "markdown": rendered.markdown}
        print_json({**head, "subject": rendered.subject, **forms})
        return
    shown = {Form.TEXT: rendered.text, Form.MARKDOWN: rendered.markdown, Form.HTML: rendered.html}
    typer.echo(shown[form])
