"""Tables of those who sign in: their sessions, one-time links and tries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

# A session is known by the hash of its token: whoever reads the table cannot sign in with it.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("agent", Text, nullable=False, server_default=""),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# A link that works once: it is gone when it was used. Its address is its number, signed, so a
# number must never be given out twice.
one_time_links = Table(
    "one_time_links",
    metadata,
    Column("id", Id, primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# How often somebody, known by a keyed hash, failed lately, and when they may try again.
tries = Table(
    "tries",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("free_at", UtcDateTime, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", LargeBinary(32), primary_key=True),
)
