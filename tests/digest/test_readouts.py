"""Both sides of one happening in a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from monitor.digest.readouts import ONLY_SHOWN, side_lines
from monitor.digest.sources import Voices
from monitor.domain.digest import Source
from monitor.domain.watchlist import Publisher, Watchlist

if TYPE_CHECKING:
    from tests.digest.conftest import Desk

OUTLETS = (
    Publisher("pib", "Press Information Bureau", "pib", "official", "india"),
    Publisher("mint", "Mint", "mint", "newspaper", "india"),
    Publisher("mod", "防衛省", "mod", "official", "japan"),
    Publisher("jiji", "Jiji", "jiji", "agency", "japan"),
    Publisher("afp", "AFP", "afp", "agency", None),
)


@pytest.fixture
def reader(watchlist: Watchlist) -> Watchlist:
    return replace(watchlist, publishers={one.id: one for one in OUTLETS})


def lines(reader: Watchlist, *sources: Source) -> dict[str, str]:
    return dict(side_lines(sources, reader, Voices(reader.publishers)))


def said(desk: Desk, publisher: str, *topics: str, entities: tuple[str, ...] = ()) -> Source:
    return replace(desk.source("t", publisher, "2025-05-05T10:00"), topics=topics, entities=entities)


def test_official_words_and_what_one_side_leaves_out(reader: Watchlist, desk: Desk) -> None:
    found = lines(
        reader,
        said(desk, "Mint", "cyber", entities=("gen-nakatani",)),
        said(desk, "Press Information Bureau", "cyber"),
        said(desk, "Jiji", "china-seas", "cyber", entities=("unicorn",)),
        said(desk, "AFP", "space"),
    )
    assert found == {
        "Official": "India: Press Information Bureau",
        "One side": "only Japan speaks of East and South China Seas, UNICORN antenna",
    }


def test_both_ministries(reader: Watchlist, desk: Desk) -> None:
    found = lines(reader, said(desk, "防衛省"), said(desk, "Press Information Bureau"), said(desk, "防衛省"))
    assert found == {"Official": "India: Press Information Bureau · Japan: 防衛省"}


def test_where_one_side_is_silent_nothing_is_compared(reader: Watchlist, desk: Desk) -> None:
    assert lines(reader, said(desk, "Press Information Bureau", "cyber"), said(desk, "AFP")) == {}
    assert lines(reader) == {}


def test_a_long_list_is_cut(reader: Watchlist, desk: Desk) -> None:
    many = tuple(f"topic-{number}" for number in range(ONLY_SHOWN + 3))
    found = lines(reader, said(desk, "Mint", *many), said(desk, "Jiji"))
    assert found["One side"].count(",") == ONLY_SHOWN - 1
