"""Subscribers, the roles they hold, suppressions, and users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from bulletin.errors import NotFound, Refused
from bulletin.models.items import Nation
from bulletin.models.people import (
    Role,
    Subscriber,
    SubscriberKind,
    Suppression,
    SuppressionReason,
    User,
    UserRole,
)
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import (
    consents,
    deliveries,
    organisations,
    role_set_members,
    role_sets,
    roles,
    subscribers,
    suppressions,
    users,
)
from bulletin.store.upsert import upsert


class Roles:
    """The roles, and the combinations of them that people hold."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_roles(self) -> list[Role]:
        query = select(roles).order_by(roles.c.position)
        return [
            Role(row.key, row.name, row.short, tuple(row.aliases))
            for row in self._connection.execute(query)
        ]

    def set_id(self, keys: Iterable[str]) -> int:
        """The id of a combination of roles; made when it is new. The keys must exist."""
        ordered = sorted(set(keys))
        joined = ";".join(ordered)
        found: int | None = self._connection.scalar(
            select(role_sets.c.id).where(role_sets.c.role_keys == joined)
        )
        if found is not None:
            return found
        added = upsert(self._connection, role_sets).values(role_keys=joined)
        self._connection.execute(added.on_conflict_do_nothing(index_elements=["role_keys"]))
        made = select(role_sets.c.id).where(role_sets.c.role_keys == joined)
        new = int(self._connection.execute(made).scalar_one())
        members = [{"role_set_id": new, "role_key": key} for key in ordered]
        if members:
            put = upsert(self._connection, role_set_members).on_conflict_do_nothing()
            self._connection.execute(put, members)
        return new


class Subscribers:
    """The people on the list, one at a time or as a stream. Imports are in `roster_import`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_email(self, email: str) -> Subscriber:
        """Raises NotFound."""
        query = _subscriber_query().where(subscribers.c.email == email.strip().lower())
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"Nobody on the list has the address {email}.")
        return _subscriber(row)

    def has(self, email: str) -> bool:
        """Whether somebody on the list has this address."""
        query = select(subscribers.c.id).where(subscribers.c.email == email.strip().lower())
        return self._connection.scalar(query) is not None

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        query = _subscriber_query().where(subscribers.c.id == subscriber_id)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _subscriber(row)

    def stream(self) -> Iterator[Subscriber]:
        """Everybody, by address, without holding them all in memory."""
        query = _subscriber_query().order_by(subscribers.c.email)
        result = self._connection.execution_options(yield_per=1000).execute(query)
        for row in result.mappings():
            yield _subscriber(row)

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(subscribers)) or 0

    def set_roles(self, subscriber_id: int, role_set_id: int, now: datetime) -> None:
        self._connection.execute(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(role_set_id=role_set_id, updated_at=now)
        )

    def erase(self, subscriber: Subscriber) -> None:
        """Remove a person. Their deliveries stay as bare counts, without an address."""
        mine = deliveries.c.subscriber_id == subscriber.id
        # What a server said may quote the address, so it goes too.
        self._connection.execute(update(deliveries).where(mine).values(email=None, detail=""))
        self._connection.execute(delete(subscribers).where(subscribers.c.id == subscriber.id))


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
        key = self._hash(email)
        shown = None if reason is SuppressionReason.ERASED else email.strip().lower()
        before = self.reason(email)
        if before is not None:
            if _STRENGTH.index(before) >= _STRENGTH.index(reason):
                return False
            stronger = update(suppressions).where(suppressions.c.address_hash == key)
            self._connection.execute(stronger.values(reason=reason, email=shown, detail=detail))
            return True
        self._connection.execute(
            insert(suppressions).values(
                address_hash=key, email=shown, reason=reason, detail=detail, created_at=now
            )
        )
        return True

    def reason(self, email: str) -> SuppressionReason | None:
        query = select(suppressions.c.reason).where(
            suppressions.c.address_hash == self._hash(email)
        )
        found = self._connection.scalar(query)
        return None if found is None else SuppressionReason(found)

    def remove(self, email: str) -> bool:
        """False if the address was not suppressed."""
        statement = delete(suppressions).where(suppressions.c.address_hash == self._hash(email))
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


class Users:
    """People who sign in, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, email: str, role: UserRole, password_hash: str, now: datetime) -> User:
        """Raises Refused if the address has an account."""
        if self.by_email(email) is not None:
            raise Refused(f"{email} has an account already.")
        values = {
            "email": email,
            "role": role,
            "password_hash": password_hash,
            "created_at": now,
        }
        row = self._connection.execute(insert(users).values(values).returning(users)).one()
        return User(row.id, row.email, UserRole(row.role), row.created_at)

    def by_email(self, email: str) -> User | None:
        query = select(users).where(users.c.email == email.strip().lower())
        row = self._connection.execute(query).first()
        return None if row is None else User(row.id, row.email, UserRole(row.role), row.created_at)

    def list_users(self) -> Sequence[User]:
        return [
            User(row.id, row.email, UserRole(row.role), row.created_at)
            for row in self._connection.execute(select(users).order_by(users.c.id))
        ]


def _subscriber_query() -> Select[tuple[object, ...]]:
    return (
        select(
            subscribers,
            role_sets.c.role_keys,
            func.coalesce(organisations.c.name, "").label("organisation"),
            func.coalesce(organisations.c.urn, "").label("urn"),
            func.coalesce(organisations.c.phase, "").label("phase"),
            func.coalesce(organisations.c.local_authority, "").label("local_authority"),
        )
        .join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
        .outerjoin(organisations, organisations.c.id == subscribers.c.organisation_id)
    )


def _subscriber(row: RowMapping) -> Subscriber:
    return Subscriber(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        roles=frozenset(filter(None, row["role_keys"].split(";"))),
        organisation=row["organisation"],
        urn=row["urn"],
        nation=Nation(row["nation"]) if row["nation"] else None,
        phase=row["phase"],
        local_authority=row["local_authority"],
        kind=SubscriberKind(row["kind"]) if row["kind"] else None,
        consent_basis=row["consent_basis"],
        consent_date=row["consent_date"],
        created_at=row["created_at"],
        paused_until=row["paused_until"],
    )
