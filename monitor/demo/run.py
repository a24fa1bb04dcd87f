"""The main job on two days of the newsroom: the ordinary pipeline with another clock and other addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from monitor import settings
from monitor.application import Application
from monitor.bootstrap import wire
from monitor.demo.documents import Outlet
from monitor.demo.newsroom import Newsroom, load_archive
from monitor.domain.feed import NewFeed
from monitor.errors import InputError
from monitor.store import migrate
from monitor.store.database import Database

OPENS = datetime(2025, 5, 3, 20, tzinfo=UTC)
CLOSES = datetime(2025, 5, 5, 16, tzinfo=UTC)
"""From the night before the announcement to the evening after the meeting; the last poll is also the second digest."""

BETWEEN_POLLS = timedelta(hours=4)


class NewsroomClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = OPENS

    def __call__(self) -> datetime:
        return self.now


async def run(out: Path, progress: Callable[[str], None]) -> Path:
    """Run the demo into the folder `out`, telling `progress` each step; returns the index page of the digests.

    An earlier demo's database there is replaced. Raises InputError when the folder cannot be written.
    """
    clock = NewsroomClock()
    newsroom = Newsroom(clock)
    fresh = _fresh_settings(out)
    with Database(fresh.database_url()) as database:
        migrate.upgrade(database)
    application = wire(fresh, clock)
    async with newsroom.open() as address, application.running():
        await _import_archive(application, progress)
        application.refresh.store.add_feeds(_feeds(newsroom.outlets.values(), address), clock())
        while clock.now <= CLOSES:
            await _step(application, progress)
            clock.now += BETWEEN_POLLS
    return out / "index.html"


async def _import_archive(application: Application, progress: Callable[[str], None]) -> None:
    """Earlier years first, as archive: they give the ledger its memory and are never told as news."""
    saved = application.refresh.store.save_imported("archive", load_archive(), application.clock())
    followed = await application.follow_pending()
    progress(f"Archive: {saved.new} reports of 2012 to 2025 imported, {followed.stories} stories")


async def _step(application: Application, progress: Callable[[str], None]) -> None:
    refreshed = await application.refresh_due()
    followed = await application.follow_pending()
    reported = await application.report_due()
    progress(
        f"{application.clock():%a %d %b %Y %H:%M} UTC: {refreshed.polled} feeds polled, "
        f"{refreshed.unchanged} unchanged, {refreshed.failed} failing; "
        f"{refreshed.items.new} new items, {followed.accepted} accepted"
    )
    if reported["digests"]:
        progress("  The digest of the day is written")


def _feeds(outlets: Iterable[Outlet], address: str) -> list[NewFeed]:
    return [
        NewFeed(url=f"{address}/{outlet.id}", title=outlet.title, site=address, language=outlet.language)
        for outlet in outlets
    ]


def _fresh_settings(out: Path) -> settings.Settings:
    """Write the demo's settings and remove an earlier demo's database; no MONITOR_ variable can redirect them."""
    file = out / "demo.toml"
    try:
        out.mkdir(parents=True, exist_ok=True)
        for leftover in out.glob("demo.db*"):
            leftover.unlink()
        file.write_bytes(files(__package__).joinpath("demo.toml").read_bytes())
    except OSError as error:
        raise InputError(
            f"The demo cannot write to {out} ({error.strerror}): name another folder with --out."
        ) from error
    return settings.load(file, variables=False)
