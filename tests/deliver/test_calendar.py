"""Calendars, read back by the library that other programs read them with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from monitor.deliver.calendar import calendar_file
from monitor.digest.forms import web_link
from monitor.domain.calendar import CalendarEntry, EntryStatus
from monitor.text.shown import one_line

GOLDEN = Path(__file__).parent / "golden" / "events.ics"

MEETING = CalendarEntry(
    uid="0b6f8f0e-8a52-4a08-9d0a-0d8f4f9a2c11",
    revision=2,
    updated_at=datetime(2025, 5, 5, 13, 30, tzinfo=UTC),
    first=date(2025, 5, 5),
    last=date(2025, 5, 5),
    status=EntryStatus.CONFIRMED,
    summary="Rajnath Singh and Gen Nakatani met in New Delhi",
    place="New Delhi",
    lines=(
        "Stage: concluded",
        "Who: Rajnath Singh (Minister of Defence, India) and Gen Nakatani (Minister of Defense, Japan)",
        "2 reports from 2 publishers",
        "共同通信: https://example.jp/記事?id=1;2,3",
    ),
    categories=("meeting", "exercises and staff talks"),
    url="https://example.in/release?id=1",
)
EXERCISE = CalendarEntry(
    uid="7d0f4f0e-1c52-4a08-9d0a-0d8f4f9a2c12",
    revision=0,
    updated_at=datetime(2025, 5, 4, 6, tzinfo=UTC),
    first=date(2024, 12, 30),
    last=date(2025, 1, 2),
    status=EntryStatus.TENTATIVE,
    summary="JIMEX to be held; Dharma Guardian, too",
    place=None,
    lines=(),
    categories=(),
    url=None,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=120) | st.sampled_from(
    [
        "x\r\nATTENDEE:mailto:evil@example.org",
        "x\nEND:VEVENT\nBEGIN:VALARM\nACTION:PROCEDURE",
        "a\\Na\\nb\\,c\\;d\\\\e\\",
        "\x0bBEGIN:VEVENT\x0c\x1c\x85\u2028END:VCALENDAR\u2029",
        "\u202eevil\u202c \ufeff\x00\x1b[31m",
        "防衛" * 60,
        ";:,\"'=^",
    ]
)


def events_in(content: bytes) -> list[Any]:
    return Calendar.from_ical(content).walk("VEVENT")


def shown(text: str) -> str:
    """What a reader gets of a text; icalendar itself reads a backslash with a capital N as an end of line."""
    return one_line(text).replace("\\N", "\\n")


def test_a_calendar_is_as_golden() -> None:
    assert calendar_file("India–Japan defence", [MEETING, EXERCISE]) == GOLDEN.read_bytes()


def test_days_are_whole_and_the_end_is_the_day_after() -> None:
    meeting, exercise = events_in(calendar_file("Events", [MEETING, EXERCISE]))
    assert (meeting["dtstart"].dt, meeting["dtend"].dt) == (date(2025, 5, 5), date(2025, 5, 6))
    assert (exercise["dtstart"].dt, exercise["dtend"].dt) == (date(2024, 12, 30), date(2025, 1, 3))
    assert meeting["dtstart"].params["value"] == "DATE"


def test_a_rewritten_entry_is_the_same_one_in_a_later_version() -> None:
    later = replace(MEETING, revision=3, summary="Postponed", status=EntryStatus.CANCELLED)
    (before,), (after,) = (events_in(calendar_file("Events", [entry])) for entry in (MEETING, later))
    assert before["uid"] == after["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (2, 3)
    assert str(after["status"]) == "CANCELLED"
    assert before["dtstamp"].dt == before["last-modified"].dt == MEETING.updated_at


def test_no_entry_is_no_error() -> None:
    calendar = Calendar.from_ical(calendar_file("Events", []))
    assert (str(calendar["version"]), str(calendar["x-wr-calname"]), calendar.walk("VEVENT")) == ("2.0", "Events", [])


def test_the_last_day_there_is_has_no_day_after() -> None:
    (event,) = events_in(calendar_file("Events", [replace(MEETING, last=date.max)]))
    assert event["dtend"].dt == date.max


@settings(deadline=None)
@given(name=TEXTS, summary=TEXTS, place=TEXTS, lines=st.lists(TEXTS, max_size=3), uid=TEXTS, url=TEXTS)
def test_words_of_strangers_stay_words(
    name: str, summary: str, place: str, lines: list[str], uid: str, url: str
) -> None:
    address = web_link(f"https://a.example/{url}")
    words: dict[str, Any] = {
        "uid": uid,
        "summary": summary,
        "place": place,
        "categories": ("meeting", summary),
        "url": address,
    }
    entry = replace(MEETING, lines=tuple(lines), **words)
    content = calendar_file(name, [entry, EXERCISE])
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "folded after 75 octets (RFC 5545, 3.1)"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)
    calendar = Calendar.from_ical(content)
    hostile, kept = calendar.walk("VEVENT")
    assert [part.name for part in calendar.walk()] == ["VCALENDAR", "VEVENT", "VEVENT"]
    assert calendar["x-wr-calname"] == shown(name)
    assert hostile["summary"] == shown(summary)
    assert hostile["uid"] == shown(uid)
    assert hostile.get("location", "") == shown(place)
    assert hostile.get("description", "") == "\n".join(map(shown, lines))
    allowed = {name.upper() for name in (*kept, "location", "description", "categories", "url")}
    assert set(hostile) <= allowed
    assert str(hostile["url"]) == address
    assert kept["summary"] == EXERCISE.summary
    assert hostile.errors == kept.errors == []


@pytest.mark.parametrize("url", ["https://a.example/\r\nATTENDEE:x", "https://a.example/\x00"])
def test_an_address_ends_with_its_line(url: str) -> None:
    (event,) = events_in(calendar_file("Events", [replace(MEETING, url=url)]))
    assert "attendee" not in event
    assert str(event["url"]).startswith("https://a.example/")
