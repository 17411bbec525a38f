"""Moving: a reader's bulletin goes to another address, once its mailbox has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bulletin.models.people import SuppressionReason
from bulletin.models.requests import (
    CONFIRM_WITHIN,
    KEEP_LETTERS,
    LetterKind,
    Request,
    RequestKind,
)
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.preferences import MOVABLE
from bulletin.pipeline.record import Standing, standing
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

MOVE = "Send the bulletin to this address from now on"
BACK = "Send the bulletin to this address again"
"""What stands on the buttons; a press keeps the words as consent (requirement 37)."""

_FINAL = frozenset(
    {SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION, SuppressionReason.ERASED}
)
"""What no press gets round, at whichever of the two addresses it was said (requirement 35)."""

_BASIS = "moved from another address, confirmed"
_BACK_BASIS = "moved back from another address, confirmed"


class MoveState(StrEnum):
    """READY to be confirmed; DONE; EXPIRED, or replaced by a later request; or TAKEN: the address
    cannot be used."""

    READY = "ready"
    DONE = "done"
    EXPIRED = "expired"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Move:
    """A change of address that somebody came to confirm, or to take back.

    email: where the bulletin is to go; "" once it is forgotten.
    """

    state: MoveState
    email: str = ""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A change of address that nothing stands in the way of, and what consent is kept with it."""

    email: str
    reader: Standing
    basis: str = _BASIS
    words: str = MOVE


class Moving:
    """Acts on the links that a new address is sent, and the one it left. An unknown or altered
    token is None.

    zone: where the readers are; consent has the day there.
    """

    def __init__(self, store: Store, signer: TokenSigner, zone: ZoneInfo) -> None:
        self._store = store
        self._signer = signer
        self._zone = zone

    def look(self, token: str) -> Move | None:
        """How far a change of address is; changes nothing."""
        number = self._signer.verify(Purpose.CHANGE_ADDRESS, token)
        if number is None:
            return None
        with self._store.read() as tx:
            found = self._judge(tx, number)
        return found if isinstance(found, Move) else Move(MoveState.READY, found.email)

    def confirm(self, token: str) -> Move | None:
        """Move the reader, once: a second press finds it done."""
        number = self._signer.verify(Purpose.CHANGE_ADDRESS, token)
        if number is None:
            return None
        with self._store.write() as tx:
            move = self._confirm(tx, number)
            if move.state is not MoveState.DONE:
                tx.undo()
        return move

    def look_back(self, token: str) -> Move | None:
        """Whether a change of address can be taken back from the old one; changes nothing."""
        number = self._signer.verify(Purpose.MOVE_BACK, token)
        if number is None:
            return None
        with self._store.read() as tx:
            found = self._judge_back(tx, number)
        return found if isinstance(found, Move) else Move(MoveState.READY, found.email)

    def take_back(self, token: str) -> Move | None:
        """Move the reader back to the address that the letter went to, once."""
        number = self._signer.verify(Purpose.MOVE_BACK, token)
        if number is None:
            return None
        with self._store.write() as tx:
            letter = tx.letters.get(number)
            self._await_turn(tx, None if letter is None else letter.request_id)
            found = self._judge_back(tx, number)
            move = found if isinstance(found, Move) else self._take_back(tx, number, found)
            if move.state is not MoveState.DONE:
                tx.undo()
        return move

    def _take_back(self, tx: Transaction, number: int, to: _Ready) -> Move:
        moved = tx.letters.use_up(number) and self._move(tx, to)
        return Move(MoveState.DONE if moved else MoveState.TAKEN, to.email)

    def _judge_back(self, tx: Transaction, number: int) -> Move | _Ready:
        letter = tx.letters.get(number)
        late = letter is None or self._store.clock() - letter.created_at > KEEP_LETTERS
        if letter is None or late or letter.kind is not LetterKind.MOVED_AWAY:
            return Move(MoveState.EXPIRED)
        request = None if letter.request_id is None else tx.requests.get(letter.request_id)
        reader = self._asker(tx, request)
        if reader is None:
            done = tx.subscribers.has(letter.email)
            return Move(MoveState.DONE if done else MoveState.EXPIRED, letter.email)
        if reader.subscriber.email == letter.email:
            return Move(MoveState.DONE, letter.email)
        reasons = {reader.suppression, tx.suppressions.reason(letter.email)}
        if tx.subscribers.has(letter.email) or reasons & _FINAL:
            return Move(MoveState.TAKEN, letter.email)
        return _Ready(letter.email, reader, _BACK_BASIS, BACK)

    def _await_turn(self, tx: Transaction, number: int | None) -> None:
        """Of two presses at once the second waits here for the first, and then finds it done."""
        while request := None if number is None else tx.requests.get(number):
            if request.subscriber_id is None or tx.subscribers.lock(request.subscriber_id):
                return  # else they moved meanwhile, and the request is under their new number

    def _confirm(self, tx: Transaction, number: int) -> Move:
        self._await_turn(tx, number)
        found = self._judge(tx, number)
        if isinstance(found, Move):
            return found
        tx.requests.confirm(number, self._store.clock())
        if not self._move(tx, found):
            return Move(MoveState.TAKEN, found.email)
        # Copies get forwarded, so whoever asked may not be whose bulletin it is.
        old = found.reader.subscriber.email
        tx.letters.post(LetterKind.MOVED_AWAY, old, number, self._store.clock())
        tx.jobs.letters()
        return Move(MoveState.DONE, found.email)

    def _judge(self, tx: Transaction, number: int) -> Move | _Ready:
        request = tx.requests.get(number)
        reader = self._asker(tx, request)
        if request is None or reader is None:
            return Move(MoveState.EXPIRED)
        if reader.subscriber.email == request.email:
            return Move(MoveState.DONE, request.email)
        if self._is_over(tx, request, reader):
            return Move(MoveState.EXPIRED, request.email)
        free = not tx.subscribers.has(request.email)
        welcome = tx.suppressions.reason(request.email) in {None, SuppressionReason.UNSUBSCRIBED}
        if not (free and welcome and reader.suppression in MOVABLE):
            return Move(MoveState.TAKEN, request.email)
        return _Ready(request.email, reader)

    def _asker(self, tx: Transaction, request: Request | None) -> Standing | None:
        if request is None or request.subscriber_id is None:
            return None
        return standing(tx, self._signer, request.subscriber_id)

    def _is_over(self, tx: Transaction, request: Request, reader: Standing) -> bool:
        late = self._store.clock() - request.requested_at > CONFIRM_WITHIN
        # A mistyped address must not take the bulletin once its reader has asked for another.
        newest = tx.requests.newest_of(reader.subscriber.id, RequestKind.CHANGE_ADDRESS)
        replaced = newest is not None and newest.email != request.email
        return late or replaced or request.confirmed_at is not None

    def _move(self, tx: Transaction, to: _Ready) -> bool:
        now, old = self._store.clock(), to.reader.subscriber
        today = day_in(self._zone, now)
        if tx.subscribers.move(old, to.email, to.basis, now, today=today) is None:
            return False
        tx.suppressions.remove(to.email, SuppressionReason.UNSUBSCRIBED)
        wording = tx.wordings.keep(to.words, now)
        tx.consents.record(to.email, "given", to.basis, "reader", now, wording=wording)
        tx.consents.record(old.email, "withdrawn", "moved to another address", "reader", now)
        tx.audit.record("reader", "subscriber.move", f"subscriber:{old.id}", now)
        return True
