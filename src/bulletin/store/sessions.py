"""Sessions of those who signed in, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from bulletin.models.accounts import OpenSession
from bulletin.models.people import User
from bulletin.store.tables import sessions, users
from bulletin.store.users import user_of


class Sessions:
    """Each is known by the SHA-256 of its token, never by the token."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(
        self,
        token_hash: bytes,
        user_id: int,
        now: datetime,
        expires_at: datetime,
        *,
        agent: str = "",
    ) -> None:
        values = {
            "token_hash": token_hash,
            "user_id": user_id,
            "agent": agent,
            "opened_at": now,
            "seen_at": now,
            "expires_at": expires_at,
        }
        self._connection.execute(insert(sessions).values(values))

    def user(self, token_hash: bytes, now: datetime) -> tuple[User, datetime] | None:
        """Whose session it is and when they were last seen; None if it is over or unknown, or they
        are switched off."""
        row = self._connection.execute(
            select(users, sessions.c.seen_at)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(
                sessions.c.token_hash == token_hash,
                sessions.c.expires_at > now,
                users.c.disabled_at.is_(None),
            )
        ).first()
        return None if row is None else (user_of(row), row.seen_at)

    def seen(self, token_hash: bytes, now: datetime, idle: timedelta, longest: timedelta) -> None:
        """Let a session last for so much longer, but never longer in all than that."""
        this = sessions.c.token_hash == token_hash
        opened_at = self._connection.scalar(select(sessions.c.opened_at).where(this))
        if opened_at is not None:
            until = min(now + idle, opened_at + longest)
            self._connection.execute(
                update(sessions).where(this).values(seen_at=now, expires_at=until)
            )

    def of(self, user_id: int, now: datetime, token_hash: bytes) -> Sequence[OpenSession]:
        """Where somebody is signed in, the newest first; token_hash: of the one that asks."""
        query = (
            select(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.expires_at > now)
            .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
        )
        return [
            OpenSession(row.id, row.agent, row.opened_at, row.seen_at, row.token_hash == token_hash)
            for row in self._connection.execute(query)
        ]

    def close(self, token_hash: bytes) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end(self, user_id: int, session_id: int) -> bool:
        """End one of somebody's sessions; false if they have no such one."""
        mine = (sessions.c.user_id == user_id, sessions.c.id == session_id)
        return self._connection.execute(delete(sessions).where(*mine)).rowcount == 1

    def end_all(self, user_id: int) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def forget(self, now: datetime) -> int:
        """Delete sessions that are over. Returns how many."""
        over = sessions.c.expires_at <= now
        return self._connection.execute(delete(sessions).where(over)).rowcount
