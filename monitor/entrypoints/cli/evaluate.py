"""`evaluate`: how good judging, linking, coding and grouping are on labelled articles."""

import json as json_
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.domain.figures import Confusion, Share
from monitor.entrypoints.cli.context import Context, load_settings
from monitor.entrypoints.cli.output import AsJson, print_json, print_table, progress, say
from monitor.entrypoints.cli.shapes import Json
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.pipeline.evaluate import Gold, Measured, Misread

SHARES = {
    "core_recall": "core items accepted",
    "passing_recall": "passing items accepted",
    "missed_to_review": "relevant items sent to review",
    "hard_accepted": "hard negatives accepted",
    "hard_reviewed": "hard negatives sent to review",
}
"""The shares of an evaluation by the names they have in JSON and in the table."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(evaluate)


def evaluate(
    ctx: Context,
    files: Annotated[list[Path], typer.Argument(metavar="GOLD.jsonl…", help="Labelled articles, one JSON a line.")],
    errors: Annotated[bool, typer.Option("--errors", help="List every article that was misread.")] = False,
    json: AsJson = False,
) -> None:
    """Measure on labelled articles how good judging, linking, coding and grouping are.

    Shares come with 95 % Wilson intervals. Only accepted counts as relevant. Entities, events and stories are measured
    on the relevant articles; countries and their capitals are not scored as entities.
    """
    from monitor.bootstrap import load_rules
    from monitor.classify.evaluate import unscored
    from monitor.pipeline.evaluate import measure

    labelled = [one for file in files for one in _read(file)]
    rules = load_rules(load_settings(ctx))
    with progress(ctx, "Judging", len(labelled)) as done:
        measured = measure(labelled, rules.judge, rules.coder, unscored(rules.watchlist), done)
    if json:
        print_json(shape(measured, errors=errors))
        return
    _print(measured)
    if errors:
        print_table(("id", "lang", "category", "decided", "score", "misread", "title"), _error_rows(measured), "")


def _read(file: Path) -> "Iterator[Gold]":
    from monitor.pipeline.evaluate import gold

    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): name a readable file.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json_.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise InputError(f"{file}, line {number}, is not JSON in UTF-8: mend the line.") from None
        if not isinstance(row, Mapping):
            raise InputError(f"{file}, line {number}, is no object: mend the line.")
        try:
            yield gold(row)
        except InputError as error:
            raise InputError(f"{file}, line {number}: {error}") from error


def shape(measured: "Measured", *, errors: bool) -> Json:
    """All figures as JSON; with `errors` the misread articles too."""
    figures = measured.judging
    found: Json = {
        "items": figures.items,
        "relevance": _confusion_shape(figures.relevance),
        "languages": {language: _confusion_shape(one) for language, one in figures.by_language.items()},
        **{name: _share_shape(getattr(figures, name)) for name in SHARES},
        "categories": {
            name: {"accepted": _share_shape(share), "reviewed": _share_shape(figures.reviewed_by_category[name])}
            for name, share in figures.by_category.items()
        },
        "entities": _confusion_shape(figures.entities),
        "events": {slot: _share_shape(share) for slot, share in measured.slots.items()},
        "stories": {
            "precision": _rounded(measured.stories.precision),
            "recall": _rounded(measured.stories.recall),
            "f1": _rounded(measured.stories.f1),
        },
    }
    return found | ({"errors": [_error_shape(one) for one in measured.misread]} if errors else {})


def _confusion_shape(confusion: Confusion) -> Json:
    return {
        "tp": confusion.true_positives,
        "fp": confusion.false_positives,
        "fn": confusion.false_negatives,
        "tn": confusion.true_negatives,
        "precision": _share_shape(confusion.precision),
        "recall": _share_shape(confusion.recall),
        "f1": _rounded(confusion.f1),
    }


def _share_shape(share: Share) -> Json:
    interval = None if share.interval is None else [round(bound, 4) for bound in share.interval]
    return {"hits": share.hits, "of": share.total, "share": _rounded(share.value), "interval": interval}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _error_shape(misread: "Misread") -> Json:
    item, judgement = misread.gold.item, misread.assessed.judgement
    return {
        "id": item.id,
        "title": item.article.title,
        "lang": item.language,
        "category": item.category,
        "relevant": item.relevant,
        "decision": judgement.decision.value,
        "score": round(judgement.score, 4),
        "missed_entities": list(misread.missed),
        "invented_entities": list(misread.invented),
        "wrong_slots": list(misread.slots),
    }


def _print(measured: "Measured") -> None:
    figures = measured.judging
    confusions = {"all": figures.relevance, **figures.by_language, "entities": figures.entities}
    print_table(("", "precision", "recall", "F1"), [_row(name, one) for name, one in confusions.items()], "")
    print_table(("", ""), [(words, _words(getattr(figures, name))) for name, words in SHARES.items()], "")
    categories = [
        (name, _words(share), figures.reviewed_by_category[name].hits) for name, share in figures.by_category.items()
    ]
    print_table(("negatives", "accepted", "to review"), categories, "No item is labelled as irrelevant.")
    print_table(("event slot", "right"), [(slot, _words(share)) for slot, share in measured.slots.items()], "")
    stories = measured.stories
    say(f"Stories, BCubed: precision {stories.precision:.3f}, recall {stories.recall:.3f}, F1 {stories.f1:.3f}.")


def _row(name: str, confusion: Confusion) -> tuple[str, str, str, str]:
    return name, _words(confusion.precision), _words(confusion.recall), _number(confusion.f1)


def _words(share: Share) -> str:
    if share.interval is None:
        return "-"
    low, high = share.interval
    return f"{_number(share.value)} ({low:.3f} to {high:.3f}), {share.hits} of {share.total}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _error_rows(measured: "Measured") -> Sequence[Sequence[object]]:
    return [
        (
            one.gold.item.id,
            one.gold.item.language,
            one.gold.item.category,
            f"{one.assessed.judgement.decision}{', wrong' if one.decided_wrong else ''}",
            f"{one.assessed.judgement.score:.2f}",
            _misread_words(one),
            one.gold.item.article.title,
        )
        for one in measured.misread
    ]


def _misread_words(one: "Misread") -> str:
    parts = [*(f"-{entity}" for entity in one.missed), *(f"+{entity}" for entity in one.invented), *one.slots]
    return ", ".join(parts)
