"""Acknowledge: a person says, by a button, that they have seen an issue."""

from __future__ import annotations

from bulletin.models.evidence import Slip
from bulletin.store.store import Store
from bulletin.tokens import Purpose, TokenSigner

STATEMENT = "I have seen this issue of the bulletin."
"""What a press puts on record, word for word (requirement 53)."""


class Acknowledging:
    """Acts on the acknowledgement link of a copy. It works for years; the copy need not be kept.

    An unknown, altered or foreign token is None, and so is the copy of somebody erased since.
    """

    def __init__(self, store: Store, signer: TokenSigner) -> None:
        self._store = store
        self._signer = signer

    def slip(self, token: str) -> Slip | None:
        """Whose copy of which issue a link belongs to; changes nothing."""
        number = self._signer.verify(Purpose.ACKNOWLEDGE, token)
        if number is None:
            return None
        with self._store.read() as tx:
            return tx.acknowledgements.slip(number)

    def acknowledge(self, token: str) -> Slip | None:
        """Put it on record, once: a second press finds the first (requirement 53)."""
        number = self._signer.verify(Purpose.ACKNOWLEDGE, token)
        if number is None:
            return None
        with self._store.write() as tx:
            now = self._store.clock()
            if tx.acknowledgements.slip(number) is not None:
                tx.acknowledgements.add(number, tx.wordings.keep(STATEMENT, now), now)
            return tx.acknowledgements.slip(number)
