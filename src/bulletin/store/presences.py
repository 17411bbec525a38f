"""Who is at work on what, as far as they were seen lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bulletin.models.composing import Presence
from bulletin.store.tables import presences, users
from bulletin.store.upsert import upsert


class Presences:
    """In one transaction. What is noted here locks nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, subject: str, user_id: int, now: datetime) -> None:
        """Somebody is at an issue or item, such as "item:7"."""
        put = upsert(self._connection, presences)
        put = put.values(subject=subject, user_id=user_id, seen_at=now)
        keys = ["subject", "user_id"]
        self._connection.execute(
            put.on_conflict_do_update(index_elements=keys, set_={"seen_at": now})
        )

    def forget(self, before: datetime) -> None:
        """Forget all who were not seen since."""
        self._connection.execute(delete(presences).where(presences.c.seen_at < before))

    def leave(self, subject: str, user_id: int) -> None:
        mine = (presences.c.subject == subject) & (presences.c.user_id == user_id)
        self._connection.execute(delete(presences).where(mine))

    def others(self, subjects: Collection[str], user_id: int, since: datetime) -> list[Presence]:
        """Who else was seen there since, by their address."""
        query = (
            select(presences.c.subject, users.c.email, presences.c.seen_at)
            .join(users, users.c.id == presences.c.user_id)
            .where(presences.c.subject.in_(list(subjects)), presences.c.user_id != user_id)
            .where(presences.c.seen_at >= since)
            .order_by(users.c.email, presences.c.subject)
        )
        return [
            Presence(row.subject, row.email, row.seen_at) for row in self._connection.execute(query)
        ]
