"""Deliver: the one code path that hands copies over, embedded or distributed.

Intent first: copies are marked `sending` in a committed transaction before the transport is
called. Afterwards each is submitted, failed, waiting for another try, or uncertain; and what a
crash leaves `sending` becomes uncertain when its chunk's lease runs out.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.errors import Refused, TransportBlocked, TransportError
from bulletin.models.deliveries import Consignment, Outcome, Receipt
from bulletin.models.issues import Issue, IssueState, Snapshot
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.press import Press
from bulletin.pipeline.retries import next_try
from bulletin.store.ledger import Claim, Taken, Verdict
from bulletin.store.store import Store, Transaction
from bulletin.transports.base import Transport

PAUSED_BY_HAND = "paused by a person"
RETRY_FOR = timedelta(hours=72)  # requirement 76


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run stopped with copies left: a person's wish, the transport's refusal, or neither."""

    error: Exception | None = None
    stopped: bool = False
    next_moment: datetime | None = None


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
    ) -> None:
        self._store = store
        self._press = press
        self._open_transport = open_transport
        self._addressing = addressing
        self._rehearsals = rehearsals
        self._connections = connections
        self._lease = lease
        self._zone = zone

    def run(self, reference: str | int, stop: threading.Event, sent: Callable[[int], None]) -> Halt:
        """Send every chunk that can run now, then say what keeps the rest.

        stop: set it and the copies in hand are finished, no more taken.
        sent: called with a number of copies each time their outcomes are recorded.
        """
        with self._store.write() as tx:
            issue = self._locked(tx, reference)
            for owner in filter(_has_died, tx.ledger.owners(issue.id)):
                tx.ledger.expire(issue.id, owner, tx.lease_clock())
            tx.ledger.settle(issue.id)
            open_chunks = tx.ledger.open_chunks(issue.id)
        run = self._prepare(issue.id, None, stop, sent)
        threads = max(1, min(self._connections, open_chunks))
        with ThreadPoolExecutor(threads, thread_name_prefix="sender") as pool:
            for finished in [pool.submit(run.work) for _ in range(threads)]:
                finished.result()
        return self._halt(issue.id, run.error, stopped=stop.is_set())

    def run_chunk(
        self, issue_id: int, position: int, stop: threading.Event, sent: Callable[[int], None]
    ) -> Halt:
        """Send one chunk, if it can run now, then settle its issue; a worker's job.

        `next_moment` of the answer is when to come back for this chunk: when its retries are due,
        or when the lease of somebody else who holds it ends. None: nothing of it is left.
        """
        run = self._prepare(issue_id, position, stop, sent)
        run.work()
        halt = self._halt(issue_id, run.error, stopped=stop.is_set())
        with self._store.read() as tx:
            sends = tx.issues.get(issue_id).state is IssueState.SENDING
            again = tx.ledger.next_moment(issue_id, position) if sends else None
        return replace(halt, next_moment=again)

    def _prepare(
        self,
        issue_id: int,
        position: int | None,
        stop: threading.Event,
        sent: Callable[[int], None],
    ) -> _Run:
        with self._store.read() as tx:
            snapshot = tx.issues.snapshot(tx.issues.get(issue_id))
        return _Run(
            store=self._store,
            issue_id=issue_id,
            position=position,
            open_press=lambda: self._press(issue_id, snapshot),
            open_transport=self._open_transport,
            addressing=self._addressing(),
            lease=self._lease,
            zone=self._zone,
            stop=stop,
            sent=sent,
        )

    def _halt(self, issue_id: int, error: Exception | None, *, stopped: bool) -> Halt:
        with self._store.write() as tx:
            issue = tx.issues.lock(issue_id)
            now = self._store.clock()
            settled = tx.ledger.settle(issue_id)
            if issue.state is IssueState.CANCELLED:
                tx.ledger.cancel(issue_id, tx.lease_clock())
            elif isinstance(error, TransportBlocked) and issue.state is IssueState.SENDING:
                tx.issues.move(issue, IssueState.PAUSED, now, reason=str(error))
            elif issue.state is IssueState.SENDING and settled:
                tx.issues.move(issue, IssueState.SENT, now, finished_at=now)
            next_moment = tx.ledger.next_moment(issue_id)
        return Halt(error=error, stopped=stopped, next_moment=next_moment)

    def settle(self, issue_id: int) -> None:
        """Call an issue sent if nothing of it is left, as whoever sent its last copy died."""
        self._halt(issue_id, None, stopped=False)

    def sending(self) -> list[Issue]:
        """Issues that have copies to send."""
        with self._store.read() as tx:
            return tx.issues.list_issues(states=[IssueState.SENDING])

    def pause(self, reference: str, actor: str) -> Issue:
        """Stop taking copies; those in hand are finished. Raises Refused if it is not sending."""
        return self._move(reference, {IssueState.SENDING}, IssueState.PAUSED, actor, PAUSED_BY_HAND)

    def resume(self, reference: str, actor: str) -> Issue:
        """Go on with a paused issue."""
        return self._move(reference, {IssueState.PAUSED}, IssueState.SENDING, actor, "")

    def cancel(self, reference: str, actor: str) -> Issue:
        """Send no more of an issue, for good. What has gone cannot be recalled."""
        return self._move(
            reference,
            {IssueState.SENDING, IssueState.PAUSED, IssueState.SCHEDULED, IssueState.APPROVED},
            IssueState.CANCELLED,
            actor,
            "cancelled by a person",
        )

    def _move(
        self, reference: str, allowed: set[IssueState], to: IssueState, actor: str, reason: str
    ) -> Issue:
        with self._store.write() as tx:
            issue = self._locked(tx, reference)
            now = self._store.clock()
            if issue.state not in allowed:
                raise Refused(
                    f"Issue '{issue.slug}' is {issue.state.value}, so it cannot become {to.value}."
                )
            if to is IssueState.CANCELLED:
                tx.ledger.cancel(issue.id, tx.lease_clock())
            tx.issues.move(issue, to, now, reason=reason)
            tx.jobs.chunks(issue.id)
            tx.audit.record(actor, f"issue.{to.value}", f"issue:{issue.id}", now)
            return tx.issues.get(issue.id)

    def _locked(self, tx: Transaction, reference: str | int) -> Issue:
        """The issue, if it is of the kind that goes this way: no rehearsal goes the real one."""
        issue = tx.issues.lock(reference)
        if (issue.rehearsal_of is not None) is self._rehearsals:
            return issue
        kind = "no rehearsal" if self._rehearsals else "a rehearsal: repeat it from its issue"
        raise Refused(f"Issue '{issue.slug}' is {kind}.")


