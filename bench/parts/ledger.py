"""What the ledger says of every copy of an issue, read past all that the product makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bulletin.wiring import Services

_COPIES = text(
    "SELECT d.id, d.state, d.email FROM deliveries d JOIN issues i ON i.id = d.issue_id "
    "WHERE i.slug = :issue"
)


@dataclass(frozen=True)
class Row:
    delivery_id: int
    state: str
    email: str


def copies_of(made: Services, issue: str) -> list[Row]:
    """Every delivery of an issue."""
    with made.store.read() as tx:
        found = tx._connection.execute(_COPIES, {"issue": issue})  # noqa: SLF001  # a second witness
        return [Row(row.id, row.state, row.email or "") for row in found]
