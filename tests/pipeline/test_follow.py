"""Follow on a real SQLite file with the real judge and coder: what a commit leaves in the stories and the ledger."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from structlog.testing import capture_logs
from typing_extensions import override

from monitor.classify.judge import Judge
from monitor.digest.select import compose
from monitor.domain.digest import DigestModel, FrozenDigest, Period, Rendered, Schedule
from monitor.domain.event import Coding, Event, EventType, Stage, StageChange
from monitor.domain.feed import FeedForPoll, NewFeed, ParsedEntry, ParsedFeed, PollOutcome, Validators
from monitor.domain.item import Article, ImportedItem, PendingItem
from monitor.domain.judgement import Decision, Judgement, Receipt
from monitor.domain.run import Judged, Reach, Window
from monitor.domain.story import STORY_WINDOW, Report
from monitor.domain.watchlist import Watchlist
from monitor.events.code import Coder
from monitor.pipeline.follow import FAILED_RULE, Follow, FollowFigures, reach_of, weave
from monitor.pipeline.offline import localised_report
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.store.report import SqlReportStore
from monitor.watchlists import loader

NOON = datetime(2025, 5, 4, 12, tzinfo=UTC)
MAY_5 = date(2025, 5, 5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAILY = Schedule("daily", "India–Japan defence", "0 18 * * *", "UTC", ("files",))
URL = "https://wire.example/feed"

PREVIEW = (
    "Rajnath Singh and Gen Nakatani to meet in New Delhi on May 5",
    (
        "India's Defence Minister Rajnath Singh and Japan's Defence Minister Gen Nakatani will "
        "hold a bilateral meeting in "
        "New Delhi on 5 May 2025, the defence ministry said."
    ),
)
OUTCOME = (
    "Rajnath Singh and Gen Nakatani met in New Delhi on May 5",
    (
        "India's Defence Minister Rajnath Singh and Japan's Defence Minister Gen Nakatani held a "
        "bilateral meeting in New "
        "Delhi on 5 May 2025 on defence cooperation."
    ),
)
ECHO = ("India, Japan defence ministers Rajnath Singh, Nakatani met in New Delhi on May 5", OUTCOME[1])
CANCELLED = (
    "Rajnath Singh and Gen Nakatani meeting in New Delhi on May 5 cancelled",
    (
        "The meeting of India's Defence Minister Rajnath Singh and Japan's Defence Minister Gen "
        "Nakatani in New Delhi on 5 "
        "May 2025 was cancelled."
    ),
)
WITHDRAWN = ("Withdrawn", "This report was wrong and has been withdrawn.")
TOKYO = (
    "India, Japan defence ministers Rajnath Singh, Nakatani met in Tokyo on May 1",
    OUTCOME[1].replace("New Delhi", "Tokyo").replace("5 May", "1 May"),
)


@dataclass
class Room:
    """The rooms of the follow run on one database, and a clock that the test sets."""

    database: Database
    watchlist: Watchlist
    judge: Judge
    coder: Coder
    now: datetime = NOON
    bodies: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.refresh = SqlRefreshStore(self.database)
        self.report = SqlReportStore(self.database)
        self.queries = Queries(self.database)
        self.run = Follow(SqlFollowStore(self.database), self.judge, self.coder, lambda: self.now)
        self.refresh.add_feeds([NewFeed(URL, "Example Wire")], self.now - DAY)
        self.poll()
        self.report.sync_schedules([DAILY], self.now)

    def feed(self) -> FeedForPoll:
        return self.refresh.feeds_by_id(None)[0]

    def poll(self, *entries: ParsedEntry) -> None:
        validators = Validators(None, None, f"body {next(self.bodies)}")
        parsed = ParsedFeed("Example Wire", "rss20", None, None, None, entries)
        self.refresh.save_polls([PollOutcome(self.feed(), self.now, self.now + HOUR, validators, parsed)])

    def publish(self, guid: str, words: tuple[str, str], at: datetime | None = None, offset: int | None = None) -> int:
        """Store one entry, new or edited, and return its item's id."""
        time = at or self.now
        link = f"https://wire.example/{guid}"
        self.poll(ParsedEntry(guid, link, *words, time, time.isoformat(), offset=offset))
        return self.queries.item(link).id

    def told(self, guid: str, words: tuple[str, str], at: datetime | None = None) -> int:
        """Publish and follow."""
        item = self.publish(guid, words, at)
        self.run.run()
        return item

    def home(self, item: int) -> int | None:
        return self.queries.item(str(item)).story_id

    def events(self) -> list[Event]:
        """The ledger, by id of story."""
        found = self.run.store.window(Reach(((NOON - 999 * DAY, NOON + 999 * DAY),))).events
        return [found[story] for story in sorted(found)]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def digest(self) -> DigestModel:
        """Make and freeze the digest of the day."""
        period = Period("daily", self.now.date(), self.now)
        model = compose(self.report.material(DAILY, self.now), DAILY, period, self.now, self.watchlist)
        rendered = Rendered(DAILY.title, "", "", "")
        name = f"<{period.local_date}@monitor.example>"
        self.report.freeze(FrozenDigest("daily", period, self.now, rendered, name, model.members, model.facts), [])
        return model


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="module")
def rules() -> tuple[Watchlist, Judge, Coder]:
    watchlist = loader.load("india_japan")
    return watchlist, Judge(watchlist), Coder(watchlist)


