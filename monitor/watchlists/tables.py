"""Reading TOML tables strictly: every key has one type, no key is left over, an error names file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from monitor.errors import WatchlistError


@dataclass(slots=True)
class Table:
    """One table of a file. Reading takes a key out; `done` refuses what nobody took.

    `file` is the file's name, `source` its text, `key` the table's path as shown in errors, "" for the top of the file.
    `header` is the name under which the table begins in the source, and `from_end` which of the places of that name it
    is, counted from the last, 1 being the last: a user's elements come behind the built-in ones.
    """

    file: str
    source: str = field(repr=False)
    key: str
    values: dict[str, object]
    header: str = ""
    from_end: int = 1

    def text(self, key: str) -> str:
        """A string that must be there and must not be blank."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "must be a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        """A string, or None where the key is missing."""
        return self.text(key) if key in self.values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where the key is missing."""
        values = self._list(key)
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.wrong(key, "must be a list of texts that are not empty")
        return tuple(str(value) for value in values)

    def names(self, key: str) -> Iterator[Table]:
        """A list of names, each a string or a table with `text`; strings come as tables of that one key."""
        for value in self._list(key):
            if isinstance(value, str):
                yield self._inner(key, {"text": value})
            elif isinstance(value, dict):
                yield self._inner(key, value)
            else:
                raise self.wrong(key, "must be a list of names, each a text or a table with `text`")

    def tables(self, key: str) -> Iterator[Table]:
        """A list of tables; none where the key is missing."""
        values = self._list(key)
        for index, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.wrong(key, "must be a list of tables")
            inner = self._inner(key, value)
            if not self.header:
                inner.key, inner.from_end = f"{key}[{index + 1}]", len(values) - index
            yield inner

    def rest(self) -> Iterator[tuple[str, Table]]:
        """Every key still untaken, each of which must be a table."""
        for key in list(self.values):
            value = self._take(key)
            if not isinstance(value, dict):
                raise self.wrong(key, "is not a key of this file (each entry is a table of its own)")
            yield key, self._inner(key, value)

    def table(self, key: str) -> Table:
        """A table, empty where the key is missing."""
        value = self._take(key) if key in self.values else {}
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return self._inner(key, value)

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = self.values.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A number; `default` None: it must be there."""
        value = self.values.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "must be a number")
        return float(value)

    def day(self, key: str) -> date | None:
        """A date such as 2025-05-05, or None where the key is missing."""
        value = self.values.pop(key, None)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.wrong(key, "must be a date such as 2025-05-05, without quotes")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        """One of `choices`, or None where the key is missing."""
        value = self.optional_text(key)
        if value is not None and value not in choices:
            raise self.wrong(key, f"is {value!r} and must be one of {', '.join(choices)}")
        return value

    def done(self) -> None:
        """Refuse keys that nothing reads: they are misspelt or in the wrong file."""
        for key in self.values:
            raise self.wrong(key, "is not a known key here")

    def wrong(self, key: str, what: str) -> WatchlistError:
        """The error to raise: file, line where the table begins, key, and what is wrong."""
        line = _line_of(self.source, self.header or key, self.from_end)
        place = f"{self.file} line {line}" if line else self.file
        return WatchlistError(f"{place}: `{self._path(key)}` {what}.")

    def _take(self, key: str) -> object:
        if key not in self.values:
            raise self.wrong(key, "is missing")
        return self.values.pop(key)

    def _list(self, key: str) -> list[object]:
        value = self.values.pop(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list")
        return value

    def _inner(self, key: str, values: dict[str, object]) -> Table:
        return Table(self.file, self.source, self._path(key), dict(values), self.header or key, self.from_end)

    def _path(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key


def read_table(paths: Sequence[Path]) -> Table:
    """The top table of one file, read from the first path and overlaid with the others in turn.

    Tables merge key by key; lists are extended, where an element of the same identity (id, text, office and start …)
    replaces the earlier one; anything else replaces. `paths` holds one at least. Raises WatchlistError when a file is
    not TOML.
    """
    merged: dict[str, object] = {}
    source = ""
    for path in paths:
        source, values = _parse(path)
        merged = _overlay(merged, values)
    return Table(_shown(paths[-1]), source, "", merged)


def _parse(path: Path) -> tuple[str, dict[str, object]]:
    try:
        source = path.read_text(encoding="utf-8")
        return source, tomllib.loads(source)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WatchlistError(f"{_shown(path)}: not readable as TOML: {error}.") from error


def _overlay(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    return {**base, **{key: _joined(base.get(key), value) for key, value in over.items()}}


def _joined(base: object, over: object) -> object:
    if isinstance(base, dict) and isinstance(over, dict):
        return _overlay(base, over)
    if isinstance(base, list) and isinstance(over, list):
        replaced = {identity for element in over if (identity := _identity(element)) is not None}
        return [*(element for element in base if _identity(element) not in replaced), *over]
    return over


def _identity(element: object) -> object:
    """What makes two elements of a list the same one; None for tables without any such key (groups of cues)."""
    if not isinstance(element, dict):
        return element
    if "text" in element and "id" not in element:
        return element["text"]
    return tuple((key, element[key]) for key in ("id", "office", "title", "start") if key in element) or None


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _line_of(source: str, name: str, from_end: int) -> int | None:
    """The line where `[name]`, `[[name]]` or `name =` stands for the nth time from the end; None where it does not."""
    pattern = rf'^(?:\[\[?"?{re.escape(name)}"?\]|"?{re.escape(name)}"?\s*=)'
    found = list(re.finditer(pattern, source, re.MULTILINE))
    return source.count("\n", 0, found[-from_end].start()) + 1 if len(found) >= from_end else None
