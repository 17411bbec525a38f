"""Tables of those who sign in: their sessions, one-time links and tries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from bulletin.store.tables.base import metadata
from bulletin.store.types import UtcDateTime

# A session is known by the hash of its token: whoever reads the table cannot sign in with it.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
