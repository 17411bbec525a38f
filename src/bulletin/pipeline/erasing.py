"""Erasing: one way out for a person's record, by their own hand or by an admin's."""

from __future__ import annotations

from datetime import datetime

from bulletin.errors import NotFound
from bulletin.models.people import SuppressionReason
from bulletin.store.store import Transaction


def erase(tx: Transaction, email: str, actor: str, now: datetime) -> None:
    """Take an address and its person out; a keyed hash stays, so that nothing brings them back.

    Raises NotFound if nothing is held about the address (requirement 41).
    """
    if tx.subscribers.has(email):
        person = tx.subscribers.by_email(email)
        tx.erasure.person(person, now)
        tx.audit.record(actor, "subscriber.forget", f"subscriber:{person.id}", now)
    elif not (tx.erasure.address(email, now) or tx.suppressions.reason(email)):
        raise NotFound(f"Nothing is held about the address {email}.")
    tx.suppressions.add(email, SuppressionReason.ERASED, now)
