"""Days to make digests of, in plain values, and `--update-golden`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.digest.select import compose
from monitor.domain.digest import (
    DigestMaterial,
    DigestModel,
    FeedHealth,
    Period,
    Schedule,
    Source,
    StoryForDigest,
    WatchState,
)
from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.judgement import Field, Mention, Span, Strength
from monitor.domain.ladder import StepReport
from monitor.domain.watchlist import Entity, EntityKind, KnownStep, Publisher, Role, Side, Watchlist

SCHEDULE = Schedule("morning", "India–Japan defence", "30 7 * * *", "Asia/Kolkata", ("files",))
OFFICES = {"rajnath-singh": "Minister of Defence", "gen-nakatani": "Minister of Defense"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden digests instead of comparing")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are written anew; False when the run began above this folder."""
    return bool(request.config.getoption("--update-golden", default=False))


@pytest.fixture
def golden() -> Path:
    return Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Day:
    """One digest's input: what there is to tell, and when it is made."""

    material: DigestMaterial
    now: datetime
    watchlist: Watchlist

    @property
    def model(self) -> DigestModel:
        period = Period(SCHEDULE.name, (self.now + timedelta(hours=5, minutes=30)).date(), self.now)
        return compose(self.material, SCHEDULE, period, self.now, self.watchlist)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entity(id_: str, kind: EntityKind, name: str, side: str | None, title: str | None = None) -> Entity:
    roles = (Role(title, start=date(2024, 10, 1)),) if title else ()
    return Entity(id_, kind, name, side, (), roles=roles)


@pytest.fixture
def watchlist() -> Watchlist:
    entities = (
        entity("rajnath-singh", EntityKind.PERSON, "Rajnath Singh", "india", "Minister of Defence"),
        entity("gen-nakatani", EntityKind.PERSON, "Gen Nakatani", "japan", "Minister of Defense"),
        entity("anil-chauhan", EntityKind.PERSON, "Anil Chauhan", "india", "Chief of Defence Staff"),
        entity("yoshihide-yoshida", EntityKind.PERSON, "Yoshihide Yoshida", "japan"),
        entity("indian-navy", EntityKind.ORGANISATION, "Indian Navy", "india"),
        entity("jmsdf", EntityKind.ORGANISATION, "Japan Maritime Self-Defense Force", "japan"),
        entity("jimex", EntityKind.EXERCISE, "JIMEX", "joint"),
        entity("malabar", EntityKind.EXERCISE, "Malabar", "multilateral"),
        entity("acsa", EntityKind.AGREEMENT, "Reciprocal Provision of Supplies and Services", "joint"),
        entity("unicorn", EntityKind.PLATFORM, "UNICORN antenna", "joint"),
        entity("two-plus-two", EntityKind.FORUM, "2+2 Ministerial Dialogue", "joint"),
    )
    return Watchlist(
        id="india-japan",
        title="India–Japan defence",
        version="test",
        subject="defence",
        sides=(
            Side("india", "India", "Indian", (), "Asia/Kolkata"),
            Side("japan", "Japan", "Japanese", (), "Asia/Tokyo"),
        ),
        entities={one.id: one for one in entities},
        cues=(),
        decoys=(),
        rules={},
        thresholds={},
        coding={"topic_names": {"china-seas": ("East and South China Seas",)}},
        roles_checked=date(2025, 3, 26),
        publishers={
            "asahi": Publisher("asahi", "朝日新聞", "asahi", "newspaper", "japan", names=("Asahi Shimbun",)),
            "ani": Publisher(
                "ani", "ANI", "ani", "agency", "india", names=("LatestLY (ANI)", "ANI via World News Network")
            ),
        },
    )


