"""history.toml: read strictly, may be missing, and judges nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor.domain.watchlist import Edition, EntityKind, KnownStep, Step
from monitor.errors import WatchlistError
from monitor.watchlists import loader
from monitor.watchlists.catalogue import refuse_strays
from monitor.watchlists.loader import load

FRANCE = Path(__file__).parent / "data" / "india_france"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "india_france"
    shutil.copytree(FRANCE, copy)
    return copy


def write(folder: Path, text: str) -> None:
    (folder / "history.toml").write_text(text, encoding="utf-8")


def test_editions_and_steps_come_by_day(folder: Path) -> None:
    exercise, agreement = _first(folder, EntityKind.EXERCISE), _first(folder, EntityKind.AGREEMENT)
    write(
        folder,
        f"""
        [[edition]]
        series = "{exercise}"
        start = 2024-05-05
        end = 2024-05-09
        place = "Toulon"
        source = "a paper"
        [[edition]]
        series = "{exercise}"
        start = "2022-03"
        source = "another"
        [[step]]
        entity = "{agreement}"
        step = "in force"
        on = 2019-01-02
        source = "a gazette"
        """,
    )
    watchlist = load("india_france", folder)
    assert watchlist.editions == (
        Edition(exercise, date(2022, 3, 1), precise=False, source="another"),
        Edition(exercise, date(2024, 5, 5), date(2024, 5, 9), "Toulon", source="a paper"),
    )
    assert watchlist.steps == (KnownStep(agreement, Step.IN_FORCE, date(2019, 1, 2), source="a gazette"),)
    assert watchlist.version == load("india_france", FRANCE).version
    refuse_strays(folder)


def _first(folder: Path, kind: EntityKind) -> str:
    return next(one.id for one in load("india_france", folder).entities.values() if one.kind is kind)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[[edition]]\nseries = "nothing"\nstart = 2024-05-05\nsource = "a"',
            "series is 'nothing', which is the id of no",
        ),
        ('[[edition]]\nseries = "EXERCISE"\nsource = "a"', "start is missing"),
        ('[[edition]]\nseries = "EXERCISE"\nstart = "spring"\nsource = "a"', "start must be a date such as"),
        ('[[edition]]\nseries = "EXERCISE"\nstart = 2024-05-05', "source is missing"),
        (
            '[[edition]]\nseries = "EXERCISE"\nstart = 2024-05-05\nend = 2024-05-01\nsource = "a"',
            "lies before the start",
        ),
        ('[[edition]]\nseries = "EXERCISE"\nstart = 2024-05-05\nplaec = "x"\nsource = "a"', "plaec"),
        ('[[step]]\nentity = "AGREEMENT"\non = 2024-05-05\nsource = "a"', "step is missing"),
        ('[[step]]\nentity = "AGREEMENT"\nstep = "torn up"\non = 2024-05-05\nsource = "a"', "must be one of talks"),
        (
            '[[step]]\nentity = "EXERCISE"\nstep = "signed"\non = 2024-05-05\nsource = "a"',
            "the id of no agreement or platform",
        ),
        ("[[footnote]]\nx = 1", "footnote"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(text: str, problem: str, folder: Path) -> None:
    text = text.replace("EXERCISE", _first(folder, EntityKind.EXERCISE))
    write(folder, text.replace("AGREEMENT", _first(folder, EntityKind.AGREEMENT)))
    with pytest.raises(WatchlistError) as caught:
        load("india_france", folder)
    assert "history.toml" in str(caught.value)
    assert problem in str(caught.value).replace("`", "")


def test_the_history_of_the_built_in_watchlist_is_in_the_past() -> None:
    watchlist = loader.load("india_japan")
    assert len(watchlist.editions) > 50
    assert watchlist.roles_checked is not None
    assert max(one.start for one in watchlist.editions) < watchlist.roles_checked
    assert {one.entity for one in watchlist.steps if one.step is Step.FIRST_USE} == {"acsa-rpss"}
