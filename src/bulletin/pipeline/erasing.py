"""Erasing: one way out for a person's record, by their own hand or by an admin's."""

from __future__ import annotations

from datetime import datetime

from bulletin.errors import NotFound
from bulletin.store.store import Transaction


def erase(tx: Transaction, email: str, actor: str, now: datetime) -> None:
    """Take an address and its person out; keyed hashes stay, so that nothing brings them back.

    email: one that they have or had; every other one goes with it (requirement 41).
    Raises NotFound if nothing is held about the address.
    """
    # First the address: from here on nobody joins with it, and whoever just did is found below.
    held = tx.erasure.address(email, now)
    person = tx.subscribers.find_alone(email)
    if person is not None:
        tx.erasure.person(person, now)
        tx.audit.record(actor, "subscriber.forget", f"subscriber:{person.id}", now)
    elif not held:
        raise nothing_held(email)


def nothing_held(email: str) -> NotFound:
    """What to say of an address that no table knows."""
    return NotFound(f"Nothing is held about the address {email}.")
