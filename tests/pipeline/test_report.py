"""Report on a real SQLite file, with items that the real follow accepted; channels write to a list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from monitor import resources
from monitor.classify.judge import Judge
from monitor.deliver.file import FileChannel
from monitor.digest.render import Renderer
from monitor.domain.digest import (
    DeliveryState,
    DigestMaterial,
    FrozenDigest,
    Outgoing,
    Period,
    Rendered,
    Schedule,
    SendResult,
    Sent,
)
from monitor.domain.feed import NewFeed, ParsedEntry, ParsedFeed, PollOutcome, Validators
from monitor.domain.watchlist import Watchlist
from monitor.errors import InputError, StoreError
from monitor.events.code import Coder
from monitor.pipeline.follow import Follow
from monitor.pipeline.report import Report
from monitor.ports import Channel
from monitor.schedule.retries import LAST_ATTEMPT
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.store.report import SqlReportStore
from monitor.watchlists import loader

NOON = datetime(2025, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAILY = Schedule("daily", "India–Japan defence", "0 18 * * *", "UTC", ("desk",))
MEETING = "Rajnath Singh to hold talks with Gen Nakatani in New Delhi on 5 May"


@dataclass
class Desk(Channel):
    """A channel whose way out is a list. `surprise`: recipients for whom it falls over."""

    names: tuple[str, ...] = ("analyst",)
    got: list[Outgoing] = field(default_factory=list)
    surprise: set[str] = field(default_factory=set)

    @property
    @override
    def recipients(self) -> tuple[str, ...]:
        return self.names

    @override
    async def send(self, outgoing: Outgoing) -> SendResult:
        if outgoing.recipient in self.surprise:
            raise RuntimeError("nobody foresaw this")
        self.got.append(outgoing)
        return Sent("on the desk")


@dataclass
class House:
    """The rooms of the report run on one database, and a clock that the test sets."""

    database: Database
    watchlist: Watchlist
    judge: Judge
    coder: Coder
    templates: Path
    now: datetime = NOON
    desk: Desk = field(default_factory=Desk)

    def __post_init__(self) -> None:
        self.queries = Queries(self.database)
        self.report = Report(
            store=SqlReportStore(self.database),
            watchlist=self.watchlist,
            renderer=Renderer(resources.templates(), self.templates),
            channels={"desk": self.desk},
            schedules=(DAILY,),
            clock=lambda: self.now,
            sender_domain="monitor.example",
        )

    def publish(self, title: str = MEETING) -> None:
        """A live item that is polled now, then judged and grouped."""
        refresh = SqlRefreshStore(self.database)
        refresh.add_feeds([NewFeed("https://outlet.example/rss", "Outlet")], self.now - DAY)
        [feed] = refresh.feeds_by_id(None)
        summary = "The defence ministers of India and Japan will discuss defence cooperation in the Indian capital."
        link = f"https://outlet.example/{title.replace(' ', '-')}"
        entry = ParsedEntry(title, link, title, summary, self.now - timedelta(minutes=5), None)
        document = ParsedFeed("Outlet", "rss20", "en", None, None, (entry,))
        refresh.save_polls([PollOutcome(feed, self.now, self.now + HOUR, Validators(), document)])
        follow = Follow(SqlFollowStore(self.database), self.judge, self.coder, lambda: self.now)
        assert follow.run().accepted == 1

    def override(self, name: str, template: str) -> None:
        """The user's own template."""
        (self.templates / "digest").mkdir(parents=True, exist_ok=True)
        (self.templates / "digest" / name).write_text(template)

    def known(self, *schedules: Schedule) -> None:
        """The schedules are known since yesterday noon."""
        self.report.store.sync_schedules(schedules or (DAILY,), NOON - DAY)

    def period(self, entry: Schedule = DAILY) -> Period:
        return Period(entry.name, self.now.date(), self.now)

    def states(self) -> dict[DeliveryState, int]:
        return {state: count for state, count in self.queries.outbox().items() if count}

    def answers(self) -> list[str | None]:
        return [row.answer for row in self.queries.deliveries(99, list(DeliveryState))]


@pytest.fixture(scope="session")
def rules() -> tuple[Watchlist, Judge, Coder]:
    watchlist = loader.load("india_japan")
    return watchlist, Judge(watchlist), Coder(watchlist)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the newest schema to copy."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture
def house(tmp_path: Path, migrated: Path, rules: tuple[Watchlist, Judge, Coder]) -> Iterator[House]:
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'monitor.db')}")
    yield House(database, *rules, tmp_path / "templates")
    database.close()


