"""Rulings through follow and store, with the real judge and coder: a split or a merge holds, whatever comes later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from monitor.classify.judge import Judge
from monitor.digest.select import compose
from monitor.domain.digest import DigestModel, FrozenDigest, Period, Rendered, Schedule
from monitor.domain.event import Stage
from monitor.domain.judgement import Decision
from monitor.domain.review import Verdict
from monitor.domain.watchlist import Watchlist
from monitor.events.code import Coder
from monitor.pipeline.follow import Follow
from monitor.store.review import SqlReviewStore
from monitor.store.stories import Remark, Ruled, SqlStoryStore
from monitor.watchlists import loader

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 6, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAILY = Schedule("daily", "India–Japan defence", "0 18 * * *", "UTC", ("files",))
REMARK = Remark("asha", "two meetings", NOW)

OUTCOME = (
    "India's Defence Minister Rajnath Singh and Japan's Defence Minister Gen Nakatani held a bilateral meeting in New "
    "Delhi on 5 May 2025 on defence cooperation, the ministry said."
)
WIRE = [
    ("Rajnath Singh, Gen Nakatani met in New Delhi on May 5", OUTCOME),
    ("Rajnath Singh and Gen Nakatani met in New Delhi on May 5", OUTCOME),
    ("Rajnath Singh, Nakatani met in New Delhi on May 5 on defence", OUTCOME),
    ("Defence Minister Rajnath Singh met Gen Nakatani in New Delhi on May 5", OUTCOME),
]
ECHO = ("Rajnath Singh and Gen Nakatani met in New Delhi on 5 May, says ministry", OUTCOME)
PLAN = "Defence ministers Rajnath Singh and Gen Nakatani {} in Tokyo on 5 June 2025"
TOKYO_JA = [
    ("日印防衛相が東京で会談", "中谷元防衛相は5月1日、東京でインドのシン国防相と会談した。日印の防衛協力を協議した。"),
    (
        "日印防衛相会談、東京で開催",
        "中谷元防衛相は5月1日、東京でインドのシン国防相と会談し、日印の防衛協力を協議した。",
    ),
]


class LaterCoder(Coder):
    """The same rules under another version, so that everything is judged and grouped anew."""

    @property
    @override
    def version(self) -> str:
        return "later"


@dataclass
class Desk:
    """An analyst's desk on one database: what the runs do, and what the analyst does."""

    world: World
    watchlist: Watchlist
    follow: Follow
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.feed = self.world.feed(language=None)
        self.stories = SqlStoryStore(self.world.database)
        self.follow = replace(self.follow, store=self.world.follow, clock=lambda: self.now)
        self.world.report.sync_schedules([DAILY], NOW - DAY)

    def publish(self, *reports: tuple[str, str]) -> list[int]:
        """New items, an hour apart; nothing is followed."""
        ids = []
        for title, summary in reports:
            self.now += HOUR
            link = f"https://wire.example/{next(self.world.numbers)}"
            entry = self.world.entry(title, guid=link, link=link, summary=summary, published=self.now)
            self.world.poll(self.feed, entry, at=self.now)
            ids.append(self.world.queries.item(link).id)
        return ids

    def told(self, *reports: tuple[str, str]) -> list[int]:
        """Publish and follow."""
        ids = self.publish(*reports)
        self.follow.run()
        return ids

    def split(self, *items: int) -> Ruled:
        self.now += HOUR
        ruled = self.stories.split(self.home(items[0]), [str(item) for item in items], REMARK)
        self.follow.again(ruled.moving)
        return ruled

    def merge(self, *items: int) -> Ruled:
        """Merge the stories that these items are in."""
        self.now += HOUR
        first, *others = map(self.home, items)
        ruled = self.stories.merge(first, others, REMARK)
        self.follow.again(ruled.moving)
        return ruled

    def home(self, item: int) -> int:
        return self.world.home(item)

    def partition(self, items: Iterable[int]) -> set[frozenset[int]]:
        stories: defaultdict[int, set[int]] = defaultdict(set)
        for item, story in self.world.queries.homes(items).items():
            stories[story].add(item)
        return {frozenset(block) for block in stories.values()}

    def judge_all_anew(self) -> None:
        self.follow = replace(self.follow, coder=LaterCoder(self.watchlist))
        assert self.follow.run().accepted > 0

    def digest(self) -> DigestModel:
        """Make and freeze the digest of the next day."""
        self.now += DAY
        period = Period("daily", self.now.date(), self.now)
        model = compose(self.world.report.material(DAILY, self.now), DAILY, period, self.now, self.watchlist)
        name = f"<{period.local_date}@monitor.example>"
        rendered = Rendered(DAILY.title, "", "", "")
        self.world.report.freeze(
            FrozenDigest("daily", period, self.now, rendered, name, model.members, model.facts), []
        )
        return model


