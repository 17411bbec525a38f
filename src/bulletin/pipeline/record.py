"""Record: what readers tell us by their own hand: leaving, and coming back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bulletin.models.people import Subscriber, SuppressionReason
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

UNDO = "Undo: keep sending me the bulletin"
COME_BACK = "Send me the bulletin again"
"""What stands on the buttons that give consent anew; a press keeps the words (requirement 37)."""

LEFT = frozenset(
    {SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION}
)
"""Why nothing is sent to those who said so themselves."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A reader who came by a signed link: who they are, and why they get nothing, if so."""

    subscriber: Subscriber
    suppression: SuppressionReason | None
    unsubscribe_token: str

    @property
    def unsubscribed(self) -> bool:
        return self.suppression is SuppressionReason.UNSUBSCRIBED


class Recording:
    """Acts on links to unsubscribe. An unknown or altered token is None or False, without a hint.

    A token of somebody erased since is honoured quietly: they get nothing anyway. One from before
    a move stops the bulletin wherever it goes now (requirement 12), and names nobody.
    """

    def __init__(self, store: Store, signer: TokenSigner) -> None:
        self._store = store
        self._signer = signer

    def standing(self, token: str) -> Standing | None:
        """Who a link belongs to, if they are still held; changes nothing."""
        number = self._signer.verify(Purpose.UNSUBSCRIBE, token)
        if number is None:
            return None
        with self._store.read() as tx:
            return standing(tx, self._signer, number)

    def unsubscribe(self, token: str) -> bool:
        """Stop mailing this reader, from this moment (requirement 27). Again is as good as once."""
        number = self._signer.verify(Purpose.UNSUBSCRIBE, token)
        if number is None:
            return False
        with self._store.write() as tx:
            reader = tx.subscribers.by_id(number) or tx.subscribers.by_former_number(number)
            if reader is not None:
                now = self._store.clock()
                tx.suppressions.add(reader.email, SuppressionReason.UNSUBSCRIBED, now)
                told = tx.consents.history(reader.email)
                if not told or told[-1][1] != "withdrawn":
                    tx.consents.record(reader.email, "withdrawn", "unsubscribe link", "reader", now)
        return True

    def can_leave_from_afar(self, token: str) -> bool:
        """Whether a link from before a move would still stop something; changes nothing."""
        number = self._signer.verify(Purpose.UNSUBSCRIBE, token)
        with self._store.read() as tx:
            reader = tx.subscribers.by_former_number(number or 0)
            return reader is not None and tx.suppressions.reason(reader.email) not in LEFT

    def resubscribe(self, token: str) -> Standing | None:
        """Take an unsubscribe back. Suppressions for any other reason stay."""
        number = self._signer.verify(Purpose.UNSUBSCRIBE, token)
        if number is None:
            return None
        with self._store.write() as tx:
            found = standing(tx, self._signer, number)
            if found is None:
                return None
            come_back(tx, found, "unsubscribe undone", UNDO, self._store.clock())
            return standing(tx, self._signer, number)


def standing(tx: Transaction, signer: TokenSigner, number: int) -> Standing | None:
    """The reader with a number, as they stand now; None if nobody has it any more."""
    reader = tx.subscribers.by_id(number)
    if reader is None:
        return None
    return Standing(
        reader,
        suppression=tx.suppressions.reason(reader.email),
        unsubscribe_token=signer.sign(Purpose.UNSUBSCRIBE, number),
    )


def come_back(tx: Transaction, reader: Standing, basis: str, words: str, now: datetime) -> None:
    """Lift the reader's own unsubscribe, no other suppression, and keep what they agreed to.

    A pause ends, too: whoever comes back wants the next issue.
    """
    if reader.unsubscribed:
        email = reader.subscriber.email
        tx.suppressions.remove(email, SuppressionReason.UNSUBSCRIBED)
        tx.subscribers.pause(reader.subscriber.id, None, now)
        wording = tx.wordings.keep(words, now)
        tx.consents.record(email, "given", basis, "reader", now, wording=wording)
