"""What one SMTP connection still has to hand over of a consignment, and what has become known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from bulletin.errors import InvalidInput
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.mailboxes import mailbox
from bulletin.transports.smtp_session import Parcel


class SmtpQueue:
    """The copies of a consignment in order, each made into a parcel when its turn comes.

    awaited: announced, and the server waits for it.
    behind:  announced behind another; the answers are on their way.
    stopped: we were told to hand over no more, with copies left.
    """

    def __init__(self, consignment: Consignment) -> None:
        self._consignment = consignment
        self._copies = deque(consignment.copies)
        self._returned: deque[Parcel] = deque()
        self._receipts: list[Receipt] = []
        self.awaited: Parcel | None = None
        self.behind: Parcel | None = None
        self.stopped = False

    def goes_on(self) -> bool:
        """Whether a copy may be announced or handed over; once it is no, it stays so."""
        self.stopped = self.stopped or not self._consignment.go_on()
        return not self.stopped

    def take(self) -> Parcel | None:
        """The next copy that a message can be made of; the others are settled on the way."""
        while self._returned or self._copies:
            if not self.goes_on():
                return None
            if self._returned:
                return self._returned.popleft()
            copy = self._copies.popleft()
            try:
                return self._parcel(copy)
            except InvalidInput as error:
                self._receipts.append(Receipt(copy.delivery_id, Outcome.FAILED, str(error)))
        return None

    def _parcel(self, copy: Copy) -> Parcel:
        message = self._consignment.mime(copy)
        return Parcel(
            delivery_id=copy.delivery_id,
            sender=mailbox(copy.bounces_to or self._consignment.sender.email),
            recipient=mailbox(copy.address),
            message=message if message.endswith(b"\r\n") else message + b"\r\n",
        )

    def put_back(self, parcel: Parcel) -> None:
        """It is the next to be taken, behind what was put back before it."""
        self._returned.append(parcel)

    def settle(self, parcel: Parcel, outcome: Outcome, detail: str) -> None:
        """What became of it is known."""
        self._receipts.append(Receipt(parcel.delivery_id, outcome, detail))

    def receipts(self) -> Iterator[Receipt]:
        """What has become known since the last time."""
        known, self._receipts = self._receipts, []
        return iter(known)
