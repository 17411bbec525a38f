"""Sessions of those who signed in, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bulletin.models.people import User, UserRole
from bulletin.store.tables import sessions, users


class Sessions:
    """Each is known by the SHA-256 of its token, never by the token."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, token_hash: bytes, user_id: int, now: datetime, expires_at: datetime) -> None:
        values = {
            "token_hash": token_hash,
            "user_id": user_id,
            "opened_at": now,
            "seen_at": now,
            "expires_at": expires_at,
        }
        self._connection.execute(insert(sessions).values(values))

    def user(self, token_hash: bytes, now: datetime) -> tuple[User, datetime] | None:
        """Whose session it is and when they were last seen; None if it is over or unknown."""
        row = self._connection.execute(
            select(users, sessions.c.seen_at)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
        ).first()
        if row is None:
            return None
        return User(row.id, row.email, UserRole(row.role), row.created_at), row.seen_at

    def seen(self, token_hash: bytes, now: datetime, expires_at: datetime) -> None:
        self._connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(seen_at=now, expires_at=expires_at)
        )

    def close(self, token_hash: bytes) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))
