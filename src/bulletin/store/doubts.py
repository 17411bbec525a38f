"""Doubts: copies of which nobody can say whether they were accepted, and what ends a doubt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from bulletin.models.deliveries import DeliveryState, Doubt
from bulletin.models.events import TELL_OF_ALL, EventKind
from bulletin.store.among import among
from bulletin.store.missed import Missed
from bulletin.store.outcomes import ABOUT_WHAT_WENT
from bulletin.store.tables import deliveries, events, issues
from bulletin.store.types import Id

_COPY = deliveries.c
_UNCERTAIN = and_(_COPY.state == DeliveryState.UNCERTAIN, _COPY.uncertain_at.is_not(None))
_ACCEPTED = (EventKind.PROCESSED, EventKind.DELIVERED)


class Doubts:
    """The copies in doubt, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listed(self, issue_id: int | None, limit: int) -> list[Doubt]:
        """Of one issue, or of all but rehearsals, the oldest first.

        An erased reader's address is "(erased)".
        """
        query = (
            select(
                _COPY.id, issues.c.slug, _COPY.email, _COPY.uncertain_at, _COPY.detail,
                _COPY.attempt,
            )
            .join(issues, issues.c.id == _COPY.issue_id)
            .where(_UNCERTAIN)
            .order_by(_COPY.uncertain_at, _COPY.id)
            .limit(limit)
        )  # fmt: skip
        real = issues.c.rehearsal_of.is_(None)
        # An expression, so that SQLite goes by the few copies in doubt and not by all of an issue.
        mine = _COPY.issue_id + 0 == issue_id
        query = query.where(real if issue_id is None else mine)
        return [
            Doubt(row.id, row.slug, row.email or "(erased)", row.uncertain_at, row.detail,
                  row.attempt)
            for row in self._connection.execute(query)
        ]  # fmt: skip

    def among(self, issue_id: int, delivery_ids: Collection[int]) -> set[int]:
        """Those of the deliveries that are in doubt and belong to an issue."""
        query = select(_COPY.id).where(self._these(issue_id, delivery_ids))
        return set(self._connection.scalars(query))

    def settle(
        self, issue_id: int, delivery_ids: Collection[int] | None, state: DeliveryState, words: str
    ) -> int:
        """Say that an issue's copies in doubt, or those named, were accepted or failed.

        state: SUBMITTED or FAILED; words: how that is known. Returns how many there were.
        """
        accepted = state is DeliveryState.SUBMITTED
        when = func.coalesce(_COPY.first_attempt_at, _COPY.uncertain_at)
        statement = (
            update(deliveries)
            .where(self._these(issue_id, delivery_ids))
            .values(
                state=state,
                detail=words,
                submitted_at=when if accepted else None,
                uncertain_at=None,
            )
        )
        return self._connection.execute(statement).rowcount

    def prepare_again(
        self, issue_id: int, delivery_ids: Collection[int] | None, *, today: date
    ) -> int:
        """Prepare an issue's copies in doubt, or those named, once more; some may arrive twice.

        Left alone are those of whoever may not be mailed. Returns how many were prepared.
        """
        return self._again(issue_id, self._these(issue_id, delivery_ids), today)

    def prepare_overdue(
        self, issue_id: int, before: datetime, most_attempts: int, *, today: date
    ) -> int:
        """The same for copies in doubt since before that, provided that news would have come.

        That is proven by a copy of the issue that was handed over later, and of which a provider
        that tells of every copy told that it was accepted. One that was tried so many times is
        left alone.
        """
        proof = self._connection.scalar(
            select(func.max(_COPY.submitted_at))
            .join(events, events.c.delivery_id == _COPY.id)
            .where(_COPY.issue_id == issue_id, events.c.kind.in_(_ACCEPTED))
            .where(ABOUT_WHAT_WENT, events.c.provider.in_(TELL_OF_ALL))
        )
        if proof is None:
            return 0
        overdue = and_(
            _UNCERTAIN,
            _COPY.uncertain_at <= min(before, proof),
            _COPY.attempt < most_attempts,
        )
        return self._again(issue_id, overdue, today)

    def _again(self, issue_id: int, which: ColumnElement[bool], today: date) -> int:
        again = Missed(self._connection).prepare_again(
            issue_id, [DeliveryState.UNCERTAIN], today=today, only=which
        )
        return again[DeliveryState.UNCERTAIN]

    def overdue_in(self, after: datetime, before: datetime) -> list[int]:
        """The issues that have copies in doubt since a time between these, and not a rehearsal."""
        query = (
            select(_COPY.issue_id)
            .join(issues, issues.c.id == _COPY.issue_id)
            .where(_UNCERTAIN, _COPY.uncertain_at > after, _COPY.uncertain_at <= before)
            .where(issues.c.rehearsal_of.is_(None))
        )
        return sorted(self._connection.scalars(query.distinct()))

    def _these(self, issue_id: int, delivery_ids: Collection[int] | None) -> ColumnElement[bool]:
        mine = and_(_UNCERTAIN, _COPY.issue_id == issue_id)
        if delivery_ids is None:
            return mine
        return and_(mine, _COPY.id.in_(among(self._connection, delivery_ids, Id)))
