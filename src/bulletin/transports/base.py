"""What every transport is: one method that hands copies over and says what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bulletin.models.deliveries import Consignment, Receipt


class Transport(Protocol):
    """Hands consignments over. Not safe to share: every sending thread opens its own.

    name:   "outbox", "smtp", "sendgrid" or "memory".
    window: how many copies may be in flight at once, so how many a crash can leave uncertain.
    """

    name: str
    window: int

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """Yield exactly one receipt per copy, each as soon as its outcome is known.

        Raises TransportUnavailable or TransportBlocked only when every copy that has no receipt
        yet was provably not accepted, and so TransportStopped, once `consignment.go_on` has said
        no. After any other exception those copies are uncertain.
        """
        ...

    def close(self) -> None:
        """Let go of connections. The transport may be used again afterwards."""
        ...
