"""The trail of what people did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Text, func, insert, select

from bulletin.store.among import among
from bulletin.store.tables import audit


class Audit:
    """Who did what, when; nothing here is ever changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self, actor: str, action: str, subject: str, now: datetime, **detail: object
    ) -> None:
        """subject: what it was done to, such as "issue:12"; detail: JSON values, no secrets."""
        values = {"at": now, "actor": actor, "action": action, "subject": subject, "detail": detail}
        self._connection.execute(insert(audit).values(values))

    def history(self, subject: str) -> list[tuple[datetime, str, str, Mapping[str, object]]]:
        """(when, by whom, what, detail), oldest first."""
        query = select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
        return [
            (row.at, row.actor, row.action, row.detail) for row in self._connection.execute(query)
        ]

    def actors(
        self, subjects: Iterable[str], *, but_for: Iterable[str], after: int
    ) -> frozenset[str]:
        """Who did anything to one of the subjects, but for these things.

        after: the number of an entry.
        """
        query = select(audit.c.actor).where(
            audit.c.subject.in_(among(self._connection, subjects, Text())),
            audit.c.action.not_in(list(but_for)),
            audit.c.id > after,
        )
        return frozenset(self._connection.scalars(query.distinct()))

    def last(self, subject: str, action: str) -> int:
        """The number of the last entry that says so of a subject, or 0."""
        query = select(func.max(audit.c.id)).where(
            audit.c.subject == subject, audit.c.action == action
        )
        return self._connection.scalar(query) or 0