@dataclass
class Desk:
    """Makes stories with ids that count up, so that a test writes only what matters to it."""

    items: int = 0

    def source(
        self,
        title: str,
        publisher: str,
        published: str,
        language: str = "en",
        url: str | None = "",
        strength: Strength | None = Strength.CORE,
        why: str = "title names both ministers · bilateral meeting",
        *,
        archive: bool = False,
    ) -> Source:
        self.items += 1
        address = f"https://news.example/{self.items}" if url == "" else url
        time = utc(published)
        return Source(
            self.items, title, address, publisher, language, time, time + timedelta(minutes=20), strength, why, archive
        )

    def story(
        self,
        id_: int,
        event: Event | None,
        *sources: Source,
        told: tuple[int, ...] | None = None,
        new: tuple[int, ...] | None = None,
        mentions: tuple[str, ...] = (),
    ) -> StoryForDigest:
        """`told` None: nothing of it was told; else the ids of the changes told. `new` None: all its sources are."""
        return StoryForDigest(
            story_id=id_,
            event=event,
            sources=sources,
            mentions=tuple(Mention(one, Span(Field.TITLE, 0, 1, one), "full name") for one in mentions),
            told=told is not None,
            told_changes=frozenset(told or ()),
            new_items=frozenset(source.item_id for source in sources) if new is None else frozenset(new),
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def change(id_: int, stage: Stage, at: str, evidence: int, retracts: int | None = None) -> StageChange:
    return StageChange(stage, utc(at), str(evidence), id_, retracts)


def delhi(*changes: StageChange) -> Event:
    """The ministers' meeting of May 2025."""
    return Event(
        type=EventType.MEETING,
        start=date(2025, 5, 5),
        end=date(2025, 5, 5),
        place="New Delhi",
        participants=("rajnath-singh", "gen-nakatani"),
        series=None,
        topics=("exercises", "staff-talks", "acsa", "counter-terrorism", "china-seas"),
        changes=changes,
        id=1,
    )


def jimex(*changes: StageChange, start: date = date(2025, 6, 20)) -> Event:
    return Event(
        type=EventType.EXERCISE,
        start=start,
        end=start + timedelta(days=4),
        place="Visakhapatnam",
        participants=("indian-navy", "jmsdf"),
        series="jimex",
        topics=(),
        changes=changes,
        id=2,
    )


WATCH = WatchState(feeds=28, failing=(), roles_checked=None)


@pytest.fixture
def meeting_day(desk: Desk, watchlist: Watchlist) -> Day:
    """The morning after the meeting: previews were told the day before, its outcome was not."""
    previews = (
        desk.source(
            "Rajnath Singh to host Japan's Gen Nakatani in New Delhi on May 5", "LatestLY (ANI)", "2025-05-04T11:40"
        ),
        desk.source(
            "सोमवार को जापान के रक्षा मंत्री जेन नाकातानी से मिलेंगे राजनाथ सिंह", "आकाशवाणी समाचार", "2025-05-04T12:58", "hi"
        ),
    )
    outcome = (
        desk.source("राजनाथ सिंह आज करेंगे जनरल नकातानी से द्विपक्षीय वार्ता", "बचपन एक्सप्रेस", "2025-05-05T03:30", "hi"),
        desk.source(
            "Rajnath Singh meets Japan's General Nakatani, thanks Tokyo over Pahalgam",
            "Mint via MENAFN",
            "2025-05-05T09:20",
        ),
        desk.source("日印が防衛幹部の協議体を設置へ", "スプートニク日本", "2025-05-05T10:15", "ja"),
        desk.source(
            "Rajnath credits Gen Nakatani with laying base for Indo-Japan defence ties",
            "ANI via World News Network",
            "2025-05-05T11:30",
        ),
        desk.source("日印防衛相、ニューデリーで会談 協議体の新設で合意", "朝日新聞", "2025-05-05T11:50", "ja"),
        desk.source(
            "Japan, India Defense Chiefs Agree on More Joint Drills, New Consultative Body",
            "Jiji via Nippon.com",
            "2025-05-05T12:10",
        ),
        desk.source(
            "Japan backs India's fight on terror as defence ministers meet", "IANS via Lokmat Times", "2025-05-05T13:05"
        ),
        desk.source(
            "中谷防衛相、インドに「JIDIP」提案 戦車エンジン協力も検討へ",
            "FNNプライムオンライン",
            "2025-05-05T13:30",
            "ja",
        ),
        desk.source(
            "मानेकशॉ सेंटर में राजनाथ सिंह और जनरल नकातानी की बैठक, आतंकवाद की निंदा",
            "एसवीएनएस मीडिया",
            "2025-05-05T14:40",
            "hi",
        ),
        desk.source(
            "India, Japan review military logistics and China Seas at Delhi talks", "Devdiscourse", "2025-05-05T15:44"
        ),
        desk.source("Agency follow-up on the ministers' talks in Delhi", "ANI", "2025-05-05T16:10"),
    )
    meeting = delhi(
        change(11, Stage.ANNOUNCED, "2025-05-04T12:00", 1), change(12, Stage.CONCLUDED, "2025-05-05T09:40", 4)
    )
    analysis = desk.source(
        "日印の接近をどう見るか 防衛大学校・伊藤融教授に聞く",
        "朝日新聞",
        "2025-05-06T01:00",
        "ja",
        why="title names both sides · defence academy",
    )
    mast = desk.source(
        "Naval antenna work with Japan enters its next phase",
        "Defence Daily",
        "2025-05-05T08:00",
        why="UNICORN antenna in title",
    )
    malabar = desk.source(
        "Quad navies plan the next Malabar",
        "Naval Notes",
        "2025-05-05T07:00",
        strength=Strength.PASSING,
        why="Malabar in summary",
    )
    held = desk.source(
        "Japan envoy visits Indian shipyard",
        "Harbour News",
        "2025-05-05T06:00",
        strength=None,
        why="subject only in summary",
    )
    transfer = Event(
        EventType.TRANSFER,
        None,
        None,
        None,
        ("indian-navy", "jmsdf"),
        "unicorn",
        (),
        (change(13, Stage.UNDER_WAY, "2025-05-05T08:20", 15),),
        3,
    )
    drill = jimex(change(14, Stage.ANNOUNCED, "2025-04-30T08:00", 99))
    stories = (
        desk.story(1, meeting, *previews, *outcome, told=(11,), new=tuple(one.item_id for one in outcome)),
        desk.story(2, None, analysis, mentions=("gen-nakatani", "acsa", "gen-nakatani")),
        desk.story(3, replace(transfer, changes=()), mast),
        desk.story(4, None, malabar),
    )
    material = DigestMaterial(stories, (drill,), (held,), 1, 2, WATCH)
    return Day(material, utc("2025-05-06T02:00"), watchlist)


@pytest.fixture
def eve(desk: Desk, watchlist: Watchlist) -> Day:
    """The evening before the meeting: six previews, nothing told yet."""
    sources = (
        desk.source(
            "Rajnath Singh to host Japan's Gen Nakatani in New Delhi on May 5", "LatestLY (ANI)", "2025-05-04T11:40"
        ),
        desk.source(
            "सोमवार को जापान के रक्षा मंत्री जेन नाकातानी से मिलेंगे राजनाथ सिंह", "आकाशवाणी समाचार", "2025-05-04T12:58", "hi"
        ),
        desk.source(
            "Key India-Japan defense talks set for Monday, Pahalgam attack likely on table", "NewsX", "2025-05-04T13:15"
        ),
        desk.source("भारत-जापान रक्षा वार्ता 5 मई को, दिल्ली आ रहे हैं जेन नकातानी", "सम्राट 24", "2025-05-04T15:05", "hi"),
    )
    meeting = delhi(change(11, Stage.ANNOUNCED, "2025-05-04T12:00", 1))
    material = DigestMaterial((desk.story(1, meeting, *sources),), (meeting,), (), 0, 0, WATCH)
    return Day(material, utc("2025-05-04T16:00"), watchlist)


@pytest.fixture
def quiet_day(watchlist: Watchlist) -> Day:
    return Day(DigestMaterial((), (), (), 0, 0, WATCH), utc("2025-05-10T02:00"), watchlist)


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "{{7*7}} {% include '/etc/passwd' %} ${7*7} #{7*7}",
    '=HYPERLINK("https://evil.example","click")',
    "safe \u202egnp.exe\u202c name \u2066isolated",
    "\x1b[31mred\x07\x00 line\r\nBcc: victim@example.com\u2028next",
    "[click](javascript:alert(3)) **bold** `code` <https://evil.example> | # head",
    "=?utf-8?q?x=0d=0aBcc=3a=20victim=40example.com?=",
    "خبر عاجل عن الدفاع (عربي)",
    "lone \ud800 surrogate and tag \U000e0041",
    '" onmouseover="alert(4)" x="',
)
HOSTILE_LINKS = (
    "javascript:alert(5)",
    'https://a.example/"><script>alert(6)</script>',
    "https://a.example/x)\r\nBcc: y",
    "data:text/html;base64,PHNjcmlwdD4=",
    "https://a.example/a b<c>d?x=1&copy;=2",
    "http://[bad",
    "JaVaScRiPt:alert(7)",
    "https:///nohost",
    "  https://ok.example/p?q='x'  ",
    None,
)


