"""The ledger at work: who holds which chunk, and what became of every copy.

Nothing is sent that is not marked `sending` here first, in a committed transaction. A chunk is
held under a token and a lease: taking copies is fenced by both, recording outcomes is not,
since what was submitted was submitted, whoever holds the chunk now.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, update

from bulletin.models.deliveries import DeliveryState, Exclusion, Outcome, Receipt
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import IssueState
from bulletin.models.people import SuppressionReason
from bulletin.store.chunks import DONE, HELD, WAITING, is_free, reopening
from bulletin.store.ledger_statements import (
    BULK,
    HOLDS,
    MINE,
    NEXT_COPIES,
    RECORD,
    RENEW,
    doubting,
)
from bulletin.store.pace import Pace, Room
from bulletin.store.planning import QUEUED, reader_kind
from bulletin.store.tables import chunks, deliveries, issues, subscribers

_MANY = 8  # fewer copies that are alike are not worth a statement of their own
_kind = lru_cache(maxsize=4096)(reader_kind)


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk that this process holds."""

    issue_id: int
    position: int
    token: str

    @property
    def key(self) -> dict[str, Any]:
        """As statements name it."""
        return {
            "of_issue": self.issue_id,
            "at_position": self.position,
            "held_under": self.token,
        }


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery marked `sending`, with what its copy needs.

    edition: its number. take: the number under which it was taken, with others, and which no other
    taking ever has, whoever's it is and whatever becomes of its transaction.
    """

    delivery_id: int
    subscriber_id: int
    email: str
    name: str
    organisation: str
    edition: int
    kind: ReaderKind
    take: int
    first_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Take:
    """Copies to hand over now; without any, what the pace has to do with it.

    wait_until: nothing may go before.
    shut_until: what is left of the chunk goes to domains that take nothing before.
    spent:      nothing more may go today.
    """

    copies: Sequence[Taken] = ()
    wait_until: datetime | None = None
    shut_until: datetime | None = None
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A receipt of a copy, the number under which it was taken, and when to try again if its
    outcome is `retry`; never again without a time."""

    receipt: Receipt
    take: int
    retry_at: datetime | None = None


