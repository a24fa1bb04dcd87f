"""`run`, `poll` and `status`: the daemon, one round by hand, and how the watch does."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.entrypoints.cli.context import Context, load_application
from monitor.entrypoints.cli.feeds import NO_FEEDS, feed_named
from monitor.entrypoints.cli.output import AsJson, complain, moment, print_json, print_table, progress, say, warn
from monitor.entrypoints.cli.review import sampled_shape, sampled_words
from monitor.entrypoints.cli.shapes import Json
from monitor.text.url import shown_url

if TYPE_CHECKING:
    from monitor.application import Application
    from monitor.domain.feed import FeedForPoll
    from monitor.domain.run import RunRecord
    from monitor.pipeline.follow import FollowFigures
    from monitor.pipeline.refresh import RefreshFigures
    from monitor.store.views import FeedRow

STALE = (
    "The offices of the watchlist were not checked for half a year: holders may have changed. Go through people.toml, "
    "then set roles_checked in watchlist.toml."
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)
    app.command()(poll)
    app.command()(status)


def run(ctx: Context) -> None:
    """Run the daemon until it is stopped by Ctrl-C or SIGTERM."""
    from monitor.entrypoints.daemon import run_daemon

    run_daemon(load_application(ctx, talkative=True))


def poll(
    ctx: Context,
    everything: Annotated[bool, typer.Option("--all", help="Poll all feeds that are not paused, due or not.")] = False,
    feed: Annotated[str | None, typer.Option(metavar="X", help="Poll one feed: its id, address or title.")] = None,
    json: AsJson = False,
) -> None:
    """Poll the due feeds once, and judge what they bring; exit code 1 when every one of them failed."""
    if everything and feed is not None:
        raise typer.BadParameter("give either --all or --feed")
    application = load_application(ctx)
    chosen = _chosen(application, everything=everything, feed=feed)
    refreshed, followed = asyncio.run(_poll(ctx, application, chosen))
    if json:
        print_json({"refresh": refreshed.counts(), "follow": followed.counts()})
    else:
        _tell(refreshed, followed)
    ids = {one.id for one in chosen}
    for row in application.queries.feeds() if refreshed.failed else ():
        if row.id in ids and row.failure is not None:
            complain(f"{row.title} ({shown_url(row.url)}): {row.failure_message}")
    if not application.queries.counts().feeds:
        complain(NO_FEEDS)
    if (trouble := refreshed.trouble()) is not None:
        complain(trouble)
    if refreshed.polled and refreshed.failed + refreshed.offline + refreshed.waiting == refreshed.polled:
        raise typer.Exit(1)


def _chosen(application: "Application", *, everything: bool, feed: str | None) -> "list[FeedForPoll]":
    from monitor.application import FEEDS_PER_RUN

    store = application.refresh.store
    if feed is not None:
        return store.feeds_by_id([feed_named(application.database, feed).id])
    return store.feeds_by_id(None) if everything else application.refresh.due(FEEDS_PER_RUN)


async def _poll(
    ctx: Context, application: "Application", feeds: "Sequence[FeedForPoll]"
) -> "tuple[RefreshFigures, FollowFigures]":
    async with application.running():
        with progress(ctx, "Polling", len(feeds)) as done:
            refreshed = await application.poll(feeds, done)
        with progress(ctx, "Judging") as done:
            followed = await application.follow_pending(done)
    return refreshed, followed


def _tell(refreshed: "RefreshFigures", followed: "FollowFigures") -> None:
    waiting = f", {refreshed.waiting} waiting for their host" if refreshed.waiting else ""
    say(
        f"Polled {refreshed.polled} feeds: {refreshed.unchanged} unchanged, {refreshed.failed} failed{waiting}; "
        f"{refreshed.items.new} new items, {refreshed.items.changed} changed."
    )
    say(
        f"Judged {followed.accepted + followed.review + followed.rejected} items: {followed.accepted} accepted, "
        f"{followed.review} for review, {followed.rejected} rejected; {followed.stories} stories written."
    )


def status(ctx: Context, json: AsJson = False) -> None:
    """Show how the watch does: feeds, items, schedules, deliveries, and the last runs."""
    application = load_application(ctx)
    if json:
        print_json(_status_shape(application))
    else:
        _print_status(application)


def _status_shape(application: "Application") -> Json:
    queries, counts = application.queries, application.queries.counts()
    return {
        "feeds": {
            "polled": counts.feeds,
            "failing": counts.failing,
            "paused": counts.paused,
            "quiet": len(_quiet(application)),
        },
        "items": {
            "all": counts.items,
            "archive": counts.archive,
            "pending": counts.pending,
            **{decision.value: count for decision, count in counts.decisions.items()},
        },
        "stories": counts.stories,
        "events": counts.events,
        "digests": counts.digests,
        "deliveries": {state.value: count for state, count in queries.outbox().items()},
        "schedules": [
            {
                "name": row.name,
                "zone": row.zone,
                "last_period": row.last_period.isoformat() if row.last_period else None,
                "last_digest": moment(row.last_digest_at),
            }
            for row in queries.schedules()
        ],
        "runs": [_run_shape(record) for record in queries.last_runs()],
        "failing": [_failing_shape(row) for row in _failing(application)],
        "quiet": [_quiet_shape(row) for row in _quiet(application)],
        "notices": [{"title": title, "url": url, "notice": notice} for _, title, url, notice in _notices(application)],
        "review": {"waiting": queries.review_waiting(), "sampled": sampled_shape(queries.sampled())},
        **_offices_shape(application),
    }


def _offices_shape(application: "Application") -> Json:
    watchlist, today = application.rules.watchlist, application.clock().date()
    return {
        "offices_checked": str(watchlist.roles_checked or "") or None,
        "offices_age_days": watchlist.roles_age(today),
        "offices_stale": watchlist.roles_stale(today),
    }


def _run_shape(record: "RunRecord") -> Json:
    return {
        "kind": record.kind.value,
        "finished": moment(record.finished_at),
        "counts": dict(record.counts),
        "error": record.error,
    }


def _failing_shape(row: "FeedRow") -> Json:
    failure = row.failure.value if row.failure else None
    return {"title": row.title, "url": shown_url(row.url), "since": moment(row.failing_since), "failure": failure}


def _failing(application: "Application") -> "list[FeedRow]":
    return [row for row in application.queries.feeds() if row.failing_since is not None and not row.paused]


def _quiet(application: "Application") -> "list[FeedRow]":
    return [row for row in application.queries.feeds() if row.quiet]


def _quiet_shape(row: "FeedRow") -> Json:
    return {"title": row.title, "url": shown_url(row.url), "since": moment(row.newest_at or row.added_at)}


def _notices(application: "Application") -> list[tuple[int, str, str, str]]:
    """Feeds about which something should be known though they do not fail: id, title, address and what it is."""
    return [
        (row.id, row.title, shown_url(row.url), notice) for row in application.queries.feeds() for notice in _told(row)
    ]


def _told(row: "FeedRow") -> Iterator[str]:
    if row.paused and row.failure_message is not None:
        yield f"Paused: {row.failure_message}"
    elif row.moved_to is not None:
        yield f"Redirects for good to {shown_url(row.moved_to)} since {row.moved_since:%Y-%m-%d}; adopted after a week."
    if row.quiet:
        yield f"Quiet: nothing new since {row.newest_at or row.added_at:%Y-%m-%d}, three times its longest gap."
    if row.left_out:
        yield f"Not read whole: {row.left_out} entries of the last document were left out."
    if row.churned:
        yield f"Names its entries anew: {row.churned} of the last document were known under other names."


def _print_status(application: "Application") -> None:
    queries, counts = application.queries, application.queries.counts()
    lines = [
        (
            "feeds",
            f"{counts.feeds}, {counts.failing} failing, {counts.paused} paused, {len(_quiet(application))} quiet",
        ),
        ("items", f"{counts.items}, {counts.archive} archive, {counts.pending} not judged"),
        ("decisions", _counted(counts.decisions)),
        ("stories", f"{counts.stories}, {counts.events} events, {counts.digests} digests"),
        ("deliveries", _counted(queries.outbox())),
        ("review", f"{queries.review_waiting()} wait"),
        ("offices", _offices_words(application)),
    ]
    if (sampled := queries.sampled()).drawn:
        lines.append(("sample", sampled_words(sampled)))
    for row in queries.schedules():
        last = "no digest yet" if row.last_digest_at is None else f"last digest {row.last_digest_at:%Y-%m-%d %H:%M}"
        lines.append((f"schedule {row.name}", f"{last}, {row.zone}"))
    for record in queries.last_runs():
        outcome = record.error or _counted(record.counts)
        lines.append((f"last {record.kind}", f"{record.finished_at:%Y-%m-%d %H:%M}: {outcome}"))
    print_table(("", ""), lines, "")
    failing = [
        (row.id, row.title, row.failing_since, row.failure, row.failure_message) for row in _failing(application)
    ]
    if failing:
        print_table(("id", "failing feed", "since", "failure", "message"), failing, "")
    if notices := _notices(application):
        print_table(("id", "feed", "address", "notice"), notices, "")
    if application.rules.watchlist.roles_stale(application.clock().date()):
        warn(STALE)


def _offices_words(application: "Application") -> str:
    watchlist, today = application.rules.watchlist, application.clock().date()
    if watchlist.roles_checked is None:
        return "never checked"
    return f"checked on {watchlist.roles_checked}, {watchlist.roles_age(today)} days ago"


def _counted(counts: Mapping[Any, int]) -> str:
    """Figures by name, "19 new, 0 failed"; a plural that stands for one loses its s."""
    return ", ".join(f"{count} {_singular(name) if count == 1 else name}" for name, count in counts.items())


def _singular(name: str) -> str:
    return {"digests": "digest", "stories": "story"}.get(name, name)
