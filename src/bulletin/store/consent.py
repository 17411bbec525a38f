"""Whether an address may be mailed: suppressions, and the record of consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bulletin.models.people import Suppression, SuppressionReason
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import consents, suppressions
from bulletin.store.upsert import upsert

# What a person said outweighs what a machine or an admin did, and is not lifted with it.
_STRENGTH = (
    SuppressionReason.MANUAL,
    SuppressionReason.SOFT_BOUNCE,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.COMPLAINT,
    SuppressionReason.OBJECTION,
    SuppressionReason.ERASED,
)

_OLD = suppressions.c


class Suppressions:
    """Addresses never to be mailed again.

    The strongest reason counts. Weaker ones are kept under it, for when it is lifted.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def add(
        self, email: str, reason: SuppressionReason, now: datetime, *, detail: str = ""
    ) -> bool:
        """False if the address was suppressed already for a reason as strong or stronger.

        detail: a note; without one, that of an earlier reason stays.
        """
        row = self._row(email, reason, now, detail)
        found: str | None = self._connection.scalar(self._merge().returning(_OLD.reason), row)
        return found == reason

    def add_all(self, barred: Iterable[tuple[str, SuppressionReason]], now: datetime) -> None:
        """As `add`, for many."""
        rows = [self._row(email, reason, now, "") for email, reason in barred]
        # In one order, so that two never wait for each other.
        rows.sort(key=lambda row: (row["address_hash"], row["reason"]))
        if rows:
            self._connection.execute(self._merge(), rows)

    def _row(
        self, email: str, reason: SuppressionReason, now: datetime, detail: str
    ) -> dict[str, Any]:
        return {
            "address_hash": self._hash(email),
            "email": email.strip().lower(),
            "reason": reason,
            "detail": detail,
            "created_at": now,
        }

    def _merge(self) -> Any:
        """The statement that puts a row there, or its reason to those that are."""
        put = upsert(self._connection, suppressions)
        new = put.excluded
        weaker = _strength(_OLD.reason) < _strength(new.reason)
        return put.on_conflict_do_update(
            index_elements=["address_hash"],
            set_={
                "reason": case((weaker, new.reason), else_=_OLD.reason),
                "detail": case((and_(weaker, new.detail != ""), new.detail), else_=_OLD.detail),
                "also": _joined(_OLD.also, case((weaker, _OLD.reason), else_=new.reason)),
            },
            where=and_(_OLD.reason != SuppressionReason.ERASED, ~_holds(new.reason)),
        )

    def erase(self, address_hashes: Iterable[bytes], now: datetime) -> bool:
        """Bar addresses for good, of which the hash alone is kept from now on.

        Whether one of them was suppressed before.
        """
        nothing_else = {"email": None, "reason": SuppressionReason.ERASED, "detail": "", "also": ""}
        # In one order, so that two never wait for each other.
        rows = [{"address_hash": each, "created_at": now} for each in sorted(address_hashes)]
        put = upsert(self._connection, suppressions).values(nothing_else).on_conflict_do_nothing()
        new = put.returning(suppressions.c.reason)
        added = sum(len(self._connection.execute(new, row).all()) for row in rows)
        here = suppressions.c.address_hash.in_([row["address_hash"] for row in rows])
        self._connection.execute(update(suppressions).where(here).values(nothing_else))
        return added < len(rows)

    def reason(self, email: str) -> SuppressionReason | None:
        query = select(suppressions.c.reason).where(
            suppressions.c.address_hash == self._hash(email)
        )
        found = self._connection.scalar(query)
        return None if found is None else SuppressionReason(found)

    def remove(self, email: str, only: SuppressionReason | None = None) -> bool:
        """Lift a suppression, or only that reason of it; false if there was none.

        What was under a reason that is lifted counts again.
        """
        mine = suppressions.c.address_hash == self._hash(email)
        row = self._connection.execute(select(suppressions).where(mine).with_for_update()).first()
        reasons = [] if row is None else [row.reason, *filter(None, row.also.split(";"))]
        if not reasons or (only is not None and only not in reasons):
            return False
        left = [each for each in reversed(_STRENGTH) if only and each in reasons and each != only]
        if left:
            kept = update(suppressions).values(reason=left[0], also=";".join(left[1:]))
            self._connection.execute(kept.where(mine))
        else:
            self._connection.execute(delete(suppressions).where(mine))
        return True

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(suppressions)) or 0

    def page(self, start: int, size: int) -> list[Suppression]:
        """Newest first, from the one at `start` on."""
        newest = select(suppressions).order_by(
            suppressions.c.created_at.desc(), suppressions.c.address_hash
        )
        return self._listed(newest.offset(start).limit(size))

    def list_suppressions(self) -> list[Suppression]:
        return self._listed(select(suppressions).order_by(suppressions.c.created_at))

    def _listed(self, query: Select[Any]) -> list[Suppression]:
        return [
            Suppression(
                row.email or "(erased)", SuppressionReason(row.reason), row.created_at, row.detail
            )
            for row in self._connection.execute(query)
        ]


def _strength(reason: ColumnElement[str]) -> ColumnElement[int]:
    return case({each: rank for rank, each in enumerate(_STRENGTH)}, value=reason)


def _holds(reason: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a reason is on record for an address, as the one that counts or under it."""
    under = (literal(";") + _OLD.also + ";").contains(literal(";") + reason + ";")
    return or_(_OLD.reason == reason, under)


def _joined(reasons: ColumnElement[str], one_more: ColumnElement[str]) -> ColumnElement[str]:
    return case((reasons == "", one_more), else_=reasons + ";" + one_more)


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
