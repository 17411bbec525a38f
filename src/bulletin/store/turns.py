"""Taking turns: who brings people in, moves or erases one, or plans for all misses no other; of two
who bring the same news in the second finds it there; and of two editors neither waits for what the
other has while holding what the other needs."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, func, select


class Turns(IntEnum):
    """What is waited for. Any numbers, as long as nothing else in this database locks the same."""

    PEOPLE = 7_226_001
    LIBRARY = 7_226_002
    EDITORS = 7_226_003


def take_turns(connection: Connection, *, many: bool, over: Turns = Turns.PEOPLE) -> None:
    """Wait for the others until this transaction may go on, and hold them off until it ends.

    many: beside whoever says so as well. SQLite's writers take turns by themselves.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if many else func.pg_advisory_xact_lock
        connection.execute(select(lock(int(over))))
