"""The ledger at the command line: list, show, files for other programs, and the pace of contact."""

from __future__ import annotations

import codecs
import csv
import io
import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import text

from monitor.entrypoints.cli.event_shapes import COLUMNS
from monitor.store.database import Database

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

TODAY = datetime.now(UTC).date()
TOMORROW = TODAY + timedelta(days=1)
HEADLINE = "Rajnath Singh"
TITLE = "Rajnath Singh to meet Japanese defence minister Gen Nakatani in New Delhi"
DRILL = (
    "JIMEX, the India-Japan naval exercise, concludes in Visakhapatnam",
    "The Indian Navy and the Japan Maritime Self-Defense Force concluded exercise JIMEX in Visakhapatnam today.",
)

Shown = Callable[..., Any]


@pytest.fixture
def shown(cli: Cli) -> Shown:
    """What an `events` command prints as JSON."""

    def run(*arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
        result = cli("events", *arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that wants a meeting leaves its database for the others."""
    return tmp_path_factory.mktemp("prepared") / "monitor.db"


@pytest.fixture
def meeting(cli: Cli, folder: Path, prepared: Path, request: pytest.FixtureRequest) -> int:
    """The number of an announced meeting of tomorrow, told by one report."""
    if not prepared.exists():
        request.getfixturevalue("watch")
        outlet: Outlet = request.getfixturevalue("outlet")
        cli("feeds", "add", outlet.serve("/feed", outlet.MEETING))
        assert cli("poll").exit_code == 0
        shutil.copy(folder / "monitor.db", prepared)
    else:
        shutil.copy(prepared, folder)
        (folder / "monitor.toml").touch()
    return 1


@pytest.fixture
def ledger(meeting: int, folder: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{folder / 'monitor.db'}") as database:
        yield database


def change(database: Database, query: str) -> None:
    with database.write() as connection:
        connection.execute(text(query))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_empty_ledger_is_shown_as_one(cli: Cli, shown: Shown, watch: Path) -> None:
    assert (
        cli("events", "list").stdout
        == "The ledger has no such event of this time: --since looks further back than a year.\n"
    )
    assert shown("list") == []
    assert json.loads(cli("events", "export").stdout) == []
    assert rows_of(cli("events", "export", "--format", "csv").stdout_bytes) == []
    assert Calendar.from_ical(cli("events", "export", "--format", "ics").stdout_bytes).walk("VEVENT") == []
    assert "0 events of" in cli("events", "export", "--format", "svg").stdout
    months = shown("pace")
    assert (len(months), months[-1]["month"], {month["all"] for month in months}) == (12, f"{TODAY:%Y-%m}", {0})


def test_a_meeting_in_the_list(cli: Cli, shown: Shown, meeting: int) -> None:
    (event,) = shown("list")
    assert (event["id"], event["type"], event["stage"], event["status"]) == (meeting, "meeting", "announced", "planned")
    assert (event["start"], event["place"]) == (TOMORROW.isoformat(), "New Delhi")
    assert event["headline"].startswith(HEADLINE)
    assert event["codes"] == {
        "verb": "MEET",
        "cameo": "040",
        "plover": "CONSULT",
        "mode": "meet",
        "context": "military",
    }
    assert (event["revision"], event["publishers"], len(event["sources"])) == (0, 1, 1)
    listed = cli("events", "list").stdout
    assert HEADLINE in listed
    assert "announced" in listed


def test_the_filters(shown: Shown, meeting: int) -> None:
    def found(*options: str) -> int:
        return len(shown("list", *options))

    assert found("--type", "exercise", "--type", "meeting") == 1
    assert found("--type", "exercise") == 0
    assert found("--stage", "announced") == 1
    assert found("--stage", "under way") == 0
    assert found("--with", "jimex", "--with", "rajnath-singh") == 1
    assert found("--with", "jimex") == 0
    assert found("--until", TODAY.isoformat()) == 0
    assert found("--since", (TOMORROW + timedelta(days=1)).isoformat()) == 0


def test_events_of_more_than_a_year_ago_are_shown_when_asked_for(shown: Shown, ledger: Database) -> None:
    change(ledger, "UPDATE events SET starts_on = '2019-01-01', ends_on = '2019-01-02', last_day = '2019-01-02'")
    assert shown("list") == []
    assert [event["start"] for event in shown("list", "--since", "2019-01-02")] == ["2019-01-01"]


def test_one_event_with_its_evidence(cli: Cli, shown: Shown, meeting: int) -> None:
    event = shown("show", str(meeting))
    assert [(one["stage"], one["report"], one["stands"]) for one in event["stages"]] == [("announced", 1, True)]
    evidence = {one["slot"]: one for one in event["evidence"]}
    assert (evidence["place"]["span"]["surface"], evidence["place"]["report"]) == ("New Delhi", 1)
    assert evidence["participant"]["span"]["surface"]
    (report,) = event["reports"]
    assert (report["title"], report["side"], report["event"]["stage"]) == (TITLE, None, "announced")
    assert {"rajnath-singh", "gen-nakatani"} <= set(report["entities"])
    assert event["standing"].startswith("The last was in ")
    assert event["series"]["id"] == "india-japan-defence-ministerial"
    assert event["sides"] == {}
    printed = cli("events", "show", str(meeting)).stdout
    assert "Standing" in printed
    assert printed.startswith(f"Event {meeting}: {HEADLINE}")
    for words in (
        "MEET · PLOVER CONSULT (meet, military) · CAMEO 040",
        event["uid"],
        "stands",
        "New Delhi",
        TITLE[:30],
    ):
        assert words in printed


def test_what_was_taken_back_is_told(cli: Cli, shown: Shown, ledger: Database) -> None:
    change(
        ledger,
        "INSERT INTO stage_changes (event_id, stage, at, item_id, version_id, retracts, recorded_at) "
        "SELECT event_id, stage, at, item_id, version_id, id, recorded_at FROM stage_changes",
    )
    change(ledger, "UPDATE events SET stage = NULL")
    assert shown("list") == []
    event = shown("show", "1")
    assert [(one["stands"], one["takes_back"]) for one in event["stages"]] == [(False, None), (False, 1)]
    printed = cli("events", "show", "1").stdout
    assert "none stands any more" in printed
    assert "taken back" in printed


def test_an_event_whose_reports_are_gone_is_still_shown(cli: Cli, shown: Shown, meeting: int) -> None:
    cli("review", "reject", "1")
    event = shown("show", "1")
    assert (event["reports"], event["evidence"], event["sources"]) == ([], [], [])
    printed = cli("events", "show", "1").stdout
    assert "It has no reports any more." in printed
    assert "no report of it any more" in printed


def test_a_number_of_no_event(cli: Cli, watch: Path) -> None:
    result = cli("events", "show", "7")
    assert (result.exit_code, result.stderr) == (
        1,
        "monitor: There is no event 7: `monitor events list` shows those there are.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("list", "--since", "soon"), "--since is 'soon' and must be a day like 2025-05-04"),
        (("export", "--until", "2025-02-30"), "--until is '2025-02-30'"),
        (("pace", "--until", "2025"), "--until is '2025' and must be a month like 2025-05"),
        (("pace", "--until", "0001-05"), "--until is '0001-05' and must be of the years 1900 to 9998"),
        (("pace", "--until", "9999-01"), "must be of the years 1900 to 9998"),
        (("export", "--year", "2025"), "--year is for --format svg"),
        (("export", "--format", "svg", "--since", "2025-01-01"), "leave out --since and --until"),
    ],
)
def test_wrong_usage(cli: Cli, watch: Path, arguments: tuple[str, ...], complaint: str) -> None:
    result = cli("events", *arguments)
    assert result.exit_code == 2
    assert complaint in " ".join(result.stderr.replace("│", " ").split())


def test_an_entity_that_nobody_knows(cli: Cli, watch: Path) -> None:
    result = cli("events", "list", "--with", "nobody")
    assert (result.exit_code, result.stderr) == (
        1,
        "monitor: There is no entity 'nobody': `monitor entities list` shows their ids.\n",
    )


def test_json_is_what_the_list_is(cli: Cli, shown: Shown, meeting: int, folder: Path) -> None:
    assert cli("events", "export", "-o", "events.json").exit_code == 0
    assert json.loads((folder / "events.json").read_text()) == shown("list")


def test_a_table_in_which_no_words_of_a_feed_are_a_formula(cli: Cli, watch: Path, outlet: Outlet) -> None:
    address = outlet.serve("/feed", outlet.MEETING)
    outlet.documents["/feed"] = outlet.documents["/feed"].replace(
        "<title>Outlet</title>", "<title>=HYPERLINK(&quot;https://evil.example&quot;)</title>"
    )
    cli("feeds", "add", address)
    cli("poll")
    content = cli("events", "export", "--format", "csv").stdout_bytes
    assert content.startswith(codecs.BOM_UTF8 + ",".join(COLUMNS).encode() + b"\r\n")
    (row,) = rows_of(content)
    assert row["sources"].startswith("'=HYPERLINK(")
    assert row["sources"].endswith(f": {outlet.address}/0")
    assert (row["plover"], row["cameo"], row["participants"].startswith("Rajnath Singh (")) == ("CONSULT", "040", True)
    assert (row["revision"], row["reports"], row["link"]) == ("0", "1", f"{outlet.address}/0")
    assert row["uid"]


def test_a_calendar_that_updates(cli: Cli, meeting: int, ledger: Database) -> None:
    def event() -> Any:  # noqa: ANN401, icalendar's own
        (found,) = Calendar.from_ical(cli("events", "export", "--format", "ics").stdout_bytes).walk("VEVENT")
        return found

    before = event()
    assert (before["dtstart"].dt, before["dtend"].dt) == (TOMORROW, TOMORROW + timedelta(days=1))
    assert str(before["status"]) == "TENTATIVE"
    assert before["summary"].startswith(HEADLINE)
    assert (
        cli("events", "export", "--format", "ics").stdout_bytes
        == cli("events", "export", "--format", "ics").stdout_bytes
    )
    change(ledger, "UPDATE events SET revision = 1, place = 'Tokyo'")
    after = event()
    assert (after["uid"], int(after["sequence"]), after["location"]) == (before["uid"], 1, "Tokyo")


def test_a_calendar_takes_back_what_it_may_hold(cli: Cli, meeting: int, ledger: Database) -> None:
    change(ledger, "UPDATE events SET former_start = starts_on, starts_on = NULL, ends_on = NULL, last_day = NULL")
    change(ledger, "UPDATE events SET stage = 'postponed', revision = 1")
    change(ledger, "UPDATE stage_changes SET stage = 'postponed'")
    found: Any
    (found,) = Calendar.from_ical(cli("events", "export", "--format", "ics").stdout_bytes).walk("VEVENT")
    assert (str(found["status"]), found["dtstart"].dt, int(found["sequence"])) == ("CANCELLED", TOMORROW, 1)
    (event,) = json.loads(cli("events", "export").stdout)
    assert (event["stage"], event["start"], event["uid"]) == ("postponed", None, found["uid"])


@pytest.mark.parametrize("form", ["ics", "svg"])
def test_events_without_a_day_are_counted_and_left_out(cli: Cli, ledger: Database, form: str) -> None:
    change(ledger, "UPDATE events SET starts_on = NULL, ends_on = NULL, last_day = NULL")
    result = cli("events", "export", "--format", form)
    assert "Left out for want of a day: 1 event; `monitor events list` shows them." in result.stderr
    assert "VEVENT" not in result.stdout
    assert HEADLINE not in result.stdout
    assert len(json.loads(cli("events", "export").stdout)) == 1


def test_a_year_as_a_drawing(cli: Cli, meeting: int, folder: Path) -> None:
    result = cli("events", "export", "--format", "svg", "--year", str(TOMORROW.year), "-o", "year.svg")
    assert (result.exit_code, result.stdout) == (0, "")
    root = ET.fromstring((folder / "year.svg").read_text())  # noqa: S314, it is ours
    assert any(HEADLINE in str(element.text) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    assert HEADLINE not in cli("events", "export", "--format", "svg", "--year", "2019").stdout


def test_a_drawing_counts_as_the_pace_does(cli: Cli, shown: Shown, ledger: Database) -> None:
    copied = "SELECT event_id, 'concluded', '2025-01-10 09:00:00.000000', item_id, version_id, at FROM stage_changes"
    change(ledger, f"INSERT INTO stage_changes (event_id, stage, at, item_id, version_id, recorded_at) {copied}")
    change(ledger, "UPDATE stage_changes SET at = '2024-12-30 09:00:00.000000' WHERE stage = 'announced'")
    change(ledger, "UPDATE events SET starts_on = NULL, ends_on = NULL, last_day = NULL, stage = 'concluded'")
    change(ledger, "UPDATE events SET opened_at = '2024-12-30 09:00:00.000000'")
    assert shown("pace", "--until", "2025-12")[0] == {
        "month": "2025-01",
        "minister": 1,
        "vice-minister": 0,
        "service": 0,
        "other": 0,
        "all": 1,
    }
    drawn = ("events", "export", "--format", "svg", "--year", "2025")
    assert "Jan 2025, minister: 1 event<" in cli(*drawn).stdout
    assert "minister: 1 event<" not in cli(*drawn, "--type", "exercise").stdout


def test_where_a_file_cannot_be_written(cli: Cli, meeting: int, folder: Path) -> None:
    (folder / "events.ics").write_text("an older one")
    result = cli("events", "export", "--format", "ics", "-o", "nowhere/events.ics")
    assert (result.exit_code, result.stderr) == (
        1,
        "monitor: nowhere/events.ics cannot be written (No such file or directory): choose another place.\n",
    )
    assert cli("events", "export", "--format", "ics", "-o", "events.ics").exit_code == 0
    assert (folder / "events.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert sorted(path.name for path in folder.glob("*.ics*")) == ["events.ics"]


def test_pace_counts_events_and_not_reports(cli: Cli, shown: Shown, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", DRILL, (f"{DRILL[0]}, navies say", DRILL[1])))
    cli("poll")
    (event,) = shown("list", "--type", "exercise")
    assert len(event["sources"]) == 2
    months = {month["month"]: month for month in shown("pace")}
    day = event["start"] or event["end"]
    assert months[day[:7]] == {
        "month": day[:7],
        "minister": 0,
        "vice-minister": 0,
        "service": 1,
        "other": 0,
        "all": 1,
    }
    assert sum(month["all"] for month in months.values()) == 1
    assert [month["month"] for month in shown("pace", "--until", "2025-05")][::11] == ["2024-06", "2025-05"]
    assert "vice-minister" in cli("events", "pace").stdout
