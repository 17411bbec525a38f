"""Managing users: who works on the bulletin, for admins; and everybody's own preferences.

Every change of what somebody may do ends their sessions. There is always an admin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bulletin.errors import Refused
from bulletin.models.accounts import Account
from bulletin.models.people import Theme, User, UserRole
from bulletin.pipeline.accounts.accounts import Accounts, name_of
from bulletin.roster import check_address
from bulletin.store.store import Store, Transaction


class ManagingUsers:
    """actor: who does it, for the record. accounts: makes links; raises Misconfigured without
    BULLETIN_SECRET_KEY, so it is made when a link is."""

    def __init__(self, store: Store, accounts: Callable[[], Accounts]) -> None:
        self._store = store
        self._accounts = accounts

    def everybody(self) -> Sequence[Account]:
        """All accounts, also those that are switched off."""
        with self._store.read() as tx:
            return tx.users.accounts()

    def account(self, user_id: int) -> Account:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.users.account(user_id)

    def at(self, email: str) -> Account:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.users.account_at(email)

    def invite(self, email: str, role: UserRole, actor: str) -> tuple[User, str]:
        """Make an account and a link to choose a password at, which is mailed too.

        Raises InvalidInput for a broken address, Refused for one that has an account.
        """
        email = check_address(email)
        accounts, now = self._accounts(), self._store.clock()
        with self._store.write() as tx:
            user = tx.users.add(email, role, "", now)
            tx.audit.record(actor, "user.invite", f"user:{user.id}", now, role=role.value)
            return user, accounts.invite(tx, user)

    def link(self, user_id: int, actor: str, *, mailed: bool = True) -> str:
        """A new link for somebody who cannot sign in: their invitation again, or to choose another
        password. mailed: whether an invitation goes to them as well, and not only to who asks.

        Raises NotFound, or Refused for who is switched off.
        """
        accounts = self._accounts()
        with self._change(user_id, "user.link", actor) as (tx, account):
            if not account.is_on:
                raise Refused(f"{account.user.email} is switched off. Switch them on first.")
            tx.users.set(user_id, vouched_as="")
            if account.has_password:
                return accounts.reset_link(tx, account.user)
            return accounts.invite(tx, account.user, mailed=mailed)

    def give_role(self, user_id: int, role: UserRole, actor: str) -> User:
        """Raises NotFound, or Refused for the last admin."""
        with self._change(user_id, "user.role", actor, role=role.value) as (tx, account):
            if role is not UserRole.ADMIN:
                _keep_an_admin(tx, account)
            tx.users.set(user_id, role=role)
            tx.sessions.end_all(user_id)
        return self.account(user_id).user

    def switch_off(self, user_id: int, actor: str) -> User:
        """Let somebody in no more; what they did stays theirs. Raises as `give_role`."""
        with self._change(user_id, "user.off", actor) as (tx, account):
            _keep_an_admin(tx, account)
            tx.users.set(user_id, disabled_at=self._store.clock())
            tx.sessions.end_all(user_id)
            tx.one_time_links.end(user_id)
            return account.user

    def switch_on(self, user_id: int, actor: str) -> User:
        """Raises NotFound."""
        with self._change(user_id, "user.on", actor) as (tx, account):
            tx.users.set(user_id, disabled_at=None)
            return account.user

    def remove(self, user_id: int, actor: str) -> User:
        """Forget an account; what its user did keeps their address. Raises as `give_role`."""
        with self._change(user_id, "user.remove", actor) as (tx, account):
            _keep_an_admin(tx, account)
            tx.users.remove(user_id)
            return account.user

    def remove_factor(self, user_id: int, actor: str) -> User:
        """For somebody who lost their second factor; ends their sessions. Raises NotFound."""
        with self._change(user_id, "user.second_factor_removed", actor) as (tx, account):
            tx.accounts.remove_factor(user_id)
            tx.sessions.end_all(user_id)
            return account.user

    def rename(self, user: User, name: str) -> None:
        """Raises WrongFields."""
        with self._store.write() as tx:
            tx.users.set(user.id, name=name_of(name))

    def prefer(self, user: User, *, shortcuts: bool, theme: Theme) -> None:
        with self._store.write() as tx:
            tx.users.set(user.id, shortcuts=shortcuts, theme=theme)

    def seen_failures(self, user: User) -> None:
        """Their owner knows of the tries that failed."""
        with self._store.write() as tx:
            tx.accounts.seen_failures(user.id)

    @contextmanager
    def _change(
        self, user_id: int, action: str, actor: str, **detail: object
    ) -> Iterator[tuple[Transaction, Account]]:
        """A change of one account, one at a time, and on record."""
        with self._store.write() as tx:
            tx.users.take_turns()
            account = tx.users.account(user_id)
            now = self._store.clock()
            subject, email = f"user:{user_id}", account.user.email
            tx.audit.record(actor, action, subject, now, email=email, **detail)
            yield tx, account


def _keep_an_admin(tx: Transaction, account: Account) -> None:
    is_admin = account.is_on and account.user.role is UserRole.ADMIN
    if is_admin and tx.users.count_admins() == 1:
        raise Refused(f"{account.user.email} is the only admin. Make somebody else an admin first.")
