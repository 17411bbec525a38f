"""Watch: whether what should happen happens, for probes and for whoever watches the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bulletin.models.vitals import Pulse, Vitals
from bulletin.store.store import Store

_TOO_LONG = timedelta(minutes=1)


class Watch:
    """Looks; changes nothing.

    workers: whether copies are sent by `bulletin worker`.
    """

    def __init__(self, store: Store, *, workers: bool) -> None:
        self._store = store
        self._workers = workers

    def missing(self) -> list[str]:
        """What has not happened for a minute although it could, a sentence each.

        Raises StoreError if the database does not answer.
        """
        now = self._store.clock()
        with self._store.read() as tx:
            pulse = tx.vitals.pulse(now, workers=self._workers)
        return list(_complaints(pulse, now - _TOO_LONG))

    def vitals(self) -> Vitals:
        """All numbers. Raises StoreError."""
        now = self._store.clock()
        with self._store.read() as tx:
            pulse = tx.vitals.pulse(now, workers=self._workers)
            return Vitals(now, pulse, tx.vitals.copies())


def _complaints(pulse: Pulse, before: datetime) -> Iterator[str]:
    if pulse.workers == 0:
        yield "No worker has given a sign of life for a minute: is `bulletin worker` running?"
    who = "`bulletin worker --pool {}`" if pulse.workers is not None else "the log of this process"
    if pulse.free_since and pulse.free_since < before and not pulse.held_chunks:
        yield f"Copies wait and nobody sends them: look at {who.format('bulk')}."
    if pulse.letters_since and pulse.letters_since < before:
        yield f"Letters have waited for a minute: look at {who.format('transactional')}."