class Ledger:
    """Chunks and deliveries of one issue while it is sent, in one transaction.

    now: always by the clock that all senders share (`Transaction.lease_clock`).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bulk = BULK[connection.dialect.name]

    def claim(
        self,
        issue_id: int,
        owner: str,
        now: datetime,
        lease: timedelta,
        *,
        position: int | None = None,
    ) -> Claim | None:
        """Hold the next chunk that can run, or None; with a position only that one.

        A chunk whose holder let its lease run out is taken over: the copies it had in hand are
        `uncertain`, since they may have been accepted.
        """
        query = _runnable_chunk(issue_id, now)
        if position is not None:
            query = query.where(chunks.c.position == position)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        claim = Claim(issue_id, row.position, secrets.token_hex(16))
        if row.state == HELD:
            self._doubt(claim.issue_id, claim.position, now)
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.position == row.position)
            .values(
                state=HELD, token=claim.token, owner=owner, lease_until=now + lease, run_after=None
            )
        )
        return claim

    def _doubt(self, issue_id: int, position: int, now: datetime) -> None:
        in_chunk = and_(deliveries.c.issue_id == issue_id, deliveries.c.chunk == position)
        self._connection.execute(doubting(in_chunk), {"now": now})

    def take(
        self,
        claim: Claim,
        limit: int,
        lease: timedelta,
        pace: Pace,
    ) -> Take:
        """Mark up to `limit` copies of one edition as `sending` and return them.

        Empty when none is wanted or left, the claim was lost, the issue no longer sends, or the
        pace allows none now. Whoever was suppressed or erased since the planning, or paused it,
        is excluded now.
        """
        if not limit or not self.renew(claim, pace.now, lease):
            return Take()
        room = pace.room(limit)
        if not room.copies:
            return Take(wait_until=room.free_at, spent=room.spent)
        return self._next_of(claim, room, pace)

    def _next_of(self, claim: Claim, room: Room, pace: Pace) -> Take:
        query = _open_to(room)
        known = {
            "of_issue": claim.issue_id,
            "at_position": claim.position,
            "now": pace.now,
            "today": pace.today,
        }
        while rows := self._connection.execute(query, {**known, "most": room.copies}).all():
            good = self._of_one_edition([row for row in rows if not self._is_barred(row)], pace)
            if good:
                taken = self._mark(good, pace.now)
                pace.book(copy.email for copy in taken)
                return Take(taken)
        return Take(shut_until=min(room.closed.values(), default=None))

    def _is_barred(self, row: Row[Any]) -> bool:
        why = _why_barred(row)
        if why is not None:
            self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id, deliveries.c.state.in_(WAITING))
                .values(state=DeliveryState.EXCLUDED, reason=why)
            )
        return why is not None

    def _of_one_edition(self, rows: Sequence[Row[Any]], pace: Pace) -> list[Row[Any]]:
        same = [row for row in rows if row.number == rows[0].number]
        return [row for row in same if pace.admits(row.email)]

    def _mark(self, rows: Sequence[Row[Any]], now: datetime) -> list[Taken]:
        take = secrets.randbits(63)
        these = {"ids": [row.id for row in rows], "took": take, "now": now}
        marked = self._connection.execute(self._bulk.mark, these)
        held = {each.id: each for each in marked}
        return [_taken(row, held[row.id], take, now) for row in rows if row.id in held]

    def renew(self, claim: Claim, now: datetime, lease: timedelta) -> bool:
        """Hold on to a chunk; false if it was lost or its issue no longer sends."""
        renewed = self._connection.execute(RENEW, {**claim.key, "until": now + lease})
        return renewed.rowcount == 1

    def holds(self, claim: Claim) -> bool:
        """Whether a chunk is still held under this claim and its issue still sends."""
        return self._connection.execute(HOLDS, claim.key).first() is not None

    def record(self, verdicts: Iterable[Verdict], now: datetime) -> None:
        """Write what became of copies, whoever holds their chunk now.

        A row that an event has moved on already stays as the event left it, and one that was
        taken again since is about another try. Writing the same twice changes nothing.
        """
        alike: dict[tuple[object, ...], list[Verdict]] = defaultdict(list)
        for verdict in verdicts:
            alike[_what_became(verdict)].append(verdict)
        single = []
        for same in alike.values():
            if len(same) < _MANY:
                single += [_row(each, now) for each in same]
                continue
            row = _row(same[0], now)
            del row["delivery"]
            ids = [each.receipt.delivery_id for each in same]
            self._connection.execute(self._bulk.record_alike, {**row, "ids": ids})
        if single:
            self._connection.execute(RECORD, sorted(single, key=lambda row: int(row["delivery"])))

    def release(self, copies: Sequence[Taken], pace: Pace) -> None:
        """Put copies back that were provably not accepted; it does not count as an attempt.

        Whoever holds their chunk now: a doubt about them ends. What of them was taken again since,
        or never was because its transaction was undone, is left alone.
        """
        for take in {copy.take for copy in copies}:
            ids = [copy.delivery_id for copy in copies if copy.take == take]
            put_back = self._connection.execute(self._bulk.release, {"ids": ids, "took": take})
            pace.give_back(put_back.rowcount)

    def _locked(self, claim: Claim) -> bool:
        held = select(chunks.c.position).where(MINE).with_for_update()
        return self._connection.execute(held, claim.key).first() is not None

    def finish(self, claim: Claim, now: datetime, *, not_before: datetime | None = None) -> None:
        """Let go of a chunk: done, or queued again if copies of it still wait.

        A copy that is still `sending` then has no outcome and nobody working on it: uncertain.
        not_before: when prepared copies of it may go.
        """
        if not self._locked(claim):
            return
        self._doubt(claim.issue_id, claim.position, now)
        this = and_(chunks.c.issue_id == claim.issue_id, chunks.c.position == claim.position)
        self._connection.execute(
            update(chunks)
            .where(this)
            .values(state=DONE, token=None, lease_until=None, run_after=None)
        )
        self._connection.execute(reopening(this, not_before))

    def abandon(self, issue_id: int, now: datetime) -> None:
        """Let go of the chunks whose holders gave no sign of life; what they had in hand is
        uncertain."""
        silent = (
            update(chunks)
            .where(
                chunks.c.issue_id == issue_id, chunks.c.state == HELD, chunks.c.lease_until < now
            )
            .values(state=QUEUED, token=None, lease_until=None)
            .returning(chunks.c.position)
        )
        for position in self._connection.scalars(silent).all():
            self._doubt(issue_id, position, now)

    def cancel(self, issue_id: int, now: datetime) -> int:
        """Exclude every copy that has not been handed over. Returns how many.

        Copies in the hands of a live sender are left to it.
        """
        self.abandon(issue_id, now)
        queued = and_(chunks.c.issue_id == issue_id, chunks.c.state == QUEUED)
        self._connection.execute(update(chunks).where(queued).values(state=DONE, run_after=None))
        mine = deliveries.c.issue_id == issue_id
        statement = (
            update(deliveries)
            .where(mine, deliveries.c.state.in_(WAITING))
            .values(state=DeliveryState.EXCLUDED, reason=Exclusion.CANCELLED)
        )
        return self._connection.execute(statement).rowcount


def _open_to(room: Room) -> Select[tuple[Any, ...]]:
    """The next copies, without those to domains that take nothing now."""
    query = NEXT_COPIES
    for domain in room.closed:
        at = func.lower(subscribers.c.email).endswith(f"@{domain}", autoescape=True)
        query = query.where(or_(subscribers.c.email.is_(None), ~at))
    return query


def _taken(row: Row[Any], reader: Row[Any], take: int, now: datetime) -> Taken:
    return Taken(
        delivery_id=row.id,
        subscriber_id=reader.subscriber_id,
        email=reader.email,
        name=row.name,
        organisation=row.organisation or "",
        edition=row.number,
        kind=_kind(row.role_keys, row.nation),
        take=take,
        first_attempt_at=row.first_attempt_at or now,
    )


def _why_barred(row: Row[Any]) -> Exclusion | None:
    if row.suppressed == SuppressionReason.UNSUBSCRIBED:
        return Exclusion.UNSUBSCRIBED
    if row.suppressed or row.subscriber_id is None:
        return Exclusion.SUPPRESSED
    return Exclusion.PAUSED if row.paused else None


def _what_became(verdict: Verdict) -> tuple[object, ...]:
    """All of a verdict but whose it is."""
    receipt = verdict.receipt
    return (
        receipt.outcome, receipt.detail, receipt.provider_ref, verdict.take, verdict.retry_at
    )  # fmt: skip


_STATES: Mapping[Outcome, DeliveryState] = {
    Outcome.SUBMITTED: DeliveryState.SUBMITTED,
    Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
    Outcome.FAILED: DeliveryState.FAILED,
    Outcome.RETRY: DeliveryState.RETRY_WAIT,
}


def _row(verdict: Verdict, now: datetime) -> dict[str, Any]:
    state = _STATES[verdict.receipt.outcome]
    if state is DeliveryState.RETRY_WAIT and verdict.retry_at is None:
        state = DeliveryState.FAILED
    return {
        "delivery": verdict.receipt.delivery_id,
        "took": verdict.take,
        "new_state": state,
        "new_detail": verdict.receipt.detail,
        "new_ref": verdict.receipt.provider_ref,
        "new_submitted": now if state is DeliveryState.SUBMITTED else None,
        "new_uncertain": now if state is DeliveryState.UNCERTAIN else None,
        "new_retry": verdict.retry_at if state is DeliveryState.RETRY_WAIT else None,
    }


def _runnable_chunk(issue_id: int, now: datetime) -> Select[tuple[int, str]]:
    return (
        select(chunks.c.position, chunks.c.state)
        .join(issues, issues.c.id == chunks.c.issue_id)
        .where(chunks.c.issue_id == issue_id, issues.c.state == IssueState.SENDING)
        .where(is_free(now))
        .order_by(chunks.c.position)
        .limit(1)
        .with_for_update(skip_locked=True, of=chunks)
    )
