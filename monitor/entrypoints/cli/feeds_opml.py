"""`feeds import` and `feeds export`: the list of feeds as an OPML file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.context import Context, load_database
from monitor.entrypoints.cli.feeds import add_feeds, feed_address, hint_at_twins, twins_of
from monitor.entrypoints.cli.output import AsJson, complain, print_json, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.domain.catalogue import Outline, Outlines
    from monitor.domain.feed import NewFeed
    from monitor.store.views import FeedRow

FILE_BYTES = 10_000_000
"""Bytes of the longest file that is read: some 40,000 feeds."""

NOTES_SHOWN = 20
TITLE = "Feeds of the news monitor"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_)
    app.command()(export)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the file that names no feed that can be polled."""

    line: int
    reason: str


def import_(
    ctx: Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="The list of another reader.")],
    json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file, its folders becoming categories like "Asia/Japan".

    Feeds that are there already keep all but their category, where the file gives one. Lines that name no feed that can
    be polled are left out and named on stderr; the exit code is then 1.
    """
    from monitor.store.feeds import categorise

    database = load_database(ctx)
    outlines = _read(file)
    feeds, left_out = usable(outlines.feeds)
    added = add_feeds(database, feeds)
    moved = categorise(database, {feed.url: feed.category for feed in feeds if feed.category and feed.url not in added})
    if json:
        shape = _shape(len(added), len(feeds), moved, left_out, outlines.left_out)
        print_json(shape | {"alike": [{"url": url, "like": row.url} for url, row in twins_of(added, database)]})
    else:
        there = len(feeds) - len(added)
        say(f"Added {len(added)} of {len(feeds)} feeds; {there} were there already, {moved} changed their category.")
    hint_at_twins(database, added)
    _complain(file, left_out, outlines.left_out)


def export(
    ctx: Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else stdout.")] = None,
) -> None:
    """Write the feeds as an OPML file, their categories as folders; import it anywhere."""
    from monitor.store.queries import Queries
    from monitor.text.opml import write_opml

    text = write_opml([_new_feed(row) for row in Queries(load_database(ctx)).feeds()], TITLE)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written ({error.strerror}): choose another place.") from error


def usable(outlines: "Sequence[Outline]") -> "tuple[list[NewFeed], list[LeftOut]]":
    """The feeds with their addresses as they are stored, each once, and the lines whose address cannot be polled."""
    feeds: dict[str, NewFeed] = {}
    left_out = []
    for outline in outlines:
        try:
            url, host = feed_address(_web_address(outline.feed.url))
        except InputError as error:
            left_out.append(LeftOut(outline.line, str(error)))
        else:
            feeds.setdefault(url, replace(outline.feed, url=url, title=outline.feed.title or host))
    return list(feeds.values()), left_out


def _web_address(url: str) -> str:
    """What readers write as feed://host/path or feed:https://host/path."""
    if not url.lower().startswith("feed:"):
        return url
    rest = url[len("feed:") :]
    return f"http:{rest}" if rest.startswith("//") else rest


def _read(file: Path) -> "Outlines":
    """The feeds of the file. Raises InputError."""
    from monitor.domain.feed import ParseFailed
    from monitor.parse.sandbox import SandboxedParser

    async def read(document: bytes) -> "Outlines | ParseFailed":
        async with SandboxedParser() as parser:
            return await parser.outlines(document)

    try:
        with file.open("rb") as stream:
            document = stream.read(FILE_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): name a readable file.") from error
    if len(document) > FILE_BYTES:
        raise InputError(f"{file} has more than {FILE_BYTES:,} bytes: import it in parts.")
    outlines = asyncio.run(read(document))
    if isinstance(outlines, ParseFailed):
        raise InputError(f"{file} cannot be imported. {outlines.message}")
    if not outlines.feeds:
        raise InputError(f"{file} names no feeds: choose a file whose outlines have an xmlUrl.")
    return outlines


def _complain(file: Path, left_out: Sequence[LeftOut], beyond: int) -> None:
    """Name what was left out, and end with exit code 1 if anything was."""
    for note in left_out[:NOTES_SHOWN]:
        complain(f"{file}, line {note.line}: {note.reason}")
    if len(left_out) > NOTES_SHOWN:
        complain(f"{len(left_out) - NOTES_SHOWN} more lines of {file} were left out.")
    if beyond:
        complain(f"{beyond} more feeds of {file} were left out: import it in parts.")
    if left_out or beyond:
        raise typer.Exit(1)


def _shape(added: int, feeds: int, moved: int, left_out: Sequence[LeftOut], beyond: int) -> Json:
    return {
        "added": added,
        "there": feeds - added,
        "recategorised": moved,
        "left_out": [{"line": note.line, "reason": note.reason} for note in left_out],
        "beyond_limit": beyond,
    }


def _new_feed(row: "FeedRow") -> "NewFeed":
    from monitor.domain.feed import NewFeed

    return NewFeed(row.url, row.title, row.site, row.language, category=row.category)
