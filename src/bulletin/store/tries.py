"""Tries that failed, so that guessing is slow; shared by all processes of an installation."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bulletin.models.accounts import TryKind
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import tries
from bulletin.store.upsert import upsert


class Tries:
    """Counts by keyed hashes of who tries, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def held(self, kind: TryKind, who: str, now: datetime) -> tuple[int, datetime, datetime]:
        """(how many failed, the last of them, when the next may come), and nobody else may count
        for them until this transaction ends."""
        key = self._hash(who)
        row = {"kind": kind, "key": key, "failed": 0, "last_at": now, "free_at": now}
        self._connection.execute(
            upsert(self._connection, tries).values(row).on_conflict_do_nothing()
        )
        found = self._connection.execute(
            select(tries).where(tries.c.kind == kind, tries.c.key == key).with_for_update()
        ).one()
        return found.failed, found.last_at, found.free_at

    def count(self, kind: TryKind, who: str, failed: int, now: datetime, wait: timedelta) -> None:
        """failed: how many there are with this one; wait: until the next may come."""
        self._connection.execute(
            update(tries)
            .where(tries.c.kind == kind, tries.c.key == self._hash(who))
            .values(failed=failed, last_at=now, free_at=now + wait)
        )

    def take_back(self, kind: TryKind, who: str, now: datetime) -> None:
        """One that was counted has not failed after all."""
        self._connection.execute(
            update(tries)
            .where(tries.c.kind == kind, tries.c.key == self._hash(who), tries.c.failed > 0)
            .values(failed=tries.c.failed - 1, free_at=now)
        )

    def clear(self, kind: TryKind, who: str) -> None:
        this = (tries.c.kind == kind, tries.c.key == self._hash(who))
        self._connection.execute(delete(tries).where(*this))

    def forget(self, before: datetime) -> int:
        """Delete what was last counted before then. Returns how many."""
        return self._connection.execute(delete(tries).where(tries.c.last_at < before)).rowcount
