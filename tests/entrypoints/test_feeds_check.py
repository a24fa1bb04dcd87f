"""`feeds check`: one look at feeds, nothing stored."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.test_utils import TestServer

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Cli, Outlet

THREE = (("First report", "a"), ("Second report", "b"), ("Third report", "c"))


def shown(cli: Cli, *arguments: str) -> Any:  # noqa: ANN401, whatever JSON holds
    result = cli(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_check_tells_what_polling_would_meet(cli: Cli, watch: Path, outlet: Outlet) -> None:
    at = datetime.now(UTC) - timedelta(hours=2)
    url = outlet.serve(
        "/feed", ("防衛省の発表", "会談について"), ("Defence report", "Talks"), ("Another", "one"), at=at
    )
    outlet.documents["/feed"] = outlet.documents["/feed"].replace("<item>", "<ttl>60</ttl><item>", 1)
    (row,) = shown(cli, "feeds", "check", url)
    assert row["languages"] == {"en": 0.667, "ja": 0.333}
    assert (row["status"], row["format"], row["entries"], row["validators"], row["fresh_for"]) == (
        200,
        "rss20",
        3,
        [],
        None,
    )
    assert row["asks"] == {"ttl": 3600}
    assert 7100 < row["age"] < 7400
    table = cli("feeds", "check", url).stdout
    assert "3600 s" in table
    assert "en 67%, ja 33%" in table
    assert outlet.asked == ["/feed"] * 2


def test_one_feed_under_two_addresses_is_told(cli: Cli, watch: Path, outlet: Outlet) -> None:
    for path in ("/feed", "/rss"):
        cli("feeds", "add", outlet.serve(path, *THREE), "--title", path)
    cli("feeds", "add", outlet.serve("/other", outlet.CUP), "--title", "Other")
    rows = shown(cli, "feeds", "check")
    assert [row["same_as"] for row in rows] == [[f"{outlet.address}/rss"], [f"{outlet.address}/feed"], []]
    assert f"One feed under 2 addresses: /feed ({outlet.address}/feed) and /rss" in cli("feeds", "check").stdout
    assert sorted(outlet.asked) == sorted(["/feed", "/rss", "/other"] * 2), "one request each"


def test_a_failing_feed_is_named_with_its_status(cli: Cli, watch: Path, outlet: Outlet) -> None:
    result = cli("feeds", "check", f"{outlet.address}/missing", "--json")
    (row,) = json.loads(result.stdout)
    assert (result.exit_code, row["status"], row["failure"], row["format"]) == (1, 404, "http error", None)
    assert "404" in cli("feeds", "check", f"{outlet.address}/missing").stderr


async def test_a_feed_that_moved_for_good_is_told_and_followed(cli: Cli, watch: Path) -> None:
    """By a server of its own, since the outlet's knows no redirects."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/old":
            raise web.HTTPMovedPermanently("/new")
        return web.Response(
            text="<rss version='2.0'><channel><title>F</title></channel></rss>", headers={"ETag": '"1"'}
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        old, new = (str(server.make_url(path)) for path in ("/old", "/new"))
        result = await asyncio.to_thread(cli, "feeds", "check", old, "--json")
        (row,) = json.loads(result.stdout)
        assert (row["failure"], row["moved_to"], row["validators"]) == (None, new, ["etag"])
        told = await asyncio.to_thread(cli, "feeds", "check", old)
    assert f"({old}) has moved for good to {new}." in told.stdout
