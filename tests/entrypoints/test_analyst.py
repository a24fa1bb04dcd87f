"""The analyst at the command line: verdicts, samples, and the archive under changed rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monitor.entrypoints.cli.review import analyst_name
from monitor.store.database import Database
from monitor.store.lock import only_daemon

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet


Shown = Callable[..., Any]


@pytest.fixture
def shown(cli: Cli) -> Shown:
    """What a command prints as JSON."""

    def run(*arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
        result = cli(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture
def polled(cli: Cli, watch: Path, outlet: Outlet) -> tuple[int, int]:
    """The ids of an accepted and of a rejected item, both live."""
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING, outlet.CUP))
    assert cli("poll").exit_code == 0
    return 1, 2


def strict_rules(watch: Path, accept: float, review: float) -> None:
    """Lay other thresholds over the built-in ones."""
    folder = watch.parent / "mine"
    folder.mkdir(exist_ok=True)
    (folder / "rules.toml").write_text(f"[thresholds]\naccept = {accept}\nreview = {review}\n")
    if "folder" not in watch.read_text():
        watch.write_text(watch.read_text() + '[watchlist]\nfolder = "mine"\n')


def preview(cli: Cli) -> str:
    return cli("digest", "preview", "--form", "html").stdout


def test_a_rejected_item_leaves_its_story_and_the_digest(
    cli: Cli, shown: Shown, polled: tuple[int, int], outlet: Outlet
) -> None:
    talks, _ = polled
    assert outlet.MEETING[0] in preview(cli)
    assert shown("review", "reject", str(talks), "--note", "a drill") == {"id": talks, "verdict": "reject"}
    assert outlet.MEETING[0] not in preview(cli), "even before the next follow"
    assert shown("explain", str(talks))["verdict"] == "reject"
    followed = shown("poll")["follow"]
    assert (followed["accepted"], followed["rejected"]) == (0, 1)
    assert shown("explain", str(talks))["story"] is None
    assert shown("status")["items"]["reject"] == 2


def test_an_accepted_item_becomes_a_report_and_is_told(
    cli: Cli, shown: Shown, polled: tuple[int, int], outlet: Outlet
) -> None:
    _, cup = polled
    result = cli("review", "accept", f"{outlet.address}/1")
    assert (
        result.stdout
        == f"Item {cup} is accepted: the next follow puts it into its story, and it is told by the next digest.\n"
    )
    assert outlet.CUP[0] not in preview(cli)
    assert shown("poll")["follow"]["accepted"] == 1
    item = shown("explain", str(cup))
    assert (item["decision"], item["verdict"], item["story"]) == ("reject", "accept", 2)
    assert item["event"]["type"] == "other"
    assert outlet.CUP[0] in preview(cli)


def test_archive_is_told_only_when_asked(cli: Cli, shown: Shown, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.CUP, at=datetime.now(UTC) - timedelta(days=30)))
    cli("poll")
    assert "stays untold (--tell tells it)" in cli("review", "accept", "1").stdout
    cli("poll")
    assert outlet.CUP[0] not in preview(cli)
    assert shown("review", "accept", "1", "--tell") == {"id": 1, "verdict": "accept", "told": True}
    cli("poll")
    assert outlet.CUP[0] in preview(cli)


def test_the_queue_is_listed_until_it_is_judged(cli: Cli, shown: Shown, watch: Path, outlet: Outlet) -> None:
    strict_rules(watch, 0.9999, 0.1)
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING, outlet.CUP))
    cli("poll")
    listed = shown("review", "list")
    assert (listed["waiting"], listed["drawn"], listed["sampled"]["drawn"]) == (1, [], 0)
    (item,) = listed["queue"]
    assert (item["id"], item["title"], item["decision"]) == (1, outlet.MEETING[0], "review")
    assert item["why"]
    assert shown("status")["review"]["waiting"] == 1
    assert "Nakatani" in cli("review", "list").stdout
    cli("review", "accept", "1")
    assert "Nothing waits for review." in cli("review", "list").stdout
    cli("poll")
    assert outlet.MEETING[0] in preview(cli)


def test_a_sample_measures_misses(cli: Cli, shown: Shown, polled: tuple[int, int], outlet: Outlet) -> None:
    assert "sample" not in cli("status").stdout
    (drawn,) = shown("review", "sample", "5", "--seed", "1")
    assert (drawn["title"], drawn["decision"]) == (outlet.CUP[0], "reject")
    assert "No rejected item is left to draw." in cli("review", "sample").stdout
    assert outlet.CUP[0] in cli("review", "list").stdout
    cli("review", "accept", str(drawn["id"]))
    sampled = shown("review", "list")["sampled"]
    assert (sampled["drawn"], sampled["judged"], sampled["missed"], sampled["share"]) == (1, 1, 1, 1.0)
    assert "1 rejected items drawn, 1 with a verdict, 1 missed (20.7% to 100.0%)" in cli("status").stdout


def test_an_unknown_item_is_told(cli: Cli, watch: Path) -> None:
    result = cli("review", "accept", "7")
    assert (result.exit_code, result.stderr) == (
        1,
        "monitor: There is no item 7: give the number or the address of a stored one.\n",
    )


def test_a_user_without_a_name_is_an_analyst(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 987654321)
    assert analyst_name() == "analyst"


def test_replay_shows_what_changed_rules_change_and_writes_it_only_when_told(
    cli: Cli, shown: Shown, watch: Path, outlet: Outlet
) -> None:
    strict_rules(watch, 0.9999, 0.9998)
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING, outlet.CUP))
    assert shown("poll")["follow"]["accepted"] == 0
    assert cli("replay").stdout.startswith("Every item is judged under today's rules")

    strict_rules(watch, 0.5, 0.35)
    seen = shown("replay")
    assert (seen["judged"], seen["changed"], seen["kinds"], seen["applied"]) == (2, 1, {"reject → accept": 1}, False)
    assert shown("replay") == seen, "a look changes nothing"
    (change,) = seen["changes"]
    assert (change["id"], change["title"], change["strengths"]) == (1, outlet.MEETING[0], [None, "core"])
    assert "reject → accept: 1" in cli("replay").stdout
    assert shown("explain", "1")["decision"] == "reject"
    assert shown("replay", "--since", "2999-01-01")["judged"] == 0

    assert "2 items judged again" in cli("replay", "--apply").stdout
    item = shown("explain", "1")
    assert (item["decision"], item["archive"], item["story"]) == ("accept", True, 1)
    assert shown("status")["runs"][0]["kind"] == "replay"
    assert outlet.MEETING[0] not in preview(cli), "no news: only the rules changed"
    cli("review", "accept", "1", "--tell")
    cli("poll")
    assert outlet.MEETING[0] in preview(cli)


def test_changed_rules_make_no_news_when_a_poll_or_daemon_follows(
    cli: Cli, shown: Shown, watch: Path, outlet: Outlet
) -> None:
    strict_rules(watch, 0.9999, 0.9998)
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING))
    cli("poll")
    strict_rules(watch, 0.5, 0.35)
    assert shown("poll")["follow"]["accepted"] == 1
    assert shown("explain", "1")["archive"] is True
    assert outlet.MEETING[0] not in preview(cli)


def test_a_verdict_outlasts_a_replay(cli: Cli, shown: Shown, watch: Path, polled: tuple[int, int]) -> None:
    talks, cup = polled
    cli("review", "reject", str(talks))
    cli("review", "accept", str(cup))
    cli("poll")
    strict_rules(watch, 0.9999, 0.9998)
    seen = shown("replay", "--apply")
    assert (seen["judged"], seen["held_by_verdict"], "reject → accept" in seen["kinds"]) == (2, 1, False)
    assert [shown("explain", str(item))["story"] for item in polled] == [None, 2]
    strict_rules(watch, 0.5, 0.35)
    cli("replay", "--apply")
    assert [shown("explain", str(item))["story"] for item in polled] == [None, 2]
    assert "cup" in preview(cli)


def test_a_replay_is_not_applied_beside_a_daemon(cli: Cli, watch: Path) -> None:
    """Its follow would undo what was applied, as it has the old rules in memory."""
    database = Database(f"sqlite:///{watch.parent}/monitor.db")
    with only_daemon(database):
        assert cli("replay").exit_code == 0
        result = cli("replay", "--apply")
    assert result.exit_code == 1
    assert "stop it first" in result.stderr
    database.close()


def test_a_day_that_is_none_is_refused(cli: Cli, watch: Path) -> None:
    result = cli("replay", "--since", "yesterday")
    assert result.exit_code == 2
    assert "--since" in result.stderr
