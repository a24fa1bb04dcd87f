"""`feeds backfill`: a history fetched page by page, kept as archive and told by no digest."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

GENERATOR = "<generator>https://wordpress.org/?v=6.4</generator>"
NO_HISTORY = "Paper offers no older entries: it names no archive and no older page, and is not made by WordPress."
NOW = datetime.now(UTC)


def document(days: range, head: str, title: str) -> str:
    entries = "".join(
        f"<item><guid>urn:{day}</guid><link>https://x.example/{day}</link><title>{title} {day}</title>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=day, minutes=1))}</pubDate></item>"
        for day in days
    )
    return (
        f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>Blog</title>{head}{entries}'
        "</channel></rss>"
    )


@pytest.fixture
def blog(cli: Cli, watch: Path, outlet: Outlet) -> Outlet:
    """A WordPress feed of three pages with five entries each, one a day, polled once."""
    outlet.documents["/feed"] = document(range(5), GENERATOR, outlet.MEETING[0])
    for number in (2, 3):
        outlet.documents[f"/feed?paged={number}"] = document(
            range(5 * number - 5, 5 * number), GENERATOR, outlet.MEETING[0]
        )
    cli("feeds", "add", f"{outlet.address}/feed", "--title", "Blog")
    cli("poll")
    outlet.asked.clear()
    return outlet


def since(days: int) -> str:
    return (NOW - timedelta(days=days, minutes=1)).date().isoformat()


def filled(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    result = cli("feeds", "backfill", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def preview(cli: Cli) -> list[str]:
    """The next digest, without the line that counts what the archive was given."""
    lines = cli("digest", "preview", "--form", "text").stdout.splitlines()
    return [line for line in lines if "rchive added" not in line]


def test_a_history_becomes_archive_that_is_judged_and_not_told(cli: Cli, blog: Outlet) -> None:
    before = preview(cli)
    result = filled(cli, "Blog", "--since", since(365))
    assert (result["style"], result["ending"], result["pages"], result["new"]) == ("WordPress pages", "last", 2, 10)
    assert result["judged"] == 10
    assert result["oldest"][:10] == since(14)
    assert blog.asked == ["/feed", "/feed?paged=2", "/feed?paged=3", "/feed?paged=4"]
    (row,) = json.loads(cli("feeds", "list", "--json").stdout)
    assert row["items"] == 15
    item = json.loads(cli("explain", "https://x.example/12", "--json").stdout)
    assert (item["archive"], item["decision"]) == (True, "accept")
    assert preview(cli) == before


def test_it_ends_at_the_day_asked_for(cli: Cli, blog: Outlet) -> None:
    result = cli("feeds", "backfill", "Blog", "--since", since(6))
    assert result.exit_code == 0
    assert result.stdout == (
        f"Read 1 older page of Blog: 2 new items, back to {since(6)}; judged 2.\n"
        "That reaches back to the day asked for.\n"
    )
    assert blog.asked == ["/feed", "/feed?paged=2"]


def test_it_goes_on_where_the_limit_ended_it(cli: Cli, blog: Outlet) -> None:
    first = cli("feeds", "backfill", "Blog", "--since", since(365), "--pages", "1")
    assert "There is more: run it again to go on." in first.stdout
    assert filled(cli, "Blog", "--since", since(365), "--pages", "1")["new"] == 5
    assert filled(cli, "Blog", "--since", since(365))["new"] == 0


def test_the_daily_poll_is_untouched_by_it(cli: Cli, blog: Outlet) -> None:
    filled(cli, "Blog", "--since", since(365))
    refreshed = json.loads(cli("poll", "--all", "--json").stdout)["refresh"]
    assert (refreshed["unchanged"], refreshed["new"], refreshed["failed"]) == (1, 0, 0)


def test_archive_documents_are_followed(cli: Cli, watch: Path, outlet: Outlet) -> None:
    def head(path: str) -> str:
        return f'<a:link rel="prev-archive" href="{path}"/>'

    outlet.documents["/feed"] = document(range(3), head("/2024"), "News")
    outlet.documents["/2024"] = document(range(3, 6), head("/2023"), "News")
    outlet.documents["/2023"] = document(range(6, 9), "", "News")
    cli("feeds", "add", f"{outlet.address}/feed", "--title", "Blog")
    result = filled(cli, "Blog", "--since", since(365))
    assert (result["style"], result["ending"], result["new"]) == ("archive documents", "last", 6)
    assert outlet.asked == ["/feed", "/2024", "/2023"]


def test_a_feed_without_history_is_one_sentence_and_one_request(cli: Cli, watch: Path, outlet: Outlet) -> None:
    cli("feeds", "add", outlet.serve("/feed", outlet.CUP), "--title", "Paper")
    result = cli("feeds", "backfill", "Paper", "--since", "2020-01-01")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        f"monitor: {NO_HISTORY}\n",
    )
    assert outlet.asked == ["/feed"]


def test_trouble_is_told_with_what_became_of_the_rest(cli: Cli, blog: Outlet) -> None:
    blog.documents["/feed?paged=3"] = "<html>Are you human?"
    result = cli("feeds", "backfill", "Blog", "--since", since(365))
    assert result.exit_code == 1
    assert "Read 1 older page of Blog: 5 new items" in result.stdout
    assert result.stderr == (
        f"monitor: Blog ({blog.address}/feed): The address answered with a web page, not a feed. "
        "(what came before it is stored)\n"
    )
    del blog.documents["/feed"]
    gone = cli("feeds", "backfill", "Blog", "--since", since(365))
    assert (gone.exit_code, "(nothing was stored)" in gone.stderr) == (1, True)


@pytest.mark.parametrize(("day", "why"), [("tomorrow", "is no date"), ("2999-01-01", "is not over yet")])
def test_a_day_that_is_none_is_refused(cli: Cli, blog: Outlet, day: str, why: str) -> None:
    result = cli("feeds", "backfill", "Blog", "--since", day)
    assert (result.exit_code, why in result.stderr) == (1, True)
    assert cli("feeds", "backfill", "Nobody", "--since", "2020-01-01").exit_code == 1
    assert cli("feeds", "backfill", "Blog").exit_code == 2
    assert blog.asked == []
