"""Parting: a reader asks to be erased, and confirms it from their own mailbox.

A copy gets forwarded, with its links, and erasing cannot be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulletin.errors import Refused
from bulletin.models.people import Subscriber, SuppressionReason
from bulletin.models.requests import CONFIRM_WITHIN, LetterKind, RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.erasing import erase
from bulletin.pipeline.letters import IN_SPITE_OF
from bulletin.pipeline.record import Standing, standing
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner


class PartingState(StrEnum):
    """READY to be confirmed; DONE by this press; OVER: too late, pressed before, or moved since."""

    READY = "ready"
    DONE = "done"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Farewell:
    """What the link of a letter leads to. reader: who would be erased, while it is READY."""

    state: PartingState
    reader: Subscriber | None = None


class Parting:
    """Erases readers who ask for it. An unknown or altered token is None."""

    def __init__(self, store: Store, signer: TokenSigner, asking: Asking) -> None:
        self._store = store
        self._signer = signer
        self._asking = asking

    def ask(self, token: str, client: str) -> Standing | None:
        """Have a letter ask the reader with this preferences link to confirm it.

        client: who asks, such as an IP address. Raises Refused if no letter may go to them,
        TooMany when more was asked for than is allowed.
        """
        number = self._signer.verify(Purpose.PREFERENCES, token)
        if number is None:
            return None
        with self._store.read() as tx:
            found = standing(tx, self._signer, number)
        if found is None:
            return None
        if not can_be_asked(found.suppression):
            raise Refused("We may not write to your address, so it cannot confirm anything.")
        wish = Wish(RequestKind.ERASE, found.subscriber.email, client, subscriber_id=number)
        self._asking.ask(wish, LetterKind.CONFIRM_ERASURE)
        return found

    def look(self, token: str) -> Farewell | None:
        """Who would be erased; changes nothing."""
        number = self._signer.verify(Purpose.ERASE, token)
        if number is None:
            return None
        with self._store.read() as tx:
            reader = self._reader(tx, number)
        return Farewell(PartingState.READY if reader else PartingState.OVER, reader)

    def confirm(self, token: str) -> Farewell | None:
        """Erase whoever the letter went to; the request goes with them, so it acts once."""
        number = self._signer.verify(Purpose.ERASE, token)
        if number is None:
            return None
        with self._store.write() as tx:
            reader = self._reader(tx, number)
            if reader is None:
                return Farewell(PartingState.OVER)
            erase(tx, reader.email, "reader", self._store.clock())
        return Farewell(PartingState.DONE)

    def _reader(self, tx: Transaction, number: int) -> Subscriber | None:
        request = tx.requests.get(number)
        if request is None or request.subscriber_id is None:
            return None
        reader = tx.subscribers.by_id(request.subscriber_id)
        late = self._store.clock() - request.requested_at > CONFIRM_WITHIN
        # A mailbox that the reader has left must not decide over them.
        if reader is None or late or reader.email != request.email:
            return None
        return reader


def can_be_asked(suppression: SuppressionReason | None) -> bool:
    """Whether a letter about erasing may go to somebody."""
    return suppression in {None, *IN_SPITE_OF[LetterKind.CONFIRM_ERASURE]}
