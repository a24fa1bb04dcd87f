from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Command, Outlet


def shown(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    """What a command prints as JSON."""
    result = cli(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def told(cli: Cli, *arguments: str) -> str:
    """The one sentence of a command that fails."""
    result = cli(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("monitor: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("monitor: ").rstrip("\n")


def test_init_writes_and_creates_once(cli: Cli, folder: Path) -> None:
    first = cli("init", "--no-feeds")
    assert first.exit_code == 0
    assert {path.name for path in folder.iterdir()} >= {"monitor.toml", "monitor.db"}
    file = folder / "monitor.toml"
    file.write_text(file.read_text() + "# mine\n")
    cli("feeds", "add", "https://outlet.example/rss")
    again = cli("init", "--no-feeds")
    assert again.exit_code == 0
    assert "stays as it is" in again.stdout
    assert file.read_text().endswith("# mine\n")
    assert len(shown(cli, "feeds", "list")) == 1


def test_init_offers_the_default_feeds(cli: Cli) -> None:
    """Without a terminal to ask on it only tells how to add them; a second time adds none twice."""
    assert "82 default feeds are at hand" in cli("init").stdout
    assert shown(cli, "feeds", "list") == []
    assert "Added 82 of the 82" in cli("init", "--feeds").stdout
    assert "Added 0 of the 82" in cli("init", "--feeds").stdout
    assert len(shown(cli, "feeds", "list")) == 82


def test_init_writes_where_config_says(cli: Cli, folder: Path) -> None:
    (folder / "etc").mkdir()
    assert cli("--config", "etc/watch.toml", "init", "--no-feeds").exit_code == 0
    assert {path.name for path in (folder / "etc").iterdir()} >= {"watch.toml", "monitor.db"}
    assert shown(cli, "--config", "etc/watch.toml", "db", "check") == {"up_to_date": True, "problem": None}


@pytest.mark.parametrize(
    "command", [("status",), ("feeds", "list"), ("digest", "list"), ("poll",), ("explain", "1"), ("run",)]
)
def test_without_a_database_every_command_says_what_to_do(cli: Cli, folder: Path, command: tuple[str, ...]) -> None:
    assert told(cli, *command) == f"There is no database {folder}/monitor.db: run `monitor init` to create it."
    assert not (folder / "monitor.db").exists()


def test_an_old_database_is_told(cli: Cli, watch: Path) -> None:
    with sqlite3.connect(watch.parent / "monitor.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    connection.close()
    assert "run `monitor db upgrade`" in told(cli, "status")
    assert cli("db", "check").exit_code == 1
    assert cli("db", "check", "--json").exit_code == 1


def test_a_database_can_be_made_by_upgrade(cli: Cli) -> None:
    assert shown(cli, "db", "upgrade") == {"up_to_date": True}
    assert shown(cli, "db", "check") == {"up_to_date": True, "problem": None}


def test_feeds_are_added_paused_resumed_and_removed(cli: Cli, watch: Path) -> None:
    url = "https://outlet.example/rss"
    assert shown(cli, "feeds", "add", url, "--title", "The Outlet", "--language", "en") == {"added": True}
    assert shown(cli, "feeds", "add", url) == {"added": False}
    (row,) = shown(cli, "feeds", "list")
    assert (row["url"], row["title"], row["language"], row["paused"]) == (url, "The Outlet", "en", False)
    assert cli("feeds", "pause", "the outlet").exit_code == 0
    assert shown(cli, "feeds", "show", str(row["id"]))["paused"] is True
    assert "paused" in cli("feeds", "list").stdout
    assert cli("feeds", "resume", url).exit_code == 0
    assert shown(cli, "feeds", "show", url)["paused"] is False
    assert cli("feeds", "remove", url, "--yes").exit_code == 0
    assert shown(cli, "feeds", "list") == []
    assert told(cli, "feeds", "show", url) == f"There is no feed {url}: `monitor feeds list` shows those there are."


def test_a_removed_feed_leaves_its_items_and_can_come_back(cli: Cli, watch: Path, outlet: Outlet) -> None:
    url = outlet.serve("/feed", outlet.MEETING)
    cli("feeds", "add", url)
    cli("poll")
    cli("feeds", "remove", url, "--yes")
    assert shown(cli, "feeds", "list") == []
    assert shown(cli, "poll", "--all")["refresh"]["polled"] == 0
    assert shown(cli, "explain", "1")["title"] == outlet.MEETING[0]
    assert shown(cli, "feeds", "add", url) == {"added": True}
    assert [row["items"] for row in shown(cli, "feeds", "list")] == [1]


@pytest.mark.parametrize("url", ["outlet.example/rss", "ftp://outlet.example/rss", "http://[", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(cli: Cli, watch: Path, url: str) -> None:
    assert told(cli, "feeds", "add", url) == (
        f"{url} is no address of a feed: give one that begins with https:// or http://."
    )


def test_an_unknown_publisher_is_refused(cli: Cli, watch: Path) -> None:
    assert "no publisher 'nobody'" in told(cli, "feeds", "add", "https://x.example/rss", "--publisher", "nobody")


def test_a_title_of_several_feeds_names_none(cli: Cli, watch: Path) -> None:
    for number in (1, 2):
        cli("feeds", "add", f"https://outlet.example/{number}")
    assert told(cli, "feeds", "pause", "outlet.example") == (
        "Several feeds are called outlet.example: name one by its id (1, 2)."
    )


def test_poll_judge_explain_digest(cli: Cli, watch: Path, outlet: Outlet) -> None:
    """The whole way by hand, on a real server and a real database."""
    url = outlet.serve("/feed", outlet.MEETING, outlet.CUP)
    cli("feeds", "add", url, "--title", "The Outlet")
    polled = shown(cli, "poll")
    assert polled["refresh"] == {"polled": 1, "failed": 0, "unchanged": 0, "new": 2, "changed": 0}
    assert (polled["follow"]["accepted"], polled["follow"]["rejected"], polled["follow"]["stories"]) == (1, 1, 1)
    assert shown(cli, "poll")["refresh"]["polled"] == 0  # nothing is due yet
    assert shown(cli, "poll", "--all")["refresh"]["unchanged"] == 1

    item = shown(cli, "explain", f"{outlet.address}/0")
    assert (item["id"], item["decision"], item["story"]) == (1, "accept", 1)
    assert item["judged"] is not None
    assert "Item 1, The Outlet, story 1, judged" in cli("explain", "1").stdout
    assert told(cli, "explain", "4711").startswith("There is no item 4711")

    assert outlet.MEETING[0] in cli("digest", "preview", "--form", "html").stdout
    assert shown(cli, "digest", "list") == []
    assert shown(cli, "status")["schedules"] == []  # a preview fixes no day on which periods begin
    made = shown(cli, "digest", "make")
    assert (made["sent"], made["failed"]) == (1, 0)
    assert "made already" in told(cli, "digest", "make")
    (row,) = shown(cli, "digest", "list")
    assert (row["schedule"], row["members"], row["deliveries"]) == ("daily", 1, {"sent": 1})
    digest = shown(cli, "digest", "show", "1")
    assert (digest["items"], digest["message_id"]) == ([1], made["message_id"])
    assert outlet.MEETING[0] in cli("digest", "show", "1", "--form", "html").stdout
    assert cli("digest", "show", "1").stdout == digest["text"] + "\n"
    assert (watch.parent / "digests" / "index.html").is_file()
    assert told(cli, "digest", "show", "99").startswith("There is no digest 99")

    status = shown(cli, "status")
    assert status["feeds"] == {"polled": 1, "failing": 0, "paused": 0, "quiet": 0}
    assert (status["items"]["all"], status["items"]["accept"], status["items"]["pending"]) == (2, 1, 0)
    assert (status["stories"], status["digests"], status["deliveries"]["sent"]) == (1, 1, 1)
    assert {run["kind"] for run in status["runs"]} == {"refresh", "follow", "report"}
    assert "The Outlet" not in cli("status").stdout  # only failing feeds are named


def test_a_failing_feed_costs_the_others_nothing_and_is_told(cli: Cli, watch: Path, outlet: Outlet) -> None:
    outlet.documents["/page"] = "<html><body>Welcome</body></html>"
    cli("feeds", "add", f"{outlet.address}/page", "--title", "A Page")
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING), "--title", "The Outlet")
    result = cli("poll")
    assert result.exit_code == 0
    assert "Polled 2 feeds: 0 unchanged, 1 failed; 1 new items" in result.stdout
    assert result.stderr.startswith(f"monitor: A Page ({outlet.address}/page): ")
    (failing,) = shown(cli, "status")["failing"]
    assert (failing["title"], failing["failure"]) == ("A Page", "not a feed")
    assert "A Page" in cli("status").stdout
    assert "not a feed" in cli("feeds", "list").stdout


def test_a_poll_in_which_every_feed_failed_has_failed(cli: Cli, watch: Path, outlet: Outlet) -> None:
    assert "There are no feeds" in cli("poll").stderr
    outlet.documents["/page"] = "<html><body>Welcome</body></html>"
    cli("feeds", "add", f"{outlet.address}/page")
    assert cli("poll").exit_code == 1


@pytest.mark.parametrize(
    "url", ["http://a b/c", "http://h.example:99999/f", "http://user:pw@h.example/f", "ftp://h.example/f", "feed"]
)
def test_what_cannot_be_polled_is_not_added(cli: Cli, watch: Path, url: str) -> None:
    assert told(cli, "feeds", "add", url)
    assert shown(cli, "feeds", "list") == []


def test_an_address_is_added_once_however_its_host_is_written(cli: Cli, watch: Path) -> None:
    assert cli("feeds", "add", "https://h.example/f").stdout.startswith("Added")
    assert "is there already" in cli("feeds", "add", "HTTPS://H.Example/f#top").stdout


def test_poll_takes_one_feed(cli: Cli, watch: Path, outlet: Outlet) -> None:
    for path in ("/one", "/two"):
        cli("feeds", "add", outlet.serve(path, outlet.CUP), "--title", path)
    assert shown(cli, "poll", "--feed", "/two")["refresh"]["polled"] == 1
    assert outlet.asked == ["/two"]


def test_check_stores_nothing(cli: Cli, watch: Path, outlet: Outlet) -> None:
    newest = datetime(2025, 5, 4, 12, tzinfo=UTC)
    url = outlet.serve("/feed", outlet.MEETING, outlet.CUP, at=newest)
    (outcome,) = shown(cli, "feeds", "check", url)
    assert (outcome["failure"], outcome["entries"], outcome["newest"]) == (None, 2, "2025-05-04T12:00:00Z")
    cli("feeds", "add", url)
    cli("feeds", "add", f"{outlet.address}/missing")
    result = cli("feeds", "check")
    assert result.exit_code == 1
    assert "http error" in result.stdout
    assert [row["polled_at"] for row in shown(cli, "feeds", "list")] == [None, None]


def test_an_item_that_waits_is_explained_as_it_would_be_judged(cli: Cli, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING))
    cli("poll")
    with sqlite3.connect(watch.parent / "monitor.db") as connection:
        connection.execute("UPDATE items SET judged_under = '', judgement_id = NULL, decision = NULL")
    connection.close()
    item = shown(cli, "explain", "1")
    assert (item["decision"], item["judged"]) == ("accept", None)
    assert "not judged yet" in cli("explain", "1").stdout


def test_an_entity_that_was_dropped_since_goes_by_its_id(cli: Cli, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING))
    cli("poll")
    with sqlite3.connect(watch.parent / "monitor.db") as connection:
        connection.execute("UPDATE mentions SET entity = 'long-gone' WHERE entity = 'gen-nakatani'")
    connection.close()
    entities = {entity["id"]: entity for entity in shown(cli, "explain", "1")["entities"]}
    assert (entities["long-gone"]["name"], entities["long-gone"]["kind"]) == ("long-gone", None)


def test_several_schedules_must_be_named(cli: Cli, watch: Path) -> None:
    schedules = (f"[schedules.{name}]\ncron = '0 7 * * *'\nchannels = ['files']\n" for name in ("asia", "europe"))
    watch.write_text("".join(schedules))
    assert told(cli, "digest", "make") == "Name one of the schedules: asia, europe."
    assert told(cli, "digest", "preview", "africa") == (
        "There is no schedule 'africa': the settings have asia, europe."
    )
    assert shown(cli, "digest", "preview", "asia")["schedule"] == "asia"


def test_a_delivery_that_failed_is_listed_and_tried_again(cli: Cli, watch: Path) -> None:
    """The folder is a file at first; once that is gone, the very digest goes out."""
    in_the_way = watch.parent / "digests"
    in_the_way.write_text("no folder")
    assert shown(cli, "deliveries", "list") == []
    assert cli("deliveries", "list").stdout == "Every delivery was sent.\n"
    made = cli("digest", "make", "--json")
    assert (made.exit_code, json.loads(made.stdout)["failed"]) == (1, 1)
    assert "`monitor deliveries list` tells why" in made.stderr
    (row,) = shown(cli, "deliveries", "list")
    assert (row["id"], row["schedule"], row["channel"], row["state"], row["attempts"]) == (
        1,
        "daily",
        "files",
        "waiting",
        1,
    )
    assert "could not write to" in row["answer"]
    assert row["next_attempt"] > row["last_attempt"]
    assert told(cli, "deliveries", "retry", "1").startswith("Delivery 1 failed and is tried again at 20")
    assert told(cli, "deliveries", "retry", "7").startswith("There is no delivery 7: `monitor deliveries list --all`")
    in_the_way.unlink()
    assert "could not write to" in cli("deliveries", "list").stdout
    assert cli("deliveries", "retry", "1").stdout.startswith("Delivery 1 was sent to ")
    assert (in_the_way / "index.html").is_file()
    assert shown(cli, "deliveries", "list") == []
    (row,) = shown(cli, "deliveries", "list", "--all")
    assert (row["state"], row["attempts"], row["next_attempt"]) == ("sent", 3, None)
    assert told(cli, "deliveries", "retry", "1").startswith("Delivery 1 is sent")


def test_passwords_show_nowhere(cli: Cli, watch: Path) -> None:
    watch.write_text(
        "[channels.mail]\nkind = 'email'\nhost = 'mail.example'\nusername = 'me'\npassword = 'hunter2'\n"
        "sender = 'a@b.example'\nrecipients = ['c@d.example']\n[database]\nurl = 'postgresql://me:hunter2@[::1]:9/x'\n"
    )
    for arguments in (("status",), ("-v", "status"), ("db", "check"), ("-v", "feeds", "list")):
        result = cli(*arguments)
        assert result.exit_code == 1
        assert "hunter2" not in result.output


def test_the_real_program_polls(command: Command, watch: Path, outlet: Outlet) -> None:
    """As a program: warnings are errors there, so nothing is left open at its end."""
    command("feeds", "add", outlet.serve("/feed", outlet.MEETING))
    polled = command("--quiet", "poll", "--json")
    assert (polled.returncode, polled.stderr) == (0, "")
    assert json.loads(polled.stdout)["follow"]["accepted"] == 1


def test_a_surprise_is_one_sentence_and_verbose_shows_where(cli: Cli, watch: Path) -> None:
    with sqlite3.connect(watch.parent / "monitor.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = version_num")
        connection.execute("INSERT INTO runs (kind, started_at, finished_at, counts) VALUES ('x', 'y', 'z', '{')")
    connection.close()
    assert "This should not have happened" in told(cli, "status")
    assert "Traceback" in cli("-v", "status").stderr


def test_old_news_of_a_new_feed_is_archive(cli: Cli, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.MEETING, at=datetime.now(UTC) - timedelta(days=30)))
    cli("poll")
    assert shown(cli, "explain", "1")["archive"] is True
    assert outlet.MEETING[0] not in cli("digest", "preview", "--form", "html").stdout
