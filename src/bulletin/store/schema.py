"""The schema's version: making it, upgrading it, and refusing one that we do not know."""

from __future__ import annotations

import secrets
from datetime import datetime
from types import ModuleType
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from bulletin.errors import SchemaOutdated, SchemaTooNew, StoreError
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.store import jobs_schema
from bulletin.store.database import Database
from bulletin.store.tables import installation, roles
from bulletin.store.turns import take_turns

# The newest version: the last of the migrations.
HEAD: Final = "0006"
# Where Alembic notes the version.
_NOTED: Final = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def ensure(database: Database, now: datetime) -> None:
    """Make the tables in an empty database; check the version of any other.

    Raises SchemaOutdated or SchemaTooNew, and StoreError when the tables are somebody else's.
    """
    with database.read() as connection:
        current = _current(connection)
        jobs = jobs_schema.applied_to(connection) if current == HEAD else None
    if current is None:
        upgrade(database, now)
    elif current != HEAD:
        if current not in _migrating().versions():
            raise SchemaTooNew(
                f"The database was written by a newer Bulletin (its schema is {current}; this "
                f"one knows up to {HEAD}). Install that version again."
            )
        raise SchemaOutdated(
            f"The database's schema is {current} and this Bulletin needs {HEAD}. "
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
        if before is not None and before not in _migrating().versions():
            raise SchemaTooNew(f"The database's schema {before} is newer than this Bulletin.")
        _migrating().migrate(connection)
        jobs_schema.bring_up_to_date(connection)
        _seed(connection, now)
    return before, HEAD


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
    if not inspect(connection).has_table(_NOTED.name):
        return None
    return connection.scalar(select(_NOTED.c.version_num))


def _migrating() -> ModuleType:
    from bulletin.store import migrating  # noqa: PLC0415  # seldom needed, and slow to load

    return migrating
