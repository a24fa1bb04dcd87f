"""The age of the role book."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.domain.watchlist import ROLES_STALE_DAYS, Side, Watchlist

CHECKED = date(2025, 5, 4)


def watchlist(checked: date | None) -> Watchlist:
    side = Side("a", "Aland", "Alandic", (), "UTC")
    return Watchlist("w", "W", "1", "defence", (side, side), {}, (), (), {}, {}, roles_checked=checked)


@pytest.mark.parametrize(
    ("days", "age", "stale"),
    [(0, 0, False), (ROLES_STALE_DAYS, 180, False), (ROLES_STALE_DAYS + 1, 181, True), (-3, 0, False)],
)
def test_a_role_book_grows_stale_after_half_a_year(days: int, age: int, stale: bool) -> None:
    today = CHECKED + timedelta(days=days)
    assert (watchlist(CHECKED).roles_age(today), watchlist(CHECKED).roles_stale(today)) == (age, stale)


def test_a_role_book_that_was_never_checked_is_stale() -> None:
    assert (watchlist(None).roles_age(CHECKED), watchlist(None).roles_stale(CHECKED)) == (None, True)
