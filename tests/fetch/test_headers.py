"""What response headers ask of us."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from monitor.domain.feed import Validators
from monitor.fetch.headers import (
    LONGEST,
    confirmed_validators,
    fresh_for,
    received_validators,
    request_validators,
    retry_after,
)

NOON = "Mon, 05 May 2025 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "120"}, timedelta(minutes=2)),
        ({"Retry-After": "0"}, timedelta()),
        ({"Retry-After": "999999999999"}, LONGEST),
        ({"Retry-After": "Mon, 05 May 2025 13:00:00 GMT", "Date": NOON}, timedelta(hours=1)),
        ({"Retry-After": "Mon, 05 May 2025 11:00:00 GMT", "Date": NOON}, timedelta()),
        ({"Retry-After": "Mon, 05 May 2025 13:00:00 GMT"}, None),
        ({"Retry-After": "soon", "Date": NOON}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], expected: timedelta | None) -> None:
    assert retry_after(headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache-Control": "max-age=600"}, timedelta(minutes=10)),
        ({"Cache-Control": 'public, MAX-AGE="60"'}, timedelta(minutes=1)),
        ({"Cache-Control": "max-age=600", "Age": "590"}, timedelta(seconds=10)),
        ({"Cache-Control": "max-age=600", "Age": "900"}, timedelta()),
        ({"Cache-Control": "max-age=600", "Age": "old"}, timedelta(minutes=10)),
        ({"Cache-Control": "max-age=600, no-cache"}, None),
        ({"Cache-Control": "no-store, max-age=600"}, None),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "private"}, None),
        ({"Cache-Control": "max-age=504911232"}, LONGEST),
        ({"Expires": "Mon, 05 May 2025 13:00:00 GMT", "Date": NOON}, timedelta(hours=1)),
        ({"Expires": "Mon, 05 May 2025 13:00:00 GMT", "Date": NOON, "Age": "600"}, timedelta(minutes=50)),
        ({"Expires": "Mon, 05 May 2025 11:00:00 GMT", "Date": NOON}, timedelta()),
        ({"Expires": "Mon, 05 May 2025 13:00:00 GMT"}, None),
        ({"Expires": "0", "Date": NOON}, None),
        ({"Expires": "Mon, 05 May 2025 13:00:00 GMT", "Date": NOON, "Cache-Control": "no-cache"}, None),
        (
            {"Expires": "Mon, 05 May 2025 13:00:00 GMT", "Date": NOON, "Cache-Control": "max-age=60"},
            timedelta(minutes=1),
        ),
        ({}, None),
    ],
)
def test_fresh_for(headers: dict[str, str], expected: timedelta | None) -> None:
    assert fresh_for(headers) == expected


def test_lines_of_cache_control_are_one_list() -> None:
    def answer(*controls: str) -> timedelta | None:
        return fresh_for(CIMultiDict([("cache-control", control) for control in controls]))

    assert answer("public", "max-age=600") == timedelta(minutes=10)
    assert answer("max-age=600", "no-cache") is None
    assert answer() is None


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_header_makes_the_readers_raise(wish: str, date: str) -> None:
    headers = {"Retry-After": wish, "Date": date, "Cache-Control": wish, "Age": date, "Expires": wish}
    assert retry_after(headers) is None or retry_after(headers) >= timedelta()  # type: ignore[operator]
    assert fresh_for(headers) is None or fresh_for(headers) >= timedelta()  # type: ignore[operator]


def test_a_new_body_replaces_validators_even_by_nothing() -> None:
    assert received_validators({}, "aa") == Validators(None, None, "aa")


def test_a_304_keeps_what_it_does_not_replace() -> None:
    stored = Validators('"old"', "yesterday", "aa")
    assert confirmed_validators({"ETag": 'W/"new"'}, stored) == Validators('W/"new"', "yesterday", "aa")


@pytest.mark.parametrize("value", ["", "\udce9", "é", "x" * 1025, "a\x7f"])
def test_a_validator_that_cannot_be_sent_back_unchanged_is_ignored(value: str) -> None:
    assert received_validators({"ETag": value, "Last-Modified": value}, "aa") == Validators(None, None, "aa")


def test_a_first_request_is_unconditional() -> None:
    assert request_validators(Validators()) == {}
