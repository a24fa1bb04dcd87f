"""`review`: the analyst's queue and verdicts, and samples of what was rejected."""

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_database
from monitor.entrypoints.cli.output import AsJson, moment, print_json, print_table, say
from monitor.entrypoints.cli.shapes import Json

if TYPE_CHECKING:
    from monitor.domain.judgement import Decision
    from monitor.domain.review import ReviewItem, Sampled

app = typer.Typer(help="The analyst's queue and verdicts.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(metavar="ID", help="A stored item: its number or its address.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the verdict.")]


@app.command("list")
def list_(
    ctx: Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the queue.")] = 50,
    json: AsJson = False,
) -> None:
    """List what waits for a verdict: items under review, the likeliest first, and sampled ones."""
    from monitor.store.queries import Queries

    queries = Queries(load_database(ctx))
    queue, drawn, sampled = queries.review_queue(limit), queries.drawn_waiting(), queries.sampled()
    waiting = queries.review_waiting()
    if json:
        print_json(
            {
                "waiting": waiting,
                "queue": [_shape(item) for item in queue],
                "drawn": [_shape(item) for item in drawn],
                "sampled": sampled_shape(sampled),
            }
        )
        return
    _print(queue, "Nothing waits for review.")
    if waiting > len(queue):
        say(f"and {waiting - len(queue)} more: give --limit")
    if drawn:
        say("Drawn at random from what was rejected:")
        _print(drawn, "")
    if sampled.drawn:
        say(f"Sample: {sampled_words(sampled)}.")


@app.command()
def accept(
    ctx: Context,
    item: Named,
    note: Note = "",
    tell: Annotated[bool, typer.Option("--tell", help="Tell it as news even if it is archive.")] = False,
    json: AsJson = False,
) -> None:
    """Accept an item, whatever the judge said: the next follow puts it into its story and the ledger."""
    from monitor.domain.judgement import Decision
    from monitor.store.queries import Queries

    item_id = _record(ctx, item, Decision.ACCEPT, note, tell=tell)
    archive = Queries(load_database(ctx)).item(str(item_id)).archive
    if json:
        print_json({"id": item_id, "verdict": Decision.ACCEPT.value, "told": not archive})
        return
    told = "is archive and stays untold (--tell tells it)" if archive else "is told by the next digest"
    say(f"Item {item_id} is accepted: the next follow puts it into its story, and it {told}.")


@app.command()
def reject(ctx: Context, item: Named, note: Note = "", json: AsJson = False) -> None:
    """Reject an item, whatever the judge said: the next follow takes it out of its story."""
    from monitor.domain.judgement import Decision

    item_id = _record(ctx, item, Decision.REJECT, note, tell=False)
    if json:
        print_json({"id": item_id, "verdict": Decision.REJECT.value})
    else:
        say(f"Item {item_id} is rejected: it is not told, and the next follow takes it out of its story.")


@app.command()
def sample(
    ctx: Context,
    count: Annotated[int, typer.Argument(metavar="[N]", min=1, max=1000, help="How many to draw.")] = 20,
    seed: Annotated[int | None, typer.Option(help="Draw the same again from the same items.")] = None,
    json: AsJson = False,
) -> None:
    """Draw rejected items at random: with your verdicts on them, `review list` tells how many are missed."""
    from monitor.bootstrap import utc_now
    from monitor.store.review import SqlReviewStore

    drawn = SqlReviewStore(load_database(ctx)).draw(count, utc_now(), seed)
    if json:
        print_json([_shape(item) for item in drawn])
        return
    _print(drawn, "No rejected item is left to draw.")
    if drawn:
        say("Give each its verdict with `monitor review accept ID` or `monitor review reject ID`.")


def sampled_words(sampled: "Sampled") -> str:
    """The figures of the samples as a phrase."""
    words = f"{sampled.drawn} rejected items drawn, {sampled.judged} with a verdict, {sampled.missed} missed"
    interval = sampled.misses.interval
    return f"{words} ({interval[0]:.1%} to {interval[1]:.1%})" if interval else words


def sampled_shape(sampled: "Sampled") -> Json:
    """The figures of the samples; share and interval are of the drawn items with a verdict."""
    interval = sampled.misses.interval
    return {
        "drawn": sampled.drawn,
        "judged": sampled.judged,
        "missed": sampled.missed,
        "share": sampled.misses.value,
        "interval": list(interval) if interval else None,
    }


def _record(ctx: Context, item: str, decision: "Decision", note: str, *, tell: bool) -> int:
    from monitor.bootstrap import utc_now
    from monitor.domain.review import Verdict
    from monitor.store.review import SqlReviewStore

    verdict = Verdict(decision, analyst_name(), note)
    return SqlReviewStore(load_database(ctx)).record(item, verdict, utc_now(), tell=tell)


def analyst_name() -> str:
    """Who types; a container may run as a user without a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "analyst"


def _shape(item: "ReviewItem") -> Json:
    return {
        "id": item.id,
        "title": item.title,
        "url": item.url,
        "publisher": item.publisher,
        "lang": item.language,
        "time": moment(item.time),
        "archive": item.archive,
        "decision": item.decision.value,
        "score": round(item.score, 4),
        "why": item.why,
    }


def _print(items: "Sequence[ReviewItem]", empty: str) -> None:
    rows = [
        (item.id, f"{item.score:.2f}", item.language, item.time, item.archive, item.publisher, item.title, item.why)
        for item in items
    ]
    print_table(("id", "score", "lang", "appeared", "archive", "publisher", "title", "why"), rows, empty)
