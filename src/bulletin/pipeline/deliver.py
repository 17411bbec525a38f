"""Deliver: the one code path that hands copies over, embedded or distributed.

Intent first: copies are marked `sending` in a committed transaction before the transport is
called. Afterwards each is submitted, failed, waiting for another try, or uncertain; and what a
crash leaves `sending` becomes uncertain when its chunk's lease runs out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.errors import Refused, TransportBlocked, TransportError, TransportStopped
from bulletin.models.issues import Issue, IssueState, Snapshot
from bulletin.models.pace import NO_LIMITS, Limits
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.correct import check_nothing_corrects
from bulletin.pipeline.handover import Handover, Means
from bulletin.pipeline.owners import has_died
from bulletin.pipeline.pacing import Pacing
from bulletin.pipeline.press import Press
from bulletin.store.store import Store, Transaction
from bulletin.transports.base import Transport

PAUSED_BY_HAND = "paused by a person"
_ACTIONS = {IssueState.APPROVED: "issue.unschedule"}
_PRESSES = 4  # issues that one sender prints at once are few


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run stopped with copies left: a person's wish, the transport's refusal, or neither."""

    error: Exception | None = None
    stopped: bool = False
    next_moment: datetime | None = None


def _never() -> bool:
    return False


def _nobody_looks(_issue_id: int) -> None:
    pass


