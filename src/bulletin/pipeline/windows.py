"""Windows: the copies that a sender has in hand at once, and what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bulletin.models.deliveries import Outcome, Receipt
from bulletin.pipeline.retries import next_try
from bulletin.store.ledger import Claim, Taken, Verdict

RETRY_FOR = timedelta(hours=72)  # requirement 76
_WRONG = {Outcome.FAILED, Outcome.UNCERTAIN}


@dataclass
class Holding:
    """A chunk that this process holds, and how many of its threads take copies from it.

    turn:  held while a thread's transaction lasts, so that no other takes copies of the chunk
           before it is known what became of that transaction.
    """

    claim: Claim
    workers: int = 1
    drained: bool = False
    shut_until: datetime | None = None
    stands: bool = True
    looked: float = 0.0
    renewed: float = field(default_factory=time.monotonic)
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Window:
    """What became of the copies that were taken together: the receipts, and those without one.

    untried: those were provably not accepted; otherwise nobody can say.
    """

    taken: Sequence[Taken] = ()
    receipts: Sequence[Receipt] = ()
    untried: bool = False

    @property
    def silent(self) -> list[Taken]:
        heard = {receipt.delivery_id for receipt in self.receipts}
        return [copy for copy in self.taken if copy.delivery_id not in heard]

    @property
    def put_back(self) -> list[Taken]:
        return self.silent if self.untried else []

    @property
    def in_doubt(self) -> list[Taken]:
        return [] if self.untried else self.silent

    def verdicts(self, now: datetime) -> list[Verdict]:
        copies = {copy.delivery_id: copy for copy in self.taken}
        doubtful = [_unknown(copy) for copy in self.in_doubt]
        heard = [each for each in self.receipts if each.delivery_id in copies]
        return [_verdict(each, copies[each.delivery_id], now) for each in heard] + doubtful

    @property
    def leaves_some(self) -> bool:
        """Whether copies of it are to be sent later."""
        again = any(receipt.outcome is Outcome.RETRY for receipt in self.receipts)
        return again or bool(self.put_back)

    @property
    def went_wrong(self) -> bool:
        return bool(self.in_doubt) or any(each.outcome in _WRONG for each in self.receipts)


NOTHING = Window()


def _unknown(copy: Taken) -> Verdict:
    words = "the transport stopped without an answer"
    return Verdict(Receipt(copy.delivery_id, Outcome.UNCERTAIN, words), copy.take)


def _verdict(receipt: Receipt, copy: Taken, now: datetime) -> Verdict:
    again = receipt.outcome is Outcome.RETRY
    when = next_try(now, since=copy.first_attempt_at, within=RETRY_FOR) if again else None
    return Verdict(receipt, copy.take, when)
