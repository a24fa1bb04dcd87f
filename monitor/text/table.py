"""Tables for spreadsheets: CSV in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection), the full-width forms too: spreadsheets set
to Japanese take them for the others."""

MARK = "'"
"""Before a cell, it says that text follows."""


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """A table with a header (RFC 4180: CRLF, quotes where needed, line ends inside quotes kept), in UTF-8.

    It begins with a byte order mark: spreadsheets are what CSV is for, and without the mark Excel reads Japanese and
    Hindi as Latin letters. Programs that would stumble over it have JSON. None is an empty cell.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in row])
    return written.getvalue().encode("utf-8-sig", errors="replace")


def safe_cell(text: str) -> str:
    """The text with a mark before it where a spreadsheet could take it for a formula; blanks before it hide nothing."""
    bare = text.lstrip(" \u3000\ufeff\u200b\u00a0")
    return f"{MARK}{text}" if bare[:1] in FORMULA_STARTS else text
