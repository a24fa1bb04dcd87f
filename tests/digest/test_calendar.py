"""Events in the words of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.digest.calendar import SOURCES_LISTED, calendar_entry
from monitor.digest.sources import Voices
from monitor.domain.calendar import CalendarEntry, EntryStatus
from monitor.domain.digest import Source
from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.judgement import Strength
from monitor.domain.ledger import EventReport, EventView, LedgerRow, Withdrawn
from monitor.domain.watchlist import Publisher, Watchlist

TOLD = datetime(2025, 5, 4, 6, tzinfo=UTC)
UPDATED = datetime(2025, 5, 5, 13, tzinfo=UTC)
PIB = Publisher("pib", "PIB", "india-government", "official", "india")
MEETING = Event(
    type=EventType.MEETING,
    start=date(2025, 5, 5),
    end=None,
    place="New Delhi",
    participants=("rajnath-singh", "gen-nakatani"),
    series=None,
    topics=("china-seas",),
    changes=(
        StageChange(Stage.ANNOUNCED, TOLD, "1", 1),
        StageChange(Stage.CONCLUDED, UPDATED, "2", 2),
    ),
    id=7,
)


def source(number: int, publisher: str, url: str | None = "", title: str = "Talks held") -> Source:
    address = f"https://news.example/{number}" if url == "" else url
    at = TOLD.replace(minute=number)
    return Source(number, title, address, publisher, "en", at, at, Strength.CORE, "", archive=False)


def view(event: Event, *sources: Source) -> EventView:
    return EventView(LedgerRow(event, 3, "uid-7", 4, UPDATED), tuple(EventReport(one, (), None) for one in sources))


def entry(watchlist: Watchlist, shown: EventView) -> CalendarEntry:
    known = replace(watchlist, publishers={**watchlist.publishers, "pib": PIB})
    found = calendar_entry(shown, known, Voices(known.publishers))
    assert found is not None
    return found


def test_a_meeting_with_all_that_is_known_of_it(watchlist: Watchlist) -> None:
    shown = view(MEETING, source(1, "朝日新聞", "https://asahi.example/1"), source(2, "PIB"), source(3, "PIB", None))
    assert entry(watchlist, shown) == CalendarEntry(
        uid="uid-7",
        revision=4,
        updated_at=UPDATED,
        first=date(2025, 5, 5),
        last=date(2025, 5, 5),
        status=EntryStatus.CONFIRMED,
        summary="Rajnath Singh and Gen Nakatani met in New Delhi",
        place="New Delhi",
        lines=(
            "Stage: concluded",
            "Who: Rajnath Singh (Minister of Defence, India) and Gen Nakatani (Minister of Defense, Japan)",
            "Topics: East and South China Seas",
            "Record: announced Sun 4 May · concluded Mon 5 May",
            "3 reports from 2 publishers",
            "朝日新聞: https://asahi.example/1",
            "PIB: https://news.example/2",
            "PIB",
        ),
        categories=("meeting", "East and South China Seas"),
        url="https://news.example/2",
    )


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.ANNOUNCED, EntryStatus.TENTATIVE),
        (Stage.POSTPONED, EntryStatus.TENTATIVE),
        (Stage.CONFIRMED, EntryStatus.CONFIRMED),
        (Stage.UNDER_WAY, EntryStatus.CONFIRMED),
        (Stage.CONCLUDED, EntryStatus.CONFIRMED),
        (Stage.CANCELLED, EntryStatus.CANCELLED),
    ],
)
def test_how_sure_a_day_is(watchlist: Watchlist, stage: Stage, status: EntryStatus) -> None:
    event = replace(MEETING, changes=(StageChange(stage, TOLD, "1", 1),))
    assert entry(watchlist, view(event)).status is status


def test_without_a_day_or_a_stage_there_is_no_entry(watchlist: Watchlist) -> None:
    for event in (replace(MEETING, start=None), replace(MEETING, changes=())):
        assert calendar_entry(view(event, source(1, "ANI")), watchlist, Voices(watchlist.publishers)) is None


def test_a_further_report_is_a_later_version_of_the_same_revision(watchlist: Watchlist) -> None:
    later = replace(source(2, "PIB"), first_seen=UPDATED.replace(hour=20))
    found = entry(watchlist, view(MEETING, source(1, "ANI"), later))
    assert (found.revision, found.updated_at) == (4, UPDATED.replace(hour=20))
    assert entry(watchlist, view(MEETING)).updated_at == UPDATED


@pytest.mark.parametrize(
    ("why", "lines"),
    [
        (Withdrawn.MERGED, ("Withdrawn: told as one with another event",)),
        (Withdrawn.UNDATED, ("Stage: concluded", "Withdrawn: no day of it is known any more")),
    ],
)
def test_a_withdrawn_event_is_cancelled_on_its_last_days(
    watchlist: Watchlist, why: Withdrawn, lines: tuple[str, ...]
) -> None:
    found = entry(watchlist, EventView(replace(view(MEETING).row, withdrawn=why), ()))
    assert (found.status, found.first, found.lines[: len(lines)]) == (EntryStatus.CANCELLED, MEETING.start, lines)


def test_a_withdrawn_event_needs_no_stage(watchlist: Watchlist) -> None:
    row = replace(view(replace(MEETING, changes=())).row, withdrawn=Withdrawn.UNTOLD)
    found = entry(watchlist, EventView(row, ()))
    assert (found.status, found.lines[0]) == (EntryStatus.CANCELLED, "Withdrawn: no report that stands tells of it")


def test_days_are_in_order(watchlist: Watchlist) -> None:
    found = entry(watchlist, view(replace(MEETING, start=date(2025, 5, 8), end=date(2025, 5, 5))))
    assert (found.first, found.last) == (date(2025, 5, 5), date(2025, 5, 8))
    only_end: dict[str, Any] = {"start": None, "end": date(2025, 5, 8)}
    found = entry(watchlist, view(replace(MEETING, **only_end)))
    assert (found.first, found.last) == (date(2025, 5, 8), date(2025, 5, 8))


def test_a_poor_row_goes_by_its_first_report(watchlist: Watchlist) -> None:
    poor = replace(MEETING, type=EventType.OTHER)
    found = entry(watchlist, view(poor, source(2, "ANI", title="Second"), source(1, "Blog", title="First")))
    assert (found.summary, "Where: New Delhi" in found.lines) == ("First", True)
    assert entry(watchlist, view(poor)).summary == "Other"
    assert entry(watchlist, view(poor)).url is None


def test_the_earliest_report_with_an_address_stands_in_for_an_official_one(watchlist: Watchlist) -> None:
    reports = (source(1, "ANI", None), source(3, "ANI"), source(2, "Blog"))
    assert entry(watchlist, view(MEETING, *reports)).url == "https://news.example/2"


def test_what_is_no_web_link_is_none(watchlist: Watchlist) -> None:
    found = entry(
        watchlist, view(MEETING, source(1, "PIB", "javascript:alert(1)"), source(2, "ANI", "https://a.b/\n\\N"))
    )
    assert "PIB" in found.lines
    assert found.url == "https://a.b/%0A%5CN"


def test_one_address_is_listed_once_and_many_are_counted(watchlist: Watchlist) -> None:
    copies = [source(number, "ANI", "https://news.example/same") for number in (1, 2)]
    assert "1 report from 1 publisher" in entry(watchlist, view(MEETING, *copies)).lines
    many = [source(number, f"Outlet {number}") for number in range(SOURCES_LISTED + 3)]
    lines = entry(watchlist, view(MEETING, *many)).lines
    assert lines[-1] == "and 3 more"
    assert sum("https://" in line for line in lines) == SOURCES_LISTED
