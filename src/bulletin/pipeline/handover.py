"""Handover: the threads that send one issue's chunks, a window of copies at a time.

Between two windows there is one transaction: it records what became of the first and marks the
second as `sending`. Whatever happens, every copy that was taken is recorded, put back or, when
its sender dies, found by whoever takes over its chunk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bulletin.errors import StoreError, TransportError, TransportStopped, TransportUnavailable
from bulletin.models.deliveries import Consignment, Receipt
from bulletin.models.issues import Issue, IssueState
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.insist import insist
from bulletin.pipeline.owners import owner
from bulletin.pipeline.pacing import Pacing
from bulletin.pipeline.press import Press
from bulletin.pipeline.windows import NOTHING, Holding, Window
from bulletin.store.ledger import Claim, Take, Taken
from bulletin.store.store import Store, Transaction
from bulletin.transports.base import Transport

_LOOK_EVERY = 0.25  # seconds after which a pause, a cancellation or a lost chunk is noticed
_NAP = 1.0
_STAY = timedelta(seconds=5)  # connections are kept open for what can go that soon


@dataclass(frozen=True)
class Means:
    """What handing over takes.

    lease: how long a chunk is held without a sign of life.
    look:  looks whether an issue that has failures or doubts should go on; told its number.
    """

    store: Store
    open_transport: Callable[[], Transport]
    lease: timedelta
    pacing: Pacing
    look: Callable[[int], object]


class Handover:
    """One run over an issue's chunks, or over one of them, shared by the threads that work on it.

    position: the only chunk to send, or None for all.
    sent:     called with a number of copies each time their outcomes are recorded.
    enough:   whether it is another issue's turn: the copies in hand are finished, no more begun.
    error:    afterwards, what kept the threads from sending the rest.
    """

    def __init__(
        self,
        means: Means,
        issue: Issue,
        position: int | None,
        press: Press,
        addressing: Addressing,
        *,
        stop: threading.Event,
        sent: Callable[[int], None],
        enough: Callable[[], bool],
    ) -> None:
        self._means = means
        self._issue = issue
        self._position = position
        self._press = press
        self._addressing = addressing
        self._stop = stop
        self._sent = sent
        self._enough = enough
        self._lock = threading.Lock()
        self._holdings: list[Holding] = []
        self._failure: Exception | None = None
        self._away: TransportUnavailable | None = None

    @property
    def error(self) -> Exception | None:
        return self._failure or self._away

    def work(self) -> None:
        """Send until nothing is left, somebody says stop, or the transport fails; one thread's.

        A thread whose connection cannot be made ends, and the others go on.
        """
        transport = self._means.open_transport()
        try:
            while (holding := self._next()) is not None:
                self._work_off(holding, transport)
            self._away = None  # whoever could not connect was not needed
        except TransportUnavailable as error:
            self._away = error
        except Exception as error:  # noqa: BLE001  # told to the others, then to whoever runs us
            self._failure = self._failure or error
        finally:
            transport.close()

    @property
    def _halted(self) -> bool:
        return self._stop.is_set() or self._failure is not None or self._enough()

    def _next(self) -> Holding | None:
        """A chunk to take copies from: one of its own, else one that another thread holds."""
        while not self._halted:
            with self._lock:  # so that nobody misses a chunk that is being claimed
                claim = insist(self._claim, self._stop, grace=0)
                if claim is not None:
                    self._holdings.append(Holding(claim))
                    return self._holdings[-1]
                for holding in self._holdings:
                    if not holding.drained:
                        holding.workers += 1
                        return holding
            if not self._something_soon():
                break
        return None

    def _claim(self) -> Claim | None:
        with self._means.store.write() as tx:
            return tx.ledger.claim(
                self._issue.id,
                owner(),
                tx.lease_clock(),
                self._means.lease,
                position=self._position,
            )

    def _something_soon(self) -> bool:
        """Wait a little if a chunk can run within moments; else false."""
        with self._means.store.read() as tx:
            moment = tx.chunks.next_moment(self._issue.id, self._position)
            left = moment - tx.lease_clock() if moment is not None else None
        if left is None or left > _STAY:
            return False
        self._stop.wait(min(max(left.total_seconds(), 0.01), _NAP))
        return True

    def _work_off(self, holding: Holding, transport: Transport) -> None:
        window, trouble = NOTHING, None
        try:
            while True:
                wanted = 0 if trouble or self._halted else transport.window
                take = self._turn(holding, window, wanted)
                window = NOTHING
                if trouble is not None:
                    raise trouble
                if take.copies:
                    window, trouble = self._hand_over(holding, take.copies, transport)
                elif take.wait_until is not None:
                    self._wait_for(take.wait_until)
                else:
                    return
        finally:
            self._leave(holding)

    def _turn(self, holding: Holding, window: Window, wanted: int) -> Take:
        """Record what became of a window, and take up to so many copies for the next."""
        with holding.turn:
            take = self._exchange(holding, window, wanted)
            holding.renewed = time.monotonic()
            nothing = wanted > 0 and not take.copies and take.wait_until is None
            holding.drained = holding.drained or nothing
        holding.shut_until = take.shut_until or holding.shut_until
        if window.taken:
            self._sent(len(window.taken) - len(window.put_back))
        if window.went_wrong:
            with suppress(StoreError):  # it will be looked at again
                self._means.look(self._issue.id)
        return take

    def _exchange(self, holding: Holding, window: Window, wanted: int) -> Take:
        unsure: list[Taken] = []  # by a transaction of which it is not known whether it was kept
        write = partial(self._write, holding, window, unsure)
        try:
            return insist(partial(write, wanted), self._stop)
        except StoreError:
            raise
        except Exception:
            insist(partial(write, 0), self._stop)  # whatever is wrong with what would come next
            raise

    def _write(self, holding: Holding, window: Window, unsure: list[Taken], wanted: int) -> Take:
        with self._means.store.write() as tx:
            now = tx.lease_clock()
            pace = self._means.pacing.at(tx, now)
            tx.ledger.release([*window.put_back, *unsure], pace)
            tx.ledger.record(window.verdicts(now), now)
            if (window.leaves_some or unsure) and not tx.ledger.holds(holding.claim):
                self._reopen(tx)
            take = tx.ledger.take(holding.claim, wanted, self._means.lease, pace)
            unsure.extend(take.copies)
            if take.spent:
                holding.shut_until = self._rest_until_tomorrow(tx)
        return take

    def _reopen(self, tx: Transaction) -> None:
        """Another sender may have called the issue sent while we had copies that wait again."""
        issue = tx.issues.lock(self._issue.id)
        if issue.state is IssueState.SENT and not tx.chunks.settle(issue.id):
            now = self._means.store.clock()
            tx.issues.move(issue, IssueState.SENDING, now, finished_at=None)
            tx.jobs.chunks(issue.id)

    def _hand_over(
        self, holding: Holding, taken: Sequence[Taken], transport: Transport
    ) -> tuple[Window, Exception | None]:
        receipts: dict[int, Receipt] = {}
        untried = True
        try:
            consignment = self._consignment(holding, taken)
            untried = False
            for receipt in transport.send(consignment):
                receipts.setdefault(receipt.delivery_id, receipt)
                self._goes_on(holding)  # keeps the chunk while a slow server answers
        except TransportStopped:
            return Window(taken, list(receipts.values()), untried=True), None
        except TransportError as error:
            return Window(taken, list(receipts.values()), untried=True), error
        except Exception as error:  # noqa: BLE001  # the outcomes that are known come first
            return Window(taken, list(receipts.values()), untried), error
        return Window(taken, list(receipts.values())), None

    def _goes_on(self, holding: Holding) -> bool:
        """Whether another copy may be begun: the chunk is ours, its issue sends, nobody said stop.

        Looked up now and then, for a sender may have been frozen and lost its chunk meanwhile.
        """
        now = time.monotonic()
        if self._halted or now - holding.looked < _LOOK_EVERY:
            return holding.stands and not self._halted
        lease = self._means.lease.total_seconds()
        try:
            holding.stands = self._look_up(holding, renew=now - holding.renewed > lease / 3)
        except StoreError:
            holding.stands = now - holding.renewed < lease
        holding.looked = now  # not before: what was known earlier may be long past
        return holding.stands

    def _look_up(self, holding: Holding, *, renew: bool) -> bool:
        if not renew:
            with self._means.store.read() as tx:
                return tx.ledger.holds(holding.claim)
        with self._means.store.write() as tx:
            stands = tx.ledger.renew(holding.claim, tx.lease_clock(), self._means.lease)
        holding.renewed = time.monotonic()
        return stands

    def _leave(self, holding: Holding) -> None:
        with self._lock:
            holding.workers -= 1
            if holding.workers:
                return
            self._holdings.remove(holding)

        def finish() -> None:
            with self._means.store.write() as tx:
                now = tx.lease_clock()
                tx.ledger.finish(holding.claim, now, not_before=holding.shut_until)

        insist(finish, self._stop)

    def _wait_for(self, moment: datetime) -> None:
        with self._means.store.read() as tx:
            left = (moment - tx.lease_clock()).total_seconds()
        self._stop.wait(min(max(left, 0.01), _NAP))

    def _rest_until_tomorrow(self, tx: Transaction) -> datetime:
        moment = self._means.pacing.tomorrow(self._issue.started_at)
        tx.chunks.rest(self._issue.id, moment)
        return moment

    def _consignment(self, holding: Holding, taken: Sequence[Taken]) -> Consignment:
        kind = taken[0].kind  # the ledger hands out copies of one edition at a time
        press = self._press
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
            reference=f"{holding.claim.issue_id}-{holding.claim.position}",
            sender=press.sender,
            content=press.content_for(kind),
            headers=press.headers,
            copies=copies,
            mime=press.copies(kind, self._means.store.clock()),
            check=press.check_for(kind),
            go_on=partial(self._goes_on, holding),
        )
