"""`deliveries`: which digests are on their way to whom, and another try for those that failed."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_application, load_database
from monitor.entrypoints.cli.output import AsJson, complain, moment, print_json, print_table, say
from monitor.entrypoints.cli.shapes import Json

if TYPE_CHECKING:
    from monitor.store.views import DeliveryRow

app = typer.Typer(help="Deliveries: list and retry.", no_args_is_help=True)


@app.command("list")
def list_(
    ctx: Context,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were sent.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    json: AsJson = False,
) -> None:
    """List deliveries that wait, are being sent or were given up (dead), newest first."""
    from monitor.domain.digest import DeliveryState
    from monitor.store.queries import Queries

    states = [state for state in DeliveryState if everything or state is not DeliveryState.SENT]
    rows = Queries(load_database(ctx)).deliveries(limit, states)
    if json:
        print_json([_shape(row) for row in rows])
        return
    cells = [
        (
            row.id,
            row.schedule,
            row.local_date,
            row.channel,
            row.recipient,
            row.state,
            row.attempts,
            row.next_attempt_at,
            row.answer,
        )
        for row in rows
    ]
    columns = ("id", "schedule", "day", "channel", "recipient", "state", "attempts", "next", "last answer")
    print_table(columns, cells, "Nothing was delivered yet." if everything else "Every delivery was sent.")


@app.command()
def retry(
    ctx: Context,
    delivery: Annotated[int, typer.Argument(metavar="ID", help="Its number in `deliveries list`.")],
    json: AsJson = False,
) -> None:
    """Try a delivery again at once that waits or was given up, with whatever else is due; exit code 1 if it fails."""
    from monitor.domain.digest import DeliveryState
    from monitor.store.report import SqlReportStore

    application = load_application(ctx)
    SqlReportStore(application.database).retry(delivery, application.clock())
    asyncio.run(application.deliver_waiting())
    row = application.queries.delivery(delivery)
    sent = row.state is DeliveryState.SENT
    if json:
        print_json(_shape(row))
    elif sent:
        say(f"Delivery {row.id} was sent to {row.recipient}: {row.answer}")
    else:
        complain(_unsent(row))
    if not sent:
        raise typer.Exit(1)


def _unsent(row: "DeliveryRow") -> str:
    """Where a delivery stands that was tried and not sent."""
    if row.answer is None:
        return f"Delivery {row.id} is being sent by another program: `monitor deliveries list` shows how that goes."
    again = f"is tried again at {row.next_attempt_at:%Y-%m-%d %H:%M} UTC" if row.next_attempt_at else "is given up"
    return f"Delivery {row.id} failed and {again}: {row.answer}"


def _shape(row: "DeliveryRow") -> Json:
    return {
        "id": row.id,
        "digest": row.digest_id,
        "schedule": row.schedule,
        "day": row.local_date.isoformat(),
        "channel": row.channel,
        "recipient": row.recipient,
        "state": row.state.value,
        "attempts": row.attempts,
        "next_attempt": moment(row.next_attempt_at),
        "last_attempt": moment(row.last_attempt_at),
        "answer": row.answer,
    }
