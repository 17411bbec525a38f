"""Tables of collecting: watched sources, what became of an item, repeats and looked-at links."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
)

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    # What its items get where their text says nothing.
    Column("source", Text, nullable=False, server_default=""),
    Column("topic", Text, nullable=False, server_default=""),
    Column("nations", JSON, nullable=False, server_default="[]"),
    Column("every_minutes", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
    # What the server asked to be told at the next look (RFC 9110 section 13.1).
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    # Of the answer itself, since many servers ask for nothing.
    Column("digest", String(64), nullable=False, server_default=""),
    Column("due_at", UtcDateTime, index=True),
    # Until then one process has it in hand.
    Column("claimed_until", UtcDateTime),
    Column("tried_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("brought_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),
)

# What a source has brought already, also if its item was rejected since.
source_entries = Table(
    "source_entries",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("item_id", ForeignKey("items.id", ondelete="SET NULL"), index=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

# What an item said before a change: version N is how it was until version N + 1 was made, by whom
# and how. other: the item it was split into or joined with, or the version it went back to.
item_versions = Table(
    "item_versions",
    metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("how", String(16), nullable=False),
    Column("other", Id),
    Column("before", JSON, nullable=False),
)

# What an item is recognised by: two items that share a band may be the same news. Bands are asked
# for by their number, so the rows lie in that order.
item_bands = Table(
    "item_bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

link_checks = Table(
    "link_checks",
    metadata,
    Column("url_hash", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("status", Integer),
    Column("leads_to", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("checked_at", UtcDateTime, nullable=False, index=True),
)
