"""`explain`: why an item, or any text, is judged as it is."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.entrypoints.cli.articles import parse_written
from monitor.entrypoints.cli.context import Context, load_application, load_settings
from monitor.entrypoints.cli.output import AsJson, moment, print_json, say, stdout
from monitor.entrypoints.cli.shapes import Json, coding_shape, entities_shape, judgement_shape, receipt_shape
from monitor.errors import InputError
from monitor.text.shown import one_line

if TYPE_CHECKING:
    from rich.text import Text

    from monitor.domain.event import Coding
    from monitor.domain.item import Article
    from monitor.domain.judgement import Mention, Reason, Receipt, Span
    from monitor.domain.watchlist import Watchlist
    from monitor.pipeline.offline import Assessed
    from monitor.store.views import ItemView

HEADLINE_LENGTHS = range(25, 221)
"""Characters of a line that may be a headline; what is shorter is a byline, a date or a button."""

HEADLINE_LENGTHS_DENSE = range(10, 81)
"""The same in scripts that write no spaces, where a character says more."""

WORDS_SHOWN = 6
"""Words a line of the receipt quotes; --json has them all, with their places."""

SLOTS_SHOWN = frozenset({"stage", "start", "end", "place", "series", "edition", "year", "mode"})
"""Slots whose words are quoted; --json has those of type, participants, services and topics too, each its own."""

SENTENCE_ENDS = (".", "。", "।", "．")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(explain)


def explain(
    ctx: Context,
    item: Annotated[str | None, typer.Argument(metavar="[ID|URL]", help="A stored item.")] = None,
    file: Annotated[Path | None, typer.Option(metavar="F", help="A text that is not stored.")] = None,
    title: Annotated[
        str | None, typer.Option(metavar="T", help="Its title; else the line that looks like one.")
    ] = None,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="The day or time it appeared.")] = None,
    json: AsJson = False,
) -> None:
    """Show the receipt of an item, or of any text: what was found, which rules spoke, and what nearly did."""
    if (item is None) == (file is None):
        raise typer.BadParameter("give either an item's id or address, or --file")
    if file is None and (title is not None or published is not None):
        raise typer.BadParameter("--title and --published go with --file")
    if item is not None:
        view, assessed, watchlist = _stored(ctx, item)
    else:
        view, (assessed, watchlist) = None, _fresh(ctx, file or Path(), title, published)
    if json:
        print_json((_item_shape(view) if view else {}) | _shape(assessed, watchlist))
        return
    if view is not None:
        say(_item_line(view))
    _print(assessed, watchlist)


def _stored(ctx: Context, name: str) -> "tuple[ItemView, Assessed, Watchlist]":
    """The item with its judgement in force, or with the one it gets today while it waits for its first."""
    from monitor.pipeline.offline import Assessed, assess

    application = load_application(ctx)
    rules = application.rules
    view = application.queries.item(name)
    if view.judgement is None or view.judged_article is None:
        return view, assess(view.article, rules.judge, rules.coder), rules.watchlist
    return view, Assessed(view.judged_article, view.judgement, view.coding), rules.watchlist


def _fresh(ctx: Context, file: Path, title: str | None, published: str | None) -> "tuple[Assessed, Watchlist]":
    from monitor.bootstrap import load_rules
    from monitor.pipeline.offline import assess

    article = article_of(_text(file), title, *_published(published))
    rules = load_rules(load_settings(ctx))
    return assess(article, rules.judge, rules.coder), rules.watchlist


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): name a readable file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text: convert it first.") from error


def _published(text: str | None) -> tuple[datetime, int | None]:
    if text is None:
        raise typer.BadParameter("--file needs --published, as offices and dates depend on the day")
    written = parse_written(text)
    if written is None:
        raise typer.BadParameter(f"--published is {text!r} and must be a day like 2025-05-04 or an ISO 8601 time")
    return written


def article_of(text: str, title: str | None, published: datetime, offset: int | None = None) -> "Article":
    """The text as an article; without a title, the first line that looks like a headline and what follows it.

    Lines above the headline (a byline, a date, a button) are left out, as a feed would not carry them.
    """
    from monitor.domain.item import Article

    if title is not None:
        return Article(title, text.strip(), None, published, published, offset)
    lines = text.strip().splitlines()
    place = next((number for number, line in enumerate(lines) if looks_like_headline(line)), 0)
    headline = lines[place].strip() if lines else ""
    return Article(headline, "\n".join(lines[place + 1 :]).strip(), None, published, published, offset)


def looks_like_headline(line: str) -> bool:
    """Whether the line has a headline's length and does not end like a sentence."""
    line = line.strip()
    dense = sum(char > "\u3000" for char in line) > len(line) / 2
    lengths = HEADLINE_LENGTHS_DENSE if dense else HEADLINE_LENGTHS
    return len(line) in lengths and not line.endswith(SENTENCE_ENDS)


