"""Short items that once misled the coding, or could.

They tell of what was called off, put off, denied, wished for or looked back on, of calls that are no transfers, and
give dates that are another happening's, or none; the "plain" and "batch" ones are ordinary news. Of a batch only the
slots that the rules read right are wanted: what they still misread stands in no row.

`want` lists per slot the values that are right (`not_…`: that are wrong); `unsure` names a slot whose evidence must be
marked as weak, as reports contradict each other.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from monitor.classify.judge import Judge
from monitor.domain.event import Coding
from monitor.domain.item import Article
from monitor.events.code import Coder
from monitor.watchlists.loader import load

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "guard.jsonl").read_text(encoding="utf-8").splitlines()
]
UNSURE = 0.8


@pytest.fixture(scope="module")
def rules() -> tuple[Judge, Coder]:
    watchlist = load("india_japan")
    return Judge(watchlist), Coder(watchlist)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_no_row_of_the_ledger_goes_wrong(row: dict[str, Any], rules: tuple[Judge, Coder]) -> None:
    judge, coder = rules
    published = _midday(row["published"]) if row["published"] else None
    article = Article(row["title"], row["summary"], row["lang"], published, published or _midday("2025-06-05"))
    coding = coder.code(article, judge.judge(article))
    assert _wrong(coding, row["want"]) == {}


def test_the_guard_has_items_of_three_languages() -> None:
    assert {row["lang"] for row in ROWS} == {"en", "hi", "ja"}
    assert len(ROWS) >= 60


def _midday(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC)


def _wrong(coding: Coding, want: dict[str, Any]) -> dict[str, Any]:
    """The slots that are not as wanted, each with what was read."""
    read = {
        "type": coding.type.value,
        "stage": coding.stage.value if coding.stage else None,
        "status": coding.status.value,
        "start": coding.start.isoformat() if coding.start else None,
        "stated_start": coding.stated_start.isoformat() if coding.stated_start else None,
        "end": coding.end.isoformat() if coding.end else None,
        "place": coding.place,
    }
    return {
        key: read.get(key.removeprefix("not_")) for key, value in want.items() if not _holds(coding, read, key, value)
    }


def _holds(coding: Coding, read: dict[str, Any], key: str, value: object) -> bool:
    if key == "unsure":
        return any(slot.name == value and slot.confidence < UNSURE for slot in coding.slots)
    if key.startswith("not_"):
        return isinstance(value, list) and read[key.removeprefix("not_")] not in value
    if key == "place":
        return any(name in (read["place"] or "") for name in (value if isinstance(value, list) else [str(value)]))
    return read[key] in value if isinstance(value, list) else read[key] == value
