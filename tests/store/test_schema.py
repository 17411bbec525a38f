"""The schema: made once, the same everywhere, and never guessed at."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
from bulletin.store import schema
from bulletin.store.database import Database
from bulletin.store.doubts import Doubts
from bulletin.store.issues import Issues
from bulletin.store.people import Roles
from bulletin.store.search_schema import is_ours
from bulletin.store.tables import metadata


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    schema.ensure(database, NOON)
    with database.read() as connection:
        ours = {"include_name": is_ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), metadata)
        noted = MigrationContext.configure(connection).get_current_revision()
    database.close()
    assert differences == []
    assert noted == schema.HEAD


def test_preparing_twice_changes_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    schema.ensure(database, NOON)
    schema.ensure(database, NOON)
    assert schema.upgrade(database, NOON) == (schema.HEAD, schema.HEAD)
    database.close()


def test_a_database_of_a_newer_version_is_refused(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    schema.ensure(database, NOON)
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="newer Bulletin"):
        schema.ensure(database, NOON)
    with pytest.raises(SchemaTooNew):
        schema.upgrade(database, NOON)
    database.close()


def test_an_older_database_is_upgraded_only_when_asked(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows stay, and the new columns have their defaults."""
    database = Database(empty_database_url)
    _make_older(database, "0001", monkeypatch)
    with database.begin() as connection:
        connection.exec_driver_sql(_AN_ISSUE)
        connection.exec_driver_sql("DELETE FROM roles WHERE key = 'staff'")
    with pytest.raises(SchemaOutdated, match="bulletin db upgrade"):
        schema.ensure(database, NOON)
    assert schema.upgrade(database, NOON) == ("0001", schema.HEAD)
    with database.read() as connection:
        issue = Issues(connection).get("old")
        roles = tuple(Roles(connection).list_roles())
    database.close()
    assert roles == DEFAULT_ROLES
    assert (issue.title, issue.helplines, issue.diary, issue.length) == ("Old", (), True, None)


def test_doubts_from_before_an_upgrade_can_be_listed(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody wrote down since when they are in doubt, and nobody may lose sight of them."""
    database = Database(empty_database_url)
    _make_older(database, "0002", monkeypatch)
    with database.begin() as connection:
        for statement in (
            _AN_ISSUE,
            "INSERT INTO role_sets (id, role_keys) VALUES (1, 'dsl')",
            _A_COPY.format(number=1, state="uncertain", tried="'2026-06-01 09:00:00.000000'"),
            _A_COPY.format(number=2, state="uncertain", tried="NULL"),
            _A_COPY.format(number=3, state="submitted", tried="NULL"),
        ):
            connection.exec_driver_sql(statement)
    schema.upgrade(database, NOON)
    with database.read() as connection:
        listed = Doubts(connection).listed(None, 10)
    database.close()
    assert [doubt.delivery_id for doubt in listed] == [1, 2]
    assert datetime.now(UTC) - listed[1].since < timedelta(minutes=1)


_AN_ISSUE = (
    "INSERT INTO issues (slug, title, subject, state, visibility, audience_include,"
    " audience_exclude, created_at, created_by, updated_at)"
    " VALUES ('old', 'Old', 'Old', 'draft', 'private', '[]', '[]',"
    " '2026-01-01', 'editor', '2026-01-01')"
)

_A_COPY = (
    "INSERT INTO deliveries (id, issue_id, role_set_id, nation, state, first_attempt_at)"
    " SELECT {number}, id, 1, 'all', '{state}', {tried} FROM issues"
)


def _make_older(database: Database, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare a database as an earlier version did."""
    with monkeypatch.context() as before:
        before.setattr(schema, "HEAD", version)
        before.setattr(command, "upgrade", partial(_upgrade_to, command.upgrade, version))
        schema.ensure(database, NOON)


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
