"""Letters: written when their turn comes, handed over one by one, each outcome on record.

The rules are the ledger's: marked `sending` in a committed transaction before the transport is
called, recorded afterwards, and what a crash leaves in between is uncertain and never sent again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bulletin.errors import TransportError
from bulletin.messages import SigningKey, Skeleton
from bulletin.models.accounts import LinkPurpose
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.issues import Sender
from bulletin.models.people import Subscriber, SubscriberKind, SuppressionReason
from bulletin.models.requests import (
    CONFIRM_WITHIN,
    KEEP_LETTERS,
    Letter,
    LetterKind,
    LetterState,
)
from bulletin.pipeline.accounts.one_time import PAGES, SIGNED_FOR
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.insist import insist
from bulletin.pipeline.pacing import Pacing
from bulletin.pipeline.retries import next_try
from bulletin.rendering import Stationery
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner
from bulletin.transports.base import Transport

TRY_FOR = timedelta(days=1)  # nobody waits longer for a confirmation
_IN_HAND = timedelta(minutes=10)  # more than all timeouts of one handing over together
_CAPS_LOOK_BACK = timedelta(days=1)

_TOO_LATE = "it waited for longer than a day"
_NO_ANSWER = "the transport stopped without an answer"
# Machines must not answer a letter, and it belongs to no list (RFC 3834 5, requirement 19).
_HEADERS = (("Auto-Submitted", "auto-generated"),)
_PAGES = {
    LetterKind.CONFIRM_JOIN: ("confirm", Purpose.CONFIRM),
    LetterKind.CONFIRM_ADDRESS: ("p/address", Purpose.CHANGE_ADDRESS),
    LetterKind.CONFIRM_ERASURE: ("p/erase", Purpose.ERASE),
}
_ACCOUNT_LETTERS = {
    LetterKind.INVITATION: LinkPurpose.INVITATION,
    LetterKind.RESET_PASSWORD: LinkPurpose.RESET,
}
_REFUSED = frozenset(
    {SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION, SuppressionReason.ERASED}
)
# Why an address may get no issue and yet a letter of this kind: most act for its own reader.
IN_SPITE_OF = {
    LetterKind.CONFIRM_JOIN: {SuppressionReason.UNSUBSCRIBED},
    LetterKind.CONFIRM_ADDRESS: {SuppressionReason.UNSUBSCRIBED},
    LetterKind.CONFIRM_ERASURE: set(SuppressionReason) - _REFUSED - {SuppressionReason.HARD_BOUNCE},
    LetterKind.MOVED_AWAY: set(SuppressionReason) - _REFUSED,
}
_STATES = {
    Outcome.SUBMITTED: LetterState.SUBMITTED,
    Outcome.FAILED: LetterState.FAILED,
    Outcome.UNCERTAIN: LetterState.UNCERTAIN,
}


class Correspondence:
    """Sends the letters that wait.

    open_transport: makes a transport for one round; letters go the way that copies go.
    addressing, sender: read afresh for each round; both may raise Misconfigured.
    pacing: what copies of issues have to leave room in: letters never wait for it.
    keys: each signs every letter (DKIM).
    """

    def __init__(
        self,
        store: Store,
        stationery: Stationery,
        signer: TokenSigner,
        *,
        open_transport: Callable[[], Transport],
        addressing: Callable[[], Addressing],
        sender: Callable[[], Sender],
        keys: Sequence[SigningKey] = (),
        pacing: Pacing | None = None,
    ) -> None:
        self._pacing = pacing
        self._store = store
        self._keys = keys
        self._stationery = stationery
        self._signer = signer
        self._open_transport = open_transport
        self._addressing = addressing
        self._sender = sender

    def recover(self, *, alone: bool) -> int:
        """What a sender died with becomes uncertain. Returns how many.

        alone: nobody else sends letters, so what is in hand now was left by the dead. Otherwise
        that is said of what somebody took long ago; if they live after all, their record counts.
        """
        before = None if alone else self._store.clock() - _IN_HAND
        with self._store.write() as tx:
            return tx.letters.doubt_orphans(before)

    def send(self, stop: threading.Event) -> Exception | None:
        """Send every letter that can go now, until none is left or somebody says stop.

        Returns what the transport refused to go on for, if it did.
        """
        if not self._any_ready():
            return None
        draw_up = _DrawingUp(
            self._stationery, self._signer, self._addressing(), self._sender(), self._keys
        )
        transport = self._open_transport()
        trouble = None
        try:
            while trouble is None and not stop.is_set():
                taken = self._take(draw_up, stop)
                if taken is None:
                    break
                trouble = self._hand_over(*taken, transport, stop)
        finally:
            transport.close()
        return trouble

    def tidy(self) -> tuple[int, int]:
        """Forget requests that nobody confirmed in time, what is 30 days old, and where requests
        came from (requirement 45).

        Returns how many requests and how many letters.
        """
        now = self._store.clock()
        with self._store.write() as tx:
            letters = tx.letters.forget(now - KEEP_LETTERS)
            requests = tx.requests.forget(
                unconfirmed=now - CONFIRM_WITHIN, confirmed=now - KEEP_LETTERS
            )
            tx.requests.forget_clients(now - _CAPS_LOOK_BACK)
        return requests, letters

    def _any_ready(self) -> bool:
        with self._store.read() as tx:
            return tx.letters.any_ready(self._store.clock())

    def _take(
        self, draw_up: _DrawingUp, stop: threading.Event
    ) -> tuple[Letter, Consignment] | None:
        """The next letter that has to go, marked as being sent; others are put away."""
        while not stop.is_set():
            now = self._store.clock()
            with self._store.write() as tx:
                letter = tx.letters.take(now)
                if letter is None:
                    return None
                if now - letter.created_at > TRY_FOR:
                    tx.letters.record(letter, LetterState.FAILED, now, detail=_TOO_LATE)
                elif found := draw_up(tx, letter, now):
                    if self._pacing is not None:
                        self._pacing.at(tx, tx.lease_clock()).book([letter.email])
                    return letter, found
                else:
                    tx.letters.record(letter, LetterState.WITHHELD, now)
        return None

    def _hand_over(
        self,
        letter: Letter,
        consignment: Consignment,
        transport: Transport,
        stop: threading.Event,
    ) -> TransportError | None:
        """Send one letter and record what became of it."""
        receipt = trouble = None
        try:
            for found in transport.send(consignment):
                receipt = found
        except TransportError as error:
            trouble = error
            receipt = receipt or Receipt(-letter.id, Outcome.RETRY, str(error))
        finally:
            known = receipt or Receipt(-letter.id, Outcome.UNCERTAIN, _NO_ANSWER)
            insist(lambda: self._record(letter, known), stop)
        return trouble

    def _record(self, letter: Letter, receipt: Receipt) -> None:
        now = self._store.clock()
        retry_at = None
        state = _STATES.get(receipt.outcome, LetterState.FAILED)
        if receipt.outcome is Outcome.RETRY:
            since = letter.created_at
            retry_at = next_try(now, since=since, within=TRY_FOR)
            state = LetterState.PREPARED if retry_at else LetterState.FAILED
        with self._store.write() as tx:
            tx.letters.record(letter, state, now, detail=receipt.detail, retry_at=retry_at)


class _DrawingUp:
    """Makes letters ready to go, within the transaction that takes them."""

    def __init__(
        self,
        stationery: Stationery,
        signer: TokenSigner,
        addressing: Addressing,
        sender: Sender,
        keys: Sequence[SigningKey],
    ) -> None:
        self._keys = keys
        self._stationery = stationery
        self._signer = signer
        self._addressing = addressing
        self._sender = sender
        self._domain = sender.email.rpartition("@")[2]

    def __call__(self, tx: Transaction, letter: Letter, now: datetime) -> Consignment | None:
        """A letter as a consignment of its own, or None if nothing may be sent there."""
        chosen = self._choose(tx, letter, now)
        if chosen is None:
            return None
        content = self._stationery.write(*chosen, self._sender)
        copy = Copy(
            delivery_id=-letter.id,
            address=letter.email,
            name="",
            message_id=f"<{self._signer.sign(Purpose.LETTER_ID, letter.id)}@{self._domain}>",
            list_unsubscribe=None,
            fields={},
            bounces_to=self._addressing.bounces_to,
        )
        return Consignment(
            reference=f"letter-{letter.id}",
            sender=self._sender,
            content=content,
            headers=_HEADERS,
            copies=(copy,),
            mime=Skeleton(content, self._sender, _HEADERS, self._keys).dated(now),
        )

    def _choose(
        self, tx: Transaction, letter: Letter, now: datetime
    ) -> tuple[LetterKind, str] | None:
        """What to say to an address as things are now, and the link in it; None for nothing.

        Decided here and not where somebody asked, who would learn from how long that takes
        whether an address is on the list (requirement 61).
        """
        if letter.kind in _ACCOUNT_LETTERS:
            return self._for_account(tx, letter, now)
        reason = tx.suppressions.reason(letter.email)
        if reason not in {None, *IN_SPITE_OF[letter.kind]} or letter.request_id is None:
            return None
        if letter.kind is LetterKind.MOVED_AWAY:
            return letter.kind, self._addressing.link("p/back", Purpose.MOVE_BACK, letter.id)
        if letter.kind is not LetterKind.CONFIRM_ERASURE and tx.subscribers.has(letter.email):
            reader = tx.subscribers.by_email(letter.email)
            if reason is None and _is_served(reader):
                link = self._addressing.link("p", Purpose.PREFERENCES, reader.id)
                return LetterKind.ALREADY_ON_LIST, link
            if letter.kind is LetterKind.CONFIRM_ADDRESS:
                return None
        page, purpose = _PAGES[letter.kind]
        return letter.kind, self._addressing.link(page, purpose, letter.request_id)

    def _for_account(
        self, tx: Transaction, letter: Letter, now: datetime
    ) -> tuple[LetterKind, str] | None:
        """A user's letter, whatever a reader with their address wants: it is about signing in. Its
        link is the newest that they have for it."""
        purpose = _ACCOUNT_LETTERS[letter.kind]
        number = tx.one_time_links.newest(purpose, letter.email, now)
        if number is None:
            return None
        return letter.kind, self._addressing.link(PAGES[purpose], SIGNED_FOR[purpose], number)


def _is_served(reader: Subscriber) -> bool:
    """Whether somebody on the list gets the bulletin: only a corporate subscriber needs no
    consent (PECR regulation 22, requirement 34)."""
    return reader.kind is SubscriberKind.CORPORATE or bool(reader.consent_basis)
