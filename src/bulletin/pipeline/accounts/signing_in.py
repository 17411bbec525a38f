"""Signing in: an address and a password, and a code for those who have a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulletin.errors import InvalidInput
from bulletin.models.accounts import Credentials, LinkPurpose, TryKind
from bulletin.models.people import User
from bulletin.pipeline.accounts.one_time import OneTime
from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.pipeline.accounts.second_factor import WRONG_CODE, SecondFactor
from bulletin.pipeline.accounts.sessions import Sessions
from bulletin.pipeline.accounts.waiting import Trying, Waiting
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

WRONG: Final = "The address or the password is not right."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. client: its IP address; agent: what the browser calls itself;
    known: what the browser keeps from an earlier sign-in."""

    client: str = ""
    agent: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is in. token: of their session; known: for their browser to keep."""

    user: User
    token: str
    known: str
    failed_tries: int = 0


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password was right; a code is missing. ticket: comes with it."""

    ticket: str


class SigningIn:
    """Lets users in.

    Nothing here depends on whether an address has an account: the same statements run and the same
    hashing is done for every address.
    """

    def __init__(
        self,
        store: Store,
        *,
        sessions: Sessions,
        passwords: Passwords,
        waiting: Waiting,
        one_time: OneTime,
        second_factor: SecondFactor,
        signer: TokenSigner,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords
        self._waiting = waiting
        self._one_time = one_time
        self._second_factor = second_factor
        self._signer = signer

    def by_password(self, email: str, password: str, origin: Origin) -> SignedIn | CodeWanted:
        """Raises InvalidInput if either is wrong, and TooMany for who has to wait."""
        with self._store.read() as tx:
            found = tx.accounts.credentials(email)
        trying = self._waiting.begin(
            self._counted(email, found, origin), (TryKind.NETWORK, origin.client)
        )
        right = self._passwords.matches(password, found.password_hash if found else "")
        if found is None or not right:
            with self._store.write() as tx:
                tx.accounts.failed(email, self._store.clock())
            raise InvalidInput(WRONG)
        outdated = self._passwords.is_outdated(found.password_hash)
        renewed = self._passwords.hashed(password) if outdated else ""
        with self._store.write() as tx:
            # Hashing takes its time: by now they may be switched off, or have another password.
            now = tx.accounts.credentials(email)
            if now is None or now.password_hash != found.password_hash:
                raise InvalidInput(WRONG)
            if renewed:
                tx.accounts.set_password(found.user.id, renewed)
            return self.enter(tx, now.user, origin, trying)

    def _counted(
        self, email: str, found: Credentials | None, origin: Origin
    ) -> tuple[TryKind, str]:
        """Against what a try counts: a browser that signed this account in before has a count of
        its own, so that no stranger's tries keep its owner waiting."""
        number = self._signer.verify(Purpose.KNOWN_BROWSER, origin.known)
        if found is not None and number == found.user.id:
            return TryKind.BROWSER, email
        return TryKind.ACCOUNT, email

    def enter(
        self, tx: Transaction, user: User, origin: Origin, trying: Trying | None = None
    ) -> SignedIn | CodeWanted:
        """Let somebody in who proved who they are, or ask them for their code."""
        if trying is not None:
            self._waiting.succeeded(tx, trying)
        if user.second_factor:
            return CodeWanted(self._one_time.make(tx, LinkPurpose.SECOND_STEP, user))
        return self.admit(tx, user, origin)

    def admit(self, tx: Transaction, user: User, origin: Origin) -> SignedIn:
        """Open a session for somebody who proved all that there is to prove."""
        now = self._store.clock()
        account = tx.users.account(user.id)
        token = self._sessions.open_in(tx, user, origin.agent)
        tx.accounts.signed_in(user.id, now)
        known = self._signer.sign(Purpose.KNOWN_BROWSER, user.id)
        return SignedIn(user, token, known, account.failed_tries)

    def waits_for_code(self, ticket: str) -> User:
        """Who has to give a code yet. Raises Refused if it took too long."""
        found = self._one_time.look(LinkPurpose.SECOND_STEP, ticket)
        assert found.user is not None  # noqa: S101  # such a link is always somebody's
        return found.user

    def by_code(self, ticket: str, code: str, origin: Origin) -> SignedIn:
        """The second step: a code of the app, or a recovery code, each of which works once.

        Raises InvalidInput, TooMany, or Refused if it took too long.
        """
        link = self._one_time.look(LinkPurpose.SECOND_STEP, ticket)
        user = self.waits_for_code(ticket)
        trying = self._waiting.begin((TryKind.CODE, user.email), (TryKind.NETWORK, origin.client))
        with self._store.write() as tx:
            found = tx.accounts.credentials(user.email)
            if found is not None and self._second_factor.passes(tx, found, code):
                self._one_time.use(tx, link)
                self._waiting.succeeded(tx, trying)
                return self.admit(tx, user, origin)
        with self._store.write() as tx:
            tx.accounts.failed(user.email, self._store.clock())
        raise InvalidInput(WRONG_CODE)
