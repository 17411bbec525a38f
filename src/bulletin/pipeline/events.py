"""Events: what providers and mail servers told is put on record, and acted on at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bulletin.models.events import KEEP_EVENTS, Event, EventKind
from bulletin.models.people import SuppressionReason
from bulletin.store.events import Heard
from bulletin.store.store import Store, Transaction

WITHDRAWN = "unsubscribed at the mail provider"
"""How a reader left who used the provider's own link, in the record of consent."""

Barred: TypeAlias = tuple[str, SuppressionReason]
"""An address, and why it gets no more mail."""

_SKEW = timedelta(minutes=5)  # by how much clocks may differ
_FORGET_AT_ONCE = 5000
# What may be the third time in a row, or one too many for an issue.
_TROUBLE = frozenset(
    {
        EventKind.BOUNCED_HARD,
        EventKind.BOUNCED_SOFT,
        EventKind.DROPPED,
        EventKind.COMPLAINED,
    }
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of events that were told: of those recorded, some are about no copy of ours."""

    recorded: int = 0
    repeated: int = 0
    unmatched: int = 0


class Intake:
    """Takes in events, in any order and however often they are told (requirement 80).

    look_at: looks whether an issue should go on, each time that something went wrong with a copy.
    """

    def __init__(self, store: Store, *, look_at: Callable[[int], None]) -> None:
        self._store = store
        self._look_at = look_at

    def record(self, told: Sequence[Event]) -> Tally:
        """Put events on record, move their copies, and suppress whom they bar.

        All of it is committed when this returns. Raises StoreError if it is not.
        """
        if not told:
            return Tally()
        now = self._store.clock()
        with self._store.read() as tx:
            heard = [_in_time(each, now) for each in tx.events.place(told)]
            new = tx.events.new([each for each in heard if _bars(each)])
        together, alone = _apart(new)
        for each in alone:
            with self._store.write() as tx:
                _bar(tx, [each], now)
        with self._store.write() as tx:
            _bar(tx, together, now)
            kept, left = tx.events.keep(heard, now)
        # Also for what was told before: whoever told it may have stopped short of this.
        self._look_further([each for each in heard if each.event.kind in _TROUBLE])
        return Tally(recorded=kept, repeated=len(told) - kept - left, unmatched=left)

    def _look_further(self, heard: Iterable[Heard]) -> None:
        """What follows from several copies together; in a transaction of its own, since it locks
        addresses and issues, which come before copies."""
        copies = {each.event.delivery_id: each.issue_id for each in heard if each.issue_id}
        if not copies:
            return
        with self._store.write() as tx:
            worn_out = tx.events.worn_out(copies)
            tired = [(email, SuppressionReason.SOFT_BOUNCE) for email in worn_out]
            tx.suppressions.add_all(tired, self._store.clock())
        for issue_id in sorted(set(copies.values())):
            self._look_at(issue_id)

    def tidy(self) -> int:
        """Forget events older than KEEP_EVENTS (requirement 45). Returns how many."""
        before, gone = self._store.clock() - KEEP_EVENTS, 0
        while True:
            # Little by little, so that senders need not wait for a whole issue's.
            with self._store.write() as tx:
                some = tx.events.forget(before, _FORGET_AT_ONCE)
            gone += some
            if some < _FORGET_AT_ONCE:
                return gone


def _in_time(heard: Heard, now: datetime) -> Heard:
    """The same, but of now if it tells of a moment at which it cannot have been."""
    event, started = heard.event, heard.started
    if started is not None and started - _SKEW <= event.occurred_at <= now + _SKEW:
        return heard
    return replace(heard, event=replace(event, occurred_at=now))


def _bars(heard: Heard) -> bool:
    return heard.is_ours and not heard.rehearsal and heard.event.bars is not None


def _bar(tx: Transaction, barred: Sequence[Barred], now: datetime) -> None:
    """Suppress whom events bar, from this moment, also in the middle of a send (requirement 27)."""
    tx.suppressions.add_all(barred, now)
    for email in sorted({email for email, why in barred if why is SuppressionReason.UNSUBSCRIBED}):
        told = tx.consents.history(email)
        if not told or told[-1][1] != "withdrawn":
            tx.consents.record(email, "withdrawn", WITHDRAWN, "reader", now)


def _apart(heard: Iterable[Heard]) -> tuple[list[Barred], list[Barred]]:
    """What may be barred in one transaction, and what needs one of its own.

    Erasing somebody holds one of their addresses, then the others: so nobody else may hold two of
    one person's while waiting, or both would wait for ever.
    """
    together: list[Barred] = []
    alone: list[Barred] = []
    held: dict[str | None, str] = {}
    for each in heard:
        for email, reason in _barred(each):
            mine = email == held.setdefault(each.reader or each.address, email)
            (together if mine else alone).append((email, reason))
    return together, alone


def _barred(heard: Heard) -> Iterator[Barred]:
    reason = heard.event.bars
    if reason is None or heard.address is None:
        return
    yield heard.address, reason
    # A mailbox that is gone says nothing of the one its reader has by now; what they want does.
    by_reader = reason is not SuppressionReason.HARD_BOUNCE
    if by_reader and heard.reader is not None and heard.reader != heard.address:
        yield heard.reader, reason
