"""The assumed first day of what no report dates, and how little it weighs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.event import ASSUMED, Coding, EventType, Slot, Stage
from monitor.domain.story import Report
from monitor.events.ledger import advance

Code = Callable[..., Coding]
DAY = date(2025, 5, 14)


@pytest.mark.parametrize(
    ("title", "end"),
    [
        ("Rajnath Singh meets Gen Nakatani in New Delhi", DAY),
        ("Indian and Japanese coast guards begin joint exercise off Chennai", None),
        ("भारतीय नौसेना प्रमुख चार दिन की जापान यात्रा पर", date(2025, 5, 17)),
        ("インド海軍艦艇が横須賀に寄港", None),
    ],
)
def test_news_without_a_day_is_news_of_its_day(code: Code, title: str, end: date | None) -> None:
    coding = code(title, day="2025-05-14")
    assert (coding.start, coding.end, coding.stated_start) == (DAY, end, None)


@pytest.mark.parametrize(
    "title",
    [
        "Rajnath Singh to meet Gen Nakatani in New Delhi",
        "Dharma Guardian exercise of Indian and Japanese armies ends",
        "India, Japan navies hold exercise in Andaman Sea",
        "Dharma Guardian exercise with Japan postponed",
    ],
)
def test_no_day_is_assumed_of_what_lies_ahead_or_may_have_begun_earlier(code: Code, title: str) -> None:
    assert code(title, day="2025-05-14").start is None


def test_a_day_the_text_gives_is_no_assumption(code: Code) -> None:
    coding = code("Rajnath Singh met Gen Nakatani in New Delhi on Monday", day="2025-05-14")
    assert coding.start == coding.stated_start == date(2025, 5, 12)


def _report(key: str, day: date, *, assumed: bool) -> Report:
    slots = (Slot("start", ASSUMED, 0.05),) if assumed else (Slot("start", "weekday", 0.8),)
    coding = Coding(EventType.MEETING, Stage.CONCLUDED, start=day, end=day, slots=slots)
    time = datetime(2025, 5, 14, 9, tzinfo=UTC) + timedelta(hours=int(key))
    return Report(key, "Ministers meet", "", time, frozenset(), coding, "en")


def test_one_stated_day_outweighs_any_number_of_assumed_ones() -> None:
    told = [_report(str(n), DAY, assumed=True) for n in range(30)]
    event = advance((), [*told, _report("30", date(2025, 5, 12), assumed=False)])
    assert event is not None
    assert (event.start, event.end) == (date(2025, 5, 12), date(2025, 5, 12))


def test_of_assumed_days_the_earliest_counts() -> None:
    late = [_report(str(n), date(2025, 5, 16), assumed=True) for n in (1, 2, 3)]
    first = _report("0", DAY, assumed=True)
    event = advance((), [first, *late])
    assert event is not None
    assert event.start == DAY


def test_a_title_that_names_the_day_of_the_beginning_is_believed(code: Code) -> None:
    coding = code("India-Japan army staff talks begin in New Delhi on Friday", day="2025-05-14")
    assert (coding.stage, coding.start) == (Stage.ANNOUNCED, date(2025, 5, 16))


def test_whoever_holds_an_exercise_is_in_the_midst_of_it(code: Code) -> None:
    coding = code("India-Japan air forces hold exercise at Hyakuri until 26 May", day="2025-05-14")
    assert (coding.stage, coding.start, coding.end) == (Stage.UNDER_WAY, None, date(2025, 5, 26))
    assert coding.place == "Hyakuri Air Base"


def test_a_town_is_preferred_to_its_region(code: Code) -> None:
    title = "Armies of India and Japan begin exercise Dharma Guardian in Mizoram"
    assert code(title).place == "Mizoram"
    assert code(title, "The soldiers train at Vairengte.").place == "Vairengte"


def test_a_country_is_the_place_of_a_visit_only(code: Code) -> None:
    assert code("Indian Navy chief on four-day official visit to Japan").place == "Japan"
    assert code("Japanese and Indian armies agree on an exercise in Japan").place is None


def test_people_who_travel_to_a_country_are_received_in_its_capital(code: Code) -> None:
    coding = code("Rajnath Singh in talks with Gen Nakatani in Japan")
    evidence = next(slot for slot in coding.slots if slot.name == "place")
    assert (coding.place, evidence.rule, evidence.confidence) == ("Tokyo", "capital of the country", 0.3)
