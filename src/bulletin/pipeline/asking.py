"""Asking: the one way in for what has to be confirmed from a mailbox, and its caps.

Nothing here depends on whether an address is known: the same statements run for every address
(requirement 61). Which letter goes out, or none, is decided when it is written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from zoneinfo import ZoneInfo

from bulletin.errors import TooMany
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.clock import spoken
from bulletin.store.store import Store, Transaction

_WINDOW = timedelta(hours=1)
_SITE_BITS = 56
# What strangers ask for must never fill up the room for what readers ask for.
_APART = ({RequestKind.JOIN}, {RequestKind.CHANGE_ADDRESS, RequestKind.ERASE})
_BETWEEN_LETTERS = timedelta(days=1)  # requirement 71


class Asking:
    """Puts wishes on record and has the letters written that ask to confirm them.

    per_hour, per_client: how many requests there may be in any hour, of all and of one client:
    so many to join, and as many of readers.
    """

    def __init__(self, store: Store, *, per_hour: int, per_client: int, zone: ZoneInfo) -> None:
        self._store = store
        self._per_hour = per_hour
        self._per_client = per_client
        self._zone = zone

    def ask(self, wish: Wish, letter: LetterKind, *, agreed: str = "") -> None:
        """Keep a wish and post a letter to its address, at most one such a day, silently.

        agreed: the exact words that were agreed to; kept, and their version put into the wish.
        Raises TooMany when a cap is reached; then nothing is kept.
        """
        now = self._store.clock()
        wish = replace(wish, client=network_of(wish.client))
        with self._store.write() as tx:
            tx.requests.take_turns()
            alike = next(kinds for kinds in _APART if wish.kind in kinds)
            self._refuse_beyond(tx, self._per_client, alike, now, client=wish.client)
            self._refuse_beyond(tx, self._per_hour, alike, now)
            if agreed:
                wish = replace(wish, wording=tx.wordings.keep(agreed, now))
            number = tx.requests.add(wish, now)
            tx.letters.post(letter, wish.email, number, now, unless_since=now - _BETWEEN_LETTERS)
            tx.jobs.letters()

    def _refuse_beyond(
        self,
        tx: Transaction,
        cap: int,
        alike: Collection[RequestKind],
        now: datetime,
        client: str | None = None,
    ) -> None:
        in_the_way = tx.requests.newest_but(cap - 1, alike, client=client)
        if in_the_way is not None and in_the_way > now - _WINDOW:
            raise too_many(in_the_way, now, self._zone)


def too_many(in_the_way: datetime, now: datetime, zone: ZoneInfo) -> TooMany:
    """What to say while a request of that moment is too recent: when to try again.

    Rounded up to a minute, since a time is named in minutes and has to be one at which it works.
    """
    free = (in_the_way + _WINDOW).replace(second=0, microsecond=0) + timedelta(minutes=1)
    return TooMany(
        "More was asked for here in the last hour than this site takes. "
        f"Try again at {spoken(free, zone)}.",
        retry_after=(free - now).total_seconds(),
    )


def network_of(client: str) -> str:
    """Who counts as one client: an IPv4 address, or the /56 that an IPv6 address is in.

    A household is often given a whole /56, and may use any address of it. Anything that is no IP
    address stays as it is.
    """
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), _SITE_BITS), strict=False))
    return str(address)
