"""The ledger at work: who holds which chunk, and what became of every copy.

Nothing is sent that is not marked `sending` here first, in a committed transaction. A chunk is
held under a token and a lease: taking copies is fenced by both, recording outcomes is not,
since what was submitted was submitted, whoever holds the chunk now.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    update,
)

from bulletin.models.deliveries import DeliveryState, Exclusion, Outcome, Receipt
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import IssueState
from bulletin.models.people import SuppressionReason
from bulletin.store.planning import QUEUED, paused, reader_kind
from bulletin.store.tables import (
    chunks,
    deliveries,
    editions,
    issues,
    organisations,
    role_sets,
    subscribers,
    suppressions,
)

HELD, DONE = "sending", "done"


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk that this process holds."""

    issue_id: int
    position: int
    token: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery marked `sending`, with what its copy needs. `edition` is its number."""

    delivery_id: int
    subscriber_id: int
    email: str
    name: str
    organisation: str
    edition: int
    kind: ReaderKind
    attempt: int
    first_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """A receipt, and when to try again if its outcome is `retry`; never again without a time."""

    receipt: Receipt
    retry_at: datetime | None = None


class Ledger:
    """Chunks and deliveries of one issue while it is sent, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        `uncertain`, since they may have been accepted, and nothing sends them again by itself.
        """
        query = _runnable_chunk(issue_id, now)
        if position is not None:
            query = query.where(chunks.c.position == position)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        claim = Claim(issue_id, row.position, secrets.token_hex(16))
        if row.state == HELD:
            self._doubt(claim)
        self._connection.execute(
            update(chunks)
            .where(_is_chunk(claim))
            .values(state=HELD, token=claim.token, owner=owner, lease_until=now + lease)
        )
        return claim

    def _doubt(self, claim: Claim) -> None:
        in_hand = and_(_in_chunk(claim), deliveries.c.state == DeliveryState.SENDING)
        self._connection.execute(_doubting(in_hand))

    def take(
        self, claim: Claim, limit: int, now: datetime, lease: timedelta, *, today: date
    ) -> list[Taken]:
        """Mark up to `limit` copies of one edition as `sending` and return them.

        Empty when nothing is left, the claim was lost, or the issue no longer sends. Whoever
        was suppressed or erased since the planning, or paused it, is excluded now.
        today: the day where the readers are, by which pauses end.
        """
        while self.renew(claim, now, lease):
            rows = self._connection.execute(_waiting(claim, limit, now, today)).all()
            barred = [row for row in rows if _why_barred(row) is not None]
            self._exclude(barred)
            good = [row for row in rows if row not in barred]
            if good:
                same = list(takewhile(partial(_same_edition, good[0]), good))
                return self._mark_sending(same, now)
            if not rows:
                return []
        return []

    def renew(self, claim: Claim, now: datetime, lease: timedelta) -> bool:
        """Hold on to a chunk; false if it was lost or its issue no longer sends."""
        sends = select(issues.c.id).where(
            issues.c.id == claim.issue_id, issues.c.state == IssueState.SENDING
        )
        statement = (
            update(chunks)
            .where(_is_chunk(claim), chunks.c.token == claim.token, sends.exists())
            .values(lease_until=now + lease)
        )
        return self._connection.execute(statement).rowcount == 1

    def _exclude(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id)
                .values(state=DeliveryState.EXCLUDED, reason=_why_barred(row))
            )

    def _mark_sending(self, rows: Sequence[Row[Any]], now: datetime) -> list[Taken]:
        # Only what still waits: a cancellation may have come between the look and the mark.
        marked = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_([row.id for row in rows]), deliveries.c.state.in_(_WAITING))
            .values(
                state=DeliveryState.SENDING,
                attempt=deliveries.c.attempt + 1,
                first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, now),
                retry_at=None,
                email=_PRESENT_ADDRESS,
            )
            .returning(deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.email)
        )
        held = {each.id: each for each in marked}
        return [_taken(row, held[row.id], now) for row in rows if row.id in held]

    def record(self, verdicts: Iterable[Verdict], now: datetime) -> None:
        """Write what became of copies, whoever holds their chunk now.

        A row that an event has moved on already stays as the event left it.
        """
        rows = [_outcome_row(verdict, now) for verdict in verdicts]
        if rows:
            self._connection.execute(_RECORD, rows)

    def release(self, delivery_ids: Sequence[int]) -> None:
        """Put copies back that were provably not accepted; it does not count as an attempt."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(delivery_ids))
            .where(deliveries.c.state == DeliveryState.SENDING)
            .values(
                state=DeliveryState.PREPARED,
                attempt=deliveries.c.attempt - 1,
                first_attempt_at=case(
                    (deliveries.c.attempt > 1, deliveries.c.first_attempt_at), else_=null()
                ),
            )
        )

    def finish(self, claim: Claim) -> None:
        """Let go of a chunk: done, or queued again if copies of it still wait.

        A copy that is still `sending` then has no outcome and nobody working on it: uncertain.
        """
        held = select(chunks.c.position).where(_is_chunk(claim), chunks.c.token == claim.token)
        if self._connection.execute(held.with_for_update()).first() is None:
            return
        self._doubt(claim)
        self._connection.execute(
            update(chunks)
            .where(_is_chunk(claim))
            .values(state=DONE, token=None, lease_until=None, run_after=None)
        )
        self._reopen(_is_chunk(claim))

    def settle(self, issue_id: int) -> bool:
        """Queue every finished chunk that still has copies waiting; true if nothing is left.

        Called under the issue's lock, so that an issue is never done while a copy waits.
        """
        self._reopen(chunks.c.issue_id == issue_id)
        query = select(func.count()).select_from(deliveries)
        unsettled = (*_WAITING, DeliveryState.SENDING)
        query = query.where(deliveries.c.issue_id == issue_id, deliveries.c.state.in_(unsettled))
        left = self._connection.execute(query).scalar_one()
        return not left and not self.open_chunks(issue_id)

    def _reopen(self, which: ColumnElement[bool]) -> None:
        mine = and_(
            deliveries.c.issue_id == chunks.c.issue_id, deliveries.c.chunk == chunks.c.position
        )
        waiting = exists().where(mine, deliveries.c.state.in_(_WAITING))
        ready = exists().where(mine, deliveries.c.state == DeliveryState.PREPARED)
        next_retry = (
            select(func.min(deliveries.c.retry_at))
            .where(mine, deliveries.c.state == DeliveryState.RETRY_WAIT)
            .scalar_subquery()
        )
        self._connection.execute(
            update(chunks)
            .where(which, chunks.c.state == DONE, waiting)
            .values(state=QUEUED, run_after=case((ready, null()), else_=next_retry))
        )

    def owners(self, issue_id: int) -> list[str]:
        """Who holds chunks of an issue."""
        query = select(chunks.c.owner).where(chunks.c.issue_id == issue_id, chunks.c.state == HELD)
        return list(self._connection.scalars(query.distinct()))

    def expire(self, issue_id: int, owner: str, now: datetime) -> None:
        """End the leases of a holder that is known to have died."""
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.owner == owner, chunks.c.state == HELD)
            .values(lease_until=now - timedelta(seconds=1))
        )

    def open_chunks(self, issue_id: int) -> int:
        """How many chunks of an issue are not done."""
        query = select(func.count()).select_from(chunks)
        query = query.where(chunks.c.issue_id == issue_id, chunks.c.state != DONE)
        return int(self._connection.execute(query).scalar_one())

    def next_moment(self, issue_id: int, position: int | None = None) -> datetime | None:
        """When the next chunk, or that one, can run: a lease that ends or a retry that is due.

        None if there is none that waits for a time.
        """
        query = select(func.min(func.coalesce(chunks.c.run_after, chunks.c.lease_until))).where(
            chunks.c.issue_id == issue_id, chunks.c.state != DONE
        )
        if position is not None:
            query = query.where(chunks.c.position == position)
        moment: datetime | None = self._connection.execute(query).scalar_one()
        return moment

    def rest(self, issue_id: int, until: datetime) -> None:
        """Leave the chunks of an issue that wait alone until then: what hands them over is away."""
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.state == QUEUED)
            .where(or_(chunks.c.run_after.is_(None), chunks.c.run_after < until))
            .values(run_after=until)
        )

    def cancel(self, issue_id: int, now: datetime) -> int:
        """Exclude every copy that has not been handed over. Returns how many.

        Copies in the hands of a sender that gave no sign of life are uncertain.
        """
        mine = deliveries.c.issue_id == issue_id
        live = select(chunks.c.position).where(
            chunks.c.issue_id == issue_id, chunks.c.state == HELD, chunks.c.lease_until >= now
        )
        orphaned = and_(
            mine, deliveries.c.state == DeliveryState.SENDING, deliveries.c.chunk.not_in(live)
        )
        self._connection.execute(_doubting(orphaned))
        statement = (
            update(deliveries)
            .where(mine, deliveries.c.state.in_(_WAITING))
            .values(state=DeliveryState.EXCLUDED, reason=Exclusion.CANCELLED)
        )
        return self._connection.execute(statement).rowcount

    def retry_failed(self, issue_id: int) -> int:
        """Prepare every failed copy once more, in the chunk it was in. Returns how many."""
        failed = and_(deliveries.c.issue_id == issue_id, deliveries.c.state == DeliveryState.FAILED)
        holding = select(deliveries.c.chunk).where(failed)
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.position.in_(holding))
            .where(chunks.c.state != HELD)  # its holder's `finish` sees the prepared copies
            .values(state=QUEUED, run_after=None)
        )
        statement = (
            update(deliveries)
            .where(failed)
            .values(state=DeliveryState.PREPARED, detail="", attempt=0, first_attempt_at=None)
        )
        return self._connection.execute(statement).rowcount


