"""Chunks: which can be sent, who holds which, and when to look again; for a whole issue."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from bulletin.models.deliveries import DeliveryState
from bulletin.models.issues import IssueState
from bulletin.store.planning import QUEUED
from bulletin.store.tables import chunks, deliveries, issues
from bulletin.store.types import UtcDateTime

HELD, DONE = "sending", "done"
WAITING = (DeliveryState.PREPARED, DeliveryState.RETRY_WAIT)


def is_free(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a chunk is due, or was left by a holder whose lease ran out."""
    due = or_(chunks.c.run_after.is_(None), chunks.c.run_after <= now)
    return or_(
        and_(chunks.c.state == QUEUED, due),
        and_(chunks.c.state == HELD, chunks.c.lease_until < now),
    )


def reopening(which: ColumnElement[bool], not_before: datetime | None = None) -> Update:
    """Queues those of the chunks that are done and yet hold copies that wait.

    A copy that is prepared can go now, or at `not_before`; others when their next try is due.
    """
    mine = and_(deliveries.c.issue_id == chunks.c.issue_id, deliveries.c.chunk == chunks.c.position)
    ready = exists().where(mine, deliveries.c.state == DeliveryState.PREPARED)
    next_retry = (
        select(func.min(deliveries.c.retry_at))
        .where(mine, deliveries.c.state == DeliveryState.RETRY_WAIT)
        .scalar_subquery()
    )
    return (
        update(chunks)
        .where(which, chunks.c.state == DONE)
        .where(exists().where(mine, deliveries.c.state.in_(WAITING)))
        .values(
            state=QUEUED,
            run_after=case((ready, literal(not_before, UtcDateTime)), else_=next_retry),
        )
    )


class Chunks:
    """The chunks of issues, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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

    def orphaned(self, now: datetime) -> list[int]:
        """The issues that nobody may go on with, and that a sender left without putting away what
        it had in hand: paused ones, and cancelled ones."""
        mine = exists().where(chunks.c.issue_id == issues.c.id)
        silent = mine.where(chunks.c.state == HELD, chunks.c.lease_until < now)
        left = and_(issues.c.state == IssueState.CANCELLED, mine.where(chunks.c.state == QUEUED))
        query = select(issues.c.id).where(issues.c.state != IssueState.SENDING, or_(silent, left))
        return list(self._connection.scalars(query))

    def settle(self, issue_id: int) -> bool:
        """Whether nothing of an issue is left; queues a chunk that was done too early.

        Called under the issue's lock, so that an issue is never done while a copy waits.
        """
        if self.open(issue_id):
            return False
        again = self._connection.execute(reopening(chunks.c.issue_id == issue_id)).rowcount
        unsettled = (*WAITING, DeliveryState.SENDING)
        left = select(deliveries.c.id).where(
            deliveries.c.issue_id == issue_id, deliveries.c.state.in_(unsettled)
        )
        return not again and self._connection.execute(left.limit(1)).first() is None

    def open(self, issue_id: int) -> int:
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

    def free_besides(self, issue_id: int, now: datetime) -> bool:
        """Whether another issue that is being sent has a chunk that can run now."""
        query = (
            select(chunks.c.issue_id)
            .join(issues, issues.c.id == chunks.c.issue_id)
            .where(issues.c.state == IssueState.SENDING, issues.c.rehearsal_of.is_(None))
            .where(chunks.c.issue_id != issue_id, is_free(now))
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def rest(self, issue_id: int, until: datetime) -> None:
        """Leave the chunks of an issue that wait alone until then."""
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.state == QUEUED)
            .where(or_(chunks.c.run_after.is_(None), chunks.c.run_after < until))
            .values(run_after=until)
        )

    def wake(self, issue_id: int) -> None:
        """Let every chunk run now that holds a copy which is prepared."""
        ready = exists().where(
            deliveries.c.issue_id == chunks.c.issue_id,
            deliveries.c.chunk == chunks.c.position,
            deliveries.c.state == DeliveryState.PREPARED,
        )
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.state == QUEUED, ready)
            .values(run_after=None)
        )
