"""A year of events as a chart: a timeline by level, and below it how many events each month held.

Here is decided where everything stands; `year.svg.j2` draws it. Lengths are in the drawing's own units, from its upper
left corner.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.digest.words import MONTHS, counted, span_words
from monitor.domain.event import Stage
from monitor.domain.pace import Level, MonthOfContact

WIDTH = 1200.0
LEFT = 110.0
RIGHT = 20.0
TOP = 96.0
ROW = 18.0
LANE_PADDING = 8.0
LANE_GAP = 6.0
PACE_TOP = 44.0
PACE_ROW = 58.0
PACE_TALLEST = 34.0
BAR_SHARE = 0.5
"""Part of a month's column that its bar takes."""
BOTTOM = 24.0

MARK = 6.0
"""Room on either side of the middle of a mark."""
LETTER = 5.7
"""Width of a letter of the labels, on average; ideographs take two."""
LABEL_LETTERS = 56


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """An event to draw, with its days in order, the words beside its mark, and its place."""

    level: Level
    stage: Stage
    first: date
    last: date
    headline: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One event: its first day at `x`, its last at `end`, and the label with the side on which it ends or begins."""

    stage: Stage
    x: float
    end: float
    y: float
    label: str
    label_x: float
    anchor: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one level, in as many rows as keep their labels apart."""

    name: str
    y: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """The events of one month at one level. `count` None: the month has not come yet."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    count: int | None
    tooltip: str


@dataclass(frozen=True, slots=True)
class PaceRow:
    """One level through the months, its bars standing on `base`."""

    name: str
    base: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One month, from `x` on."""

    name: str
    x: float
    middle: float


@dataclass(frozen=True, slots=True)
class YearChart:
    """All that is drawn. `description` says in words what the drawing shows."""

    title: str
    description: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...]
    pace_y: float
    pace: tuple[PaceRow, ...]
    stages: tuple[Stage, ...] = tuple(Stage)


def year_chart(
    title: str, year: int, events: Sequence[ChartEvent], months: Sequence[MonthOfContact], today: date
) -> YearChart:
    """The chart of those events that have a day in the year, and of the year's `months`; those after `today` have none.

    Levels without any event keep a lane, as their silence says something too.
    """
    shown = sorted((e for e in events if e.first.year <= year <= e.last.year), key=lambda e: (e.first, e.headline))
    lanes = _lanes(shown, year)
    bottom = lanes[-1].y + lanes[-1].height
    pace_y = bottom + PACE_TOP
    rows = _pace(months, pace_y, today)
    return YearChart(
        title=f"{title} {year}",
        description=_description(shown, months, year),
        width=WIDTH,
        height=rows[-1].base + BOTTOM,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=bottom,
        columns=tuple(_column(year, month) for month in range(1, 13)),
        lanes=lanes,
        pace_y=pace_y,
        pace=rows,
    )


def _lanes(shown: Sequence[ChartEvent], year: int) -> tuple[Lane, ...]:
    lanes: list[Lane] = []
    y = TOP
    for level in Level:
        marks, rows = _marks([event for event in shown if event.level is level], year, y + LANE_PADDING + ROW / 2)
        height = max(rows, 1) * ROW + 2 * LANE_PADDING
        lanes.append(Lane(level.value, y, height, marks))
        y += height + LANE_GAP
    return tuple(lanes)


def _marks(events: Iterable[ChartEvent], year: int, first_row: float) -> tuple[tuple[Mark, ...], int]:
    """The marks, each in the first row where it touches nothing, and how many rows they take."""
    taken: list[list[tuple[float, float]]] = []
    marks: list[Mark] = []
    for event in events:
        label = _shortened(event.headline)
        x, end = _x(max(event.first, date(year, 1, 1))), _x(min(event.last, date(year, 12, 31)))
        span, label_x, anchor = _beside(x, end, _letters(label) * LETTER + MARK)
        row = next((n for n, spans in enumerate(taken) if _free(span, spans)), len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(span)
        marks.append(Mark(event.stage, x, end, first_row + row * ROW, label, label_x, anchor, _tooltip(event)))
    return tuple(marks), len(taken)


def _beside(x: float, end: float, room: float) -> tuple[tuple[float, float], float, str]:
    """What a mark takes with its label of that much `room`, and where the label begins ("start") or ends ("end").

    It stands after the last day, else before the first, else on the days: where neither side has room for
    `LABEL_LETTERS`, the days between have.
    """
    if end + MARK + room <= WIDTH:
        return (x - MARK, end + MARK + room), end + MARK + 2, "start"
    if x - MARK - room >= LEFT:
        return (x - MARK - room, end + MARK), x - MARK - 2, "end"
    return (x - MARK, end + MARK), x + MARK + 2, "start"


def _free(span: tuple[float, float], spans: Iterable[tuple[float, float]]) -> bool:
    return all(span[1] <= start or end <= span[0] for start, end in spans)


def _pace(months: Sequence[MonthOfContact], top: float, today: date) -> tuple[PaceRow, ...]:
    most = max((count for month in months for count in month.counts.values()), default=0)
    scale = PACE_TALLEST / max(most, 1)
    return tuple(
        PaceRow(level.value, base, tuple(_bar(month, level, base, scale, today) for month in months))
        for level, base in zip(Level, (top + PACE_ROW * (n + 1) for n in range(len(Level))), strict=True)
    )


def _bar(month: MonthOfContact, level: Level, base: float, scale: float, today: date) -> Bar:
    column = _column(month.first.year, month.first.month)
    width, count = (column.middle - column.x) * 2 * BAR_SHARE, month.counts[level]
    height = count * scale
    words = f"{column.name} {month.first.year}, {level}: {counted(count, 'event')}"
    known = count if month.first <= today else None
    return Bar(column.middle - width / 2, base - height, width, height, column.middle, known, words)


def _column(year: int, month: int) -> Column:
    start = _x(date(year, month, 1))
    end = _x(date(year, month + 1, 1)) if month < len(MONTHS) else WIDTH - RIGHT
    return Column(MONTHS[month - 1], start, (start + end) / 2)


def _x(day: date) -> float:
    """Where a day stands among those of its year."""
    year = date(day.year, 1, 1)
    days = (date(day.year, 12, 31) - year).days + 1
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - year).days / days, 1)


def _letters(text: str) -> int:
    """How many letters of the Latin script are as wide as the text."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _shortened(text: str) -> str:
    """The text, or as much of it as `LABEL_LETTERS` hold."""
    if _letters(text) <= LABEL_LETTERS:
        return text
    kept = text
    while _letters(kept) >= LABEL_LETTERS:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _tooltip(event: ChartEvent) -> str:
    place = f", {event.place}" if event.place and event.place not in event.headline else ""
    return f"{event.headline}{place}: {event.stage}, {span_words(event.first, event.last)}"


def _description(shown: Sequence[ChartEvent], months: Sequence[MonthOfContact], year: int) -> str:
    levels = [(level, sum(event.level is level for event in shown)) for level in Level]
    told = ", ".join(f"{count} {level}" for level, count in levels)
    took_place = sum(month.total for month in months)
    return (
        f"{counted(len(shown), 'event')} of {year} in one lane per level ({told}), marked by stage. Below, the events "
        f"that took place each month at each level, {took_place} in all."
    )
