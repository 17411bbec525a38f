"""Dispatch: what a worker does with a job, and the sweep that makes jobs out of the ledger.

A job says no more than where to look. Whatever happens to it, the ledger knows what is left, and
the next sweep makes a job of it again.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import structlog

from bulletin.errors import BulletinError, TransportBlocked, TransportUnavailable
from bulletin.pipeline.deliver import Delivery, Halt
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.owners import has_died
from bulletin.pipeline.patience import Patience
from bulletin.store.store import Store


class Dispatch:
    """The jobs of one worker process. Safe to share between its threads."""

    def __init__(self, store: Store, delivery: Delivery, correspondence: Correspondence) -> None:
        self._store = store
        self._delivery = delivery
        self._correspondence = correspondence
        self._log = structlog.get_logger("bulletin.worker")
        self._copies = _Turn()
        self._letters = _Turn()

    def chunk(self, issue_id: int, position: int, stop: threading.Event) -> None:
        """Send a chunk if it can run now, and have it looked at again if anything of it is left.

        If it could not be sent, others may try, and this thread waits before it does more: that
        may be a fault of this machine. Only when the other side asked for time does everybody wait.
        stop: set it and the copies in hand are finished, no more taken.
        """
        settled: list[int] = []
        halt = self._delivery.run_chunk(issue_id, position, stop, settled.append)
        if settled:
            self._log.info("settled", issue=issue_id, chunk=position, copies=sum(settled))
        rest = self._copies.heed(halt.error, self._store.clock())
        if halt.error is not None:
            self._log.warning("stopped", issue=issue_id, chunk=position, reason=_said(halt.error))
        if _goes_on(halt):
            asked = rest if _asks_for_time(halt.error) else None
            with self._store.write() as tx:
                if asked is not None:
                    tx.chunks.rest(issue_id, asked)
                tx.jobs.chunk(issue_id, position, _later(halt, asked))
            if rest is not None and asked is None:
                stop.wait((rest - self._store.clock()).total_seconds())

    def letters(self, stop: threading.Event) -> None:
        """Send the letters that wait, unless what sends them was away a moment ago."""
        now = self._store.clock()
        if not self._letters.is_on(now):
            return
        trouble = self._correspondence.send(stop)
        rest = self._letters.heed(trouble, now)
        if trouble is not None:
            self._log.warning("letters wait", reason=_said(trouble))
        if rest is not None or stop.is_set():
            with self._store.write() as tx:
                tx.jobs.letters(rest)

    def sweep(self) -> None:
        """Make jobs of what can be done and has none, and settle what a death left open.

        Safe to run in any number of processes at once.
        """
        self._delivery.settle_orphans()
        for issue in self._delivery.sending():
            self._look_after(issue.id)
        with self._store.write() as tx:
            made = tx.jobs.chunks()
        if made:
            self._log.info("dispatched", chunks=made)
        self._sweep_letters()

    def _look_after(self, issue_id: int) -> None:
        with self._store.read() as tx:
            finished = not tx.chunks.open(issue_id)
            dead = [holder for holder in tx.chunks.owners(issue_id) if has_died(holder)]
        if finished:
            self._delivery.settle(issue_id)
        if dead:  # nobody has to wait until their leases run out
            with self._store.write() as tx:
                for holder in dead:
                    tx.chunks.expire(issue_id, holder, tx.lease_clock())

    def _sweep_letters(self) -> None:
        now = self._store.clock()
        with self._store.write() as tx:
            if self._letters.is_on(now) and tx.letters.any_ready(now):
                tx.jobs.letters(found=True)


class _Turn:
    """Whether something is to be tried now, after what became of it before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._patience = Patience()
        self._until: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        with self._lock:
            return self._until is None or self._until <= now

    def heed(self, trouble: Exception | None, now: datetime) -> datetime | None:
        """Until when to leave it alone; None to go on. Several failures at once count as one."""
        with self._lock:
            if trouble is None:
                self._patience.regain()
                self._until = None
            elif self._until is None or self._until <= now:
                self._until = now + timedelta(seconds=self._patience.lose(trouble))
            return self._until


def _goes_on(halt: Halt) -> bool:
    """Whether to come back: not where nothing is left, nor where a person has to act first."""
    if isinstance(halt.error, TransportBlocked):
        return False
    return halt.stopped or halt.error is not None or halt.next_moment is not None


def _asks_for_time(error: Exception | None) -> bool:
    return isinstance(error, TransportUnavailable) and error.retry_after is not None


def _later(halt: Halt, rest: datetime | None) -> datetime | None:
    moments = [moment for moment in (halt.next_moment, rest) if moment is not None]
    return max(moments, default=None)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, BulletinError) else f"{type(error).__name__}: {error}"