def _item_shape(view: "ItemView") -> Json:
    return {
        "id": view.id,
        "url": view.url,
        "publisher": view.publisher,
        "feed": view.feed,
        "archive": view.archive,
        "story": view.story_id,
        "verdict": view.verdict.value if view.verdict else None,
        "judged": moment(view.judged_at),
    }


def _item_line(view: "ItemView") -> str:
    judged = (
        f"judged {view.judged_at:%Y-%m-%d %H:%M}" if view.judged_at else "not judged yet; this is what it would get"
    )
    story = f", story {view.story_id}" if view.story_id else ""
    verdict = f", verdict {view.verdict}" if view.verdict else ""
    return f"Item {view.id}, {view.publisher}{', archive' if view.archive else ''}{story}, {judged}{verdict}"


def _shape(assessed: "Assessed", watchlist: "Watchlist") -> Json:
    article, judgement = assessed.article, assessed.judgement
    return {
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        **judgement_shape(judgement),
        "entities": entities_shape(judgement, watchlist),
        "event": coding_shape(assessed.coding),
        "receipt": receipt_shape(judgement.receipt),
    }


def _print(assessed: "Assessed", watchlist: "Watchlist") -> None:
    from rich.text import Text

    from monitor.domain.judgement import Field

    article, judgement, coding = assessed.article, assessed.judgement, assessed.coding
    console = stdout()
    spans = [mention.span for mention in judgement.mentions]
    console.print(_marked(article.title, (span for span in spans if span.field is Field.TITLE), "bold"))
    console.print(_marked(article.summary, (span for span in spans if span.field is Field.SUMMARY), ""))
    console.print()
    strength = f", {judgement.strength}" if judgement.strength else ""
    console.print(Text(f"{judgement.decision}{strength}  score {judgement.score:.2f}", style="bold"))
    if coding is not None:
        console.print(Text(_event_line(coding)))
        for line in _coding_lines(coding, watchlist):
            console.print(Text(line))
    for shape in entities_shape(judgement, watchlist):
        more = "".join(f", {shape[key]}" for key in ("office", "service") if shape[key])
        console.print(Text(f"  {shape['name']}{more}  ({', '.join(map(one_line, shape['surfaces']))})"))
    for line in dict.fromkeys(_office_line(mention, watchlist) for mention in judgement.receipt.offices):
        console.print(Text(line))
    _print_receipt(judgement.receipt)


def _office_line(mention: "Mention", watchlist: "Watchlist") -> str:
    holder = watchlist.entities.get(mention.entity)
    name = holder.name if holder else mention.entity
    return f"  {one_line(mention.span.surface)} is {name}, {mention.office}"


def _event_line(coding: "Coding") -> str:
    days = " to ".join(dict.fromkeys(day.isoformat() for day in (coding.start, coding.end) if day is not None))
    return ", ".join(filter(None, (str(coding.type), coding.status.value, days, coding.place or "")))


def _coding_lines(coding: "Coding", watchlist: "Watchlist") -> Iterator[str]:
    """Agenda and steps by name, and the words that each slot rests on."""
    from monitor.digest.lines import topic_name

    if coding.topics:
        yield f"  topics: {' · '.join(topic_name(topic, watchlist) for topic in coding.topics)}"
    for told in coding.steps:
        yield f"  {watchlist.entities[told.entity].name}: {told.step}  “{one_line(told.span.surface)}”"
    for slot in coding.slots:
        if slot.span is not None and slot.name in SLOTS_SHOWN:
            yield f"  {slot.name}: “{one_line(slot.span.surface)}”  sure {slot.confidence:.2f}"


def _print_receipt(receipt: "Receipt") -> None:
    from rich.text import Text

    console = stdout()
    console.print()
    for gate, evidence in receipt.gate:
        console.print(Text(f"gate {gate}: {one_line(evidence) or 'closed'}"))
    for reason in receipt.reasons:
        console.print(Text(f"{reason.points:+6.2f}  {one_line(reason.text)}{_words(reason)}  [{reason.rule}]"))
    for reason in receipt.near_misses:
        console.print(Text(f"  near  {one_line(reason.text)}{_words(reason)}  [{reason.rule}]"))
    console.print(Text(f"rules {receipt.rules_version}", style="dim"))


def _words(reason: "Reason") -> str:
    """The words a reason rests on: ": navies, warship"."""
    words = [one_line(word) for word in reason.words]
    more = ", …" if len(words) > WORDS_SHOWN else ""
    return f": {', '.join(words[:WORDS_SHOWN])}{more}" if words else ""


def _marked(text: str, spans: "Iterable[Span]", style: str) -> "Text":
    """The text with its spans reversed. Controls become spaces one for one, so that the spans still fit."""
    from rich.text import Text

    safe = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    marked = Text(safe, style=style)
    for span in spans:
        marked.stylize("reverse", span.start, span.end)
    return marked
