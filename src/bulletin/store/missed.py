"""Whom an issue missed: copies that can go again, and people who are in its audience since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    delete,
    except_,
    func,
    or_,
    select,
    union_all,
    update,
)

from bulletin.models.deliveries import DeliveryState
from bulletin.models.editions import ReaderKind
from bulletin.models.segments import Pick
from bulletin.store.planning import (
    QUEUED,
    UNPLANNED,
    candidates,
    included,
    lacks_consent,
    paused,
    reader_kind,
    served_addresses,
)
from bulletin.store.tables import (
    chunks,
    deliveries,
    events,
    role_sets,
    subscribers,
    suppressions,
)
from bulletin.store.tallies import recounting, within_chunks

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
_NEVER_TRIED = and_(
    deliveries.c.state == DeliveryState.EXCLUDED,
    deliveries.c.attempt == 0,
    deliveries.c.uncertain_at.is_(None),
)


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
            again = _can_go_again(issue_id, [state], today, served_addresses(issue_id))
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
        statement = delete(deliveries).where(
            deliveries.c.issue_id == issue_id,
            _NEVER_TRIED,
            deliveries.c.subscriber_id.in_(select(welcome.c.id).where(welcome.c.reason.is_(None))),
        )
        forgotten = self._connection.execute(statement).rowcount
        if forgotten:
            self._connection.execute(recounting(issue_id))
        return forgotten

    def held(self, issue_id: int) -> int:
        """How many copies of an issue are uncertain."""
        query = select(func.count()).select_from(deliveries)
        found = query.where(within_chunks(issue_id, DeliveryState.UNCERTAIN))
        return self._connection.scalar(found) or 0

    def again(
        self, issue_id: int, states: Sequence[DeliveryState], *, today: date
    ) -> dict[DeliveryState, int]:
        """How many copies `prepare_again` would prepare, by the state they are in; only counts."""
        here = within_chunks(issue_id, *states)
        of = deliveries.c.subscriber_id == subscribers.c.id
        served = served_addresses(
            issue_id, select(subscribers.c.email).join(deliveries, of).where(here)
        )
        query = (
            _can_go_again(issue_id, states, today, served)
            .with_only_columns(deliveries.c.state, func.count())
            .where(here)
            .group_by(deliveries.c.state)
        )
        found = {DeliveryState(row[0]): row[1] for row in self._connection.execute(query)}
        return {state: found.get(state, 0) for state in states}

    def latecomers(
        self, issue_id: int, include: Sequence[Pick], exclude: Sequence[Pick], *, today: date
    ) -> list[tuple[ReaderKind, bool, int]]:
        """Whom `Planning.plan` would prepare copies for after `forget_exclusions`; only counts.

        Returns (their kind, whether it has an edition of the issue, people). Of those who have
        none, only those count whose edition would hold an item.
        """
        new = _without_a_copy(issue_id, include)
        numbers = select(new.c.id)
        theirs = select(subscribers.c.email).where(subscribers.c.id.in_(numbers))
        served = served_addresses(issue_id, theirs)
        people = (
            candidates(issue_id, include, exclude, today, served)
            .where(subscribers.c.id.in_(numbers), served.c.email.is_(None))
            .subquery()
        )
        unplanned = people.c.reason == UNPLANNED
        kind = (role_sets.c.role_keys, people.c.nation, people.c.reason)
        query = (
            select(*kind, func.count())
            .join(role_sets, role_sets.c.id == people.c.role_set_id)
            .where(or_(people.c.reason.is_(None), unplanned))
            .group_by(*kind)
        )
        return [
            (reader_kind(keys, nation), reason is None, people)
            for keys, nation, reason, people in self._connection.execute(query)
        ]


def _without_a_copy(issue_id: int, include: Sequence[Pick]) -> CTE:
    """(id) of those in an audience who have no delivery, or one that may be forgotten."""
    everybody = select(subscribers.c.id).where(included(include))
    having = select(deliveries.c.subscriber_id).where(deliveries.c.issue_id == issue_id)
    # Both come in the order of an index: SQLite compares them side by side.
    none = except_(everybody, having).order_by("id").subquery()
    left_out = and_(deliveries.c.issue_id == issue_id, deliveries.c.chunk.is_(None))
    taken_out = within_chunks(issue_id, DeliveryState.EXCLUDED)
    forgettable = select(deliveries.c.subscriber_id).where(_NEVER_TRIED)
    return union_all(
        select(none.c.id), forgettable.where(left_out), forgettable.where(taken_out)
    ).cte()


def _can_go_again(
    issue_id: int, states: Sequence[DeliveryState], today: date, served: Subquery
) -> Select[tuple[int]]:
    """The deliveries in these states whose readers may be mailed, at an address that has no copy.

    served: the addresses that have one.
    """
    by_this_one_alone = and_(served.c.first == deliveries.c.id, served.c.last == deliveries.c.id)
    return (
        select(deliveries.c.id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
        .outerjoin(served, served.c.email == subscribers.c.email)
        .where(deliveries.c.issue_id == issue_id, deliveries.c.state.in_(states))
        .where(suppressions.c.reason.is_(None), ~lacks_consent(), ~paused(today))
        .where(or_(served.c.email.is_(None), by_this_one_alone))
    )
