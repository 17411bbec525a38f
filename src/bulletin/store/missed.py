"""Whom an issue missed: copies that can go again, and people who are in its audience since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, update

from bulletin.models.deliveries import DeliveryState
from bulletin.models.segments import Pick
from bulletin.store.planning import (
    QUEUED,
    candidates,
    lacks_consent,
    paused,
    served_addresses,
)
from bulletin.store.tables import chunks, deliveries, events, subscribers, suppressions
from bulletin.store.tallies import recounting

_BEING_SENT = "sending"
# The number of the last taking stays: by it a sender's late answer is told from those to come.
_ANEW: dict[str, object] = {
    "state": DeliveryState.PREPARED,
    "detail": "",
    "provider_ref": "",
    "first_attempt_at": None,
    "retry_at": None,
    "submitted_at": None,
    "uncertain_at": None,
}
# Being dropped is the last that happens to a copy: what happened by then, however late it is told,
# says nothing about the one that goes now. The moments are the provider's, so clocks do not matter.
_ANEW_AFTER_A_DROP = _ANEW | {
    "heard_until": select(func.max(events.c.occurred_at))
    .where(events.c.delivery_id == deliveries.c.id)
    .scalar_subquery()
}


class Missed:
    """Gives those who were missed another chance, in one transaction; set-based.

    Nobody who may have a copy is among them, neither by who they are nor by their address.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def prepare_again(
        self,
        issue_id: int,
        states: Iterable[DeliveryState],
        *,
        today: date,
        only: ColumnElement[bool] | None = None,
    ) -> dict[DeliveryState, int]:
        """Prepare copies in these states once more, in the chunks they were in.

        Left alone are those of whoever may not be mailed, and of an address that has a copy by
        somebody else's delivery. today: the day where the readers are, by which pauses end.
        only: which of them. Returns how many, by the state they were in.
        """
        counts = {}
        for state in states:
            again = _can_go_again(issue_id, state, today)
            again = again if only is None else again.where(only)
            self._queue(issue_id, again)
            anew = _ANEW_AFTER_A_DROP if state is DeliveryState.DROPPED else _ANEW
            statement = update(deliveries).where(deliveries.c.id.in_(again)).values(anew)
            counts[state] = self._connection.execute(statement).rowcount
        return counts

    def _queue(self, issue_id: int, again: Select[tuple[int]]) -> None:
        holding = again.with_only_columns(deliveries.c.chunk)
        self._connection.execute(
            update(chunks)
            .where(chunks.c.issue_id == issue_id, chunks.c.position.in_(holding))
            .where(chunks.c.state != _BEING_SENT)  # its holder finds the prepared copies
            .values(state=QUEUED, run_after=None)
        )

    def forget_exclusions(
        self, issue_id: int, include: Sequence[Pick], exclude: Sequence[Pick], *, today: date
    ) -> int:
        """Remove the deliveries of those who were excluded and would not be any more.

        Only of those whom no sender ever took in hand. `Planning.plan` then plans for them as for
        anybody new. Returns how many.
        """
        people = candidates(issue_id, include, exclude, today, served_addresses(issue_id))
        welcome = people.subquery()
        never_tried = and_(
            deliveries.c.state == DeliveryState.EXCLUDED,
            deliveries.c.attempt == 0,
            deliveries.c.uncertain_at.is_(None),
        )
        statement = delete(deliveries).where(
            deliveries.c.issue_id == issue_id,
            never_tried,
            deliveries.c.subscriber_id.in_(select(welcome.c.id).where(welcome.c.reason.is_(None))),
        )
        forgotten = self._connection.execute(statement).rowcount
        if forgotten:
            self._connection.execute(recounting(issue_id))
        return forgotten

    def held(self, issue_id: int) -> int:
        """How many copies of an issue are uncertain."""
        query = select(func.count()).select_from(deliveries)
        uncertain = deliveries.c.state == DeliveryState.UNCERTAIN
        found = query.where(deliveries.c.issue_id == issue_id, uncertain)
        return self._connection.scalar(found) or 0


def _can_go_again(issue_id: int, state: DeliveryState, today: date) -> Select[tuple[int]]:
    """The deliveries in a state whose readers may be mailed, at an address that has no copy."""
    served = served_addresses(issue_id)
    by_this_one_alone = and_(served.c.first == deliveries.c.id, served.c.last == deliveries.c.id)
    return (
        select(deliveries.c.id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
        .outerjoin(served, served.c.email == subscribers.c.email)
        .where(deliveries.c.issue_id == issue_id, deliveries.c.state == state)
        .where(suppressions.c.reason.is_(None), ~lacks_consent(), ~paused(today))
        .where(or_(served.c.email.is_(None), by_this_one_alone))
    )
