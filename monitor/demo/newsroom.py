"""The newsroom: a real HTTP server on loopback that serves what its outlets had published by its clock."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tomllib
from collections.abc import Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from email.utils import format_datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from aiohttp import web

from monitor.demo.documents import FORMATS, Dispatch, Outlet
from monitor.domain.item import ImportedItem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from monitor.ports import Clock

WINDOW = 30
"""A feed holds this many newest items, as a newspaper's does."""

SLOW_SECONDS = 0.7
"""How long the slow outlet keeps its readers waiting: long beside the others, short beside any deadline."""


class Newsroom:
    """Outlets and their dispatches; what is served depends on `clock` alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.outlets = {outlet.id: outlet for outlet in load_outlets()}
        self._dispatches = load_dispatches()

    def published(self, outlet: Outlet, now: datetime) -> list[Dispatch]:
        """The outlet's window at `now`, newest first."""
        out = [dispatch for dispatch in self._dispatches[outlet.id] if dispatch.published <= now]
        return sorted(out, key=lambda dispatch: dispatch.published, reverse=True)[:WINDOW]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer for one outlet as its behaviour says."""
        outlet = self.outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound
        if outlet.behaviour == "broken" and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if outlet.behaviour == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if outlet.behaviour == "redirect" and not request.path.endswith("/document"):
            raise web.HTTPFound(f"/{outlet.id}/document")
        return self._document(outlet, request)

    def _document(self, outlet: Outlet, request: web.Request) -> web.Response:
        dispatches = self.published(outlet, self._clock())
        content_type, write = FORMATS[outlet.format]
        body = write(outlet, str(request.url.origin() / outlet.id), dispatches)
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
        if dispatches:
            headers["Last-Modified"] = format_datetime(dispatches[0].published, usegmt=True)
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        response = web.Response(body=body, headers=headers, content_type=content_type, charset="utf-8")
        response.enable_compression()
        return response

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Serve on a free loopback port; yields the address without a trailing slash."""
        app = web.Application()
        app.router.add_get("/{outlet}", self.serve)
        app.router.add_get("/{outlet}/document", self.serve)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def load_outlets() -> list[Outlet]:
    """The outlets of `outlets.toml`, in its order."""
    rows = tomllib.loads(files(__package__).joinpath("outlets.toml").read_text(encoding="utf-8"))
    return [Outlet(**row) for row in rows["outlet"]]


def load_dispatches() -> dict[str, list[Dispatch]]:
    """What each outlet publishes over the newsroom's days (`live.jsonl`), by outlet id."""
    dispatches: dict[str, list[Dispatch]] = {outlet.id: [] for outlet in load_outlets()}
    for row in _rows("live.jsonl"):
        dispatches[row["feed"]].append(
            Dispatch(
                id=f"urn:newsroom:{hashlib.sha256(row['title'].encode()).hexdigest()[:16]}",
                title=row["title"],
                summary=row["summary"],
                published=datetime.fromisoformat(row["published"]),
                url=row["url"],
                outlet=row["outlet"],
            )
        )
    return dispatches


def load_archive() -> list[ImportedItem]:
    """Reports of earlier years (`archive.jsonl`), imported before the newsroom opens."""
    return [
        ImportedItem(
            key=row["url"],
            url=row["url"],
            outlet=row["outlet"],
            title=row["title"],
            summary=row["summary"],
            language=row["language"],
            published=datetime.fromisoformat(row["published"]),
        )
        for row in _rows("archive.jsonl")
    ]


def _rows(name: str) -> Iterable[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