@pytest.fixture(scope="module")
def rules() -> tuple[Watchlist, Judge, Coder]:
    watchlist = loader.load("india_japan")
    return watchlist, Judge(watchlist), Coder(watchlist)


@pytest.fixture
def desk(world: World, rules: tuple[Watchlist, Judge, Coder]) -> Desk:
    watchlist, judge, coder = rules
    return Desk(world, watchlist, Follow(world.follow, judge, coder, lambda: NOW))


def blocks(*groups: Sequence[int]) -> set[frozenset[int]]:
    return {frozenset(group) for group in groups}


def test_a_split_holds_whatever_comes_later(desk: Desk) -> None:
    a, b, c, d = desk.told(*WIRE)
    story = desk.home(a)
    assert desk.partition((a, b, c, d)) == blocks((a, b, c, d))
    desk.split(c, d)
    apart = blocks((a, b), (c, d))
    assert desk.partition((a, b, c, d)) == apart
    assert desk.home(a) == story
    [echo, _] = desk.told(ECHO, WIRE[0])
    assert desk.partition((a, b, c, d)) == apart
    assert desk.home(echo) in {story, desk.home(c)}
    homes = desk.world.queries.homes((a, b, c, d))
    desk.judge_all_anew()
    assert desk.world.queries.homes((a, b, c, d)) == homes


def test_those_that_stay_keep_the_number_though_most_leave(desk: Desk) -> None:
    a, b, c, d = desk.told(*WIRE)
    story = desk.home(a)
    desk.split(a, b, d)
    assert desk.partition((a, b, c, d)) == blocks((c,), (a, b, d))
    assert desk.home(c) == story


def test_a_merge_of_stories_in_two_languages_holds(desk: Desk) -> None:
    english, japanese = desk.told(*WIRE[:2]), desk.told(*TOKYO_JA)
    first = desk.home(japanese[0])
    assert first != desk.home(english[0])
    given_up = desk.home(english[0])
    desk.merge(japanese[0], english[0])
    every = (*english, *japanese)
    assert {desk.home(item) for item in every} == {first}
    assert desk.world.queries.story(given_up).id == first
    assert desk.world.queries.story(first).aliases == (given_up,)
    desk.now += 60 * DAY
    desk.told(ECHO)
    desk.judge_all_anew()
    assert {desk.home(item) for item in every} == {first}


def test_a_merge_reaches_beyond_any_window(desk: Desk) -> None:
    [early, *_] = desk.told(*WIRE[:2])
    story = desk.home(early)
    desk.now += 200 * DAY
    [late] = desk.told(("Rajnath Singh and Gen Nakatani to hold a bilateral meeting in Tokyo on defence", ""))
    desk.merge(early, late)
    assert desk.home(late) == story
    version = desk.world.queries.item(str(late)).versions
    entry = desk.world.entry("Rajnath Singh and Gen Nakatani hold a bilateral meeting on defence in Tokyo", summary="")
    url = desk.world.queries.item(str(late)).url
    desk.world.poll(desk.feed, replace(entry, guid=url, link=url, published=desk.now), at=desk.now)
    desk.follow.run()
    assert desk.world.queries.item(str(late)).versions == version + 1
    assert desk.home(late) == desk.home(early) == story


def test_a_newer_ruling_outweighs_an_older_one(desk: Desk) -> None:
    a, b, c, d = desk.told(*WIRE)
    desk.split(c, d)
    desk.merge(a, c)
    assert desk.partition((a, b, c, d)) == blocks((a, b, c, d))
    desk.split(b, d)
    assert desk.partition((a, b, c, d)) == blocks((a, c), (b, d))
    desk.judge_all_anew()
    assert desk.partition((a, b, c, d)) == blocks((a, c), (b, d))


def test_a_ruling_given_while_a_follow_runs_is_obeyed(desk: Desk) -> None:
    """The follow read the stories before; it must do its work again and not undo the ruling."""
    a, b, c, d = desk.told(*WIRE)
    [echo] = desk.publish(ECHO)
    pending = [desk.follow.think(item) for item in desk.follow.store.items((c, echo))]
    ruled: list[Ruled] = []

    class Slow(Follow):
        @override
        def _read(self, reach):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            window = super()._read(reach)
            if not ruled:
                ruled.append(desk.stories.split(desk.home(a), [str(c), str(d)], REMARK))
            return window

    slow = Slow(desk.follow.store, desk.follow.judge, desk.follow.coder, desk.follow.clock)
    slow.save(pending)
    assert desk.partition((a, b, c, d)) == blocks((a, b), (c, d))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))])
