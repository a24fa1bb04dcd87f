"""`classify` and `group`: articles from JSON Lines, without the database."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.entrypoints.cli.context import Context, load_settings
from monitor.entrypoints.cli.output import as_json, progress
from monitor.entrypoints.cli.shapes import Json, event_shape, judgement_shape, receipt_shape
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.domain.item import Article
    from monitor.domain.story import Group
    from monitor.pipeline.offline import Assessed

BAD_LINES_NAMED = 20
_SURROGATES = re.compile("[\ud800-\udfff]")

Input = Annotated[Path, typer.Argument(metavar="IN.jsonl", help="Articles, a JSON object per line.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where to write; else stdout.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(classify)
    app.command()(group)


@dataclass(frozen=True, slots=True)
class Line:
    """A good line: the id exactly as it was given, and the article."""

    id: Any
    article: "Article"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used; `number` counts from 1."""

    number: int
    reason: str


def classify(ctx: Context, source: Input, output: Output = None) -> None:
    """Judge, link, code and group articles without the database.

    Each line has id, title, summary and published; lang, url and outlet may be there, and neither id nor url nor outlet
    sways a judgement. The lines come out in the same order. Lines that cannot be used are left out and named on stderr;
    the exit code is then 1.
    """
    from monitor.bootstrap import load_rules
    from monitor.pipeline.offline import accepted_only, assess, number_stories

    _keep_apart(source, output)
    lines, bad = read_lines(source)
    rules = load_rules(load_settings(ctx))
    with progress(ctx, "Judging", len(lines)) as done:
        assessed = []
        for line in lines:
            assessed.append(assess(line.article, rules.judge, rules.coder))
            done(1)
    stories, _ = number_stories([*accepted_only(assessed)])
    _write(
        output,
        (_classified(line.id, one, story) for line, one, story in zip(lines, assessed, stories, strict=True)),
    )
    _tell(source, bad)


def group(ctx: Context, source: Input, output: Output = None) -> None:
    """Group articles of any subject into stories, without the database.

    The lines are those of `classify`. Each comes out with its id, its story (a number from 1, in order of first
    appearance), the number of articles in it, and why they stand together.
    """
    from monitor.bootstrap import load_rules
    from monitor.pipeline.offline import assess_any, number_any

    _keep_apart(source, output)
    lines, bad = read_lines(source)
    rules = load_rules(load_settings(ctx))
    with progress(ctx, "Reading", len(lines)) as done:
        assessed = []
        for line in lines:
            assessed.append(assess_any(line.article, rules.judge, rules.coder))
            done(1)
    stories, groups = number_any(assessed)
    _write(output, (_grouped(line.id, story, groups) for line, story in zip(lines, stories, strict=True)))
    _tell(source, bad)


def read_lines(source: Path) -> tuple[list[Line], list[BadLine]]:
    """Good and bad lines of a JSON Lines file; blank ones are passed over. Raises InputError."""
    good, bad, now = [], [], datetime.now(UTC)
    for number, content in _contents(source):
        line = parse_line(number, content, now)
        if isinstance(line, Line):
            good.append(line)
        else:
            bad.append(line)
    return good, bad


def _contents(source: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with source.open("rb") as stream:
            for number, content in enumerate(stream, 1):
                if content.strip():
                    yield number, content
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror}): name a readable file.") from error


def parse_line(number: int, content: bytes, now: datetime) -> Line | BadLine:
    """One line as an article, or what is wrong with it; an article without a date counts as seen `now`."""
    from monitor.domain.item import Article

    try:
        row = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return BadLine(number, "is not JSON in UTF-8")
    if not isinstance(row, dict) or "id" not in row:
        return BadLine(number, "is no object with an id")
    title, summary, language = (
        row.get(key) if row.get(key) is not None else "" for key in ("title", "summary", "lang")
    )
    if not (isinstance(title, str) and isinstance(summary, str) and isinstance(language, str)):
        return BadLine(number, "has a title, summary or lang that is no text")
    if not (title.strip() or summary.strip()):
        return BadLine(number, "has neither title nor summary")
    written = parse_written(row["published"]) if row.get("published") is not None else None
    if written is None and row.get("published") is not None:
        return BadLine(number, "has a published that is no ISO 8601 date")
    published, offset = written or (None, None)
    article = Article(_sound(title), _sound(summary), language or None, published, published or now, offset)
    return Line(row["id"], article)


def parse_time(text: object) -> datetime | None:
    """An ISO 8601 time or day as UTC, or None when it is no such thing; what names no zone is taken as UTC."""
    written = parse_written(text)
    return None if written is None else written[0]


def parse_written(text: object) -> tuple[datetime, int | None] | None:
    """The same with the `offset` of an Article that appeared then."""
    from monitor.domain.item import offset_of

    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text.strip())
        utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc, offset_of(time)


def _sound(text: str) -> str:
    """The text with lone surrogates replaced one for one: JSON can hold them and no output can."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _classified(line_id: object, assessed: "Assessed", story: int | None) -> Json:
    judgement = assessed.judgement
    return {
        "id": line_id,
        "relevant": assessed.accepted,
        **judgement_shape(judgement),
        "entities": list(judgement.entities),
        "event": event_shape(assessed.coding),
        "story": story,
        "receipt": receipt_shape(judgement.receipt),
    }


def _grouped(line_id: object, story: int | None, groups: Sequence["Group"]) -> Json:
    block = groups[story - 1] if story is not None else None
    return {
        "id": line_id,
        "story": story,
        "articles": len(block.keys) if block else 0,
        "why": block.why if block else "",
    }


def _keep_apart(source: Path, output: Path | None) -> None:
    if output is not None and output.exists() and source.exists() and output.samefile(source):
        raise InputError(f"{output} is the input itself and would be lost: choose another place.")


def _write(output: Path | None, rows: Iterator[Json]) -> None:
    if output is None:
        for row in rows:
            typer.echo(as_json(row))
        return
    try:
        with output.open("w", encoding="utf-8") as stream:
            stream.writelines(f"{as_json(row)}\n" for row in rows)
    except OSError as error:
        raise InputError(f"{output} cannot be written ({error.strerror}): choose another place.") from error


def _tell(source: Path, bad: Sequence[BadLine]) -> None:
    if not bad:
        return
    named = "; ".join(f"line {line.number} {line.reason}" for line in bad[:BAD_LINES_NAMED])
    more = f"; and {len(bad) - BAD_LINES_NAMED} more" if len(bad) > BAD_LINES_NAMED else ""
    raise InputError(f"{len(bad)} of the lines of {source} were left out: {named}{more}.")
