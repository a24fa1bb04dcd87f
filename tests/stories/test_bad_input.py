"""What feeds bring that no story may be spoilt by."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from random import Random

from monitor.domain.event import Coding, EventType, Stage
from monitor.domain.story import Report
from monitor.stories.group import group, group_any

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
MAY_5 = date(2025, 5, 5)
PEOPLE = ("rajnath-singh", "gen-nakatani")
MEETING = Coding(EventType.MEETING, Stage.CONCLUDED, MAY_5, MAY_5, "New Delhi", PEOPLE)
EXERCISE = Coding(EventType.EXERCISE, Stage.UNDER_WAY, date(2025, 5, 6), None, "Visakhapatnam", series="jimex")
WIRE = (
    "the defence ministers of india and japan met in new delhi on monday and agreed to set up a consultative body as "
    "well as to hold more joint exercises of their forces said an official of the ministry after the talks"
)


def report(
    key: str, title: str, summary: str = "", coding: Coding = MEETING, at: datetime = NOON, names: tuple[str, ...] = ()
) -> Report:
    entities = frozenset((*coding.participants, *([coding.series] if coding.series else []), *names))
    return Report(key, title, summary, at, entities, coding, "en")


def homes(reports: list[Report]) -> dict[str, tuple[str, ...]]:
    return {key: found.keys for found in group(reports) for key in found.keys}


MET = report("met", "Rajnath Singh and Nakatani meet in New Delhi", WIRE)
DRILL = report("drill", "JIMEX opens off Visakhapatnam", "Navies of India and Japan began JIMEX.", EXERCISE)


def test_five_hundred_wire_copies_are_one_story_and_take_no_other_with_them() -> None:
    random = Random(5)
    copies = []
    for n in range(500):
        words = WIRE.split()
        words[random.randrange(len(words))] = f"edited{n % 7}"
        copies.append(
            report(f"copy{n:03}", f"Ministers meet - Outlet {n}", " ".join(words), at=NOON + n * timedelta(minutes=1))
        )
    began = time.process_time()
    found = homes([*copies, DRILL])
    assert time.process_time() - began < 20  # seconds; it takes about 1
    assert len(found["copy000"]) == 500
    assert found["drill"] == ("drill",)


def test_an_article_that_tells_of_two_happenings_glues_them_not_together() -> None:
    both = report(
        "both",
        "Rajnath Singh and Nakatani meet in New Delhi as JIMEX opens off Visakhapatnam",
        f"{MET.summary} {DRILL.summary}",
        names=("jimex",),
    )
    found = homes([MET, DRILL, both])
    assert found["met"] == ("both", "met")
    assert found["drill"] == ("drill",)


def test_a_report_without_any_day_joins_by_words_and_people() -> None:
    undated = report(
        "undated", "Nakatani, Rajnath Singh hold talks", coding=Coding(EventType.MEETING, participants=PEOPLE)
    )
    assert homes([MET, DRILL, undated])["undated"] == ("met", "undated")


def test_a_publication_date_twenty_years_off_joins_nothing_and_pulls_nothing_apart() -> None:
    for year in (2005, 2045):
        odd = report("odd", MET.title, MET.summary, at=NOON.replace(year=year))
        later = report("later", MET.title, at=NOON + timedelta(hours=3))
        found = homes([odd, MET, later])
        assert found["odd"] == ("odd",)
        assert found["met"] == ("later", "met")


def test_a_happening_twenty_years_off_is_another_one_however_alike_the_words() -> None:
    for year in (2005, 2045):
        coding = Coding(EventType.MEETING, Stage.CONCLUDED, date(year, 5, 5), None, "New Delhi", PEOPLE)
        found = homes([MET, report("odd", MET.title, MET.summary, coding)])
        assert found["odd"] == ("odd",)


def test_an_absurd_day_bridges_no_years() -> None:
    """A report whose day lies twenty years ahead reaches over all that time, and still joins nothing in it."""
    absurd = Coding(EventType.MEETING, Stage.ANNOUNCED, date(2045, 5, 5), participants=PEOPLE)
    between = report(
        "between", MET.title, at=NOON.replace(year=2035), coding=Coding(EventType.MEETING, participants=PEOPLE)
    )
    assert homes([report("absurd", MET.title, coding=absurd), between])["between"] == ("between",)


def test_reports_without_words_or_names_stand_alone() -> None:
    empty = [Report(key, "!!", "", NOON, frozenset(), Coding(EventType.OTHER), "en") for key in "ab"]
    assert [found.keys for found in group(empty)] == [("a",), ("b",)]
    assert [found.keys for found in group_any(empty)] == [("a",), ("b",)]


def test_days_at_the_ends_of_the_calendar_are_days() -> None:
    ends = [
        report("first", "A", at=datetime.min.replace(tzinfo=UTC), coding=Coding(EventType.VISIT, start=date.min)),
        report("last", "B", at=datetime.max.replace(tzinfo=UTC), coding=Coding(EventType.VISIT, start=date.max)),
    ]
    assert len(group(ends)) == 2
