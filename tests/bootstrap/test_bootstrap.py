from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor import settings
from monitor.application import Application
from monitor.bootstrap import load_watchlist, watchlist_name, wire
from monitor.domain.item import ImportedItem
from monitor.domain.run import RunKind
from monitor.errors import SchemaError, SettingsError, StoreError, WatchlistError
from monitor.store import migrate
from monitor.store.database import Database

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("MONITOR_")]:
        monkeypatch.delenv(name)


class Wall:
    """A clock on the wall that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


Wire = Callable[..., tuple[Application, Wall]]


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wire]:
    """Wires an application from the text of a settings file, on an empty database."""
    databases = ExitStack()

    def make(content: str = "") -> tuple[Application, Wall]:
        file = tmp_path / "monitor.toml"
        file.write_text(content)
        loaded = settings.load(file)
        database = Database(loaded.database_url())
        migrate.upgrade(database)
        database.close()
        clock = Wall()
        application = wire(loaded, clock)
        databases.enter_context(application.database)
        return application, clock

    with databases:
        yield make


def talks(key: str = "1") -> ImportedItem:
    title = "Rajnath Singh to hold talks with Gen Nakatani in New Delhi on 5 May"
    summary = "The defence ministers of India and Japan will discuss defence cooperation in the Indian capital."
    return ImportedItem(key, f"https://outlet.example/{key}", "Outlet", title, summary, "en", NOW)


async def test_the_three_runs_leave_their_lines(wired: Wire, tmp_path: Path) -> None:
    """Follow and report through the application: a story, a digest as a file, and a line of the run log for each."""
    application, clock = wired('[schedules.daily]\ncron = "0 7 * * *"\nzone = "Asia/Kolkata"\nchannels = ["files"]')
    async with application.running():
        assert (await application.refresh_due()).polled == 0
        application.refresh.store.save_imported("test", [talks()], clock())
        followed = await application.follow_pending()
        assert (await application.report_due())["digests"] == 0
        clock.now += timedelta(days=1)
        reported = await application.report_due()
    assert (followed.accepted, followed.stories) == (1, 1)
    assert (reported["digests"], reported["sent"]) == (1, 1)
    assert (tmp_path / "digests" / "index.html").is_file()
    assert [record.kind for record in application.queries.last_runs()] == [RunKind.REPORT, RunKind.FOLLOW]
    (row,) = application.queries.digests(9)
    assert (row.schedule, row.local_date) == ("daily", date(2025, 5, 5))
    application.database.close()


async def test_a_run_that_fails_leaves_its_reason(wired: Wire, tmp_path: Path) -> None:
    application, clock = wired()
    with application.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE stage_changes")
    application.refresh.store.save_imported("test", [talks()], clock())
    with pytest.raises(StoreError):
        await application.follow_pending()
    (record,) = application.queries.last_runs()
    assert (record.kind, record.started_at) == (RunKind.FOLLOW, NOW)
    assert record.error is not None
    assert record.error.startswith("SchemaError: ")
    application.database.close()


async def test_a_run_log_that_fails_too_does_not_hide_what_failed_first(wired: Wire) -> None:
    application, clock = wired()
    with application.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE stage_changes")
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    application.refresh.store.save_imported("test", [talks()], clock())
    with capture_logs() as logs, pytest.raises(SchemaError, match="lacks a table"):
        await application.follow_pending()
    assert [(line["event"], line["run"]) for line in logs] == [("run.unrecorded", "follow")]
    assert application.queries.last_runs() == []
    application.database.close()


async def test_follow_tells_its_progress_chunk_by_chunk(wired: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.follow.ITEMS_PER_COMMIT", 2)
    application, clock = wired()
    application.refresh.store.save_imported("test", [talks(str(number)) for number in range(5)], clock())
    told: list[int] = []
    assert (await application.follow_pending(told.append)).accepted == 5
    assert told == [2, 2, 1]
    application.database.close()


async def test_a_cancelled_follow_ends_with_the_chunk_at_hand(wired: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.follow.ITEMS_PER_COMMIT", 1)
    application, clock = wired()
    application.refresh.store.save_imported("test", [talks(str(number)) for number in range(50)], clock())
    started = asyncio.Event()
    task = asyncio.create_task(application.follow_pending(lambda _done: started.set()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 0 < application.queries.counts().pending < 50
    application.database.close()


def test_what_the_settings_say_is_what_is_wired(wired: Wire) -> None:
    application, _ = wired(
        """
        [poll]
        interval = "2h"
        [http]
        concurrency = 7
        [schedules.asia]
        cron = "30 7 * * MON-FRI"
        zone = "Asia/Tokyo"
        title = "Morning"
        channels = ["files", "mail"]
        quiet_days = false
        [channels.mail]
        kind = "email"
        host = "mail.example.org"
        sender = "monitor@watch.example.org"
        recipients = ["a@example.org", "b@example.org"]
        """
    )
    (schedule,) = application.report.schedules
    assert (schedule.name, schedule.title, schedule.zone, schedule.quiet_days) == (
        "asia",
        "Morning",
        "Asia/Tokyo",
        False,
    )
    assert schedule.channels == ("files", "mail")
    assert application.report.channels["mail"].recipients == ("a@example.org", "b@example.org")
    assert application.report.sender_domain == "watch.example.org"
    assert (application.refresh.interval, application.refresh.polls_at_once) == (timedelta(hours=2), 7)
    assert application.follow.rules_version.startswith(application.rules.watchlist.version)


@pytest.mark.parametrize(
    ("host", "domain"), [("desk.example.org", "desk.example.org"), ("my_desk", "my-desk"), ("…", "localhost")]
)
def test_without_mail_the_machine_ends_message_ids(
    wired: Wire, monkeypatch: pytest.MonkeyPatch, host: str, domain: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert wired("")[0].report.sender_domain == domain


def test_a_schedule_without_a_title_bears_the_watchlists(wired: Wire) -> None:
    application, _ = wired("")
    assert application.report.schedules[0].title == application.rules.watchlist.title


def test_a_day_is_that_of_the_schedules_zone(wired: Wire) -> None:
    application, clock = wired('[schedules.x]\ncron = "0 7 * * *"\nzone = "Asia/Tokyo"\nchannels = ["files"]')
    clock.now = datetime(2025, 5, 4, 15, 30, tzinfo=UTC)
    period = application.period_now(application.report.schedules[0])
    assert (period.local_date, period.due_at) == (date(2025, 5, 5), clock.now)


def test_without_a_database_nothing_is_wired(tmp_path: Path) -> None:
    file = tmp_path / "monitor.toml"
    file.touch()
    with pytest.raises(StoreError, match=r"There is no database .*: run `monitor init`"):
        wire(settings.load(file))
    assert not (tmp_path / "monitor.db").exists()


def test_a_password_file_that_is_missing_is_told(wired: Wire) -> None:
    with pytest.raises(SettingsError, match=r"channels\.mail\.password_file is 'nowhere'"):
        wired(
            '[channels.mail]\nkind = "email"\nhost = "h"\nsender = "a@b"\nrecipients = ["a@b"]\n'
            'username = "u"\npassword_file = "nowhere"'
        )


def test_the_only_watchlist_is_taken_and_one_of_several_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings.load(None)
    assert load_watchlist(chosen).entities
    monkeypatch.setattr("monitor.watchlists.loader.built_in", lambda: ("one", "two"))
    with pytest.raises(SettingsError, match=r"watchlist\.name is missing: it must be one of one, two\."):
        watchlist_name(chosen)


def test_an_unknown_watchlist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_WATCHLIST__NAME", "atlantis")
    with pytest.raises(WatchlistError, match="There is no watchlist 'atlantis'"):
        load_watchlist(settings.load(None))


def test_a_watchlist_folder_is_laid_over(tmp_path: Path) -> None:
    """The user's words join the built-in ones; the path counts from the settings file."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "concepts.toml").write_text('[harbour-talks]\nen = ["Harbour Talks"]\n', "utf-8")
    file = tmp_path / "monitor.toml"
    file.write_text('[watchlist]\nfolder = "own"')
    assert "harbour-talks" in load_watchlist(settings.load(file)).entities
