"""Links that work once: made, recognised and used up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulletin.errors import Refused
from bulletin.models.accounts import LINK_LASTS, LinkPurpose, OneTimeLink, TryKind
from bulletin.models.people import User
from bulletin.pipeline.accounts.waiting import Waiting
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

SIGNED_FOR: Final[Mapping[LinkPurpose, Purpose]] = {
    LinkPurpose.FIRST: Purpose.FIRST_USER,
    LinkPurpose.INVITATION: Purpose.INVITATION,
    LinkPurpose.RESET: Purpose.RESET,
    LinkPurpose.SECOND_STEP: Purpose.SECOND_STEP,
}
PAGES: Final[Mapping[LinkPurpose, str]] = {
    LinkPurpose.FIRST: "app/first",
    LinkPurpose.INVITATION: "app/invited",
    LinkPurpose.RESET: "app/reset",
}
_OVER: Final[Mapping[LinkPurpose, str]] = {
    LinkPurpose.FIRST: "This link has been used, or is too old. Start `bulletin serve` again: it "
    "prints a new one as long as nobody can sign in.",
    LinkPurpose.INVITATION: "This invitation has been used, or is too old. If you have a password, "
    "sign in. Otherwise ask whoever invited you for a new one.",
    LinkPurpose.RESET: "This link has been used, or is too old. Ask for a new one.",
    LinkPurpose.SECOND_STEP: "It took too long. Sign in with your password again.",
}


class OneTime:
    """A link's token is its number, signed for its purpose; it works while its row is there."""

    def __init__(self, store: Store, signer: TokenSigner, waiting: Waiting) -> None:
        self._store = store
        self._signer = signer
        self._waiting = waiting

    def make(self, tx: Transaction, purpose: LinkPurpose, user: User | None) -> str:
        """A new link's token. Those for the same person and purpose from before end."""
        now = self._store.clock()
        if user is None:
            tx.one_time_links.end_all(purpose)
        else:
            tx.one_time_links.end(user.id, purpose)
        number = tx.one_time_links.make(
            purpose, user.id if user else None, now, now + LINK_LASTS[purpose]
        )
        return self.token(purpose, number)

    def token(self, purpose: LinkPurpose, number: int) -> str:
        return self._signer.sign(SIGNED_FOR[purpose], number)

    def look(self, purpose: LinkPurpose, token: str, client: str = "") -> OneTimeLink:
        """What a token stands for; changes nothing but the count of wrong ones from a client.

        Raises Refused, with what to do, for one that is over, and TooMany for a client that tried
        many which are none.
        """
        now = self._store.clock()
        number = self._signer.verify(SIGNED_FOR[purpose], token)
        if number is None and client:
            self._waiting.begin((TryKind.LINK, client))
        found = None
        if number is not None:
            with self._store.read() as tx:
                found = tx.one_time_links.get(number, purpose, now)
        if found is None:
            raise Refused(_OVER[purpose])
        return found

    def use(self, tx: Transaction, link: OneTimeLink) -> None:
        """Use a link up. Raises Refused if somebody else was first."""
        if not tx.one_time_links.use(link.id):
            raise Refused(_OVER[link.purpose])
