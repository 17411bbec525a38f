"""Tables of content: items, and the issues they are placed in."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    true,
)

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

items = Table(
    "items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("published", Date),
    Column("author", Text, nullable=False),
    Column("actions", JSON, nullable=False),
    Column("nations", JSON, nullable=False),
    Column("proposed_roles", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("duplicate_of", ForeignKey("items.id")),
    Column("deadline", Date),
    Column("deadline_says", Text, nullable=False, server_default=""),
    Column("content_note", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # The watched source it came from, and the item that it is a newer version of.
    Column("source_id", Id, index=True),
    Column("updates_id", Id, index=True),
    Column("rejected_because", Text, nullable=False, server_default=""),
    # For the search: what its links are called, and how many doubts it carries.
    Column("action_words", Text, nullable=False, server_default=""),
    Column("doubts", Integer, nullable=False, server_default="0"),
    # Which way of making its bands was the last; 0: it has none, or was changed since.
    Column("banded", Integer, nullable=False, server_default="0", index=True),
)

item_roles = Table(
    "item_roles",
    metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("role_key", ForeignKey("roles.key"), primary_key=True, index=True),
)

item_notes = Table(
    "item_notes",
    metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("role_key", ForeignKey("roles.key"), primary_key=True),
    Column("text", Text, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(120), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("standfirst", Text, nullable=False, server_default=""),
    Column("intro", Text, nullable=False, server_default=""),
    Column("closing", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("state_reason", Text, nullable=False, server_default=""),
    Column("visibility", String(16), nullable=False),
    Column("audience_include", JSON, nullable=False),
    Column("audience_exclude", JSON, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("scheduled_at", UtcDateTime, index=True),
    Column("missed_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("approved_hash", String(64)),
    Column("dateline", Text, nullable=False, server_default=""),
    Column("helplines", JSON, nullable=False, server_default="[]"),
    Column("diary", Boolean, nullable=False, server_default=true()),
    Column("length", String(16)),
    # A correction goes to those whose edition of that issue had that item.
    Column("corrects_issue_id", Id),
    Column("corrects_item_id", Id),
    # A rehearsal is a copy of an approved issue whose mail goes to nobody but the team.
    Column("rehearsal_of", Id, index=True),
    # How it fared when a person let it go on, which does not stop it a second time.
    Column("overlooked", JSON, nullable=False, server_default="{}"),
)

placements = Table(
    "placements",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("only_nations", JSON, nullable=False),
)

# What an approver signed, byte for byte as it will go out. Kept for as long as the issue is.
snapshots = Table(
    "snapshots",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("document", JSON, nullable=False),
    Column("subject", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("override_reason", Text, nullable=False, server_default=""),
)

editions = Table(
    "editions",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("role_set_id", ForeignKey("role_sets.id"), primary_key=True),
    Column("nation", String(32), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("item_count", Integer, nullable=False),
)
