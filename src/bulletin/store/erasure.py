"""Erasing a person: what goes, and what stays as bare evidence (requirements 41, 45)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from bulletin.models.people import Subscriber
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    events,
    letters,
    report_links,
    requests,
    subscribers,
)


class Erasure:
    """Takes people out of the tables, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def person(self, subscriber: Subscriber, now: datetime) -> None:
        """Remove a person. Deliveries stay as counts, acknowledgements as evidence of nobody."""
        mine = deliveries.c.subscriber_id == subscriber.id
        # What a server or a provider said may quote the address, so it goes too.
        self._connection.execute(
            update(events)
            .where(events.c.delivery_id.in_(select(deliveries.c.id).where(mine)))
            .values(raw={})
        )
        self._connection.execute(
            update(deliveries).where(mine).values(email=None, detail="", provider_ref="")
        )
        # In a school "headteacher" is a name, so the roles go from the evidence, too.
        self._connection.execute(
            update(acknowledgements)
            .where(acknowledgements.c.subscriber_id == subscriber.id)
            .values(email=None, name="", role_keys="")
        )
        self._connection.execute(delete(subscribers).where(subscribers.c.id == subscriber.id))
        self.address(subscriber.email, now)

    def address(self, email: str, now: datetime) -> bool:
        """Remove what was asked from, and written to, an address; false if there was nothing.

        A report link that was made out to it opens nothing more.
        """
        asked, written = self._forget_letters(self._hash(email))
        shown = func.lower(report_links.c.contact) == email.strip().lower()
        links = update(report_links).where(shown).values(contact="")
        open_links = links.where(report_links.c.revoked_at.is_(None)).values(revoked_at=now)
        reported = self._connection.execute(open_links).rowcount
        reported += self._connection.execute(links).rowcount
        return any((asked, written, reported))

    def _forget_letters(self, address: bytes) -> tuple[int, int]:
        asked = select(requests.c.id).where(requests.c.address_hash == address)
        written = delete(letters).where(
            or_(letters.c.address_hash == address, letters.c.request_id.in_(asked))
        )
        gone = self._connection.execute(written).rowcount
        wishes = delete(requests).where(requests.c.address_hash == address)
        return self._connection.execute(wishes).rowcount, gone
