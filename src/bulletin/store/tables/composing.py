"""Tables of composing: who is at what, what issues were before, topics without items."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text

from bulletin.store.tables.base import metadata
from bulletin.store.types import UtcDateTime

# Who was last seen at an issue or an item: "issue:12", "item:7".
presences = Table(
    "presences",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)

# What the words or the order of an issue were before a change. Saves of one person within some
# minutes are one change; `made` names what came of it.
issue_versions = Table(
    "issue_versions",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("goes_back", Boolean, nullable=False),
    Column("before", JSON, nullable=False),
    Column("made", String(64), nullable=False),
)

# The headings of an issue as an editor arranged them, with those that have no items yet.
issue_headings = Table(
    "issue_headings",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("titles", JSON, nullable=False),
)

# Saves that may still become one version of an item's history: whose they are, which version the
# last of them made, and since when.
sittings = Table(
    "sittings",
    metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("user", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

# Items of which somebody said who they are for. Without roles they are for everybody then; the
# others were not looked at yet.
items_with_readers = Table(
    "items_with_readers",
    metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("chosen_by", Text, nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
)
