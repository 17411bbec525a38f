"""Deliveries as a report reads them: how many, in which state, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text, update

from bulletin.errors import NotFound
from bulletin.models.deliveries import DeliveryState, Toll
from bulletin.models.editions import ReaderKind
from bulletin.models.progress import Tally
from bulletin.store.planning import reader_kind
from bulletin.store.tables import deliveries, issues, role_sets
from bulletin.store.tallies import Tallies, within_chunks

_NOT_SENT = (
    DeliveryState.EXCLUDED,
    DeliveryState.FAILED,
    DeliveryState.UNCERTAIN,
    DeliveryState.RETRY_WAIT,
)
# As the partial index has it: SQLite does not see that `complained = 1` would be the same.
_COMPLAINED = text("deliveries.complained")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who a copy was made for, and the address it is for: None once the person is erased."""

    issue_id: int
    subscriber_id: int | None
    email: str | None
    kind: ReaderKind


class Deliveries:
    """The ledger's rows for people to look at, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self, issue_id: int) -> dict[tuple[str, str], int]:
        """People per (state, reason); reason is "" but for the excluded."""
        query = (
            select(deliveries.c.state, deliveries.c.reason, func.count())
            .where(deliveries.c.issue_id == issue_id)
            .group_by(deliveries.c.state, deliveries.c.reason)
        )
        return {(row[0], row[1]): row[2] for row in self._connection.execute(query)}

    def receiver(self, delivery_id: int) -> Receiver:
        """Who a delivery is for, with the roles and nation of then. Raises NotFound."""
        query = (
            select(
                deliveries.c.issue_id,
                deliveries.c.subscriber_id,
                deliveries.c.email,
                role_sets.c.role_keys,
                deliveries.c.nation,
            )
            .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
            .where(deliveries.c.id == delivery_id)
        )
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound(f"Copy {delivery_id} is no longer kept.")
        kind = reader_kind(row.role_keys, row.nation)
        return Receiver(row.issue_id, row.subscriber_id, row.email, kind)

    def flags(self, issue_id: int) -> tuple[int, int]:
        """How many complained, and how many unsubscribed because of this issue."""
        query = select(
            func.count().filter(deliveries.c.complained),
            func.count().filter(deliveries.c.unsubscribed),
        ).where(deliveries.c.issue_id == issue_id)
        complained, unsubscribed = self._connection.execute(query).one()
        return complained, unsubscribed

    def next_try(self, issue_id: int) -> datetime | None:
        """When the first of the copies that were refused for now is tried again."""
        waiting = within_chunks(issue_id, DeliveryState.RETRY_WAIT)
        query = select(func.min(deliveries.c.retry_at)).where(waiting)
        moment: datetime | None = self._connection.scalar(query)
        return moment

    def toll(self, issue_id: int, tally: Tally | None = None) -> Toll:
        """What an issue cost so far; counts nothing that is not rare. tally: its, if known."""
        tally = tally or Tallies(self._connection).of(issue_id)
        mine = deliveries.c.issue_id == issue_id
        complained = select(func.count()).select_from(deliveries).where(mine, _COMPLAINED)
        failed = tally.failed + tally.came_back
        return Toll(
            handed_over=tally.accepted + failed + tally.uncertain,
            accepted=tally.accepted,
            failed=failed,
            complained=self._connection.execute(complained).scalar_one(),
            planned=tally.planned + tally.left_out,
            uncertain=tally.uncertain,
        )

    def overlooked(self, issue_id: int) -> Toll:
        """The toll at which a person let the issue go on."""
        query = select(issues.c.overlooked).where(issues.c.id == issue_id)
        return Toll(**(self._connection.scalar(query) or {}))

    def overlook(self, issue_id: int) -> None:
        """Let what an issue cost so far not stop it again."""
        toll = asdict(self.toll(issue_id))
        self._connection.execute(
            update(issues).where(issues.c.id == issue_id).values(overlooked=toll)
        )

    def not_sent(self, issue_id: int, limit: int) -> list[tuple[str, str, str, str]]:
        """(address, state, reason, detail) of copies that are not on their way, for a report."""
        query = (
            select(deliveries.c.email, deliveries.c.state, deliveries.c.reason, deliveries.c.detail)
            .where(deliveries.c.issue_id == issue_id, deliveries.c.state.in_(_NOT_SENT))
            .order_by(deliveries.c.state, deliveries.c.reason, deliveries.c.id)
            .limit(limit)
        )
        return [
            (row[0] or "(erased)", row[1], row[2], row[3])
            for row in self._connection.execute(query)
        ]
