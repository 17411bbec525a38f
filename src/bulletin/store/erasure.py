"""Erasing a person: what goes, and what stays as bare evidence (requirements 41, 45)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CompoundSelect,
    Connection,
    delete,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from bulletin.models.people import Subscriber
from bulletin.store.addresses import AddressHasher
from bulletin.store.consent import Suppressions
from bulletin.store.people import Roles, Subscribers
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    events,
    former_addresses,
    letters,
    report_links,
    requests,
    subscribers,
)
from bulletin.store.types import UtcDateTime


class Erasure:
    """Takes people out of the tables, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def person(self, subscriber: Subscriber, now: datetime) -> None:
        """Remove a person and bar every address that they have or had.

        Deliveries stay as counts, acknowledgements as evidence of nobody.
        """
        addresses = Subscribers(self._connection).hashes(subscriber)
        # Addresses before copies, as for events about them: so that neither waits for the other.
        Suppressions(self._connection).erase(addresses, now)
        self._clear_deliveries(subscriber.id)
        # In a school "headteacher" is a name, and an edition says who read it.
        self._connection.execute(
            update(acknowledgements)
            .where(acknowledgements.c.subscriber_id == subscriber.id)
            .values(email=None, name="", role_keys="", nation="", edition=0)
        )
        self._connection.execute(delete(subscribers).where(subscribers.c.id == subscriber.id))
        self._addresses(addresses, now)

    def address(self, email: str, now: datetime) -> bool:
        """Bar an address; remove what was asked from it and written to it.

        A report link that was made out to it opens nothing more. False if nothing was held.
        """
        return self._addresses([self._hash(email)], now)

    def _clear_deliveries(self, subscriber_id: int) -> None:
        mine = deliveries.c.subscriber_id == subscriber_id
        # What a server or a provider said may quote the address, so it goes too.
        self._connection.execute(
            update(events)
            .where(events.c.delivery_id.in_(select(deliveries.c.id).where(mine)))
            .values(raw={}, detail="")
        )
        nobody = Roles(self._connection).set_id(())
        self._connection.execute(
            update(deliveries)
            .where(mine)
            .values(email=None, detail="", provider_ref="", role_set_id=nobody, nation="")
        )

    def _addresses(self, hashes: Sequence[bytes], now: datetime) -> bool:
        known = Suppressions(self._connection).erase(hashes, now)
        # Whoever confirms a request at this moment is waited for, or finds it gone.
        here = requests.c.address_hash.in_(hashes)
        theirs = or_(here, requests.c.subscriber_id.in_(_holders(hashes)))
        held = select(requests.c.id).where(theirs).order_by(requests.c.id)
        self._connection.execute(held.with_for_update())
        asked = select(requests.c.id).where(here)
        written = or_(letters.c.address_hash.in_(hashes), letters.c.request_id.in_(asked))
        gone = self._connection.execute(delete(letters).where(written)).rowcount
        wishes = delete(requests).where(here)
        gone += self._connection.execute(wishes).rowcount
        gone += self._end_report_links(hashes, now)
        return known or gone > 0

    def _end_report_links(self, hashes: Sequence[bytes], now: datetime) -> int:
        # Of an address that somebody had before, only the hash is known: so each is compared.
        contacts = self._connection.scalars(select(report_links.c.contact).distinct())
        theirs = [contact for contact in contacts if contact and self._hash(contact) in hashes]
        ended = func.coalesce(report_links.c.revoked_at, literal(now, UtcDateTime))
        links = update(report_links).where(report_links.c.contact.in_(theirs))
        return self._connection.execute(links.values(contact="", revoked_at=ended)).rowcount


def _holders(hashes: Sequence[bytes]) -> CompoundSelect[tuple[int]]:
    """Who has one of these addresses, or had it before they moved."""
    return union(
        select(subscribers.c.id).where(subscribers.c.address_hash.in_(hashes)),
        select(former_addresses.c.subscriber_id).where(former_addresses.c.address_hash.in_(hashes)),
    )
