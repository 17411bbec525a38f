"""The tables of procrastinate, the job queue in PostgreSQL: made, brought up to date, compared.

The library ships its schema whole, and as a series of migrations for databases that have an
older one. The name of the newest migration that a database has is kept as the comment of the
table of jobs, so that a newer library is noticed and `bulletin db upgrade` applies what it adds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, literal, text

if TYPE_CHECKING:
    from procrastinate.schema import SchemaManager

PREFIX = "procrastinate_"
_APPLIED = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")


def make(connection: Connection) -> None:
    """Make the tables, in the transaction that is open. Only PostgreSQL can hold them."""
    _run(connection, _library().get_schema())
    _note(connection, newest())


def bring_up_to_date(connection: Connection) -> None:
    """Apply the library's migrations that the database has not had, if it holds jobs at all."""
    applied = applied_to(connection)
    if applied is None:
        return
    for path in _migrations():
        if path.name > applied:
            _run(connection, path.read_text(encoding="utf-8"))
            _note(connection, path.name)


def applied_to(connection: Connection) -> str | None:
    """The newest migration that the database has had; None on SQLite, which holds no jobs."""
    if connection.dialect.name != "postgresql":
        return None
    found: str | None = connection.execute(_APPLIED).scalar_one()
    return found


def newest() -> str:
    """The newest migration of the library that is installed."""
    return _migrations()[-1].name


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is described by our own tables (Alembic's `include_name`)."""
    return kind != "table" or not (name or "").startswith(PREFIX)


def _migrations() -> list[Path]:
    return sorted(Path(_library().get_migrations_path()).glob("*.sql"))


def _library() -> type[SchemaManager]:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415  # 0.2 s that SQLite needs not

    return SchemaManager


def _run(connection: Connection, script: str) -> None:
    # By the driver itself: it reads no % as a parameter when there are none, and takes a script
    # of several statements.
    driver: Any = connection.connection.driver_connection
    driver.execute(script)


def _note(connection: Connection, name: str) -> None:
    quoted = literal(name).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS {quoted}")
