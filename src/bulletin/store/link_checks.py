"""What was found at the addresses that issues link to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, String, delete, select

from bulletin.models.checks import LinkCheck, Verdict
from bulletin.store.among import among
from bulletin.store.tables import link_checks
from bulletin.store.upsert import upsert


class LinkChecks:
    """The newest look at each address, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def found(self, urls: Iterable[str], since: datetime) -> dict[str, LinkCheck]:
        """What was found at these addresses at that time or later, by address."""
        wanted = {_hash(url) for url in urls}
        query = select(link_checks).where(
            link_checks.c.url_hash.in_(among(self._connection, sorted(wanted), String(64))),
            link_checks.c.checked_at >= since,
        )
        rows = self._connection.execute(query)
        return {
            row.url: LinkCheck(
                row.url, Verdict(row.verdict), row.checked_at, row.status, row.leads_to, row.detail
            )
            for row in rows
        }

    def keep(self, check: LinkCheck) -> None:
        """Put down what was found; an earlier look at the address is forgotten."""
        values = {**asdict(check), "url_hash": _hash(check.url)}
        put = upsert(self._connection, link_checks).values(values)
        self._connection.execute(
            put.on_conflict_do_update(index_elements=["url_hash"], set_=values)
        )

    def forget(self, before: datetime) -> int:
        """Forget looks from before that time. Returns how many."""
        old = delete(link_checks).where(link_checks.c.checked_at < before)
        return self._connection.execute(old).rowcount


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
