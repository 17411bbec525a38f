"""The trail of what people did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

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
