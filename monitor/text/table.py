"""Tables for spreadsheets: CSV in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import dropwhile

from monitor.text.shown import one_line

FORMULA_STARTS = frozenset("=+-@＝＋－＠")
"""What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection), the full-width forms too: spreadsheets set
to Japanese take them for the others. Tabs and line ends, which do so too, begin no cell."""

MARK = "'"
"""Before a cell, it says that text follows."""


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """A table with a header (RFC 4180: CRLF, quotes where needed, line ends inside quotes LF), in UTF-8.

    It begins with a byte order mark: spreadsheets are what CSV is for, and without the mark Excel reads Japanese and
    Hindi as Latin letters. Programs that would stumble over it have JSON. None is an empty cell.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in row])
    return written.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """The text line by line as it may be shown, with a mark before it where a spreadsheet could take it for a formula.

    What nobody sees before the first letter hides nothing.
    """
    shown = "\n".join(map(one_line, text.splitlines())).strip()
    first = next(dropwhile(_unseen, shown), "")
    return f"{MARK}{shown}" if first in FORMULA_STARTS else shown


def _unseen(char: str) -> bool:
    """Blanks, and characters that only say how others are set."""
    return char.isspace() or unicodedata.category(char) == "Cf"
