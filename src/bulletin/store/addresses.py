"""Keyed hashes of addresses: what remains of a person after erasure (requirement 41)."""

from __future__ import annotations

import hmac

from sqlalchemy import Connection, select

from bulletin.store.tables import installation


class AddressHasher:
    """Hashes addresses under the installation's own key, which stays in its database.

    The key is not BULLETIN_SECRET_KEY: a changed secret must never forget who objected.
    """

    def __init__(self, connection: Connection) -> None:
        self._key = connection.execute(select(installation.c.address_key)).scalar_one()

    def __call__(self, email: str) -> bytes:
        """16 bytes for an address; upper and lower case are the same person to us."""
        return hmac.digest(self._key, email.strip().lower().encode(), "sha256")[:16]
