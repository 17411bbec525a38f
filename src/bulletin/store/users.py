"""Users: who works on the bulletin, and what each may do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bulletin.errors import NotFound, Refused
from bulletin.models.accounts import Account
from bulletin.models.people import Theme, User, UserRole
from bulletin.store.tables import installation, one_time_links, users


class Users:
    """People who sign in, in one transaction. Whoever is switched off counts nowhere but in
    `accounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, email: str, role: UserRole, password_hash: str, now: datetime, *, name: str = ""
    ) -> User:
        """Raises Refused if the address has an account."""
        taken = select(users.c.id).where(users.c.email == email)
        if self._connection.execute(taken).first() is not None:
            raise Refused(f"{email} has an account already.")
        values = {
            "email": email,
            "role": role,
            "password_hash": password_hash,
            "created_at": now,
            "name": name,
        }
        return user_of(
            self._connection.execute(insert(users).values(values).returning(users)).one()
        )

    def by_email(self, email: str) -> User | None:
        query = select(users).where(users.c.email == email.strip().lower(), _IS_ON)
        row = self._connection.execute(query).first()
        return None if row is None else user_of(row)

    def list_users(self) -> Sequence[User]:
        query = select(users).where(_IS_ON).order_by(users.c.id)
        return [user_of(row) for row in self._connection.execute(query)]

    def accounts(self) -> Sequence[Account]:
        """Everybody, also who is switched off; for admins."""
        query = select(users, _open_invitation()).order_by(users.c.id)
        return [_account(row) for row in self._connection.execute(query)]

    def account(self, user_id: int) -> Account:
        """Raises NotFound."""
        query = select(users, _open_invitation()).where(users.c.id == user_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("Nobody has that account.")
        return _account(row)

    def account_at(self, email: str) -> Account:
        """Raises NotFound."""
        query = select(users, _open_invitation()).where(users.c.email == email.strip().lower())
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound(f"{email} has no account.", command="See: bulletin users list")
        return _account(row)

    def take_turns(self) -> None:
        """Let nobody else change accounts until this transaction ends, so that a count of admins
        stays true."""
        self._connection.execute(select(installation.c.id).with_for_update())

    def count_admins(self) -> int:
        query = select(func.count()).where(users.c.role == UserRole.ADMIN, _IS_ON)
        return int(self._connection.execute(query).scalar_one())

    def set(self, user_id: int, **values: object) -> None:
        """values: of columns, such as name, role, shortcuts, theme or disabled_at."""
        self._connection.execute(update(users).where(users.c.id == user_id).values(values))

    def remove(self, user_id: int) -> None:
        """What they did keeps their address."""
        self._connection.execute(delete(users).where(users.c.id == user_id))


_IS_ON = users.c.disabled_at.is_(None)


def _open_invitation() -> Any:
    """Until when an invitation that was not taken up works."""
    return (
        select(func.max(one_time_links.c.expires_at))
        .where(one_time_links.c.user_id == users.c.id, one_time_links.c.purpose == "invitation")
        .scalar_subquery()
        .label("invited_until")
    )


def user_of(row: Row[Any]) -> User:
    """A row of the table as a user."""
    return User(
        id=row.id,
        email=row.email,
        role=UserRole(row.role),
        created_at=row.created_at,
        name=row.name,
        shortcuts=row.shortcuts,
        theme=Theme(row.theme),
        second_factor=row.totp_since is not None,
    )


def _account(row: Row[Any]) -> Account:
    return Account(
        user=user_of(row),
        disabled_at=row.disabled_at,
        signed_in_at=row.signed_in_at,
        has_password=bool(row.password_hash),
        invited_until=row.invited_until,
        failed_tries=row.failed_tries,
        failed_at=row.failed_at,
    )
