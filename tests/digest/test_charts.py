"""A year as a drawing: where things stand, and that whatever the words are it is one well-formed drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.charts import LEFT, LETTER, RIGHT, WIDTH, ChartEvent, Mark, YearChart, year_chart
from monitor.digest.render import Renderer
from monitor.domain.event import Stage
from monitor.domain.pace import Level, monthly
from monitor.errors import InputError
from monitor.resources import templates

TODAY = date(2025, 6, 10)
SVG = "{http://www.w3.org/2000/svg}"
RENDERER = Renderer(templates())

MEETING = ChartEvent(
    Level.MINISTER,
    Stage.CONCLUDED,
    date(2025, 5, 5),
    date(2025, 5, 5),
    "Rajnath Singh and Gen Nakatani met in New Delhi",
    "New Delhi",
)
EVENTS = (
    MEETING,
    ChartEvent(
        Level.MINISTER, Stage.CANCELLED, date(2025, 5, 8), date(2025, 5, 8), "Meeting cancelled: A and B", "Tokyo"
    ),
    ChartEvent(
        Level.VICE_MINISTER, Stage.POSTPONED, date(2025, 9, 1), date(2025, 9, 1), "防衛政策対話を延期" * 5, "東京"
    ),
    ChartEvent(Level.SERVICE, Stage.CONCLUDED, date(2025, 2, 24), date(2025, 3, 9), "Dharma Guardian concluded", None),
    ChartEvent(Level.SERVICE, Stage.UNDER_WAY, date(2025, 6, 7), date(2025, 6, 13), 'JIMEX <under way> & "on"', "Kobe"),
    ChartEvent(
        Level.SERVICE, Stage.ANNOUNCED, date(2025, 12, 20), date(2026, 1, 3), "Veer Guardian to be held", "Hyakuri"
    ),
    ChartEvent(
        Level.OTHER, Stage.CONFIRMED, date(2024, 12, 28), date(2025, 1, 6), "Training squadron to visit Kochi", None
    ),
)
CONTACTS = (
    (date(2025, 5, 5), Level.MINISTER),
    (date(2025, 5, 20), Level.MINISTER),
    (date(2025, 2, 24), Level.SERVICE),
    (date(2025, 6, 7), Level.SERVICE),
)


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314, it is ours


def chart(events: Sequence[ChartEvent], contacts: Sequence[tuple[date, Level]] = CONTACTS) -> YearChart:
    return year_chart("India–Japan defence", 2025, events, monthly(contacts, date(2025, 12, 1)), TODAY)


def marks(drawn: YearChart) -> dict[str, list[Mark]]:
    return {lane.name: list(lane.marks) for lane in drawn.lanes}


def test_a_year_is_as_golden(golden: Path, *, update_golden: bool) -> None:
    file = golden / "year.svg"
    drawing = RENDERER.render_year(chart(EVENTS))
    if update_golden:
        file.write_bytes(drawing.encode())
    assert drawing == file.read_bytes().decode()


def test_a_lane_for_each_level_even_an_empty_one() -> None:
    assert [len(found) for found in marks(chart([MEETING])).values()] == [1, 0, 0, 0]
    assert list(marks(chart([]))) == [level.value for level in Level]


def test_only_events_with_a_day_in_the_year_are_drawn() -> None:
    outside = [
        replace(MEETING, first=date(2024, 12, 31), last=date(2024, 12, 31)),
        replace(MEETING, first=date(2026, 1, 1), last=date(2026, 1, 1)),
    ]
    assert sum(map(len, marks(chart(outside)).values())) == 0


def test_an_event_that_reaches_over_the_year_ends_with_it() -> None:
    (mark,) = marks(chart([replace(MEETING, first=date(2024, 12, 28), last=date(2026, 1, 3))]))["minister"]
    assert mark.x == LEFT
    assert WIDTH - RIGHT - 4 < mark.end < WIDTH - RIGHT


def test_events_close_together_stand_below_each_other() -> None:
    crowd = [replace(MEETING, first=date(2025, 5, 5 + n), last=date(2025, 5, 6 + n)) for n in range(9)]
    rows = {mark.y for mark in marks(chart(crowd))["minister"]}
    assert len(rows) == 9
    drawn = chart(crowd)
    lane = drawn.lanes[0]
    assert all(lane.y < y < lane.y + lane.height for y in rows)
    assert all(one.y + one.height <= other.y for one, other in combinations(drawn.lanes, 2))


def test_a_label_stands_where_there_is_room() -> None:
    early, late = (replace(MEETING, first=date(2025, month, 1), last=date(2025, month, 1)) for month in (1, 12))
    first, second = marks(chart([early, late]))["minister"]
    assert (first.anchor, second.anchor, first.y == second.y) == ("start", "end", True)


@given(st.integers(0, 364), st.integers(0, 364), st.integers(0, 60), st.sampled_from("a防"))
def test_no_label_leaves_the_drawing(one: int, other: int, length: int, letter: str) -> None:
    first, last = (date(2025, 1, 1) + timedelta(days=days) for days in sorted((one, other)))
    (mark,) = marks(chart([replace(MEETING, first=first, last=last, headline=letter * length)]))["minister"]
    width = (len(mark.label) if letter == "a" else len(mark.label) * 2) * LETTER
    begin = mark.label_x if mark.anchor == "start" else mark.label_x - width
    assert begin >= LEFT
    assert begin + width <= WIDTH


def test_a_label_that_fits_beside_no_end_of_its_days_stands_on_them() -> None:
    long = replace(MEETING, first=date(2025, 1, 20), last=date(2025, 12, 10), headline="Deployment " * 5)
    (mark,) = marks(chart([long]))["minister"]
    assert (mark.anchor, mark.x < mark.label_x < mark.end) == ("start", True)


def test_a_long_label_is_cut_and_told_in_full_by_its_title() -> None:
    (mark,) = marks(chart([replace(MEETING, headline="長い" * 40, stage=Stage.POSTPONED)]))["minister"]
    assert mark.label.endswith("い…") or mark.label.endswith("長…")
    assert mark.tooltip == f"{'長い' * 40}, New Delhi: postponed, Mon 5 May 2025"


def test_months_to_come_have_no_count_and_others_their_own() -> None:
    rows = {row.name: [bar.count for bar in row.bars] for row in chart(EVENTS).pace}
    assert rows["minister"] == [0, 0, 0, 0, 2, 0, *[None] * 6]
    assert rows["service"] == [0, 1, 0, 0, 0, 1, *[None] * 6]


def test_the_highest_month_is_the_tallest_bar_and_the_others_in_proportion() -> None:
    bars = {row.name: row.bars for row in chart(EVENTS).pace}
    assert bars["minister"][4].height == 2 * bars["service"][1].height > 0
    assert bars["other"][4].height == 0


def test_an_empty_year() -> None:
    drawing = RENDERER.render_year(chart([], []))
    assert "0 events of 2025" in drawing
    assert parsed(drawing).tag == f"{SVG}svg"


def test_it_says_in_words_what_it_shows() -> None:
    root = parsed(RENDERER.render_year(chart(EVENTS)))
    named = root.attrib["aria-labelledby"].split()
    assert [element.attrib["id"] for element in (root[0], root[1])] == named
    assert root[0].text == "India–Japan defence 2025"
    assert "7 events of 2025" in (root[1].text or "")
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert "Rajnath Singh and Gen Nakatani met in New Delhi: concluded, Mon 5 May 2025" in titles
    assert "May 2025, minister: 2 events" in titles


def test_stages_differ_without_colour() -> None:
    def shape(stage: Stage) -> tuple[str, ...]:
        root = parsed(RENDERER.render_year(chart([replace(MEETING, stage=stage)], [])))
        (group,) = (
            g for g in root.iter(f"{SVG}g") if (t := g.find(f"{SVG}title")) is not None and "Rajnath" in str(t.text)
        )
        drawn = [part for part in group if part.tag in {f"{SVG}circle", f"{SVG}path"}]
        return tuple(part.attrib.get("d", part.attrib.get("r", "")) + part.attrib["class"] for part in drawn)

    assert len({shape(stage) for stage in Stage}) == len(Stage)


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_whatever_the_words_the_drawing_is_well_formed_and_runs_nothing(words: list[str]) -> None:
    hostile = [replace(MEETING, headline=word, place=word) for word in words]
    root = parsed(RENDERER.render_year(year_chart(words[0], 2025, hostile, monthly([], TODAY), TODAY)))
    plain = parsed(RENDERER.render_year(chart([MEETING] * len(words), [])))
    assert {element.tag for element in root.iter()} == {element.tag for element in plain.iter()}


@pytest.mark.parametrize("word", ['"/><script>alert(1)</script>', "</text></svg>", "\ufffe\uffff\x00\x1b]]>&amp;"])
def test_no_markup_of_a_title_survives(word: str) -> None:
    drawing = RENDERER.render_year(chart([replace(MEETING, headline=word)]))
    assert "<script" not in drawing
    assert drawing.count("</svg>") == 1
    parsed(drawing)


def test_a_users_own_drawing_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "digest").mkdir()
    (tmp_path / "digest" / "year.svg.j2").write_text("<svg>{{ chart.title }}</svg>")
    assert Renderer(templates(), tmp_path).render_year(chart([])) == "<svg>India–Japan defence 2025</svg>"
    (tmp_path / "digest" / "year.svg.j2").write_text("{{ chart.nothing }}")
    with pytest.raises(InputError, match=r"year\.svg\.j2, line 1"):
        Renderer(templates(), tmp_path).render_year(chart([]))
