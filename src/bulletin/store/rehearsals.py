"""What a rehearsal leaves in the tables, and what the simulator has yet to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from bulletin.models.deliveries import DeliveryState, Outcome, Receipt
from bulletin.store.tables import deliveries, events, issues

_STATES = {
    Outcome.SUBMITTED: DeliveryState.SUBMITTED,
    Outcome.FAILED: DeliveryState.FAILED,
    Outcome.RETRY: DeliveryState.FAILED,
    Outcome.UNCERTAIN: DeliveryState.UNCERTAIN,
}


@dataclass(frozen=True, slots=True)
class Simulated:
    """A copy that a simulator took, and what is known of it so far."""

    delivery_id: int
    email: str
    state: DeliveryState


class Rehearsals:
    """Rehearsals of issues, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, issue_id: int) -> None:
        """Remove every rehearsal of an issue, with all that became of it."""
        mine = select(issues.c.id).where(issues.c.rehearsal_of == issue_id)
        copies = select(deliveries.c.id).where(deliveries.c.issue_id.in_(mine))
        self._connection.execute(delete(events).where(events.c.delivery_id.in_(copies)))
        self._connection.execute(delete(issues).where(issues.c.id.in_(mine)))

    def waiting_for(self, issue_id: int, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses for which a copy of an issue is prepared."""
        query = select(deliveries.c.email).where(
            deliveries.c.issue_id == issue_id,
            deliveries.c.state == DeliveryState.PREPARED,
            deliveries.c.email.in_(list(addresses)),
        )
        return frozenset(email for email in self._connection.scalars(query) if email)

    def add_copy(self, issue_id: int, email: str, role_set_id: int, nation: str) -> int:
        """A copy for somebody of the team, marked `sending`: it is handed over at once, by whoever
        adds it. Returns its number."""
        values = {
            "issue_id": issue_id,
            "email": email,
            "role_set_id": role_set_id,
            "nation": nation,
            "state": DeliveryState.SENDING,
        }
        added = insert(deliveries).values(values).returning(deliveries.c.id)
        return int(self._connection.execute(added).scalar_one())

    def record(self, receipts: Iterable[Receipt], now: datetime) -> None:
        """Write what became of copies that were added by `add_copy`. None is tried again."""
        for receipt in receipts:
            self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id == receipt.delivery_id)
                .where(deliveries.c.state == DeliveryState.SENDING)
                .values(
                    state=_STATES[receipt.outcome],
                    detail=receipt.detail,
                    provider_ref=receipt.provider_ref,
                    submitted_at=now if receipt.outcome is Outcome.SUBMITTED else None,
                )
            )

    def became(self, issue_id: int, addresses: Iterable[str]) -> dict[str, str]:
        """The state of the copies of an issue for these addresses, with what was said of them."""
        query = (
            select(deliveries.c.email, deliveries.c.state, deliveries.c.detail)
            .where(deliveries.c.issue_id == issue_id, deliveries.c.email.in_(list(addresses)))
            .order_by(deliveries.c.id)
        )
        return {
            row.email: f"{row.state}: {row.detail}" if row.detail else row.state
            for row in self._connection.execute(query)
        }

    def begun_since(self, moment: datetime) -> list[int]:
        """The issues that were begun since then, without rehearsals."""
        query = select(issues.c.id).where(
            issues.c.started_at >= moment, issues.c.rehearsal_of.is_(None)
        )
        return list(self._connection.scalars(query.order_by(issues.c.id)))

    def without_news(self, issue_id: int, provider: str, after: int, limit: int) -> list[Simulated]:
        """The next copies of an issue that this simulator took and of which there is more to tell:
        nothing is known but that they were accepted, or deferred. after: the last one's number."""
        pending = or_(
            deliveries.c.state == DeliveryState.SUBMITTED,
            deliveries.c.state == DeliveryState.DEFERRED,
        )
        query = (
            select(deliveries.c.id, deliveries.c.email, deliveries.c.state)
            .where(deliveries.c.issue_id == issue_id, deliveries.c.id > after, pending)
            .where(deliveries.c.provider_ref == provider, deliveries.c.email.is_not(None))
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        return [
            Simulated(row.id, row.email, DeliveryState(row.state))
            for row in self._connection.execute(query)
        ]
