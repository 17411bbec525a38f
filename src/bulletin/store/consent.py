"""Whether an address may be mailed: suppressions, and the record of consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bulletin.models.people import Suppression, SuppressionReason
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import consents, suppressions
from bulletin.store.upsert import upsert

# What a person said outweighs what a machine or an admin did, and is not lifted with it.
_STRENGTH = (
    SuppressionReason.MANUAL,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.COMPLAINT,
    SuppressionReason.OBJECTION,
    SuppressionReason.ERASED,
)


class Suppressions:
    """Addresses never to be mailed again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def add(
        self, email: str, reason: SuppressionReason, now: datetime, *, detail: str = ""
    ) -> bool:
        """False if the address was suppressed already for a reason as strong or stronger.

        An erased address is kept as a hash alone.
        """
        shown = None if reason is SuppressionReason.ERASED else email.strip().lower()
        put = upsert(self._connection, suppressions).values(
            address_hash=self._hash(email),
            email=shown,
            reason=reason,
            detail=detail,
            created_at=now,
        )
        weaker = _STRENGTH[: _STRENGTH.index(reason)]
        stronger = put.on_conflict_do_update(
            index_elements=["address_hash"],
            set_={"reason": reason, "email": shown, "detail": detail},
            where=suppressions.c.reason.in_(weaker),
        )
        added = stronger.returning(suppressions.c.reason)
        return self._connection.execute(added).first() is not None

    def reason(self, email: str) -> SuppressionReason | None:
        query = select(suppressions.c.reason).where(
            suppressions.c.address_hash == self._hash(email)
        )
        found = self._connection.scalar(query)
        return None if found is None else SuppressionReason(found)

    def remove(self, email: str, only: SuppressionReason | None = None) -> bool:
        """Lift a suppression, or only one of that reason; false if there was none."""
        statement = delete(suppressions).where(suppressions.c.address_hash == self._hash(email))
        if only is not None:
            statement = statement.where(suppressions.c.reason == only)
        return self._connection.execute(statement).rowcount == 1

    def list_suppressions(self) -> list[Suppression]:
        query = select(suppressions).order_by(suppressions.c.created_at)
        return [
            Suppression(
                row.email or "(erased)", SuppressionReason(row.reason), row.created_at, row.detail
            )
            for row in self._connection.execute(query)
        ]


class Consents:
    """The immutable record of who agreed to what, and when (requirement 37)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def record(
        self, email: str, action: str, basis: str, actor: str, now: datetime, *, wording: str = ""
    ) -> None:
        """wording: the digest of the words that were agreed to, as `Wordings.keep` gave it."""
        self._connection.execute(
            insert(consents).values(
                address_hash=self._hash(email),
                action=action,
                basis=basis,
                recorded_at=now,
                recorded_by=actor,
                wording=wording,
            )
        )

    def history(self, email: str) -> list[tuple[datetime, str, str, str]]:
        """(when, action, basis, by whom), oldest first."""
        query = select(consents).where(consents.c.address_hash == self._hash(email)).order_by("id")
        return [
            (row.recorded_at, row.action, row.basis, row.recorded_by)
            for row in self._connection.execute(query)
        ]
