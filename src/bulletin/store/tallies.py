"""Tallies: how many copies of an issue are where, in milliseconds for a million of them.

Each chunk knows how many copies it holds. What is rare is looked up in the index, chunk by chunk;
what is common is never counted: a chunk whose first and last copy by state are `prepared` waits as
a whole, and what is not found in any other state was accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Label,
    RowMapping,
    Update,
    and_,
    case,
    func,
    literal,
    select,
    update,
)

from bulletin.models.deliveries import DeliveryState
from bulletin.models.progress import Tally, Troubled
from bulletin.store.tables import chunks, deliveries

_RARE = {
    "in_hand": (DeliveryState.SENDING,),
    "again": (DeliveryState.RETRY_WAIT,),
    "came_back": (DeliveryState.BOUNCED_HARD, DeliveryState.DROPPED),
    "failed": (DeliveryState.FAILED,),
    "uncertain": (DeliveryState.UNCERTAIN,),
    "withdrawn": (DeliveryState.EXCLUDED,),
}


_TROUBLED = (
    DeliveryState.FAILED, DeliveryState.BOUNCED_HARD, DeliveryState.DROPPED,
    DeliveryState.RETRY_WAIT,
)  # fmt: skip


class Tallies:
    """Counts copies, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, issue_id: int) -> Tally:
        """Where the copies of an issue are. One that was never planned has none."""
        return self.of_each([issue_id])[issue_id]

    def of_each(self, issue_ids: Sequence[int]) -> dict[int, Tally]:
        """The same of several issues, in one go."""
        left_out = self._left_out(issue_ids)
        query = _COUNTS.where(chunks.c.issue_id.in_(issue_ids)).group_by(chunks.c.issue_id)
        rows = self._connection.execute(query).mappings()
        found = {row["issue_id"]: row for row in rows}
        return {number: _tally(found.get(number), left_out.get(number, 0)) for number in issue_ids}

    def reasons(self, issue_id: int, limit: int) -> list[tuple[str, str, int]]:
        """(state, the other side's words, copies) of what failed, came back or waits to be tried
        again; the most frequent first."""
        query = (
            select(deliveries.c.state, deliveries.c.detail, func.count())
            .where(within_chunks(issue_id, *_TROUBLED))
            .group_by(deliveries.c.state, deliveries.c.detail)
            .order_by(func.count().desc(), deliveries.c.state, deliveries.c.detail)
            .limit(limit)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def troubled(self, issue_id: int, limit: int) -> list[Troubled]:
        """Whose copies those are, in the order in which they were planned."""
        query = (
            select(deliveries.c.email, deliveries.c.state, deliveries.c.detail)
            .where(within_chunks(issue_id, *_TROUBLED))
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        return [
            Troubled(row.email or "(erased)", DeliveryState(row.state), row.detail)
            for row in self._connection.execute(query)
        ]

    def _left_out(self, issue_ids: Sequence[int]) -> dict[int, int]:
        query = (
            select(deliveries.c.issue_id, func.count())
            .where(deliveries.c.issue_id.in_(issue_ids), deliveries.c.chunk.is_(None))
            .where(deliveries.c.state == DeliveryState.EXCLUDED)
            .group_by(deliveries.c.issue_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}


def within_chunks(issue_id: int, *states: DeliveryState) -> ColumnElement[bool]:
    """Whether a copy of an issue is in one of these states; for states that few are in.

    Naming the chunks lets a database look each of them up, instead of all copies of the issue.
    """
    positions = select(chunks.c.position).where(chunks.c.issue_id == issue_id)
    return and_(
        deliveries.c.issue_id == issue_id,
        deliveries.c.chunk.in_(positions),
        deliveries.c.state.in_(states),
    )


def recounting(issue_id: int) -> Update:
    """Has the chunks of an issue count their copies anew, after some were removed."""
    held = (
        select(func.count())
        .where(deliveries.c.issue_id == chunks.c.issue_id)
        .where(deliveries.c.chunk == chunks.c.position)
        .scalar_subquery()
    )
    return update(chunks).where(chunks.c.issue_id == issue_id).values(size=held)


def _end(which: Callable[..., Any]) -> ColumnElement[str]:
    """The first or the last state, in the order of the index, that a copy of a chunk is in."""
    return (
        select(which(deliveries.c.state))
        .where(deliveries.c.issue_id == chunks.c.issue_id)
        .where(deliveries.c.chunk == chunks.c.position)
        .correlate(chunks)
        .scalar_subquery()
    )


def _in_chunk(state: DeliveryState) -> ColumnElement[int]:
    """How many copies of a chunk are in a state: one look into the index."""
    return (
        select(func.count())
        .where(
            deliveries.c.issue_id == chunks.c.issue_id,
            deliveries.c.chunk == chunks.c.position,
            deliveries.c.state == state,
        )
        .correlate(chunks)
        .scalar_subquery()
    )


def _summed(name: str, *states: DeliveryState) -> Label[int]:
    found: ColumnElement[int] = sum((_in_chunk(state) for state in states), literal(0))
    return func.sum(found).label(name)


def _waiting() -> ColumnElement[int]:
    ends = (_end(func.min), _end(func.max))
    waits_whole = and_(*(end == DeliveryState.PREPARED for end in ends))
    return case((waits_whole, chunks.c.size), else_=_in_chunk(DeliveryState.PREPARED))


# Written once: to put it together takes as long as to ask it.
_COUNTS = select(
    chunks.c.issue_id,
    func.sum(chunks.c.size).label("planned"),
    func.sum(_waiting()).label("waiting"),
    *(_summed(name, *states) for name, states in _RARE.items()),
)


def _tally(found: RowMapping | None, left_out: int) -> Tally:
    if found is None:
        return Tally(left_out=left_out)
    counts = {name: int(number) for name, number in found.items() if name != "issue_id"}
    elsewhere = sum(number for name, number in counts.items() if name != "planned")
    return Tally(**counts, accepted=counts["planned"] - elsewhere, left_out=left_out)
