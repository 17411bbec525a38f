"""Tables of the inbox: what was pasted, until its items are kept, and which items came of it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, Table, Text

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

# found: what was made of it so far; before: the same before the last change, which can be undone.
pastes = Table(
    "pastes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("created_by", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("waiting", Integer, nullable=False, server_default="0"),
    Column("found", JSON, nullable=False),
    Column("before", JSON),
    Column("kept_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
)

# What came, as it came, and as a person reads it.
paste_texts = Table(
    "paste_texts",
    metadata,
    Column("paste_id", ForeignKey("pastes.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("charset", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("shown", Text, nullable=False, server_default=""),
    Column("trouble", Text, nullable=False, server_default=""),
)

paste_items = Table(
    "paste_items",
    metadata,
    Column("paste_id", ForeignKey("pastes.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
)
