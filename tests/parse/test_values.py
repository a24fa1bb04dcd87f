"""Links, dates, guids and languages."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.values import (
    GUID_LENGTH,
    absolute_link,
    guid_of,
    iso_moment,
    moment,
    primary_language,
    written_offset,
)

BASE = "https://site.example/dir/feed.xml"


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("/x", "https://site.example/x"),
        ("x", "https://site.example/dir/x"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("  /x\n", "https://site.example/x"),
        ("/two words", "https://site.example/two%20words"),
        ("HTTP://A.example/", "http://A.example/"),
        ("/記事", "https://site.example/記事"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://", None),
        ("http://[", None),
        ("http://a:99999/", None),
        ("https://a.example/" + "x" * 5000, None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_absolute_link(link: object, absolute: str | None) -> None:
    assert absolute_link(link, BASE) == absolute


@settings(deadline=None)
@given(st.text())
def test_any_text_is_an_http_link_or_none(text: str) -> None:
    link = absolute_link(text, BASE)
    assert link is None or link.lower().startswith(("http://", "https://"))


def test_a_guid_is_kept_as_given_even_if_it_looks_like_markup() -> None:
    assert guid_of(" https://x.example/?a=1&copy=2 ") == "https://x.example/?a=1&copy=2"


def test_long_guids_stay_different() -> None:
    long = "x" * GUID_LENGTH
    assert guid_of(long) == long
    assert guid_of(long + "a") != guid_of(long + "b")
    assert len(guid_of(long + "a") or "") < GUID_LENGTH


@pytest.mark.parametrize("value", ["", "  ", "\x00", None, 7])
def test_no_guid(value: object) -> None:
    assert guid_of(value) is None


def test_a_named_zone_that_feedparser_reads_as_utc_is_corrected() -> None:
    parsed = time.struct_time((2025, 5, 5, 10, 0, 0, 0, 125, 0))
    assert moment("Mon, 05 May 2025 19:00:00 +0900 (JST)", parsed) == datetime(2025, 5, 5, 10, tzinfo=UTC)
    assert moment("Mon, 05 May 2025 10:00:00 KST", parsed) == datetime(2025, 5, 5, 1, tzinfo=UTC)
    assert moment("Mon, 05 May 2025 10:00:00 GMT", parsed) == datetime(2025, 5, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("Tue, 06 May 2025 07:00:00 +0900", 540),
        ("Tue, 06 May 2025 07:00:00 +0900 (JST)", 540),
        ("Tue, 06 May 2025 07:00 IST", 330),
        ("Tue, 06 May 2025 07:00:00 PM JST", 540),
        ("Tue, 06 May 2025 07:00:00 EST", -300),
        ("Tue, 06 May 2025 07:00:00 GMT+0530", 330),
        ("2025-05-06T07:00:00.000-03:30", -210),
        ("2025-05-06T07:00:00+09", 540),
        ("Tue, 06 May 2025 07:00:00 GMT", None),
        ("Tue, 06 May 2025 07:00:00 -0000", None),
        ("2025-05-06T07:00:00Z", None),
        ("2025-05-06T07:00:00+00:00", None),
        ("2025-05-06", 0),
        ("2025-05-06 07:00:00", 0),
        ("Tue, 06 May 2025 07:00:00 XYZ", 0),
        ("Tue May  6 07:00:00 JST 2025", 0),
        ("2025-05-06T07:00:00+99:00", 0),
    ],
)
def test_the_offset_of_a_date_as_written(raw: str, minutes: int | None) -> None:
    assert written_offset(raw) == minutes


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_the_date_readers_raise(text: str) -> None:
    assert written_offset(text) in {None, *range(-840, 841)}
    for read in (moment(text, None), iso_moment(text)):
        assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("2025-05-05T10:00:00Z", datetime(2025, 5, 5, 10, tzinfo=UTC)),
        ("2025-05-05T10:00:00+05:30", datetime(2025, 5, 5, 4, 30, tzinfo=UTC)),
        ("2025-05-05T10:00:00", datetime(2025, 5, 5, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_iso_moment(raw: str, read: datetime | None) -> None:
    assert iso_moment(raw) == read


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-IN", "en"), ("JA", "ja"), ("hi_IN", "hi"), (" zh-Hant ", "zh"), ("english", None), ("", None), (None, None)],
)
def test_primary_language(tag: object, language: str | None) -> None:
    assert primary_language(tag) == language
