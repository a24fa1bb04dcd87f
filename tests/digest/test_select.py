"""Which story is told where, in what order, and what is then known."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.digest.select import SectionKind, facts_told, section_of
from monitor.digest.sources import appeared, brings_reports
from monitor.domain.digest import DigestModel, Entry, Source, StoryForDigest, stage_fact, story_fact
from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.judgement import Strength

if TYPE_CHECKING:
    from tests.digest.conftest import Day, Desk

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
TODAY = date(2025, 5, 6)
Compose = Callable[..., DigestModel]


def changed(id_: int, stage: Stage, retracts: int | None = None) -> StageChange:
    return StageChange(stage, NOON, "1", id_, retracts)


def event(
    *changes: StageChange,
    start: date | None = date(2025, 5, 5),
    participants: tuple[str, ...] = ("rajnath-singh", "gen-nakatani"),
) -> Event:
    return Event(EventType.MEETING, start, start, "New Delhi", participants, None, (), changes, id=1)


def section_ids(model: DigestModel) -> list[str]:
    return [section.id for section in model.sections]


def only_entry(model: DigestModel) -> Entry:
    [section] = model.sections
    [entry] = section.entries
    return entry


@pytest.mark.parametrize(
    ("stage", "start", "expected"),
    [
        (Stage.CONCLUDED, TODAY, SectionKind.HAPPENED),
        (Stage.UNDER_WAY, TODAY, SectionKind.HAPPENED),
        (Stage.POSTPONED, date(2025, 7, 1), SectionKind.HAPPENED),
        (Stage.CANCELLED, None, SectionKind.HAPPENED),
        (Stage.ANNOUNCED, TODAY, SectionKind.COMING),
        (Stage.CONFIRMED, date(2025, 7, 1), SectionKind.COMING),
        (Stage.ANNOUNCED, None, SectionKind.DEVELOPING),
        (Stage.ANNOUNCED, date(2025, 5, 5), SectionKind.DEVELOPING),
    ],
)
def test_stage_and_date_choose_the_section(desk: Desk, stage: Stage, start: date | None, expected: SectionKind) -> None:
    story = desk.story(1, event(changed(1, stage), start=start), desk.source("t", "A", "2025-05-05T10:00"))
    assert section_of(story, TODAY) is expected


def test_story_without_event_is_analysis_and_one_without_stage_develops(desk: Desk) -> None:
    source = desk.source("t", "A", "2025-05-05T10:00")
    assert section_of(desk.story(1, None, source), TODAY) is SectionKind.ANALYSIS
    assert section_of(desk.story(1, event(start=None), source), TODAY) is SectionKind.DEVELOPING


def test_only_passing_reports_make_a_passing_mention_and_one_core_report_does_not(desk: Desk) -> None:
    passing = desk.source("t", "A", "2025-05-05T10:00", strength=Strength.PASSING)
    core = desk.source("t", "B", "2025-05-05T10:00")
    concluded = event(changed(1, Stage.CONCLUDED))
    assert section_of(desk.story(1, concluded, passing), TODAY) is SectionKind.PASSING
    assert section_of(desk.story(1, concluded, passing, core), TODAY) is SectionKind.HAPPENED


def test_concluded_event_is_told_once_and_its_untold_announcement_is_told_with_it(
    desk: Desk, composed: Compose
) -> None:
    both = event(changed(1, Stage.ANNOUNCED), changed(2, Stage.CONCLUDED))
    model = composed(desk.story(7, both, desk.source("t", "A", "2025-05-05T10:00")), coming=(both,))
    assert section_ids(model) == ["happened"]
    assert only_entry(model).headline == "Rajnath Singh and Gen Nakatani met in New Delhi"
    assert model.facts == {story_fact(7), stage_fact(1), stage_fact(2)}


def test_told_facts_are_not_facts_of_the_next_digest(desk: Desk) -> None:
    both = event(changed(1, Stage.ANNOUNCED), changed(2, Stage.CONCLUDED))
    story = desk.story(7, both, desk.source("t", "A", "2025-05-05T10:00"), told=(1,))
    assert facts_told(story) == [stage_fact(2)]


def test_more_reports_of_a_told_conclusion_are_further_reports_with_only_the_new_ones(
    desk: Desk, composed: Compose
) -> None:
    old, new = desk.source("old", "A", "2025-05-05T10:00"), desk.source("new", "B", "2025-05-06T01:00")
    story = desk.story(7, event(changed(1, Stage.CONCLUDED)), old, new, told=(1,), new=(new.item_id,))
    model = composed(story)
    assert section_ids(model) == ["further"]
    assert [source.title for source in only_entry(model).sources] == ["new"]
    assert only_entry(model).lines == ()
    assert not model.facts
    assert model.members == {new.item_id}


def test_a_copy_under_an_address_that_was_there_before_is_no_further_report(desk: Desk, composed: Compose) -> None:
    first = desk.source("first", "A", "2025-05-05T10:00", url="https://news.example/story")
    copy = desk.source("copy", "A International", "2025-05-06T01:00", url="https://news.example/story?utm_source=rss")
    story = desk.story(7, event(changed(1, Stage.CONCLUDED)), first, copy, told=(1,), new=(copy.item_id,))
    model = composed(story)
    assert section_ids(model) == []
    assert model.members == {copy.item_id}


def test_of_items_with_one_address_the_first_is_listed(desk: Desk, composed: Compose) -> None:
    address = "https://news.example/story"
    copies = [desk.source(name, name, f"2025-05-05T1{n}:00", url=address) for n, name in enumerate("ABC")]
    entry = only_entry(composed(desk.story(7, event(changed(1, Stage.CONCLUDED)), *copies)))
    assert [source.title for source in entry.sources] == ["A"]


def test_taking_back_a_told_stage_is_told_as_a_correction(desk: Desk, composed: Compose) -> None:
    changes = (changed(1, Stage.CONFIRMED), changed(2, Stage.CANCELLED), changed(3, Stage.CANCELLED, retracts=2))
    ahead = event(*changes, start=date(2025, 6, 1))
    model = composed(desk.story(7, ahead, desk.source("t", "A", "2025-05-05T10:00"), told=(1, 2)))
    assert section_ids(model) == ["coming"]
    assert ("Correction", "“cancelled” no longer stands") in only_entry(model).lines
    assert model.facts == {stage_fact(3)}


def test_change_taken_back_before_it_was_told_is_not_corrected(desk: Desk, composed: Compose) -> None:
    changes = (changed(1, Stage.CONFIRMED), changed(2, Stage.CANCELLED), changed(3, Stage.CANCELLED, retracts=2))
    model = composed(desk.story(7, event(*changes), desk.source("t", "A", "2025-05-05T10:00"), told=(1,)))
    assert all(label != "Correction" for label, _ in only_entry(model).lines)


def test_days_the_wrong_way_round_lie_ahead_until_the_later_one(desk: Desk) -> None:
    """The same day decides in the store which events are coming."""
    turned = replace(event(changed(1, Stage.ANNOUNCED), start=date(2025, 5, 8)), end=date(2025, 5, 1))
    assert turned.last_day == date(2025, 5, 8)
    assert section_of(desk.story(1, turned, desk.source("t", "A", "2025-05-05T10:00")), TODAY) is SectionKind.COMING


def test_why_quotes_a_core_report_that_readers_can_read(desk: Desk, composed: Compose) -> None:
    hindi = desk.source("राजनाथ", "आकाशवाणी", "2025-05-05T08:00", "hi", why="राजनाथ सिंह in title")
    passing = desk.source("t", "A", "2025-05-05T09:00", why="passing", strength=Strength.PASSING)
    english = desk.source("t", "B", "2025-05-05T10:00", why="Rajnath Singh in title")
    assert only_entry(composed(desk.story(1, None, hindi, passing, english))).why == "Rajnath Singh in title"
    assert only_entry(composed(desk.story(1, None, hindi, passing))).why == "राजनाथ सिंह in title"


def test_review_is_shown_newest_first_and_counted_in_full(bad_day: Day) -> None:
    times = [appeared(source) for source in bad_day.model.review]
    assert times == sorted(times, reverse=True)
    assert (len(times), bad_day.model.review_waiting) == (10, 20)


def test_calendar_stands_between_the_stories_by_day_without_reports(desk: Desk, composed: Compose) -> None:
    story = desk.story(
        1, event(changed(1, Stage.ANNOUNCED), start=date(2025, 6, 10)), desk.source("t", "A", "2025-05-05T10:00")
    )
    early = replace(event(changed(2, Stage.ANNOUNCED), start=date(2025, 6, 1)), id=2)
    late = replace(event(changed(3, Stage.CONFIRMED), start=date(2025, 7, 1)), id=3)
    [coming] = composed(story, coming=(late, early)).sections
    assert [(entry.day, entry.story_id, len(entry.sources)) for entry in coming.entries] == [
        ("Sun 1 Jun 2025", None, 0),
        ("Tue 10 Jun 2025", 1, 1),
        ("Tue 1 Jul 2025", None, 0),
    ]


def test_event_of_the_calendar_with_a_poor_row_is_told_by_its_type(composed: Compose) -> None:
    poor = replace(
        event(changed(1, Stage.ANNOUNCED), start=date(2025, 6, 1), participants=()), type=EventType.STAFF_TALKS
    )
    assert only_entry(composed(coming=(poor,))).headline == "Staff talks"


def test_poor_row_takes_the_title_of_the_earliest_core_report(desk: Desk, composed: Compose) -> None:
    story = desk.story(
        1,
        event(changed(1, Stage.CONCLUDED), participants=("gen-nakatani",)),
        desk.source("passing first", "A", "2025-05-05T08:00", strength=Strength.PASSING),
        desk.source("core", "B", "2025-05-05T09:00", why="because"),
        desk.source("core later", "C", "2025-05-05T10:00"),
    )
    entry = only_entry(composed(story))
    assert (entry.headline, entry.why) == ("core", "because")
    assert ("Where", "New Delhi") in entry.lines
    assert entry.titled_by == entry.sources[0]


def test_archive_reports_are_not_listed(desk: Desk, composed: Compose) -> None:
    live = desk.source("live", "A", "2025-05-05T08:00")
    archive = desk.source("archive", "B", "2025-05-04T08:00", archive=True)
    entry = only_entry(composed(desk.story(1, None, archive, live, new=(live.item_id,))))
    assert [source.title for source in entry.sources] == ["live"]


def test_outlets_of_one_family_are_one_publisher_and_listed_after_all_others_spoke(
    desk: Desk, composed: Compose
) -> None:
    reports = [
        desk.source("first", "ANI", "2025-05-05T08:00"),
        desk.source("again", "latestly (ani)", "2025-05-05T09:00"),
        desk.source("other", "Mint", "2025-05-05T10:00"),
    ]
    entry = only_entry(composed(desk.story(1, None, *reports)))
    assert [source.title for source in entry.sources] == ["first", "other", "again"]
    assert entry.publishers == 2


def test_office_is_the_one_held_on_the_day_of_the_event(desk: Desk, composed: Compose) -> None:
    before = event(changed(1, Stage.CONCLUDED), start=date(2024, 9, 1))
    after = event(changed(1, Stage.CONCLUDED))
    source = desk.source("t", "A", "2025-05-05T10:00")
    names = [dict(only_entry(composed(desk.story(1, row, source))).lines)["Who"] for row in (before, after)]
    assert names == [
        "Rajnath Singh and Gen Nakatani",
        "Rajnath Singh (Minister of Defence, India) and Gen Nakatani (Minister of Defense, Japan)",
    ]


def test_days_are_shown_in_the_zone_of_the_schedule(desk: Desk, composed: Compose) -> None:
    late = desk.source("t", "A", "2025-05-05T20:00")
    assert only_entry(composed(desk.story(1, None, late))).day == "Tue 6 May 2025"


def test_summary_counts_what_is_told(meeting_day: Day, quiet_day: Day) -> None:
    assert meeting_day.model.summary == (
        "1 event concluded",
        "1 event ahead",
        "14 reports from 12 publishers in 3 languages",
    )
    assert quiet_day.model.summary == ("no new reports",)


def test_role_book_is_that_of_the_watchlist(quiet_day: Day) -> None:
    assert quiet_day.model.watch.roles_checked == quiet_day.watchlist.roles_checked


def test_order_of_the_material_changes_nothing(meeting_day: Day, bad_day: Day) -> None:
    for day in (meeting_day, bad_day):
        stories, review = list(day.material.stories), list(day.material.review)
        for seed in range(5):
            random.Random(seed).shuffle(stories)
            random.Random(seed).shuffle(review)
            shuffled = replace(day.material, stories=tuple(stories), review=tuple(review))
            assert replace(day, material=shuffled).model == day.model


sources = st.builds(
    Source,
    item_id=st.integers(1, 50),
    title=st.sampled_from(["", "Ministers meet"]),
    url=st.none(),
    publisher=st.sampled_from(["ANI", "Mint", "朝日新聞"]),
    language=st.sampled_from(["en", "ja"]),
    published=st.none() | st.just(NOON),
    first_seen=st.just(NOON),
    strength=st.sampled_from([None, *Strength]),
    why=st.just(""),
    archive=st.booleans(),
)
histories = st.lists(st.sampled_from(Stage), max_size=4)
starts = st.none() | st.dates(date(2025, 4, 1), date(2025, 6, 30))


@st.composite
def stories(draw: st.DrawFn, id_: int) -> StoryForDigest:
    reports = draw(st.lists(sources, min_size=1, max_size=5, unique_by=lambda source: source.item_id))
    changes = tuple(changed(id_ * 10 + number, stage) for number, stage in enumerate(draw(histories)))
    row = replace(event(*changes, start=draw(starts)), id=id_) if draw(st.booleans()) else None
    told = frozenset(change.id for change in changes if draw(st.booleans()) and change.id is not None and row)
    new = frozenset(source.item_id for source in reports if not source.archive)
    return StoryForDigest(id_, row, tuple(reports), (), draw(st.booleans()), told, new)


SEVERAL = st.integers(0, 4).flatmap(lambda count: st.tuples(*(stories(number) for number in range(1, count + 1))))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # `composed` keeps nothing between examples
@given(several=SEVERAL)
def test_every_story_with_news_is_told_in_exactly_one_entry_and_leaves_nothing_untold(
    composed: Compose, several: tuple[StoryForDigest, ...]
) -> None:
    model = composed(*several)
    told = [entry.story_id for section in model.sections for entry in section.entries]
    news = {story.story_id for story in several if not story.told or story.untold or brings_reports(story)}
    assert news <= set(told) <= {story.story_id for story in several}
    assert len(told) == len(set(told))
    assert model.members == {item for story in several for item in story.new_items}
    assert all(stage_fact(change.id) in model.facts for story in several for change in story.untold if change.id)
    assert not any(stage_fact(id_) in model.facts for story in several for id_ in story.told_changes)


def test_an_event_that_passed_unreported_is_told_and_then_known(composed: Compose) -> None:
    passed = event(changed(1, Stage.ANNOUNCED), start=date(2025, 5, 1))
    model = composed(unreported=(passed,))
    assert section_ids(model) == ["unreported"]
    entry = only_entry(model)
    assert entry.headline == "Rajnath Singh and Gen Nakatani to meet in New Delhi"
    assert entry.lines == (("Notice", "no report since it was announced: it may have been put off in silence"),)
    assert model.facts == {"unreported:1:2025-05-01"}


def jimex_of(start: date, id_: int, stage: Stage = Stage.CONCLUDED) -> Event:
    return Event(EventType.EXERCISE, start, start, "Kochi", (), "jimex", (), (changed(id_, stage),), id=id_)


def test_an_event_is_told_with_its_standing(composed: Compose, desk: Desk) -> None:
    now, before = jimex_of(date(2025, 5, 5), 2), jimex_of(date(2024, 5, 6), 1)
    story = desk.story(1, now, desk.source("t", "A", "2025-05-05T10:00"))
    [section, *_] = composed(story, editions=(before, now)).sections
    assert ("Series", "The last was in Kochi on Mon 6 May 2024") in section.entries[0].lines


@pytest.mark.parametrize(
    ("stage", "start"),
    [(Stage.CANCELLED, date(2025, 5, 5)), (Stage.POSTPONED, None), (Stage.ANNOUNCED, None)],
)
def test_what_is_no_edition_has_no_standing(composed: Compose, desk: Desk, stage: Stage, start: date | None) -> None:
    now = replace(jimex_of(date(2025, 5, 5), 2, stage), start=start)
    story = desk.story(1, now, desk.source("t", "A", "2025-05-05T10:00"))
    model = composed(story, editions=(jimex_of(date(2024, 5, 6), 1),))
    assert "Series" not in dict(model.sections[0].entries[0].lines)


YEARLY = tuple(jimex_of(date(year, 5, 30), year) for year in (2022, 2023, 2024))


def expected_of(model: DigestModel) -> list[tuple[str, str]]:
    return [
        (entry.headline, text) for section in model.sections for entry in section.entries for _, text in entry.lines
    ]


def test_an_edition_that_is_nearly_due_or_overdue_is_expected(composed: Compose) -> None:
    [(name, words)] = expected_of(composed(editions=YEARLY))
    assert name == "JIMEX"
    assert words.endswith("so about May 2025")
    assert not composed(editions=YEARLY).news
    [(_, words)] = expected_of(composed(editions=YEARLY, now="2026-05-05T02:00"))
    assert words.endswith("so overdue")


@pytest.mark.parametrize("now", ["2025-03-01T02:00", "2027-09-01T02:00"])
def test_an_edition_far_off_or_given_up_is_not_spoken_of(composed: Compose, now: str) -> None:
    assert expected_of(composed(editions=YEARLY, now=now)) == []


def test_only_series_of_both_sides_are_waited_for(composed: Compose) -> None:
    malabar = tuple(replace(one, series="malabar") for one in YEARLY)
    assert expected_of(composed(editions=malabar)) == []
