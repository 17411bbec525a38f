"""The simulator: nothing leaves, and it answers as a provider would (requirement 81).

Addresses of `simulator.example` do what they are called, with or without a plus-address:
`bounce+year6@simulator.example`. Every other address does the same each time, by a hash of it:
one in a hundred bounces, two in a hundred are deferred and then delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import StrEnum

from bulletin.errors import InvalidInput, TransportStopped
from bulletin.models.deliveries import Consignment, Copy, DeliveryState, Outcome, Receipt
from bulletin.models.events import MADE_UP, EventKind

RESERVED_DOMAIN = "simulator.example"


class Behaviour(StrEnum):
    """What becomes of a copy to an address: the local part that asks for it."""

    DELIVERED = "delivered"
    TEMP_FAIL = "temp-fail"
    PERM_FAIL = "perm-fail"
    BOUNCE = "bounce"
    SOFT_BOUNCE = "soft-bounce"
    COMPLAIN = "complain"
    DEFER = "defer"
    UNCERTAIN = "uncertain"


_ANSWERS = {
    Behaviour.TEMP_FAIL: (Outcome.RETRY, "451 4.3.0 simulated: try again later"),
    Behaviour.PERM_FAIL: (Outcome.FAILED, "550 5.1.1 simulated: no such mailbox"),
    Behaviour.UNCERTAIN: (Outcome.UNCERTAIN, "simulated: no answer after the last byte"),
}
_NEWS = {
    Behaviour.DELIVERED: (EventKind.DELIVERED,),
    Behaviour.BOUNCE: (EventKind.BOUNCED_HARD,),
    Behaviour.SOFT_BOUNCE: (EventKind.BOUNCED_SOFT,),
    Behaviour.COMPLAIN: (EventKind.DELIVERED, EventKind.COMPLAINED),
}
_SAYS = {
    EventKind.DELIVERED: "250 2.0.0 simulated: delivered",
    EventKind.DEFERRED: "421 4.2.1 simulated: the mailbox is busy",
    EventKind.BOUNCED_HARD: "550 5.1.1 simulated: no such mailbox",
    EventKind.BOUNCED_SOFT: "552 5.2.2 simulated: the mailbox is full",
    EventKind.COMPLAINED: "simulated: marked as spam",
}


class SimulatorTransport:
    """Builds each copy, so that what cannot become a message fails here as it would elsewhere."""

    name = MADE_UP
    window = 500

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport."""
        for copy in consignment.copies:
            if not consignment.go_on():
                raise TransportStopped("The simulator was told to stop.")
            try:
                consignment.mime(copy)
            except InvalidInput as error:
                yield Receipt(copy.delivery_id, Outcome.FAILED, str(error))
            else:
                yield _answer(copy)

    def close(self) -> None:
        """Nothing is open."""


def _answer(copy: Copy) -> Receipt:
    outcome, detail = _ANSWERS.get(behaviour(copy.address), (Outcome.SUBMITTED, ""))
    return Receipt(copy.delivery_id, outcome, detail, provider_ref=MADE_UP)


def behaviour(address: str) -> Behaviour:
    """What becomes of copies to an address."""
    local, _, domain = address.strip().lower().rpartition("@")
    if domain == RESERVED_DOMAIN:
        asked = local.partition("+")[0]
        return Behaviour(asked) if asked in set(Behaviour) else Behaviour.DELIVERED
    drawn = int.from_bytes(hashlib.blake2b(f"{local}@{domain}".encode(), digest_size=4).digest())
    by_chance = {0: Behaviour.BOUNCE, 1: Behaviour.DEFER, 2: Behaviour.DEFER}
    return by_chance.get(drawn % 100, Behaviour.DELIVERED)


def news(address: str, state: DeliveryState) -> tuple[tuple[EventKind, str], ...]:
    """What a provider tells next of a copy in this state, and in which words; maybe nothing.

    A deferred copy is delivered with the news after.
    """
    kinds = _NEWS.get(behaviour(address), ())
    if behaviour(address) is Behaviour.DEFER:
        deferred = state is DeliveryState.DEFERRED
        kinds = (EventKind.DELIVERED if deferred else EventKind.DEFERRED,)
    return tuple((kind, _SAYS[kind]) for kind in kinds)
