"""Progressing: how the sending of an issue goes, quickly enough to be asked every two seconds."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletin.models.deliveries import DeliveryState
from bulletin.models.issues import Issue, IssueState
from bulletin.models.progress import Tally, Troubled
from bulletin.pipeline.outlook import Outlook, Remarks
from bulletin.store.store import Store

_WINDOW = 30.0  # seconds over which a speed is measured
_SHORTEST = 1.5  # seconds below which a measure says nothing
_REASONS = 5
_MOST = 64  # issues that are remembered


@dataclass(frozen=True, slots=True)
class Progress:
    """How an issue stands at a moment.

    per_second: copies settled in a second, or None while that is not known.
    time_left:  until the last copy that can go now has gone, at this speed; None if not known.
    """

    issue: Issue
    tally: Tally
    at: datetime
    remarks: Remarks
    per_second: float | None = None
    time_left: timedelta | None = None

    @property
    def is_moving(self) -> bool:
        """Whether it changes by itself, so that it is worth looking again in a moment."""
        return self.issue.state in {IssueState.SENDING, IssueState.SCHEDULED} or bool(
            self.tally.in_hand
        )


class Progressing:
    """Reads how issues go out. Safe to share between threads.

    ticks: seconds from a clock that only goes on, by which speeds are measured.
    """

    def __init__(
        self, store: Store, outlook: Outlook, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._outlook = outlook
        self._ticks = ticks
        self._lock = threading.Lock()
        self._seen: OrderedDict[int, deque[tuple[float, int]]] = OrderedDict()

    def of(self, reference: str | int) -> Progress:
        """How an issue stands now. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            tally = tx.tallies.of(issue.id)
            remarks = self._outlook.with_tally(tx, issue, tally)
        speed = self._speed(issue, tally)
        return Progress(
            issue,
            tally,
            self._store.clock(),
            remarks,
            per_second=speed,
            time_left=timedelta(seconds=tally.waiting / speed) if speed else None,
        )

    def reasons(self, reference: str | int) -> list[tuple[DeliveryState, str, int]]:
        """What mail servers said of copies that failed or wait: (state, their words, copies).

        The five most frequent. Raises NotFound.
        """
        with self._store.read() as tx:
            found = tx.tallies.reasons(tx.issues.get(reference).id, _REASONS)
        return [(DeliveryState(state), words, copies) for state, words, copies in found]

    def troubled(self, reference: str | int, limit: int) -> list[Troubled]:
        """Copies that failed, came back, or wait to be tried again. Raises NotFound."""
        with self._store.read() as tx:
            return tx.tallies.troubled(tx.issues.get(reference).id, limit)

    def _speed(self, issue: Issue, tally: Tally) -> float | None:
        """From what was seen within the last half minute; nothing is known at the first look."""
        if issue.state is not IssueState.SENDING:
            with self._lock:
                self._seen.pop(issue.id, None)
            return None
        now = self._ticks()
        with self._lock:
            looks = self._seen.setdefault(issue.id, deque())
            self._seen.move_to_end(issue.id)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)
            looks.append((now, tally.settled))
            while now - looks[0][0] > _WINDOW:
                looks.popleft()
            then, settled = looks[0]
        if now - then < _SHORTEST:
            return None
        return max(0.0, (tally.settled - settled) / (now - then))
