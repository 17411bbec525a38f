"""Sessions: who is at the desk, from signing in to signing out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from bulletin.models.accounts import OpenSession
from bulletin.models.people import User
from bulletin.store.store import Store, Transaction

IDLE = timedelta(hours=12)
"""For how long a session lasts that nobody uses."""
LONGEST = timedelta(days=7)
"""For how long a session lasts at most."""
_NOTED_EVERY = timedelta(minutes=5)  # so that looking at pages seldom writes
_LONGEST_AGENT = 300  # characters; browsers say half of that


class Sessions:
    """Opens, recognises and ends sessions. A token is 256 random bits; the store has its hash."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, user: User, agent: str = "") -> str:
        """Start a session; returns its token. agent: what the browser calls itself."""
        with self._store.write() as tx:
            return self.open_in(tx, user, agent)

    def open_in(self, tx: Transaction, user: User, agent: str = "") -> str:
        """The same, within a transaction."""
        token = secrets.token_urlsafe(32)
        now = self._store.clock()
        tx.sessions.open(_hashed(token), user.id, now, now + IDLE, agent=agent[:_LONGEST_AGENT])
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
                tx.sessions.seen(_hashed(token), now, IDLE, LONGEST)
        return user

    def close(self, token: str) -> None:
        with self._store.write() as tx:
            tx.sessions.close(_hashed(token))

    def of(self, user: User, token: str) -> Sequence[OpenSession]:
        """Where somebody is signed in; token: of the session that asks."""
        with self._store.read() as tx:
            return tx.sessions.of(user.id, self._store.clock(), _hashed(token))

    def end(self, user: User, session_id: int) -> bool:
        """End one of somebody's own sessions; false if it is over already."""
        with self._store.write() as tx:
            return tx.sessions.end(user.id, session_id)

    def end_all(self, user: User) -> None:
        """Sign somebody out everywhere."""
        with self._store.write() as tx:
            tx.sessions.end_all(user.id)

    def forget(self) -> int:
        """Delete sessions and links that are over. Returns how many."""
        now = self._store.clock()
        with self._store.write() as tx:
            return tx.sessions.forget(now) + tx.one_time_links.forget(now)

    def renew_in(self, tx: Transaction, user: User, agent: str) -> str:
        """End all sessions of somebody and open one: after a change of what they sign in with."""
        tx.sessions.end_all(user.id)
        return self.open_in(tx, user, agent)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
