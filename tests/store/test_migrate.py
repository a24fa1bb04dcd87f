"""The history: it leads from nothing to the tables of the program and back, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from monitor import resources
from monitor.errors import SchemaError
from monitor.store import migrate
from monitor.store.database import Database
from monitor.store.tables import metadata

if TYPE_CHECKING:
    from tests.store.conftest import World

NOW = datetime(2025, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def url(own_url: str) -> str:
    """Each test of the history has a database of its own."""
    return own_url


def tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_upgrading_an_empty_database_makes_every_table(empty: Database) -> None:
    assert tables(empty) == set()
    migrate.upgrade(empty)
    assert tables(empty) == {*metadata.tables, "alembic_version"}
    migrate.check(empty)


def test_the_history_leads_to_the_tables_of_the_program(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_down_to_nothing_and_up_again(world: World) -> None:
    world.feed()
    migrate.downgrade(world.database, "base")
    assert tables(world.database) == {"alembic_version"}
    migrate.upgrade(world.database)
    assert tables(world.database) == {*metadata.tables, "alembic_version"}
    assert world.refresh.feeds_by_id(None) == []
    assert world.revision() == 0


def test_feeds_of_before_know_when_they_last_brought_something(world: World) -> None:
    busy, empty = world.feed(), world.feed("https://new.example/rss")
    world.publish("Ministers meet", feed=busy, at=NOW - timedelta(days=40))
    world.publish("Ministers met", feed=busy, at=NOW)
    world.change("UPDATE feeds SET added_at = :then", then=str(NOW - timedelta(days=90)))
    migrate.downgrade(world.database, "0002")
    migrate.upgrade(world.database)
    rows = {row.id: row for row in world.queries.feeds()}
    assert (rows[busy.id].newest_at, rows[busy.id].quiet) == (NOW, False)
    assert rows[empty.id].newest_at is None


def test_upgrading_twice_changes_nothing(world: World) -> None:
    world.feed()
    migrate.upgrade(world.database)
    assert len(world.refresh.feeds_by_id(None)) == 1


def test_two_programs_may_upgrade_one_empty_database_at_once(empty_url: str) -> None:
    def upgrade(_: int) -> None:
        database = Database(empty_url)
        migrate.upgrade(database)
        database.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, range(3)))
    database = Database(empty_url)
    migrate.check(database)
    database.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty: Database) -> None:
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))  # one of ours stands in the way
    with pytest.raises(Exception, match="runs"):
        migrate.upgrade(empty)
    assert tables(empty) - {"alembic_version"} == {"runs"}


def test_an_empty_database_is_refused_with_what_to_do(empty: Database) -> None:
    with pytest.raises(SchemaError, match="empty: run `monitor db upgrade`"):
        migrate.check(empty)


def test_a_database_of_a_newer_program_is_refused(world: World) -> None:
    world.change("UPDATE alembic_version SET version_num = '9999'")
    steps: list[Callable[[], None]] = [
        lambda: migrate.check(world.database),
        lambda: migrate.upgrade(world.database),
        lambda: migrate.downgrade(world.database, "base"),
    ]
    for step in steps:
        with pytest.raises(SchemaError, match="newer version of this program"):
            step()


def test_a_database_of_an_older_program_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptDirectory, "get_current_head", lambda _history: "9999")
    with pytest.raises(SchemaError, match="older than this program: run `monitor db upgrade`"):
        migrate.check(world.database)


def test_a_missing_table_is_told_as_a_schema_that_is_too_old(empty: Database) -> None:
    with pytest.raises(SchemaError, match="lacks a table"), empty.read() as connection:
        connection.execute(text("SELECT * FROM items"))
