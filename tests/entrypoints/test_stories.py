"""Stories at the command line: listed, shown, split and merged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.digest import Source
from monitor.domain.event import Event, EventType, Stage, StageChange
from monitor.domain.judgement import Strength
from monitor.domain.ledger import EventReport, EventView, LedgerRow
from monitor.entrypoints.cli.event_shapes import EventShapes
from monitor.entrypoints.cli.stories_shown import shape_of
from monitor.store.views import StoryView
from monitor.watchlists.loader import load

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

Shown = Callable[..., Any]

TALKS = (
    "The defence ministers of India and Japan, Rajnath Singh and Gen Nakatani, held bilateral talks on defence "
    "cooperation in New Delhi on 5 May 2025."
)
TITLES = (
    "Rajnath Singh and Gen Nakatani held talks in New Delhi",
    "Rajnath Singh, Gen Nakatani held talks in New Delhi on defence",
    "Defence ministers Rajnath Singh and Gen Nakatani held talks in New Delhi",
)
TOKYO = (
    "日印防衛相が東京で会談",
    "中谷元防衛相は5月1日、東京でインドのシン国防相と会談した。日印の防衛協力を協議した。",
)


@pytest.fixture
def shown(cli: Cli) -> Shown:
    """What a command prints as JSON."""

    def run(*arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
        result = cli(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture
def polled(cli: Cli, watch: Path, outlet: Outlet) -> None:
    """Story 1 with three reports of one meeting, and story 2 with one of another, in Japanese."""
    reports = [*((title, TALKS) for title in TITLES), TOKYO]
    cli("feeds", "add", outlet.serve("/feed", *reports, at=datetime(2025, 5, 5, 9, tzinfo=UTC)))
    assert cli("poll").exit_code == 0


def test_a_watch_without_stories_says_so(cli: Cli, shown: Shown, watch: Path) -> None:
    assert cli("stories", "list").stdout == "There is no story yet.\n"
    assert shown("stories", "list") == []


@pytest.mark.usefixtures("polled")
def test_stories_are_listed_with_what_they_tell(cli: Cli, shown: Shown) -> None:
    tokyo, talks = shown("stories", "list")
    assert talks | {"event": None} == {
        "id": 1,
        "first": "2025-05-05T09:00:00Z",
        "last": "2025-05-05T09:00:00Z",
        "reports": 3,
        "publishers": 1,
        "languages": ["en"],
        "headline": "Rajnath Singh and Gen Nakatani met in New Delhi",
        "event": None,
    }
    assert (talks["event"]["type"], talks["event"]["stage"], talks["event"]["start"]) == (
        "meeting",
        "concluded",
        "2025-05-05",
    )
    assert (tokyo["id"], tokyo["languages"]) == (2, ["ja"])
    assert shown("stories", "list", "--limit", "1", "--since", "2025-05-05") == [tokyo]
    table = cli("stories", "list").stdout
    assert "2025-05-05" in table
    assert "met in New Delhi" in table
    assert "No story has a report of then" in cli("stories", "list", "--since", "2030-01-01").stdout


@pytest.mark.usefixtures("polled")
def test_a_story_is_shown_with_its_reports(cli: Cli, shown: Shown, outlet: Outlet) -> None:
    story = shown("stories", "show", "1")
    assert [(one["id"], one["title"], one["lang"]) for one in story["items"]] == [
        (number, title, "en") for number, title in enumerate(TITLES, 1)
    ]
    assert story["items"][0]["url"] == f"{outlet.address}/0"
    assert story["why"].startswith("3 reports: all name ")
    assert (story["aliases"], story["rulings"]) == ([], [])
    text = cli("stories", "show", "1").stdout
    assert text.startswith("Story 1: Rajnath Singh and Gen Nakatani met in New Delhi\n")
    assert "1: meeting, concluded, 2025-05-05, New Delhi" in text
    assert "3 reports" in text
    assert "ruling" not in text


@pytest.mark.usefixtures("polled")
def test_a_split_tells_what_came_out_and_holds(cli: Cli, shown: Shown, outlet: Outlet) -> None:
    result = cli("stories", "split", "1", "3", f"{outlet.address}/1", "--note", "another meeting")
    assert (result.exit_code, result.stdout) == (0, "Story 1 now holds 1 report; story 3 is new with 2.\n")
    assert shown("poll")["follow"]["stories"] == 0, "nothing is left for the next follow"
    story = shown("stories", "show", "3")
    assert [one["id"] for one in story["items"]] == [2, 3]
    [ruling] = story["rulings"]
    assert ruling.pop("at").endswith("Z")
    assert ruling.pop("analyst")
    assert ruling == {"ruling": "split", "moved": [2, 3], "stayed": [1], "note": "another meeting"}
    assert "another meeting" in cli("stories", "show", "1").stdout


@pytest.mark.usefixtures("polled")
def test_a_merge_tells_what_came_out_and_leaves_an_alias(cli: Cli, shown: Shown) -> None:
    result = cli("stories", "merge", "2", "1")
    assert (result.exit_code, result.stdout) == (0, "Story 2 now holds 4 reports; story 1 is its alias.\n")
    story = shown("stories", "show", "1")
    assert (story["id"], story["aliases"], story["languages"], story["reports"]) == (2, [1], ["en", "ja"], 4)
    assert "merged in" in cli("stories", "show", "2").stdout
    split = shown("stories", "split", "1", "4")
    assert split == {
        "stories": [{"id": 2, "reports": 3, "new": False}, {"id": 3, "reports": 1, "new": True}],
        "aliases": [],
        "left_out": 0,
    }


@pytest.mark.usefixtures("polled")
def test_items_that_changed_rules_refuse_are_told_of(cli: Cli, watch: Path) -> None:
    folder = watch.parent / "mine"
    folder.mkdir()
    (folder / "rules.toml").write_text("[thresholds]\naccept = 0.9999\nreview = 0.9998\n")
    watch.write_text(watch.read_text() + '[watchlist]\nfolder = "mine"\n')
    assert cli("stories", "split", "1", "3").stdout == (
        "Story 1 now holds 2 reports; 1 of the items left all stories, as they are not accepted any more.\n"
    )


@pytest.mark.usefixtures("polled")
def test_what_is_no_ruling_is_told_in_one_sentence(cli: Cli) -> None:
    for arguments, sentence in (
        (("show", "9"), "There is no story 9: `monitor stories list` shows those there are."),
        (("split", "1", "4"), "Item 4 is not in story 1: `monitor stories show 1` lists those that are."),
        (("merge", "1", "1"), "Two of these are one story already, 1: name each story once."),
    ):
        result = cli("stories", *arguments)
        assert (result.exit_code, result.stderr) == (1, f"monitor: {sentence}\n")


def test_wrong_usage_is_refused(cli: Cli, watch: Path) -> None:
    for arguments in (("split", "1"), ("merge", "1"), ("show", "first"), ("list", "--since", "yesterday")):
        assert cli("stories", *arguments).exit_code == 2


@pytest.mark.usefixtures("polled")
def test_a_story_whose_reports_an_analyst_rejected_is_gone_at_once(cli: Cli, shown: Shown) -> None:
    assert cli("review", "reject", "4").exit_code == 0
    result = cli("stories", "show", "2")
    assert (result.exit_code, result.stderr) == (
        1,
        "monitor: There is no story 2: `monitor stories list` shows those there are.\n",
    )
    assert [story["id"] for story in shown("stories", "list")] == [1]


@pytest.mark.usefixtures("polled")
def test_a_ruling_tells_nothing_of_a_part_that_an_analyst_rejected(cli: Cli, shown: Shown) -> None:
    assert cli("review", "reject", "2").exit_code == 0
    assert cli("review", "reject", "3").exit_code == 0
    outcome = shown("stories", "split", "1", "1")
    assert [(story["id"], story["reports"]) for story in outcome["stories"]] == [(1, 1)]
    assert outcome["left_out"] == 2


def test_a_story_is_called_what_its_event_is() -> None:
    nine, watchlist = datetime(2025, 5, 5, 9, tzinfo=UTC), load("india_japan")
    reports = tuple(
        Source(number, title, None, f"Paper {number}", "en", at, at, strength, "", archive=False)
        for number, (title, at, strength) in enumerate(
            (
                ("Week in review", nine - timedelta(hours=2), Strength.PASSING),
                ("India and Japan talk again", nine, Strength.CORE),
                ("India, Japan talk", nine - timedelta(hours=1), Strength.CORE),
            ),
            1,
        )
    )
    changes = (StageChange(Stage.CONCLUDED, nine, "1", 1),)
    event = Event(EventType.DIALOGUE, nine.date(), None, None, (), None, (), changes, 1)
    told = tuple(EventReport(report, (), None) for report in reports)
    view = EventView(LedgerRow(event, 1, "uid", 0, nine), told)
    story = StoryView(1, event, reports, (), ())
    assert shape_of(story, watchlist)["headline"] == "India, Japan talk"
    assert EventShapes.of(watchlist).headline(view) == "India, Japan talk"
