"""Record: what readers tell us by their own hand: leaving, coming back, choosing roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.errors import InvalidInput
from bulletin.models.people import Role, Subscriber, SuppressionReason
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner


@dataclass(frozen=True, slots=True)
class Standing:
    """A reader who came by a signed link: who they are, and whether they get the bulletin."""

    subscriber: Subscriber
    unsubscribed: bool
    unsubscribe_token: str


class Recording:
    """Acts on signed links. An unknown or altered token is None, never an error with a hint."""

    def __init__(self, store: Store, signer: TokenSigner) -> None:
        self._store = store
        self._signer = signer

    def standing(self, purpose: Purpose, token: str) -> Standing | None:
        """Who a link belongs to; changes nothing."""
        with self._store.read() as tx:
            return self._find(tx, purpose, token)

    def unsubscribe(self, token: str) -> bool:
        """Stop mailing this reader, from this moment (requirement 27). Again is as good as once.

        A token of somebody erased since is honoured quietly: they get nothing anyway.
        """
        number = self._signer.verify(Purpose.UNSUBSCRIBE, token)
        if number is None:
            return False
        with self._store.write() as tx:
            reader = tx.subscribers.by_id(number)
            if reader is not None:
                now = self._store.clock()
                tx.suppressions.add(reader.email, SuppressionReason.UNSUBSCRIBED, now)
                told = tx.consents.history(reader.email)
                if not told or told[-1][1] != "withdrawn":
                    tx.consents.record(reader.email, "withdrawn", "unsubscribe link", "reader", now)
        return True

    def resubscribe(self, token: str) -> bool:
        """Take an unsubscribe back. Suppressions for any other reason stay."""
        with self._store.write() as tx:
            found = self._find(tx, Purpose.UNSUBSCRIBE, token)
            if found is None:
                return False
            reader = found.subscriber
            if tx.suppressions.reason(reader.email) is SuppressionReason.UNSUBSCRIBED:
                tx.suppressions.remove(reader.email)
                now = self._store.clock()
                tx.consents.record(reader.email, "given", "unsubscribe undone", "reader", now)
            return True

    def choose_roles(self, token: str, roles: Sequence[str]) -> bool:
        """Set the roles of the reader. Raises InvalidInput if none or an unknown one is chosen."""
        with self._store.write() as tx:
            found = self._find(tx, Purpose.PREFERENCES, token)
            if found is None:
                return False
            known = {role.key for role in tx.roles.list_roles()}
            if not roles or not known.issuperset(roles):
                raise InvalidInput("Choose at least one of the roles on the page.")
            now = self._store.clock()
            tx.subscribers.set_roles(found.subscriber.id, tx.roles.set_id(roles), now)
            tx.audit.record("reader", "subscriber.roles", f"subscriber:{found.subscriber.id}", now)
            return True

    def roles(self) -> list[Role]:
        """The roles there are to choose from."""
        with self._store.read() as tx:
            return tx.roles.list_roles()

    def _find(self, tx: Transaction, purpose: Purpose, token: str) -> Standing | None:
        number = self._signer.verify(purpose, token)
        reader = None if number is None else tx.subscribers.by_id(number)
        if reader is None:
            return None
        reason = tx.suppressions.reason(reader.email)
        return Standing(
            reader,
            unsubscribed=reason is SuppressionReason.UNSUBSCRIBED,
            unsubscribe_token=self._signer.sign(Purpose.UNSUBSCRIBE, reader.id),
        )
