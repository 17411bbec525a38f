"""Requests that wait for a confirmation, and how many there were lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from bulletin.models.items import Nation
from bulletin.models.requests import Request, RequestKind, Wish
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import installation, requests


class Requests:
    """What people asked for on pages, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def add(self, wish: Wish, now: datetime) -> int:
        """Put a wish on record. Returns its id, which no other will ever have."""
        values = {
            "kind": wish.kind,
            "email": wish.email.strip().lower(),
            "address_hash": self._hash(wish.email),
            "subscriber_id": wish.subscriber_id,
            "name": wish.name,
            "organisation": wish.organisation,
            "nation": wish.nation or "",
            "role_keys": ";".join(wish.roles),
            "wording": wish.wording,
            "client_hash": self._hash(wish.client),
            "requested_at": now,
        }
        added = insert(requests).values(values).returning(requests.c.id)
        return int(self._connection.execute(added).scalar_one())

    def get(self, request_id: int) -> Request | None:
        return self._first(select(requests).where(requests.c.id == request_id))

    def newest_of(self, subscriber_id: int, kind: RequestKind) -> Request | None:
        """What somebody on the list asked for last."""
        mine = and_(requests.c.subscriber_id == subscriber_id, requests.c.kind == kind)
        return self._first(select(requests).where(mine).order_by(requests.c.id.desc()))

    def _first(self, query: Select[tuple[object, ...]]) -> Request | None:
        row = self._connection.execute(query.limit(1)).mappings().first()
        if row is None:
            return None
        return Request(
            id=row["id"],
            kind=RequestKind(row["kind"]),
            email=row["email"],
            subscriber_id=row["subscriber_id"],
            name=row["name"],
            organisation=row["organisation"],
            nation=Nation(row["nation"]) if row["nation"] else None,
            roles=tuple(filter(None, row["role_keys"].split(";"))),
            wording=row["wording"],
            requested_at=row["requested_at"],
            confirmed_at=row["confirmed_at"],
        )

    def newest_open(self, email: str, kind: RequestKind, since: datetime) -> Request | None:
        """What was asked for last from an address since then and is not confirmed."""
        here = and_(requests.c.address_hash == self._hash(email), requests.c.kind == kind)
        waiting = and_(requests.c.confirmed_at.is_(None), requests.c.requested_at >= since)
        return self._first(select(requests).where(here, waiting).order_by(requests.c.id.desc()))

    def settle(self, request: Request, now: datetime) -> bool:
        """Mark a request, and all before it of its kind and address, as confirmed.

        False if there was none left to mark, so that it acts once.
        """
        here = and_(
            requests.c.address_hash == self._hash(request.email), requests.c.kind == request.kind
        )
        statement = (
            update(requests)
            .where(here, requests.c.id <= request.id, requests.c.confirmed_at.is_(None))
            .values(confirmed_at=now)
        )
        return self._connection.execute(statement).rowcount > 0

    def confirm(self, request_id: int, now: datetime) -> bool:
        """Mark a request as confirmed; false if it was already, so that it acts once."""
        statement = (
            update(requests)
            .where(requests.c.id == request_id, requests.c.confirmed_at.is_(None))
            .values(confirmed_at=now)
        )
        return self._connection.execute(statement).rowcount == 1

    def take_turns(self) -> None:
        """Let nobody else ask until this transaction ends, so that a count stays true."""
        self._connection.execute(select(installation.c.id).with_for_update())

    def newest_but(
        self, skipped: int, kinds: Collection[RequestKind], *, client: str | None = None
    ) -> datetime | None:
        """When the newest request of these kinds was made but for so many newer ones, of one client
        or of all.

        None if there are no more than those.
        """
        asked = (
            select(requests.c.requested_at)
            .where(requests.c.kind.in_(kinds))
            .order_by(requests.c.requested_at.desc())
        )
        if client is not None:
            asked = asked.where(requests.c.client_hash == self._hash(client))
        return self._connection.scalar(asked.offset(skipped).limit(1))

    def forget_clients(self, before: datetime) -> int:
        """Blank who asked before then: only the caps need it. Returns of how many requests."""
        stale = and_(requests.c.requested_at < before, requests.c.client_hash != b"")
        return self._connection.execute(
            update(requests).where(stale).values(client_hash=b"")
        ).rowcount

    def forget(self, *, unconfirmed: datetime, confirmed: datetime) -> int:
        """Delete requests made, or confirmed, before these moments.

        What was agreed to stays in the consent record. Returns how many; their letters go too.
        """
        asked, answered = requests.c.requested_at, requests.c.confirmed_at
        stale = or_(and_(answered.is_(None), asked < unconfirmed), answered < confirmed)
        return self._connection.execute(delete(requests).where(stale)).rowcount
