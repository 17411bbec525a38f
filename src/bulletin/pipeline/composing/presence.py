"""Presence: who else is at work on an issue or an item. It warns, and never locks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bulletin.models.composing import Presence
from bulletin.models.people import User
from bulletin.store.store import Store

# Pages tell every 30 seconds that they are open; whoever has missed four of these has gone.
FORGOTTEN_AFTER = timedelta(minutes=2)


class Presences:
    """Notes who is where, in the database, so that all processes know."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(
        self, user: User, here: Collection[str], around: Collection[str] = ()
    ) -> list[Presence]:
        """Somebody is at these subjects ("issue:12", "item:7").

        Returns who else is, there and at what is around it.
        """
        now = self._store.clock()
        with self._store.write() as tx:
            tx.presences.forget(now - FORGOTTEN_AFTER)
            for subject in here:
                tx.presences.note(subject, user.id, now)
            return tx.presences.others({*here, *around}, user.id, now - FORGOTTEN_AFTER)
