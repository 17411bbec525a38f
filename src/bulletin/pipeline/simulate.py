"""Simulate: what the simulator would tell later of the copies it took, as a provider does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bulletin.models.events import MADE_UP, Event
from bulletin.pipeline.events import Intake
from bulletin.store.rehearsals import Simulated
from bulletin.store.store import Store
from bulletin.transports.simulator import news

_AT_ONCE = 1000
_LOOK_BACK = timedelta(days=1)  # what it has not told by then it never tells


class Simulating:
    """Tells what became of simulated copies, the way that all events come in.

    Nothing follows from it for anybody: nobody is suppressed for what was made up.
    """

    def __init__(self, store: Store, intake: Intake) -> None:
        self._store = store
        self._intake = intake

    def tell(self) -> int:
        """Tell the next of every simulated copy of late. Returns how many events there were."""
        now = self._store.clock()
        with self._store.read() as tx:
            recent = tx.rehearsals.begun_since(now - _LOOK_BACK)
        return sum(self.tell_of(issue_id) for issue_id in recent)

    def tell_of(self, issue_id: int) -> int:
        """The same for one issue, which may be a rehearsal."""
        told, last = 0, 0
        while True:
            with self._store.read() as tx:
                copies = tx.rehearsals.without_news(issue_id, MADE_UP, last, _AT_ONCE)
            if not copies:
                return told
            last = copies[-1].delivery_id
            events = [event for copy in copies for event in _news(copy, self._store.clock())]
            self._intake.record(events)
            told += len(events)


def _news(copy: Simulated, now: datetime) -> Iterator[Event]:
    for kind, words in news(copy.email, copy.state):
        yield Event(
            provider=MADE_UP,
            event_id=f"{copy.delivery_id}-{kind.value}",
            kind=kind,
            delivery_id=copy.delivery_id,
            occurred_at=now,
            address=copy.email,
            detail=words,
        )
