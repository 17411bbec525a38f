"""What the ledger says of every copy of an issue, read past all that the product makes of it."""

from __future__ import annotations

from collections import Counter
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


def chunk_states(made: Services, issue: str) -> dict[str, int]:
    """How many chunks and copies are in which state: where a send that hangs is hanging."""
    chunks = text(
        "SELECT c.state, count(*) FROM chunks c JOIN issues i ON i.id = c.issue_id "
        "WHERE i.slug = :issue GROUP BY c.state"
    )
    with made.store.read() as tx:
        found = tx._connection.execute(chunks, {"issue": issue})  # noqa: SLF001  # a second witness
        states = {f"chunks {state}": number for state, number in found}
    copies = Counter(f"copies {row.state}" for row in copies_of(made, issue))
    return {**states, **copies}
