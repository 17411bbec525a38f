"""The job queue's own tables: made with ours, and never a version behind the library's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.errors import SchemaOutdated, SchemaTooNew
from bulletin.store import jobs_schema, schema
from bulletin.store.database import Database

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def tables(database: Database) -> set[str]:
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT tablename FROM pg_tables").scalars()
        return {name for name in rows if name.startswith(jobs_schema.PREFIX)}


def test_a_new_database_holds_the_queue_of_the_library_that_is_installed(
    postgres_database: str,
) -> None:
    database = Database(postgres_database)
    schema.ensure(database, NOON)
    assert {"procrastinate_jobs", "procrastinate_workers"} <= tables(database)
    with database.read() as connection:
        assert jobs_schema.applied_to(connection) == jobs_schema.newest()
    database.close()


def test_machines_that_start_together_on_an_empty_database_make_its_tables_once(
    postgres_database: str,
) -> None:
    barrier = threading.Barrier(4)

    def start(_number: int) -> None:
        database = Database(postgres_database)
        barrier.wait()
        schema.ensure(database, NOON)
        database.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [None] * 4


def test_what_a_newer_library_adds_is_applied_by_db_upgrade_and_not_before(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A percent sign, and several statements, reach the database as they stand."""
    database = Database(postgres_database)
    schema.ensure(database, NOON)
    addition = tmp_path / "99.00.00_01_new.sql"
    addition.write_text(
        "CREATE TABLE procrastinate_new (share text DEFAULT '100 %s');"
        "INSERT INTO procrastinate_new DEFAULT VALUES;"
    )
    shipped = jobs_schema._migrations()
    monkeypatch.setattr(jobs_schema, "_migrations", lambda: [*shipped, addition])
    with pytest.raises(SchemaOutdated, match="bulletin db upgrade"):
        schema.ensure(database, NOON)
    for _ in range(2):
        schema.upgrade(database, NOON)
    schema.ensure(database, NOON)
    with database.read() as connection:
        shares = connection.exec_driver_sql("SELECT share FROM procrastinate_new").scalars().all()
    assert shares == ["100 %s"]
    database.close()


def test_a_queue_of_a_newer_library_than_ours_is_refused(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_database)
    schema.ensure(database, NOON)
    monkeypatch.setattr(jobs_schema, "newest", lambda: "01.00.00_01_old.sql")
    with pytest.raises(SchemaTooNew, match="newer procrastinate"):
        schema.ensure(database, NOON)
    database.close()