_WAITING = (DeliveryState.PREPARED, DeliveryState.RETRY_WAIT)
# Where a copy goes when it goes: its reader may have moved since the planning or the last try.
_PRESENT_ADDRESS = (
    select(subscribers.c.email).where(subscribers.c.id == deliveries.c.subscriber_id)
).scalar_subquery()

_RECORD = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .where(
        or_(  # not IN: its list cannot be expanded for many rows at once
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.state == DeliveryState.UNCERTAIN,
        )
    )
    .values(
        # Not accepted, but its chunk has moved on meanwhile: failed, so that a person sees it.
        state=case(
            (
                and_(
                    deliveries.c.state == DeliveryState.UNCERTAIN,
                    bindparam("new_state", type_=String) == DeliveryState.RETRY_WAIT,
                ),
                DeliveryState.FAILED,
            ),
            else_=bindparam("new_state", type_=String),
        ),
        # What a server said may quote the address of somebody who was erased meanwhile.
        detail=case((deliveries.c.subscriber_id.is_(None), ""), else_=bindparam("new_detail")),
        provider_ref=bindparam("new_ref"),
        submitted_at=bindparam("new_submitted"),
        retry_at=bindparam("new_retry"),
    )
)


def _doubting(which: ColumnElement[bool]) -> Update:
    return (
        update(deliveries)
        .where(which)
        .values(
            state=DeliveryState.UNCERTAIN,
            detail="the sender stopped before the answer was recorded",
        )
    )