@pytest.fixture
def room(template: Path, rules: tuple[Watchlist, Judge, Coder], tmp_path: Path) -> Iterator[Room]:
    database = Database(f"sqlite:///{shutil.copy(template, tmp_path / 'monitor.db')}")
    yield Room(database, *rules)
    database.close()


def told_of(model: DigestModel) -> dict[str, list[str]]:
    """The headlines of the stories a digest tells, by section; what it knows of series anyway is left out."""
    told = {section.id: [e.headline for e in section.entries if e.story_id is not None] for section in model.sections}
    return {section: headlines for section, headlines in told.items() if headlines}


def lines_of(model: DigestModel) -> list[tuple[str, str]]:
    return [line for section in model.sections for entry in section.entries for line in entry.lines]


def test_preview_and_outcome_make_one_story_and_one_event(room: Room) -> None:
    first = room.told("1", PREVIEW)
    room.now += DAY
    second = room.told("2", OUTCOME)
    assert room.home(first) == room.home(second)
    [event] = room.events()
    assert (event.type, event.start, event.stage, event.place) == (
        EventType.MEETING, MAY_5, Stage.CONCLUDED, "New Delhi"
    )  # fmt: skip
    assert [change.evidence for change in event.changes] == [str(first), str(second)]


def test_following_again_changes_nothing(room: Room) -> None:
    """Also not when everything is judged anew, under the same words but another version of the rules."""
    for number, words in enumerate((PREVIEW, CANCELLED, TOKYO)):
        room.told(str(number), words)
    tables = ("events", "stage_changes", "story_members", "story_aliases")
    before = [room.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - names of ours
    assert room.run.run() == FollowFigures()
    with room.database.write() as connection:
        connection.execute(text("UPDATE items SET judged_under = 'older'"))
    room.now += HOUR
    assert room.run.run().stories == 0
    assert before == [room.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - names of ours


# --- the writer's day ---

TODAY_EN = (
    "Nakatani, Rajnath Singh meet today in Tokyo",
    (
        "Japanese Defense Minister Gen Nakatani and Indian Defence Minister Rajnath Singh are "
        "holding a meeting in Tokyo "
        "today on defence cooperation between Japan and India."
    ),
)
TODAY_JA = (
    "日印防衛相が本日会談",
    "中谷元防衛相は本日、東京でインドのシン国防相と会談する。日印の防衛協力を協議する。",
)
TODAY_HI = (
    "राजनाथ सिंह और जापान के रक्षा मंत्री नाकातानी की आज नई दिल्ली में बैठक",
    "भारत के रक्षा मंत्री राजनाथ सिंह और जापान के रक्षा मंत्री जनरल नाकातानी आज नई दिल्ली में बैठक करेंगे। रक्षा सहयोग पर चर्चा होगी।",
)


@pytest.mark.parametrize(
    ("words", "time", "offset", "day"),
    [
        (TODAY_EN, "2025-05-05T22:00", 540, 6),
        (TODAY_EN, "2025-05-05T14:30", 540, 5),
        (TODAY_EN, "2025-05-05T19:00", 330, 6),
        (TODAY_JA, "2025-05-05T22:00", 540, 6),
        (TODAY_JA, "2025-05-05T15:00", None, 6),
        (TODAY_JA, "2025-05-05T23:59", None, 6),
        (TODAY_JA, "2025-05-06T00:00", None, 6),
        (TODAY_JA, "2025-05-05T14:59", None, 5),
        (TODAY_JA, "2025-05-05T18:00", 0, 5),
        (TODAY_HI, "2025-05-05T18:30", None, 6),
        (TODAY_HI, "2025-05-05T18:29", None, 5),
        (TODAY_HI, "2025-05-05T23:59", None, 6),
    ],
)
def test_today_is_the_writers_day(room: Room, words: tuple[str, str], time: str, offset: int | None, day: int) -> None:
    """00:00–09:00 in Tokyo and 00:00–05:30 in Kolkata are the day before in UTC, which is how many sites give them."""
    room.now = datetime.fromisoformat(time).replace(tzinfo=UTC)
    item = room.publish("1", words, offset=offset)
    room.run.run()
    view = room.queries.item(str(item))
    assert view.coding is not None
    assert view.coding.start == date(2025, 5, day)


def test_the_writers_day_outlives_the_store(room: Room) -> None:
    """A report that was judged before is read from the store with the same day as when it was fresh."""
    room.now = datetime(2025, 5, 5, 22, tzinfo=UTC)
    room.told("1", TODAY_JA)
    [stored] = room.run.store.window(Reach(((room.now, room.now),))).reports
    assert stored.offset is None
    assert localised_report(stored, room.watchlist).day == date(2025, 5, 6)
    room.told("2", TODAY_EN)
    [foreign] = [report for report in room.run.store.window(Reach(((room.now, room.now),))).reports if report != stored]
    assert localised_report(foreign, room.watchlist).day == date(2025, 5, 5)


# --- what lies outside the time around an item ---


def test_a_row_remembers_reports_from_before_the_window(room: Room) -> None:
    room.now = datetime(2025, 5, 6, 8, tzinfo=UTC)
    items = [room.told("0", OUTCOME)]
    poorer = OUTCOME[1].replace(" in New Delhi on 5 May 2025", " on 5 May 2025")
    for number in (1, 2, 3):
        room.now += timedelta(days=9)
        title = f"Rajnath Singh and Gen Nakatani held a bilateral meeting on 5 May, report {number}"
        items.append(room.told(str(number), (title, poorer)))
    assert len({room.home(item) for item in items}) == 1
    [event] = room.events()
    assert (event.place, event.stage) == ("New Delhi", Stage.CONCLUDED)
    assert [change.evidence for change in event.changes] == [str(items[0])]


def test_reports_of_one_first_day_are_tied_whatever_the_batches(room: Room) -> None:
    """Within 60 days, as the grouping promises, also when the event is over and its first reports are long ago."""
    room.now = datetime(2025, 5, 6, 8, tzinfo=UTC)
    first = room.told("1", OUTCOME)
    room.now += timedelta(days=40)
    assert room.home(room.told("2", ECHO)) == room.home(first)


def test_an_old_item_draws_in_its_own_time_and_nothing_between(room: Room) -> None:
    times = [NOON - timedelta(days=30 * n) for n in range(2, 12)]
    imported = [
        ImportedItem(str(n), None, None, title, OUTCOME[1].replace("5 May 2025", f"{time:%d %B %Y}"), "en", time)
        for n, time in enumerate(times)
        for title in [f"Rajnath Singh and Gen Nakatani met, meeting {n}"]
    ]
    room.refresh.save_imported("archive", imported, room.now)
    assert room.run.run().stories == len(times)
    fresh, old = (Judged(_pending(NOON - timedelta(days=days)), _judgement(), None) for days in (0, 330))
    window = room.run.store.window(reach_of([fresh, old]))
    assert [report.time for report in window.reports] == [NOON - timedelta(days=330)]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_spans_lie_apart_and_hold_each_item_with_its_time_around_it(days: list[int]) -> None:
    times = [NOON + timedelta(days=number) for number in days]
    reach = reach_of([Judged(_pending(time), _judgement(), None) for time in times])
    assert all(any(a <= t - STORY_WINDOW and t + STORY_WINDOW <= b for a, b in reach.spans) for t in times)
    assert all(left[1] < right[0] for left, right in itertools.pairwise(reach.spans))
    covered = sum(((b - a) for a, b in reach.spans), timedelta(0))
    assert covered <= 2 * STORY_WINDOW * len(set(times)), "nothing that no item asks for"


# --- what is taken back ---


def test_a_withdrawn_report_rules_the_ledger_no_more(room: Room) -> None:
    room.told("1", PREVIEW)
    room.now += HOUR
    wrong = room.told("2", CANCELLED)
    assert room.events()[0].stage is Stage.CANCELLED
    assert told_of(room.digest()) == {"happened": ["Meeting cancelled: Rajnath Singh and Gen Nakatani in New Delhi"]}
    room.now += DAY
    assert room.publish("2", WITHDRAWN) == wrong
    room.run.run()
    [event] = room.events()
    assert event.stage is Stage.ANNOUNCED
    [back] = [change for change in event.changes if change.retracts]
    assert (back.stage, back.evidence, back.retracts) == (Stage.CANCELLED, str(wrong), event.changes[1].id)
    model = room.digest()
    assert ("Correction", "“cancelled” no longer stands") in lines_of(model)
    room.now += DAY
    assert ("Correction", "“cancelled” no longer stands") not in lines_of(room.digest()), "once is enough"


def test_what_nobody_heard_of_is_corrected_in_silence(room: Room) -> None:
    room.told("1", PREVIEW)
    room.told("2", CANCELLED, room.now + HOUR)
    room.publish("2", WITHDRAWN)
    room.run.run()
    model = room.digest()
    assert told_of(model) == {"coming": ["Rajnath Singh and Gen Nakatani to meet in New Delhi"]}
    assert not [line for line in lines_of(model) if line[0] == "Correction"]


def test_a_verdict_takes_back_too(room: Room) -> None:
    room.told("1", PREVIEW)
    wrong = room.told("2", CANCELLED, room.now + HOUR)
    version = room.rows("SELECT id FROM item_versions ORDER BY id DESC LIMIT 1")[0][0]
    with room.database.write() as connection:
        connection.execute(
            text("INSERT INTO verdicts (item_id, version_id, decision, analyst, note, at) "
                 "VALUES (:item, :version, 'reject', 'me', '', '2025-05-04 13:00:00.000000')"),
            {"item": wrong, "version": version},
        )  # fmt: skip
        connection.execute(text("UPDATE items SET judged_under = '' WHERE id = :item"), {"item": wrong})
    room.run.run()
    [event] = room.events()
    assert event.stage is Stage.ANNOUNCED
    assert room.home(wrong) is None


def test_a_story_without_reports_is_no_event_and_its_end_is_told(room: Room) -> None:
    room.told("1", PREVIEW)
    room.digest()
    room.now += HOUR
    room.told("1", WITHDRAWN)
    counts = room.queries.counts()
    assert (counts.events, counts.stories) == (0, 0)
    assert room.rows("SELECT stage FROM events") == [(None,)]
    room.now += DAY
    assert ("Correction", "“announced” no longer stands") in lines_of(room.digest())


def test_split_and_restored_the_story_tells_nothing_again(room: Room) -> None:
    room.now += DAY
    room.told("1", OUTCOME)
    room.told("2", ECHO)
    assert told_of(room.digest()) == {"happened": ["Rajnath Singh and Gen Nakatani met in New Delhi"]}
    room.now += DAY
    other = room.told("2", TOKYO)
    assert len(room.events()) == 2
    room.told("2", ECHO)
    [event] = [event for event in room.events() if event.stage]
    assert event.stage is Stage.CONCLUDED
    assert room.home(other) is not None
    model = room.digest()
    assert (told_of(model), model.members, model.facts) == ({}, frozenset(), frozenset())


def test_a_change_moves_with_its_report_to_the_story_where_it_is_told() -> None:
    """No correction where the old story was, no news where the new one is."""
    event = Event(EventType.MEETING, None, None, None, (), None, (), ())
    reports = [
        replace(_report("1", Stage.ANNOUNCED), title="Carrier sails for exercise"),
        replace(_report("2", Stage.CONCLUDED), title="Ministers held talks on spectrum"),
    ]
    changes = tuple(
        StageChange(report.coding.stage or Stage.ANNOUNCED, report.time, report.key, id=number)
        for number, report in enumerate(reports, 1)
    )
    window = Window(1, tuple(reports), {"1": 5, "2": 5}, {5: replace(event, changes=changes, id=9)})
    first, second = sorted(weave(window, []), key=lambda update: update.placement.group.keys)
    assert first.event is not None
    assert second.event is not None
    assert (first.event.changes, second.event.changes) == (changes[:1], changes[1:])


# --- rules and failures ---


def test_a_new_coder_reaches_what_is_stored_and_tells_nothing(room: Room) -> None:
    item = room.told("1", PREVIEW)
    room.digest()

    class NewCoder(Coder):
        @property
        @override
        def version(self) -> str:
            return "next"

        @override
        def code(self, article: Article, judgement: Judgement) -> Coding:
            return replace(super().code(article, judgement), stage=Stage.CONCLUDED, start=None, end=None)

    room.now += timedelta(days=300)
    room.run = replace(room.run, coder=NewCoder(room.watchlist))
    assert room.run.run().accepted == 1
    view = room.queries.item(str(item))
    assert view.coding is not None
    assert view.coding.stage is Stage.CONCLUDED
    assert [event.stage for event in room.events()] == [Stage.CONCLUDED]
    model = room.digest()
    assert (told_of(model), model.facts) == ({}, frozenset())


def test_an_item_that_makes_the_judge_fail_goes_to_review_and_keeps_nobody_waiting(room: Room) -> None:
    class Weak(Judge):
        @override
        def judge(self, article: Article) -> Judgement:
            if article.title == "Trap":
                raise RuntimeError("nobody foresaw this")
            return super().judge(article)

    room.run = replace(room.run, judge=Weak(room.watchlist))
    trap, sound = room.publish("1", ("Trap", "words")), room.publish("2", PREVIEW)
    with capture_logs() as lines:
        assert room.run.run() == FollowFigures(accepted=1, review=1, stories=1)
    assert [line["item"] for line in lines if line["event"] == "follow.failed"] == [trap]
    assert room.home(sound) is not None
    judgement = room.queries.item(str(trap)).judgement
    assert judgement is not None
    assert judgement.decision is Decision.REVIEW
    assert [reason.rule for reason in judgement.receipt.reasons] == [FAILED_RULE]
    assert room.run.run() == FollowFigures()


def _pending(time: datetime) -> PendingItem:
    return PendingItem(900, 900, Article(*PREVIEW, "en", time, time), None, None, archive=False)


def _judgement() -> Judgement:
    return Judgement(Decision.ACCEPT, 1.0, None, "en", (), Receipt("1", (), ()))


def _report(key: str, stage: Stage) -> Report:
    return Report(key, "", "", NOON + int(key) * HOUR, frozenset(), Coding(EventType.MEETING, stage), "en")
