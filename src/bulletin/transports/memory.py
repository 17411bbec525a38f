"""A transport for tests and rehearsals: it keeps copies, and answers as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulletin.errors import InvalidInput, TransportStopped
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt

Answer = Callable[[Copy], Outcome]


def accept(_copy: Copy) -> Outcome:
    """The answer of a server that takes everything."""
    return Outcome.SUBMITTED


class MemoryTransport:
    """Keeps what it accepts in `accepted`, as (copy, its MIME bytes).

    answer: the outcome of each copy; it may raise what a transport may raise.
    """

    name = "memory"

    def __init__(self, answer: Answer = accept, *, window: int = 20) -> None:
        self.window = window
        self.accepted: list[tuple[Copy, bytes]] = []
        self._answer = answer

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport."""
        for copy in consignment.copies:
            try:
                message = consignment.mime(copy)
            except InvalidInput as error:
                yield Receipt(copy.delivery_id, Outcome.FAILED, str(error))
                continue
            if not consignment.go_on():
                raise TransportStopped("Sending was stopped.")
            outcome = self._answer(copy)
            if outcome is Outcome.SUBMITTED:
                self.accepted.append((copy, message))
            yield Receipt(copy.delivery_id, outcome)

    def close(self) -> None:
        """Nothing is open."""