@pytest.fixture
def bad_day(desk: Desk, watchlist: Watchlist) -> Day:
    """Failing feeds, and feeds that attack the page, the mail, the terminal and the Markdown."""
    stories = tuple(
        desk.story(
            number,
            None,
            desk.source(title, title, f"2025-05-05T{number:02}:00", "ar" if "عربي" in title else "en", link, why=title),
        )
        for number, (title, link) in enumerate(zip(HOSTILE, HOSTILE_LINKS, strict=True), 1)
    )
    failing = (
        FeedHealth("Example <b>Wire</b>", "connection failed", utc("2025-05-03T12:40")),
        FeedHealth(HOSTILE[4], None, None),
    )
    watch = WatchState(feeds=28, failing=failing, roles_checked=None, dead_deliveries=2, waiting=3000)
    review = tuple(replace(story.sources[0], item_id=story.story_id + 100) for story in stories)
    material = DigestMaterial(stories, (), review, 20, 7, watch)
    return Day(material, utc("2025-05-06T02:00"), watchlist)


@pytest.fixture
def day(request: pytest.FixtureRequest) -> Day:
    """The day a test names by indirect parametrisation."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Day)
    return found


@pytest.fixture
def composed(watchlist: Watchlist) -> Callable[..., DigestModel]:
    """Composes a model from stories and events alone, on the morning of 6 May 2025."""

    def make(
        *stories: StoryForDigest,
        coming: tuple[Event, ...] = (),
        editions: tuple[Event, ...] = (),
        unreported: tuple[Event, ...] = (),
        steps: tuple[StepReport, ...] = (),
        known: tuple[KnownStep, ...] = (),
        now: str = "2025-05-06T02:00",
    ) -> DigestModel:
        material = DigestMaterial(stories, coming, (), 0, 0, WATCH, editions, unreported, steps)
        return Day(material, utc(now), replace(watchlist, steps=known)).model

    return make
