"""Column types: an instant comes back as the same instant, and any string of Python can be stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from monitor.store.columns import storable
from monitor.store.tables import publishers, stories

if TYPE_CHECKING:
    from monitor.store.database import Database

any_text = st.text(st.characters(codec=None), max_size=60)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.builds(datetime.fromtimestamp, st.floats(631_152_000, 4_102_444_800), zones)  # from 1990 to 2100
one_database = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@one_database
@given(instant=instants)
def test_an_instant_comes_back_in_utc(database: Database, instant: datetime) -> None:
    with database.write() as connection:
        story = connection.execute(stories.insert().values(created_at=instant).returning(stories.c.id)).scalar_one()
        found = connection.scalars(select(stories.c.created_at).where(stories.c.id == story)).one()
    assert found == instant
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with (
        pytest.raises(StatementError, match="without a zone cannot be stored: 2025-05-04"),
        database.write() as connection,
    ):
        connection.execute(stories.insert().values(created_at=datetime(2025, 5, 4)))  # noqa: DTZ001, on purpose


@one_database
@given(name=any_text, names=st.lists(any_text, max_size=3))
def test_any_text_can_be_stored(database: Database, name: str, names: list[str]) -> None:
    row = {"id": "a", "name": name, "family": "", "kind": "", "names": names}
    with database.write() as connection:
        connection.execute(publishers.delete())
        connection.execute(publishers.insert().values(row))
        found = connection.execute(select(publishers.c.name, publishers.c.names)).one()
    assert found.name == storable(name)
    assert [storable(kept) for kept in found.names] == [storable(one) for one in names]


@given(any_text)
def test_what_is_storable_stays_as_it_is(text: str) -> None:
    once = storable(text)
    assert storable(once) == once
    assert once.encode().decode() == once
    assert "\0" not in once


def test_good_text_is_left_alone() -> None:
    assert storable("日印防衛相会談 – रक्षा मंत्री 🎌") == "日印防衛相会談 – रक्षा मंत्री 🎌"
    assert storable("a\0b\ud800c\udfffd") == "abcd"