def _taken(row: Row[Any], reader: Row[Any], now: datetime) -> Taken:
    return Taken(
        delivery_id=row.id,
        subscriber_id=reader.subscriber_id,
        email=reader.email,
        name=row.name,
        organisation=row.organisation or "",
        edition=row.number,
        kind=reader_kind(row.role_keys, row.nation),
        attempt=row.attempt + 1,
        first_attempt_at=row.first_attempt_at or now,
    )


def _why_barred(row: Row[Any]) -> Exclusion | None:
    if row.suppressed == SuppressionReason.UNSUBSCRIBED:
        return Exclusion.UNSUBSCRIBED
    if row.suppressed or row.subscriber_id is None:
        return Exclusion.SUPPRESSED
    return Exclusion.PAUSED if row.paused else None


def _same_edition(first: Row[Any], row: Row[Any]) -> bool:
    return bool(row.number == first.number)


def _outcome_row(verdict: Verdict, now: datetime) -> dict[str, object]:
    outcome = verdict.receipt.outcome
    again = outcome is Outcome.RETRY and verdict.retry_at is not None
    state = {
        Outcome.SUBMITTED: DeliveryState.SUBMITTED,
        Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
        Outcome.FAILED: DeliveryState.FAILED,
        Outcome.RETRY: DeliveryState.RETRY_WAIT if again else DeliveryState.FAILED,
    }[outcome]
    return {
        "delivery": verdict.receipt.delivery_id,
        "new_state": state,
        "new_detail": verdict.receipt.detail,
        "new_ref": verdict.receipt.provider_ref,
        "new_submitted": now if outcome is Outcome.SUBMITTED else None,
        "new_retry": verdict.retry_at if again else None,
    }


def _runnable_chunk(issue_id: int, now: datetime) -> Select[tuple[int, str]]:
    due = or_(chunks.c.run_after.is_(None), chunks.c.run_after <= now)
    return (
        select(chunks.c.position, chunks.c.state)
        .join(issues, issues.c.id == chunks.c.issue_id)
        .where(chunks.c.issue_id == issue_id, issues.c.state == IssueState.SENDING)
        .where(
            or_(
                and_(chunks.c.state == QUEUED, due),
                and_(chunks.c.state == HELD, chunks.c.lease_until < now),
            )
        )
        .order_by(chunks.c.position)
        .limit(1)
        .with_for_update(skip_locked=True, of=chunks)
    )


def _waiting(claim: Claim, limit: int, now: datetime, today: date) -> Select[tuple[Any, ...]]:
    """The next copies of a chunk, with what a copy needs and what may bar its reader by now."""
    ready = or_(
        deliveries.c.state == DeliveryState.PREPARED,
        and_(deliveries.c.state == DeliveryState.RETRY_WAIT, deliveries.c.retry_at <= now),
    )
    return (
        select(
            deliveries,
            subscribers.c.name,
            organisations.c.name.label("organisation"),
            role_sets.c.role_keys,
            func.coalesce(editions.c.number, 0).label("number"),
            suppressions.c.reason.label("suppressed"),
            paused(today).label("paused"),
        )
        .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
        .outerjoin(
            editions,
            and_(
                editions.c.issue_id == deliveries.c.issue_id,
                editions.c.role_set_id == deliveries.c.role_set_id,
                editions.c.nation == deliveries.c.nation,
            ),
        )
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(organisations, organisations.c.id == subscribers.c.organisation_id)
        .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
        .where(_in_chunk(claim), ready)
        .order_by("number", deliveries.c.id)
        .limit(limit)
    )


def _is_chunk(claim: Claim) -> ColumnElement[bool]:
    return and_(chunks.c.issue_id == claim.issue_id, chunks.c.position == claim.position)


def _in_chunk(claim: Claim) -> ColumnElement[bool]:
    return and_(deliveries.c.issue_id == claim.issue_id, deliveries.c.chunk == claim.position)