async def test_what_was_accepted_is_told_once_and_sent(house: House) -> None:
    house.known()
    house.publish()
    house.now = NOON.replace(hour=18)
    assert await house.report.run() == {"digests": 1, "sent": 1, "failed": 0}
    [outgoing] = house.desk.got
    assert outgoing.digest.period.local_date == date(2025, 5, 4)
    assert "Rajnath Singh and Gen Nakatani to meet in New Delhi" in outgoing.digest.rendered.text
    assert await house.report.run() == {"digests": 0, "sent": 0, "failed": 0}
    house.now += DAY
    await house.report.run()
    assert house.desk.got[1].digest.members == frozenset()


def test_several_missed_days_become_one_digest(house: House) -> None:
    house.known()
    house.now += 3 * DAY
    assert house.report.make_due().digests == 1
    assert [row.local_date for row in house.queries.digests(9)] == [date(2025, 5, 6)]
    assert house.report.make_due().digests == 0


def test_a_schedule_without_quiet_days_passes_them_over(house: House) -> None:
    still = replace(DAILY, quiet_days=False)
    house.report = replace(house.report, schedules=(still,))
    house.known(still)
    house.now = NOON.replace(hour=18)
    assert house.report.make_due().digests == 0
    assert house.report.store.last_period("daily")[1] == date(2025, 5, 4)
    house.publish()
    house.now += DAY
    assert house.report.make_due().digests == 1


def test_a_digest_asked_for_on_a_quiet_noon_takes_nothing_from_the_evening(house: House) -> None:
    """What comes after it is told at the day's own time."""
    still = replace(DAILY, quiet_days=False)
    house.report = replace(house.report, schedules=(still,))
    house.known(still)
    assert house.report.make_early(still, house.period()) is None
    house.now += HOUR
    house.publish()
    house.now = NOON.replace(hour=18)
    assert house.report.make_due().digests == 1
    [row] = house.queries.digests(9)
    assert (row.local_date, row.members) == (date(2025, 5, 4), 1)


def test_todays_digest_can_be_asked_for_once(house: House) -> None:
    house.publish()
    early = house.report.make_early(DAILY, house.period())
    assert early is not None
    assert len(early.members) == 1
    with capture_logs() as logs:
        assert house.report.make_early(DAILY, house.period()) is None
    assert logs == []
    assert len(house.queries.digests(9)) == 1


def test_a_preview_writes_nothing(house: House) -> None:
    """Not even the schedule, whose periods would begin there."""
    house.publish()
    model = house.report.preview(DAILY, house.period())
    assert len(model.members) == 1
    assert house.queries.schedules() == []


async def test_a_broken_template_stops_neither_other_schedules_nor_deliveries(house: House) -> None:
    other = replace(DAILY, name="other")
    house.report = replace(house.report, schedules=(DAILY, other))
    house.override("digest.txt.j2", "{{ 1 / (0 if digest.schedule == 'daily' else 1) }}")
    house.known(DAILY, other)
    house.publish()
    house.now = NOON.replace(hour=18)
    with pytest.raises(InputError, match=r"digest\.txt\.j2, line 1: ZeroDivisionError"):
        await house.report.run()
    assert [one.digest.schedule for one in house.desk.got] == ["other"]
    house.override("digest.txt.j2", "mended")
    assert await house.report.run() == {"digests": 1, "sent": 1, "failed": 0}
    assert house.desk.got[1].digest.rendered.text == "mended"


async def test_a_surprise_in_a_channel_is_an_attempt_and_takes_no_other_delivery_along(house: House) -> None:
    house.desk.names, house.desk.surprise = ("analyst", "editor"), {"analyst"}
    house.known()
    house.now = NOON.replace(hour=18)
    with capture_logs() as logs:
        assert await house.report.run() == {"digests": 1, "sent": 1, "failed": 1}
    assert [line["event"] for line in logs] == ["delivery.failed"]
    assert [one.recipient for one in house.desk.got] == ["editor"]
    assert house.answers() == ["on the desk", "RuntimeError: nobody foresaw this"]


async def test_a_delivery_that_never_works_is_dead_in_the_end(house: House) -> None:
    house.desk.surprise = {"analyst"}
    house.known()
    house.now = NOON.replace(hour=18)
    assert house.report.make_due().digests == 1
    with capture_logs():
        for _ in range(LAST_ATTEMPT):
            assert await house.report.deliver() == {"sent": 0, "failed": 1}
            house.now += timedelta(hours=13)
    assert house.states() == {DeliveryState.DEAD: 1}
    assert await house.report.deliver() == {"sent": 0, "failed": 0}


