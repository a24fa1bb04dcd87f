"""`feeds discover`: nothing is stored unless asked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

THREE = (("First report", "a"), ("Second report", "b"), ("Third report", "c"))


def shown(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    result = cli(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def page(*links: str) -> str:
    return "".join(f"<link rel='alternate' type='application/rss+xml' href='{link}'>" for link in links)


def test_a_site_is_searched_and_nothing_stored(cli: Cli, watch: Path, outlet: Outlet) -> None:
    outlet.documents["/"] = page("/feed", "/gone") + "<a href=/section/rss>x</a>"
    outlet.serve("/feed", *THREE)
    outlet.serve("/section/rss", outlet.CUP)
    rows = shown(cli, "feeds", "discover", outlet.address)
    assert [(row["url"], row["how"], row["items"], row["language"]) for row in rows] == [
        (f"{outlet.address}/feed", "named by the page", 3, "en"),
        (f"{outlet.address}/section/rss", "linked by the page", 1, "en"),
    ]
    assert "named by the page" in cli("feeds", "discover", outlet.address).stdout
    assert shown(cli, "feeds", "list") == []


def test_what_a_site_names_is_added_once(cli: Cli, watch: Path, outlet: Outlet) -> None:
    outlet.documents["/"] = page("/feed", "/again") + "<a href=/section/rss>x</a>"
    for path in ("/feed", "/again"):
        outlet.serve(path, *THREE)
    outlet.serve("/section/rss", outlet.CUP)
    added = cli("feeds", "discover", outlet.address, "--add")
    assert added.stdout.endswith("Added 1; first polled in an hour, as the site was asked just now.\n")
    (row,) = shown(cli, "feeds", "list")
    wait = datetime.fromisoformat(row["next_poll_at"]) - datetime.fromisoformat(row["added_at"])
    assert wait == timedelta(hours=1)
    assert (row["url"], row["title"]) == (f"{outlet.address}/feed", "Outlet")
    rows = shown(cli, "feeds", "discover", outlet.address, "--add")
    assert [(row["stored"], row["added"], row["same_as"]) for row in rows] == [
        (True, False, None), (False, False, f"{outlet.address}/feed"), (False, False, None),
    ]  # fmt: skip
    assert len(shown(cli, "feeds", "list")) == 1


def test_a_site_without_a_feed_is_one_sentence(cli: Cli, watch: Path, outlet: Outlet) -> None:
    outlet.documents["/"] = "<html>Welcome"
    for site, why in (
        (f"{outlet.address}/", f"No feed was found at {outlet.address}/: try a page of it that lists its feeds."),
        (f"{outlet.address}/missing", "127.0.0.1 answered 404 Not Found."),
        (
            "ftp://x.example/",
            "ftp://x.example/ is no address of a feed: give one that begins with https:// or http://.",
        ),
        ("http://192.0.2.1/", "192.0.2.1 may not be fetched: 192.0.2.1 is not a public address."),
    ):
        result = cli("feeds", "discover", site)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"monitor: {why}\n")
