"""Sessions: who is at the desk, from signing in to signing out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from bulletin.models.people import User
from bulletin.store.store import Store

IDLE = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=5)  # so that looking at pages seldom writes


class Sessions:
    """Opens, recognises and ends sessions. A token is 256 random bits; the store has its hash."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, user: User) -> str:
        """Start a session; returns its token."""
        token = secrets.token_urlsafe(32)
        now = self._store.clock()
        with self._store.write() as tx:
            tx.sessions.open(_hashed(token), user.id, now, now + IDLE)
        return token

    def user(self, token: str) -> User | None:
        """Who a token stands for, or None if the session is over. Using it lets it last."""
        now = self._store.clock()
        with self._store.read() as tx:
            found = tx.sessions.user(_hashed(token), now)
        if found is None:
            return None
        user, seen_at = found
        if now - seen_at > _NOTED_EVERY:
            with self._store.write() as tx:
                tx.sessions.seen(_hashed(token), now, now + IDLE)
        return user

    def close(self, token: str) -> None:
        with self._store.write() as tx:
            tx.sessions.close(_hashed(token))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