async def test_a_broken_index_page_is_a_failed_attempt_that_can_be_cured(house: House, tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "out", house.report.renderer.render_index)
    house.report = replace(house.report, channels={"desk": channel})
    house.override("index.html.j2", "{{ 1 / 0 }}")
    house.known()
    house.now = NOON.replace(hour=18)
    assert await house.report.run() == {"digests": 1, "sent": 0, "failed": 1}
    [answer] = house.answers()
    assert answer is not None
    assert "index.html.j2, line 1: ZeroDivisionError" in answer
    house.override("index.html.j2", "mended")
    house.now += HOUR
    assert await house.report.deliver() == {"sent": 1, "failed": 0}
    assert (tmp_path / "out" / "index.html").read_text().count("mended") == 1


async def test_a_channel_missing_from_the_settings_may_come_back(house: House) -> None:
    house.known()
    house.now = NOON.replace(hour=18)
    assert house.report.make_due().digests == 1
    without = replace(house.report, channels={})
    assert await without.deliver() == {"sent": 0, "failed": 1}
    assert house.states() == {DeliveryState.WAITING: 1}
    assert house.answers() == ["no channel named desk in the settings"]
    house.now += HOUR
    assert await house.report.deliver() == {"sent": 1, "failed": 0}


class Forgetful(SqlReportStore):
    """Cannot write down what became of the first recipient's delivery."""

    @override
    def record(self, outgoing: Outgoing, result: SendResult, now: datetime, retry_at: datetime | None) -> None:
        if outgoing.recipient == "analyst":
            raise StoreError("The disk is full.")
        super().record(outgoing, result, now, retry_at)


async def test_an_attempt_that_cannot_be_written_down_loses_no_other(house: House) -> None:
    """It is told, and tried again once its claim is stale."""
    house.desk.names = ("analyst", "editor", "reader")
    house.known()
    house.now = NOON.replace(hour=18)
    assert house.report.make_due().digests == 1
    with pytest.raises(StoreError, match="disk is full"):
        await replace(house.report, store=Forgetful(house.database)).deliver()
    assert house.states() == {DeliveryState.SENDING: 1, DeliveryState.SENT: 2}
    house.now += HOUR
    assert await house.report.deliver() == {"sent": 1, "failed": 0}


class Raced(SqlReportStore):
    """Another program makes the day's digest between the read and the write of this one."""

    @override
    def material(self, schedule: Schedule, now: datetime) -> DigestMaterial:
        found = super().material(schedule, now)
        period = Period(schedule.name, now.date(), now)
        rendered = Rendered("theirs", "", "", "")
        self.freeze(FrozenDigest(schedule.name, period, now, rendered, "<theirs@x>", frozenset(), frozenset()), [])
        return found


def test_a_digest_that_another_program_made_is_logged_and_left_to_it(house: House) -> None:
    house.known()
    house.now = NOON.replace(hour=18)
    raced = replace(house.report, store=Raced(house.database))
    with capture_logs() as logs:
        made = raced.make_due()
    assert (made.digests, made.faults) == (0, {})
    [line] = logs
    assert (line["event"], line["schedule"], line["log_level"]) == ("digest.conflict", "daily", "warning")
    assert line["reason"].startswith("Another program made this day's digest meanwhile")
    assert [row.subject for row in house.queries.digests(9)] == ["theirs"]


class Contested(SqlReportStore):
    """Another program tells the same items as the digest of another day, just before this one is written."""

    @override
    def freeze(self, digest: FrozenDigest, addresses: Sequence[tuple[str, str]]) -> None:
        theirs = Period(digest.schedule, digest.period.local_date - 9 * DAY, digest.made_at)
        super().freeze(replace(digest, period=theirs, message_id="<theirs@x>"), [])
        super().freeze(digest, addresses)


def test_a_day_whose_items_were_told_meanwhile_is_tried_again(house: House) -> None:
    """The day is not used up by the conflict, even where quiet days are passed over."""
    still = replace(DAILY, quiet_days=False)
    house.known(still)
    house.publish()
    house.now = NOON.replace(hour=18)
    contested = replace(house.report, schedules=(still,), store=Contested(house.database))
    with capture_logs() as logs:
        assert contested.make_due().digests == 0
    assert "told one of its" in logs[0]["reason"]
    assert house.report.store.last_period("daily")[1] == date(2025, 5, 3)
