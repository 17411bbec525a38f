"""Deliveries over a desk's store, and transports that answer as a test wants."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bulletin.models.deliveries import Copy, IssueStatus, Outcome
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.deliver import Delivery, Halt
from bulletin.tokens import Purpose, TokenSigner
from bulletin.transports.memory import MemoryTransport

if TYPE_CHECKING:
    from conftest import Desk

SIGNER = TokenSigner("x" * 40)
ADDRESSING = Addressing(SIGNER, "http://127.0.0.1:8025", [])


class Post:
    """A delivery over a desk's store, with one transport for all its threads."""

    def __init__(
        self,
        desk: Desk,
        transport: MemoryTransport,
        *,
        connections: int = 1,
        lease: timedelta = timedelta(seconds=60),
        **settings: Any,
    ) -> None:
        self.transport = transport
        self.desk = desk
        self.delivery = Delivery(
            desk.store,
            open_transport=lambda: transport,
            addressing=lambda: ADDRESSING,
            connections=connections,
            lease=lease,
            zone=ZoneInfo("Europe/London"),
            **settings,
        )

    def run(self, reference: str) -> Halt:
        return self.delivery.run(reference, threading.Event(), lambda _: None)

    def status(self, reference: str) -> IssueStatus:
        return self.desk.reporting.status(reference)[1]

    def message_id(self, delivery_id: int) -> str:
        """The Message-ID that a delivery has for ever."""
        return f"<{SIGNER.sign(Purpose.MESSAGE_ID, delivery_id)}@school.example>"

    @property
    def copies(self) -> Counter[str]:
        return Counter(copy.address for copy, _ in self.transport.accepted)


def started(desk: Desk, readers: int = 25) -> str:
    reference = desk.approved(readers=readers)
    desk.planning.start(reference, None, "test")
    return reference


def nth(number: int, then: Callable[[], Outcome]) -> Callable[[Copy], Outcome]:
    """Accepts copies, but for the one with this number, counted from 1."""
    seen = iter(range(1, 10_000))
    return lambda _copy: then() if next(seen) == number else Outcome.SUBMITTED
