"""What users prove themselves with: passwords, second factors, recovery codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, literal, or_, select, update

from bulletin.models.accounts import Credentials
from bulletin.store.tables import recovery_codes, users
from bulletin.store.users import user_of


class Accounts:
    """Secrets of users, in one transaction; whoever is switched off has none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def credentials(self, email: str) -> Credentials | None:
        """What somebody who is not switched off has to prove."""
        query = select(users).where(
            users.c.email == email.strip().lower(), users.c.disabled_at.is_(None)
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return Credentials(user_of(row), row.password_hash, row.totp_secret, row.totp_step)

    def set_password(self, user_id: int, password_hash: str) -> None:
        self._set(user_id, password_hash=password_hash)

    def anybody_can_sign_in(self, *, without_password: bool) -> bool:
        """without_password: whether an identity provider vouches for users."""
        usable = or_(users.c.password_hash != "", literal(without_password))
        query = select(users.c.id).where(users.c.disabled_at.is_(None), usable).limit(1)
        return self._connection.execute(query).first() is not None

    def desk_is_used(self) -> bool:
        """Whether anybody has signed in to the desk, or has set a password to do so."""
        known = or_(users.c.password_hash != "", users.c.signed_in_at.is_not(None))
        return (
            self._connection.execute(select(users.c.id).where(known).limit(1)).first() is not None
        )

    def signed_in(self, user_id: int, now: datetime) -> None:
        self._set(user_id, signed_in_at=now)

    def failed(self, email: str, now: datetime) -> None:
        """Count a try that failed, for its owner to see; nothing if there is none."""
        self._connection.execute(
            update(users)
            .where(users.c.email == email.strip().lower())
            .values(failed_tries=users.c.failed_tries + 1, failed_at=now)
        )

    def seen_failures(self, user_id: int) -> None:
        self._set(user_id, failed_tries=0, failed_at=None)

    def vouch(self, user_id: int, subject: str) -> bool:
        """Whether an identity provider's subject is this user; the first one is, for good, since an
        address may later be somebody else's."""
        same = or_(users.c.vouched_as == "", users.c.vouched_as == subject)
        statement = update(users).where(users.c.id == user_id, same).values(vouched_as=subject)
        return self._connection.execute(statement).rowcount == 1

    def offer_factor(self, user_id: int, sealed: str) -> None:
        """Keep a secret that a first code has yet to prove."""
        self._set(user_id, totp_secret=sealed, totp_since=None, totp_step=0)

    def use_factor(self, user_id: int, step: int, now: datetime) -> None:
        self._set(user_id, totp_since=now, totp_step=step)

    def remove_factor(self, user_id: int) -> None:
        self._set(user_id, totp_secret="", totp_since=None, totp_step=0)
        self.set_recovery_codes(user_id, ())

    def take_step(self, user_id: int, step: int) -> bool:
        """Use a time step up; false if that one, or a later one, was used (RFC 6238 5.2)."""
        statement = (
            update(users)
            .where(users.c.id == user_id, users.c.totp_step < step)
            .values(totp_step=step)
        )
        return self._connection.execute(statement).rowcount == 1

    def set_recovery_codes(self, user_id: int, hashes: Collection[bytes]) -> None:
        """Put these in the place of all that there were."""
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        if hashes:
            rows = [{"user_id": user_id, "code_hash": each} for each in hashes]
            self._connection.execute(insert(recovery_codes), rows)

    def take_recovery_code(self, user_id: int, code_hash: bytes) -> bool:
        """Use a recovery code up; false if there is no such one."""
        this = and_(recovery_codes.c.user_id == user_id, recovery_codes.c.code_hash == code_hash)
        return self._connection.execute(delete(recovery_codes).where(this)).rowcount == 1

    def count_recovery_codes(self, user_id: int) -> int:
        query = select(func.count()).where(recovery_codes.c.user_id == user_id)
        return int(self._connection.execute(query).scalar_one())

    def _set(self, user_id: int, **values: object) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(values))
