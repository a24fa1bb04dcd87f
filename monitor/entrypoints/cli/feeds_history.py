"""`feeds backfill`: older entries of a feed, as archive."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.articles import parse_time
from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.feeds import Named, feed_named
from monitor.entrypoints.cli.output import AsJson, moment, print_json, progress, say
from monitor.errors import InputError, NotFoundError
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.feed import FeedForPoll
    from monitor.pipeline.backfill import Backfilled

PAGES = 20
MOST_PAGES = 1000

_ENDINGS = {
    "since": "That reaches back to the day asked for.",
    "last": "There is no older page.",
    "repeated": "The next page was one that came before.",
    "not older": "The last page held nothing older.",
    "limit": "There is more: run it again to go on.",
}
"""How a run ended, for people."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backfill)


def backfill(
    ctx: Context,
    feed: Named,
    since: Annotated[str, typer.Option(metavar="DATE", help="How far back, like 2025-01-31.")],
    pages: Annotated[
        int, typer.Option(metavar="N", min=1, max=MOST_PAGES, help="At most so many pages with anything new.")
    ] = PAGES,
    json: AsJson = False,
) -> None:
    """Fetch a feed's older entries and judge them; they are archive, so no digest tells them.

    It follows the feed's own links to archive documents and older pages, and the page numbers of WordPress. Run it
    again to go on where it ended.
    """
    from monitor.pipeline.backfill import Ending

    application = load_application(ctx)
    row = feed_named(application.database, feed)
    start = _since(since, application.clock())
    (loaded,) = application.refresh.store.feeds_by_id([row.id])
    done, judged = asyncio.run(_backfilled(ctx, application, loaded, start, pages))
    if json:
        print_json({"id": row.id, **_shape(done), "judged": judged})
    elif done.ending is not Ending.NO_HISTORY:
        _tell(row.title, done, judged)
    if done.ending is Ending.NO_HISTORY:
        raise NotFoundError(
            f"{row.title} offers no older entries: it names no archive and no older page, and is not made by WordPress."
        )
    if done.failure is not None:
        kept = "what came before it is stored" if done.pages else "nothing was stored"
        raise NotFoundError(f"{row.title} ({shown_url(row.url)}): {done.failure.message} ({kept})")


def _since(text: str, now: datetime) -> datetime:
    since = parse_time(text)
    if since is None:
        raise InputError(f"{text} is no date: give one like 2025-01-31.")
    if since >= now:
        raise InputError(f"{text} is not over yet: give a day before today.")
    return since


async def _backfilled(
    ctx: Context, application: "Application", feed: "FeedForPoll", since: datetime, pages: int
) -> "tuple[Backfilled, int]":
    async with application.running():
        with progress(ctx, "Reading", pages) as done:
            backfilled = await application.backfill.run(feed, since, pages, done)
        with progress(ctx, "Judging") as done:
            followed = await application.follow_pending(done)
    return backfilled, followed.accepted + followed.review + followed.rejected


def _shape(done: "Backfilled") -> dict[str, object]:
    return {
        "style": done.style.value if done.style else None,
        "ending": done.ending.value,
        "pages": done.pages,
        "new": done.items.new,
        "oldest": moment(done.oldest),
    }


def _tell(title: str, done: "Backfilled", judged: int) -> None:
    if done.ending.value == "since" and not done.pages:
        say(f"{title} reaches back to that day by itself: `monitor poll` stores what it holds.")
        return
    read = "1 older page" if done.pages == 1 else f"{done.pages} older pages"
    back = f", back to {done.oldest:%Y-%m-%d}" if done.oldest else ""
    say(f"Read {read} of {title}: {done.items.new} new items{back}; judged {judged}.")
    if (why := _ENDINGS.get(done.ending.value)) is not None:
        say(why)
