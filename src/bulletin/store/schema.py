"""The schema's version: making it, upgrading it, and refusing one that we do not know."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select

from bulletin.errors import SchemaOutdated, SchemaTooNew, StoreError
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.store import jobs_schema
from bulletin.store.database import Database
from bulletin.store.tables import installation, roles
from bulletin.store.turns import take_turns


def ensure(database: Database, now: datetime) -> None:
    """Make the tables in an empty database; check the version of any other.

    Raises SchemaOutdated or SchemaTooNew, and StoreError when the tables are somebody else's.
    """
    with database.read() as connection:
        current = _current(connection)
        jobs = jobs_schema.applied_to(connection) if current == head() else None
    if current is None:
        upgrade(database, now)
    elif current != head():
        known = {script.revision for script in _scripts().walk_revisions()}
        if current not in known:
            raise SchemaTooNew(
                f"The database was written by a newer Bulletin (its schema is {current}; this "
                f"one knows up to {head()}). Install that version again."
            )
        raise SchemaOutdated(
            f"The database's schema is {current} and this Bulletin needs {head()}. "
            "Make a backup, then run: bulletin db upgrade"
        )
    elif jobs is not None:
        _check_jobs(jobs)


def _check_jobs(applied: str) -> None:
    newest = jobs_schema.newest()
    if applied < newest:
        raise SchemaOutdated(
            "The tables of the job queue are older than the procrastinate that is installed. "
            "Stop all workers, then run: bulletin db upgrade"
        )
    if applied > newest:
        raise SchemaTooNew(
            "The tables of the job queue were made by a newer procrastinate than is installed. "
            "Install the one that came with this Bulletin."
        )


def upgrade(database: Database, now: datetime) -> tuple[str | None, str]:
    """Bring the schema to this version, all or nothing. Returns the versions before and after.

    Raises StoreError, and touches nothing, when the tables are somebody else's.
    """
    with database.begin() as connection:
        take_turns(connection, many=False)  # machines may be started together
        before = _current(connection)
        if before is None and inspect(connection).get_table_names():
            raise StoreError(
                "This database holds other tables and was not made by Bulletin. "
                "Choose an empty one in BULLETIN_DATABASE_URL."
            )
        if before is not None and before not in {s.revision for s in _scripts().walk_revisions()}:
            raise SchemaTooNew(f"The database's schema {before} is newer than this Bulletin.")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        jobs_schema.bring_up_to_date(connection)
        _seed(connection, now)
    return before, head()


def head() -> str:
    """The newest schema version this Bulletin knows."""
    revision = _scripts().get_current_head()
    if revision is None:
        raise StoreError("This Bulletin was installed without its migrations; install it again.")
    return revision


def _seed(connection: Connection, now: datetime) -> None:
    if connection.scalar(select(installation.c.id)) is None:
        connection.execute(
            insert(installation).values(id=1, address_key=secrets.token_bytes(32), created_at=now)
        )
        connection.execute(
            insert(roles),
            [
                {
                    "key": role.key,
                    "name": role.name,
                    "short": role.short,
                    "aliases": list(role.aliases),
                    "position": position,
                }
                for position, role in enumerate(DEFAULT_ROLES)
            ],
        )


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
