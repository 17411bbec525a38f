"""The schema: made once, the same everywhere, and never guessed at."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from stored import NOON

from bulletin.errors import Misconfigured, SchemaOutdated, SchemaTooNew, StoreError
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.store import jobs_schema, schema
from bulletin.store.database import Database
from bulletin.store.issues import Issues
from bulletin.store.people import Roles
from bulletin.store.tables import metadata


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(database_url: str) -> None:
    database = Database(database_url)
    schema.ensure(database, NOON)
    with database.read() as connection:
        ours = {"include_name": jobs_schema.is_ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), metadata)
    database.close()
    assert differences == []


def test_preparing_twice_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    schema.ensure(database, NOON)
    schema.ensure(database, NOON)
    assert schema.upgrade(database, NOON) == (schema.head(), schema.head())
    database.close()


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    database = Database(database_url)
    schema.ensure(database, NOON)
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="newer Bulletin"):
        schema.ensure(database, NOON)
    with pytest.raises(SchemaTooNew):
        schema.upgrade(database, NOON)
    database.close()


def test_an_older_database_is_upgraded_only_when_asked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows stay, and the new columns have their defaults."""
    database = Database(database_url)
    with monkeypatch.context() as before:
        before.setattr(schema, "head", lambda: "0001")
        before.setattr(command, "upgrade", partial(_upgrade_to, command.upgrade, "0001"))
        schema.ensure(database, NOON)
    with database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO issues (slug, title, subject, state, visibility, audience_include,"
            " audience_exclude, created_at, created_by, updated_at)"
            " VALUES ('old', 'Old', 'Old', 'draft', 'private', '[]', '[]',"
            " '2026-01-01', 'editor', '2026-01-01')"
        )
        connection.exec_driver_sql("DELETE FROM roles WHERE key = 'staff'")
    with pytest.raises(SchemaOutdated, match="bulletin db upgrade"):
        schema.ensure(database, NOON)
    assert schema.upgrade(database, NOON) == ("0001", schema.head())
    with database.read() as connection:
        issue = Issues(connection).get("old")
        roles = tuple(Roles(connection).list_roles())
    database.close()
    assert roles == DEFAULT_ROLES
    assert (issue.title, issue.helplines, issue.diary, issue.length) == ("Old", (), True, None)


def _upgrade_to(upgrade: Callable[..., None], revision: str, config: Config, _head: str) -> None:
    upgrade(config, revision)


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE pupils (id INTEGER)")
    theirs.close()
    database = Database(f"sqlite:///{path}")
    for touch in (schema.ensure, schema.upgrade):
        with pytest.raises(StoreError, match="other tables"):
            touch(database, NOON)
    database.close()


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear colleague, this is not a database at all. " * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="no database"):
        schema.ensure(database, NOON)
    database.close()


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "nonsense", "sqlite://", "sqlite:////no/such/folder/x.db"]
)
def test_an_address_that_names_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="BULLETIN_DATABASE_URL"):
        Database(url)


def test_sqlite_is_durable_and_checks_its_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bulletin.db'}")
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30000,
    }
