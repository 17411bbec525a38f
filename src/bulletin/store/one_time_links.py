"""Links that work once, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, literal, select

from bulletin.models.accounts import LinkPurpose, OneTimeLink
from bulletin.store.tables import one_time_links, users
from bulletin.store.users import user_of


class OneTimeLinks:
    """A link is a row until it is used; its address is its number, signed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make(
        self, purpose: LinkPurpose, user_id: int | None, now: datetime, expires_at: datetime
    ) -> int:
        """Returns its number, which no other will ever have."""
        values = {
            "purpose": purpose,
            "user_id": user_id,
            "created_at": now,
            "expires_at": expires_at,
        }
        added = insert(one_time_links).values(values).returning(one_time_links.c.id)
        return int(self._connection.execute(added).scalar_one())

    def make_for(
        self, purpose: LinkPurpose, email: str, now: datetime, expires_at: datetime
    ) -> None:
        """One for whoever has this address and is not switched off; one statement either way, so
        that it takes as long for an address that nobody has."""
        mine = select(
            literal(purpose.value, one_time_links.c.purpose.type),
            users.c.id,
            literal(now, one_time_links.c.created_at.type),
            literal(expires_at, one_time_links.c.expires_at.type),
        ).where(users.c.email == email.strip().lower(), users.c.disabled_at.is_(None))
        names = ["purpose", "user_id", "created_at", "expires_at"]
        self._connection.execute(insert(one_time_links).from_select(names, mine))

    def get(self, number: int, purpose: LinkPurpose, now: datetime) -> OneTimeLink | None:
        """A link that still works: nobody used it, and whom it is for is not switched off."""
        query = (
            select(
                one_time_links.c.id.label("number"),
                one_time_links.c.expires_at,
                one_time_links.c.user_id,
                users,
            )
            .outerjoin(users, users.c.id == one_time_links.c.user_id)
            .where(
                one_time_links.c.id == number,
                one_time_links.c.purpose == purpose,
                one_time_links.c.expires_at > now,
                users.c.disabled_at.is_(None),
            )
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        user = None if row.user_id is None else user_of(row)
        return OneTimeLink(row.number, purpose, user, row.expires_at)

    def newest(self, purpose: LinkPurpose, email: str, now: datetime) -> int | None:
        """The number of the last link for somebody's address that still works."""
        return self._connection.scalar(
            select(one_time_links.c.id)
            .join(users, users.c.id == one_time_links.c.user_id)
            .where(
                users.c.email == email.strip().lower(),
                users.c.disabled_at.is_(None),
                one_time_links.c.purpose == purpose,
                one_time_links.c.expires_at > now,
            )
            .order_by(one_time_links.c.id.desc())
            .limit(1)
        )

    def use(self, number: int) -> bool:
        """Use a link up; false if somebody else was first."""
        this = one_time_links.c.id == number
        return self._connection.execute(delete(one_time_links).where(this)).rowcount == 1

    def end(self, user_id: int, purpose: LinkPurpose | None = None) -> None:
        """Let no link of somebody's work any more, or none for this purpose."""
        theirs = delete(one_time_links).where(one_time_links.c.user_id == user_id)
        if purpose is not None:
            theirs = theirs.where(one_time_links.c.purpose == purpose)
        self._connection.execute(theirs)

    def end_all(self, purpose: LinkPurpose) -> None:
        self._connection.execute(delete(one_time_links).where(one_time_links.c.purpose == purpose))

    def forget(self, now: datetime) -> int:
        """Delete links that no longer work. Returns how many."""
        over = one_time_links.c.expires_at <= now
        return self._connection.execute(delete(one_time_links).where(over)).rowcount
