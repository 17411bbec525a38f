"""What all the events of a copy come to: one statement that moves copies up, and never back."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Update,
    and_,
    case,
    func,
    not_,
    null,
    or_,
    select,
    update,
)

from bulletin.models.deliveries import DeliveryState
from bulletin.models.events import EventKind
from bulletin.store.tables import deliveries, events

_ACCEPTED = 1
_RANK = {
    DeliveryState.SUBMITTED: _ACCEPTED,
    DeliveryState.DEFERRED: 2,
    DeliveryState.DROPPED: 3,
    DeliveryState.DELIVERED: 4,
    DeliveryState.BOUNCED_SOFT: 5,
    DeliveryState.BOUNCED_HARD: 6,
}
"""How far a copy has come. Only a bounce may follow delivered. Any other state is before all of
these: whatever is told of a copy proves that it was accepted, so it is never sent again."""
HANDED_OVER = tuple(_RANK)

_STATE_OF = {
    EventKind.PROCESSED: DeliveryState.SUBMITTED,
    EventKind.COMPLAINED: DeliveryState.SUBMITTED,
    EventKind.UNSUBSCRIBED: DeliveryState.SUBMITTED,
    EventKind.DEFERRED: DeliveryState.DEFERRED,
    EventKind.DROPPED: DeliveryState.DROPPED,
    EventKind.DELIVERED: DeliveryState.DELIVERED,
    EventKind.BOUNCED_SOFT: DeliveryState.BOUNCED_SOFT,
    EventKind.BOUNCED_HARD: DeliveryState.BOUNCED_HARD,
}
_COPY = deliveries.c
ABOUT_WHAT_WENT = or_(_COPY.heard_until.is_(None), events.c.occurred_at > _COPY.heard_until)
"""Whether an event is about the copy as it went last, and not about one that was dropped."""


def _outcomes(affected: Select[tuple[int]]) -> Subquery:
    """Per affected copy, what is told of its last going: of what says most, the latest."""
    state = case(dict(_STATE_OF), value=events.c.kind)
    rank = case({kind: _RANK[state] for kind, state in _STATE_OF.items()}, value=events.c.kind)
    mine = events.c.delivery_id
    order = (rank.desc(), events.c.occurred_at.desc(), events.c.event_id.desc())
    told = (
        select(
            mine,
            state.label("state"),
            rank.label("rank"),
            events.c.detail,
            func.row_number().over(partition_by=mine, order_by=order).label("place"),
            func.min(events.c.occurred_at).over(partition_by=mine).label("first"),
            _times(EventKind.COMPLAINED).label("complaints"),
            _times(EventKind.UNSUBSCRIBED).label("unsubscribes"),
        )
        .join(deliveries, _COPY.id == mine)
        .where(mine.in_(affected), ABOUT_WHAT_WENT)
        .subquery("told")
    )
    return select(told).where(told.c.place == 1).subquery("outcomes")


def _times(kind: EventKind) -> ColumnElement[int]:
    one = case((events.c.kind == kind, 1), else_=0)
    return func.sum(one).over(partition_by=events.c.delivery_id)


def move(affected: Select[tuple[int]]) -> Update:
    """Moves copies to where their events say that they are. affected: their numbers."""
    outcome = _outcomes(affected).c
    so_far = case(dict(_RANK), value=_COPY.state, else_=0)
    # At the same rank the latest words count, but for mere acceptance, where the transport's stay.
    says_more = or_(outcome.rank > so_far, and_(outcome.rank == so_far, outcome.rank > _ACCEPTED))
    earlier = or_(_COPY.submitted_at.is_(None), outcome.first < _COPY.submitted_at)
    complained = and_(outcome.complaints > 0, not_(_COPY.complained))
    unsubscribed = and_(outcome.unsubscribes > 0, not_(_COPY.unsubscribed))
    return (
        update(deliveries)
        .where(_COPY.id == outcome.delivery_id, _COPY.state != DeliveryState.EXCLUDED)
        .where(or_(says_more, earlier, complained, unsubscribed))
        .values(
            state=case((says_more, outcome.state), else_=_COPY.state),
            detail=case((says_more, outcome.detail), else_=_COPY.detail),
            complained=or_(_COPY.complained, complained),
            unsubscribed=or_(_COPY.unsubscribed, unsubscribed),
            submitted_at=case((earlier, outcome.first), else_=_COPY.submitted_at),
            uncertain_at=null(),
            retry_at=null(),
        )
    )
