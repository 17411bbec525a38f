"""Letters: mail to one person that belongs to no issue, an intent before it is handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    false,
    insert,
    literal,
    or_,
    select,
    update,
)

from bulletin.models.requests import STRANGERS_LETTERS, Letter, LetterKind, LetterState
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
        unless_since: datetime | None = None,
    ) -> bool:
        """Have a letter sent, unless a like one was posted to the address since then
        (requirement 71). One that failed does not count; all that strangers can have sent are
        alike.

        One statement either way, so that it takes as long. Returns whether it was posted.
        """
        address = self._hash(email)
        lately = exists().where(
            letters.c.address_hash == address,
            letters.c.kind.in_(STRANGERS_LETTERS if kind in STRANGERS_LETTERS else {kind}),
            letters.c.state != LetterState.FAILED,
            false() if unless_since is None else letters.c.created_at >= unless_since,
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
        added = insert(letters).from_select(list(values), row).returning(letters.c.id)
        return self._connection.execute(added).first() is not None

    def any_ready(self, now: datetime) -> bool:
        """Whether there is a letter to take."""
        return bool(self._connection.scalar(select(exists().where(is_ready(now)))))

    def take(self, now: datetime) -> Letter | None:
        """Mark the oldest letter that waits as `sending`, and return it."""
        oldest = (
            select(letters.c.id)
            .where(is_ready(now))
            .order_by(letters.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("oldest")
        )
        statement = (
            update(letters)
            .where(letters.c.id == select(oldest.c.id).scalar_subquery())
            .values(
                state=LetterState.SENDING,
                attempt=letters.c.attempt + 1,
                retry_at=None,
                taken_at=now,
            )
            .returning(letters)
        )
        return _letter(self._connection.execute(statement).first())

    def get(self, letter_id: int) -> Letter | None:
        return _letter(
            self._connection.execute(select(letters).where(letters.c.id == letter_id)).first()
        )

    def use_up(self, letter_id: int) -> bool:
        """Cut a letter off from what it was about, so that its link acts once; false if it was."""
        statement = (
            update(letters)
            .where(letters.c.id == letter_id, letters.c.request_id.is_not(None))
            .values(request_id=None)
        )
        return self._connection.execute(statement).rowcount == 1

    def record(
        self,
        letter: Letter,
        state: LetterState,
        now: datetime,
        *,
        detail: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """What became of a letter; PREPARED with a time to try again means: not accepted yet.

        Safe to say twice, however late: once it is tried again, what an earlier try came to is
        of no account.
        """
        submitted = now if state is LetterState.SUBMITTED else None
        self._connection.execute(
            update(letters)
            .where(letters.c.id == letter.id, letters.c.attempt == letter.attempt)
            .values(state=state, detail=detail, retry_at=retry_at, submitted_at=submitted)
        )

    def doubt_orphans(self, before: datetime | None = None) -> int:
        """Letters that a sender died with may have been accepted: uncertain, not sent again.

        before: only those that were taken before then.
        """
        orphaned = letters.c.state == LetterState.SENDING
        if before is not None:
            orphaned = and_(orphaned, letters.c.taken_at < before)
        statement = (
            update(letters)
            .where(orphaned)
            .values(state=LetterState.UNCERTAIN, detail="the sender stopped before the answer")
        )
        return self._connection.execute(statement).rowcount

    def forget(self, before: datetime) -> int:
        """Delete letters older than that; they are no evidence. Returns how many."""
        return self._connection.execute(
            delete(letters).where(letters.c.created_at < before)
        ).rowcount


def _letter(row: Row[Any] | None) -> Letter | None:
    if row is None:
        return None
    return Letter(
        id=row.id,
        kind=LetterKind(row.kind),
        email=row.email,
        request_id=row.request_id,
        attempt=row.attempt,
        created_at=row.created_at,
    )


def is_ready(now: datetime) -> ColumnElement[bool]:
    due = or_(letters.c.retry_at.is_(None), letters.c.retry_at <= now)
    return and_(letters.c.state == LetterState.PREPARED, due)
