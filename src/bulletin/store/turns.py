"""Who brings people in, moves or erases one, or plans for all takes turns: none misses another."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

_LOCK = 7_226_001  # any number, as long as nothing else in this database locks the same


def take_turns(connection: Connection, *, many: bool) -> None:
    """Wait for the others until this transaction may go on, and hold them off until it ends.

    many: beside whoever says so as well. SQLite's writers take turns by themselves.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if many else func.pg_advisory_xact_lock
        connection.execute(select(lock(_LOCK)))
