"""Letters: mail to one person that belongs to no issue, an intent before it is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, literal, or_, select, update

from bulletin.models.requests import Letter, LetterKind, LetterState
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import letters


class Letters:
    """The letters, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def post(
        self,
        kind: LetterKind,
        email: str,
        request_id: int | None,
        now: datetime,
        *,
        unless_since: datetime,
    ) -> bool:
        """Have a letter sent, unless one was posted to the address since then (requirement 71).

        One statement either way, so that it takes as long. Returns whether it was posted.
        """
        address = self._hash(email)
        lately = exists().where(
            letters.c.address_hash == address, letters.c.created_at >= unless_since
        )
        values = {
            "kind": kind.value,
            "email": email.strip().lower(),
            "address_hash": address,
            "request_id": request_id,
            "state": LetterState.PREPARED.value,
            "created_at": now,
        }
        row = select(
            *(literal(value, letters.c[name].type) for name, value in values.items())
        ).where(~lately)
        added = insert(letters).from_select(list(values), row)
        return self._connection.execute(added).rowcount == 1

    def take(self, limit: int, now: datetime) -> Sequence[Letter]:
        """Mark letters that wait as `sending`, oldest first, and return them."""
        ready = or_(letters.c.retry_at.is_(None), letters.c.retry_at <= now)
        waiting = (
            select(letters.c.id)
            .where(letters.c.state == LetterState.PREPARED, ready)
            .order_by(letters.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(letters)
            .where(letters.c.id.in_(waiting.scalar_subquery()))
            .values(state=LetterState.SENDING, attempt=letters.c.attempt + 1, retry_at=None)
            .returning(letters)
        )
        found = [
            Letter(
                id=row.id,
                kind=LetterKind(row.kind),
                email=row.email,
                request_id=row.request_id,
                attempt=row.attempt,
                created_at=row.created_at,
            )
            for row in self._connection.execute(statement)
        ]
        return sorted(found, key=lambda letter: letter.id)

    def record(
        self,
        letter_id: int,
        state: LetterState,
        now: datetime,
        *,
        detail: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """What became of a letter; PREPARED with a time to try again means: not accepted yet."""
        submitted = now if state is LetterState.SUBMITTED else None
        self._connection.execute(
            update(letters)
            .where(letters.c.id == letter_id)
            .values(state=state, detail=detail, retry_at=retry_at, submitted_at=submitted)
        )

    def doubt_orphans(self) -> int:
        """Letters that a sender died with may have been accepted: uncertain, not sent again."""
        statement = (
            update(letters)
            .where(letters.c.state == LetterState.SENDING)
            .values(state=LetterState.UNCERTAIN, detail="the sender stopped before the answer")
        )
        return self._connection.execute(statement).rowcount

    def forget(self, before: datetime) -> int:
        """Delete letters older than that; they are no evidence. Returns how many."""
        return self._connection.execute(
            delete(letters).where(letters.c.created_at < before)
        ).rowcount