def test_any_order_and_chunking_of_arrival_gives_the_same_stories(desk: Desk, seed: int) -> None:
    english, japanese = desk.told(*WIRE, ECHO), desk.told(*TOKYO_JA)
    every = (*english, *japanese)
    desk.split(*english[1:3])
    desk.merge(english[1], japanese[0])
    expected = desk.partition(every)
    assert len(expected) == 2
    random = Random(seed)
    for _ in range(3):
        forget(desk.world)
        order = random.sample(every, len(every))
        while order:
            size = random.randint(1, 4)
            desk.follow.again(order[:size])
            del order[:size]
        assert desk.partition(every) == expected


def forget(world: World) -> None:
    """Everything that follow wrote, rulings apart."""
    for table in ("stage_changes", "events", "story_aliases", "story_members", "stories", "mentions", "judgements"):
        world.change(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    world.change("UPDATE items SET judged_under = '', judgement_id = NULL, decision = NULL")


# --- what was told ---


def told_in(model: DigestModel) -> set[int]:
    """The stories that a digest tells; lines of the calendar and of series are of none."""
    entries = (entry for section in model.sections for entry in section.entries)
    return {entry.story_id for entry in entries if entry.story_id is not None}


def test_what_was_told_is_not_told_again_after_a_split(desk: Desk) -> None:
    a, _, c, d = desk.told(*WIRE)
    first = desk.digest()
    assert (len(first.members), told_in(first)) == (4, {desk.home(a)})
    desk.split(c, d)
    events = desk.world.window().events
    assert [events[desk.home(item)].stage for item in (a, c)] == [Stage.CONCLUDED] * 2
    second = desk.digest()
    assert (second.members, second.facts) == (frozenset(), frozenset())


def test_what_was_not_told_before_a_split_is_told_of_both_stories(desk: Desk) -> None:
    a, _, c, d = desk.told(*WIRE)
    desk.split(c, d)
    model = desk.digest()
    assert len(model.members) == 4
    assert told_in(model) == {desk.home(a), desk.home(c)}


def test_a_story_that_was_split_off_is_told_when_it_has_news(desk: Desk) -> None:
    _, _, c, d = desk.told(*WIRE)
    desk.digest()
    desk.split(c, d)
    [fresh] = desk.told(("Rajnath Singh thanks Gen Nakatani after New Delhi meeting on defence", OUTCOME))
    assert desk.digest().members == {fresh}


def test_a_merge_of_two_told_stories_tells_nothing(desk: Desk) -> None:
    english, japanese = desk.told(*WIRE[:2]), desk.told(*TOKYO_JA)
    assert len(desk.digest().members) == 4
    desk.merge(english[0], japanese[0])
    model = desk.digest()
    assert (model.members, model.facts) == (frozenset(), frozenset())
    desk.split(*japanese)
    model = desk.digest()
    assert (model.members, model.facts) == (frozenset(), frozenset())


def test_a_merge_with_an_untold_story_tells_only_its_reports(desk: Desk) -> None:
    english = desk.told(*WIRE[:2])
    desk.digest()
    japanese = desk.told(*TOKYO_JA)
    desk.merge(english[0], japanese[0])
    model = desk.digest()
    assert model.members == set(japanese)
    assert told_in(model) == {desk.home(english[0])}


def test_a_change_that_went_along_stays_told_and_is_corrected(desk: Desk) -> None:
    """Its story was never told under its own number, and yet its readers have heard of it."""
    [announced, cancelled] = desk.told(
        (PLAN.format("to meet"), f"{PLAN.format('will meet')}, the ministry said."),
        (f"{PLAN.format('meeting')} cancelled", "The meeting of the defence ministers was cancelled."),
    )
    story = desk.home(announced)
    assert (desk.home(cancelled), desk.world.event(story).stage) == (story, Stage.CANCELLED)
    desk.digest()
    desk.split(cancelled)
    events = desk.world.window().events
    assert (events[story].stage, events[desk.home(cancelled)].stage) == (Stage.ANNOUNCED, Stage.CANCELLED)
    model = desk.digest()
    assert (model.members, model.facts) == (frozenset(), frozenset())
    SqlReviewStore(desk.world.database).record(str(cancelled), Verdict(Decision.REJECT, "asha"), desk.now)
    desk.follow.run()
    lines = [line for section in desk.digest().sections for entry in section.entries for line in entry.lines]
    assert ("Correction", "“cancelled” no longer stands") in lines
