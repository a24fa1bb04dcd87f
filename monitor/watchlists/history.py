"""history.toml: what is known of editions and steps from before the ledger began."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from monitor.domain.ladder import CLIMBING
from monitor.domain.watchlist import Edition, Entity, EntityKind, KnownStep, Step
from monitor.watchlists.tables import Table

HISTORY = "history.toml"
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

WITH_EDITIONS = (EntityKind.EXERCISE, EntityKind.FORUM)


def read_editions(history: Table, entities: Mapping[str, Entity]) -> tuple[Edition, ...]:
    """The `[[edition]]` tables, by day."""
    return tuple(sorted((_edition(table, entities) for table in history.tables("edition")), key=lambda one: one.start))


def read_steps(history: Table, entities: Mapping[str, Entity]) -> tuple[KnownStep, ...]:
    """The `[[step]]` tables, by day."""
    return tuple(sorted((_step(table, entities) for table in history.tables("step")), key=lambda one: one.on))


def _edition(table: Table, entities: Mapping[str, Entity]) -> Edition:
    start, precise = _day(table, "start")
    edition = Edition(
        series=_known(table, "series", entities, WITH_EDITIONS),
        start=start,
        end=table.day("end"),
        place=table.optional_text("place"),
        precise=precise,
        source=table.text("source"),
    )
    if edition.end is not None and edition.end < edition.start:
        raise table.wrong("end", f"({edition.end}) lies before the start ({edition.start})")
    table.done()
    return edition


def _step(table: Table, entities: Mapping[str, Entity]) -> KnownStep:
    on, precise = _day(table, "on")
    entity, step = _known(table, "entity", entities, CLIMBING), table.choice("step", tuple(Step))
    if step is None:
        raise table.wrong("step", "is missing")
    known = KnownStep(entity, Step(step), on, precise, table.text("source"))
    table.done()
    return known


def _day(table: Table, key: str) -> tuple[date, bool]:
    """A date, or a month in quotes such as "2012-06", which counts as its first day and is not precise."""
    if not isinstance(table.values.get(key), str):
        day = table.day(key)
        if day is None:
            raise table.wrong(key, "is missing")
        return day, True
    month = MONTH.fullmatch(table.text(key))
    if month is None:
        raise table.wrong(key, 'must be a date such as 2025-05-05, or a month such as "2012-06"')
    return date(int(month[1]), int(month[2]), 1), False


def _known(table: Table, key: str, entities: Mapping[str, Entity], kinds: tuple[EntityKind, ...]) -> str:
    name = table.text(key)
    entity = entities.get(name)
    if entity is None or entity.kind not in kinds:
        raise table.wrong(key, f"is {name!r}, which is the id of no {' or '.join(kinds)}")
    return name