class _Run:
    """One run over an issue's chunks, shared by the threads that work on it."""

    def __init__(
        self,
        *,
        store: Store,
        issue_id: int,
        position: int | None,
        open_press: Callable[[], Press],
        open_transport: Callable[[], Transport],
        addressing: Addressing,
        lease: timedelta,
        zone: ZoneInfo,
        stop: threading.Event,
        sent: Callable[[int], None],
    ) -> None:
        self._store = store
        self._issue_id = issue_id
        self._position = position
        self._open_press = open_press
        self._open_transport = open_transport
        self._addressing = addressing
        self._lease = lease
        self._zone = zone
        self._stop = stop
        self._sent = sent
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._renewed: dict[int, float] = {}
        self.error: Exception | None = None

    def work(self) -> None:
        """Run chunk after chunk until none is left, somebody says stop, or the transport fails."""
        transport = self._open_transport()
        press = self._open_press()
        try:
            while not self._halted():
                with self._store.write() as tx:
                    claim = tx.ledger.claim(
                        self._issue_id,
                        self._owner,
                        tx.lease_clock(),
                        self._lease,
                        position=self._position,
                    )
                if claim is None:
                    return
                self._run_chunk(claim, transport, press)
        except Exception as error:  # noqa: BLE001  # told to the others, then to whoever runs us
            self.error = self.error or error
        finally:
            transport.close()

    def _halted(self) -> bool:
        return self._stop.is_set() or self.error is not None

    def _run_chunk(self, claim: Claim, transport: Transport, press: Press) -> None:
        try:
            while not self._halted():
                taken = self._take(claim, transport.window)
                if not taken:
                    break
                self._renewed[claim.position] = time.monotonic()
                self._hand_over(claim, taken, transport, press)
        finally:
            with self._store.write() as tx:
                tx.ledger.finish(claim)

    def _take(self, claim: Claim, window: int) -> list[Taken]:
        today = day_in(self._zone, self._store.clock())
        with self._store.write() as tx:
            return tx.ledger.take(claim, window, tx.lease_clock(), self._lease, today=today)

    def _hand_over(
        self, claim: Claim, taken: Sequence[Taken], transport: Transport, press: Press
    ) -> None:
        receipts: dict[int, Receipt] = {}
        untried = True
        try:
            consignment = self._consignment(claim, taken, press)
            untried = False
            for receipt in transport.send(consignment):
                receipts.setdefault(receipt.delivery_id, receipt)
                self._keep(claim)
        except TransportError as error:
            untried = True
            self.error = self.error or error
        finally:
            self._record(taken, receipts, untried=untried)

    def _keep(self, claim: Claim) -> None:
        """Hold on to the chunk while a slow server answers copy by copy."""
        now = time.monotonic()
        if now - self._renewed.get(claim.position, 0.0) > self._lease.total_seconds() / 3:
            self._renewed[claim.position] = now
            with self._store.write() as tx:
                tx.ledger.renew(claim, tx.lease_clock(), self._lease)

    def _record(
        self, taken: Sequence[Taken], receipts: Mapping[int, Receipt], *, untried: bool
    ) -> None:
        silent = [copy.delivery_id for copy in taken if copy.delivery_id not in receipts]
        doubtful = [] if untried else [Verdict(_unknown(delivery_id)) for delivery_id in silent]
        with self._store.write() as tx:
            now = tx.lease_clock()
            known = [
                Verdict(receipt, _retry_at(receipt, copy, now))
                for copy in taken
                if (receipt := receipts.get(copy.delivery_id))
            ]
            tx.ledger.record(known + doubtful, now)
            if untried:
                tx.ledger.release(silent)
        self._sent(len(known) + len(doubtful))

    def _consignment(self, claim: Claim, taken: Sequence[Taken], press: Press) -> Consignment:
        kind = taken[0].kind  # the ledger hands out copies of one edition at a time
        domain = press.sender.email.rpartition("@")[2]
        copies = tuple(
            self._addressing.copy(
                delivery_id=copy.delivery_id,
                subscriber_id=copy.subscriber_id,
                email=copy.email,
                name=copy.name,
                organisation=copy.organisation,
                roles=copy.kind.roles,
                domain=domain,
            )
            for copy in taken
        )
        return Consignment(
            reference=f"{claim.issue_id}-{claim.position}",
            sender=press.sender,
            content=press.content_for(kind),
            headers=press.headers,
            copies=copies,
            mime=press.copies(kind, self._store.clock()),
        )


def _has_died(owner: str) -> bool:
    """Whether a chunk's holder was a process of this machine that is no more.

    Its lease need not be waited for. A wrong answer costs nothing: taking is fenced by the token.
    """
    host, _, number = owner.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _unknown(delivery_id: int) -> Receipt:
    return Receipt(delivery_id, Outcome.UNCERTAIN, "the transport stopped without an answer")


def _retry_at(receipt: Receipt, copy: Taken, now: datetime) -> datetime | None:
    if receipt.outcome is not Outcome.RETRY:
        return None
    since = copy.first_attempt_at
    return next_try(now, attempt=copy.attempt, since=since, within=RETRY_FOR)