class Delivery:
    """Sends what the ledger holds.

    open_transport: makes a transport for one thread.
    addressing:     makes what fills in the personal half of copies, read afresh for each run.
    connections:    how many threads send at once.
    lease:          how long a chunk is held without a sign of life; longer than a transport's
                    timeout, else a slow answer makes copies uncertain that were not.
    zone:           where the readers are, for the day on which a pause ends.
    rehearsals:     whether it sends rehearsals, which nobody else may, and nothing else.
    press:          makes what prints an issue's copies; of its id and what was approved.
    limits:         how fast copies may go.
    look:           looks whether an issue with failures or doubts should go on; told its number.
    """

    def __init__(
        self,
        store: Store,
        *,
        open_transport: Callable[[], Transport],
        addressing: Callable[[], Addressing],
        connections: int,
        lease: timedelta,
        zone: ZoneInfo,
        rehearsals: bool = False,
        press: Callable[[int, Snapshot], Press] = Press,
        limits: Limits = NO_LIMITS,
        look: Callable[[int], object] = _nobody_looks,
    ) -> None:
        self._store = store
        pacing = Pacing(limits, zone, store.clock)
        self._means = Means(store, open_transport, lease, pacing, look)
        self._make_press = press
        self._press = lru_cache(maxsize=_PRESSES)(self._set_up_press)
        self._addressing = addressing
        self._rehearsals = rehearsals
        self._connections = connections

    def run(
        self,
        reference: str | int,
        stop: threading.Event,
        sent: Callable[[int], None],
        *,
        enough: Callable[[], bool] = _never,
    ) -> Halt:
        """Send every chunk that can run now, then say what keeps the rest.

        stop: set it and the copies in flight are finished, no more begun.
        sent: called with a number of copies each time their outcomes are recorded.
        enough: asked now and then by all its threads; once it says so it is as with `stop`, but
        outcomes are kept for as long as the database is away.
        """
        with self._store.write() as tx:
            issue = self._locked(tx, reference)
            for owner in filter(has_died, tx.chunks.owners(issue.id)):
                tx.chunks.expire(issue.id, owner, tx.lease_clock())
            tx.chunks.settle(issue.id)
            threads = self._connections if tx.chunks.open(issue.id) else 0
        handover = self._handover(issue.id, None, stop, sent, enough) if threads else None
        if handover is None:
            return self._halt(issue.id, None, stopped=stop.is_set())
        with ThreadPoolExecutor(threads, thread_name_prefix="sender") as pool:
            for finished in [pool.submit(handover.work) for _ in range(threads)]:
                finished.result()
        return self._halt(issue.id, handover.error, stopped=stop.is_set())

    def run_chunk(
        self, issue_id: int, position: int, stop: threading.Event, sent: Callable[[int], None]
    ) -> Halt:
        """Send one chunk in this thread, if it can run now, then settle its issue; a worker's job.

        `next_moment` of the answer is when to come back for this chunk: when its retries are due,
        or when the lease of somebody else who holds it ends. None: nothing of it is left.
        """
        handover = self._handover(issue_id, position, stop, sent)
        handover.work()
        halt = self._halt(issue_id, handover.error, stopped=stop.is_set())
        with self._store.read() as tx:
            sends = tx.issues.get(issue_id).state is IssueState.SENDING
            again = tx.chunks.next_moment(issue_id, position) if sends else None
        return replace(halt, next_moment=again)

    def _handover(
        self,
        issue_id: int,
        position: int | None,
        stop: threading.Event,
        sent: Callable[[int], None],
        enough: Callable[[], bool] = _never,
    ) -> Handover:
        with self._store.read() as tx:
            issue = tx.issues.get(issue_id)
        press = self._press(issue.id, issue.approved_hash)
        addressing = self._addressing()
        return Handover(
            self._means, issue, position, press, addressing, stop=stop, sent=sent, enough=enough
        )

    def _set_up_press(self, issue_id: int, _approved: str | None) -> Press:
        with self._store.read() as tx:
            snapshot = tx.issues.snapshot(tx.issues.get(issue_id))
        return self._make_press(issue_id, snapshot)

    def _halt(self, issue_id: int, error: Exception | None, *, stopped: bool) -> Halt:
        with self._store.write() as tx:
            issue = tx.issues.lock(issue_id)
            now = self._store.clock()
            settled = tx.chunks.settle(issue_id)
            if issue.state is IssueState.CANCELLED:
                tx.ledger.cancel(issue_id, tx.lease_clock())
            elif issue.state is not IssueState.SENDING:
                tx.ledger.abandon(issue_id, tx.lease_clock())
            elif isinstance(error, TransportBlocked):
                tx.issues.move(issue, IssueState.PAUSED, now, reason=str(error))
            elif settled:
                tx.issues.move(issue, IssueState.SENT, now, finished_at=now)
            else:
                tx.issues.note(issue, _away(error))
            next_moment = tx.chunks.next_moment(issue_id)
        return Halt(error=error, stopped=stopped, next_moment=next_moment)

    def settle(self, issue_id: int) -> None:
        """Call an issue sent if nothing of it is left, as whoever sent its last copy died."""
        self._halt(issue_id, None, stopped=False)

    def settle_orphans(self) -> None:
        """Show what a sender that died had in hand of an issue that is paused or cancelled: nobody
        takes its chunk over, and so nobody else would find out."""
        with self._store.read() as tx:
            orphaned = tx.chunks.orphaned(tx.lease_clock())
        for issue_id in orphaned:
            self.settle(issue_id)

    def sending(self) -> list[Issue]:
        """Issues that have copies to send."""
        with self._store.read() as tx:
            return tx.issues.list_issues(states=[IssueState.SENDING])

    def others_wait(self, issue_id: int) -> bool:
        """Whether an issue that is being sent, other than this, has copies that can go now."""
        with self._store.read() as tx:
            return tx.chunks.free_besides(issue_id, tx.lease_clock())

    def pause(self, reference: str, actor: str) -> Issue:
        """Begin no more copies; those in flight are finished. Raises Refused if none go."""
        to = IssueState.PAUSED
        return self._move(reference, {IssueState.SENDING}, to, actor, reason=PAUSED_BY_HAND)

    def resume(self, reference: str, actor: str) -> Issue:
        """Go on with a paused issue, whatever it cost. Raises Refused if it was corrected."""
        return self._move(reference, {IssueState.PAUSED}, IssueState.SENDING, actor)

    def unschedule(self, reference: str, actor: str) -> Issue:
        """Take a schedule away: the issue is approved and waits for a person."""
        nothing = {"scheduled_at": None, "missed_at": None}
        return self._move(reference, {IssueState.SCHEDULED}, IssueState.APPROVED, actor, **nothing)

    def cancel(self, reference: str, actor: str) -> Issue:
        """Send no more of an issue, for good. What has gone cannot be recalled."""
        open_ones = {
            IssueState.SENDING, IssueState.PAUSED, IssueState.SCHEDULED, IssueState.APPROVED
        }  # fmt: skip
        reason = "cancelled by a person"
        return self._move(reference, open_ones, IssueState.CANCELLED, actor, reason=reason)

    def _move(
        self,
        reference: str,
        allowed: set[IssueState],
        to: IssueState,
        actor: str,
        **values: Any,
    ) -> Issue:
        with self._store.write() as tx:
            issue = self._locked(tx, reference)
            now = self._store.clock()
            if issue.state not in allowed:
                raise Refused(_why_not(issue, to))
            if to is IssueState.CANCELLED:
                tx.ledger.cancel(issue.id, tx.lease_clock())
            tx.issues.move(issue, to, now, **values)
            if to is IssueState.SENDING:
                check_nothing_corrects(tx, issue)
                tx.deliveries.overlook(issue.id)
                tx.chunks.wake(issue.id)
            tx.jobs.chunks(issue.id)
            action = _ACTIONS.get(to, f"issue.{to.value}")
            tx.audit.record(actor, action, f"issue:{issue.id}", now)
            return tx.issues.get(issue.id)

    def _locked(self, tx: Transaction, reference: str | int) -> Issue:
        """The issue, if it is of the kind that goes this way: no rehearsal goes the real one."""
        issue = tx.issues.lock(reference)
        if (issue.rehearsal_of is not None) is self._rehearsals:
            return issue
        kind = "no rehearsal" if self._rehearsals else "a rehearsal: repeat it from its issue"
        raise Refused(f"Issue '{issue.slug}' is {kind}.")


def _away(error: Exception | None) -> str:
    """Why nothing can be handed over for now, or ""."""
    if isinstance(error, TransportError) and not isinstance(error, TransportStopped):
        return str(error)
    return ""


def _why_not(issue: Issue, to: IssueState) -> str:
    """A sentence for a state that an issue cannot go to from where it is."""
    if issue.state is to and to is not IssueState.APPROVED:
        return f"Issue '{issue.slug}' is {to.value} already."
    wanted = {
        IssueState.SENDING: "only a paused issue goes on",
        IssueState.PAUSED: "only one that is being sent can pause",
        IssueState.APPROVED: "only a scheduled one has a schedule to take away",
        IssueState.CANCELLED: "it cannot be cancelled",
    }
    return f"Issue '{issue.slug}' is {issue.state.value}; {wanted[to]}."
