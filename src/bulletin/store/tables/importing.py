"""Tables of lists of readers on their way in, and of what an import changed."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
)

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

# Names and addresses of people: kept until they are imported, and for a few days at most.
roster_files = Table(
    "roster_files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("brought_by", Text, nullable=False),
    Column("brought_at", UtcDateTime, nullable=False, index=True),
    Column("imported_at", UtcDateTime),
    Column("result", JSON, nullable=False, server_default="{}"),
    sqlite_autoincrement=True,
)

# What people were before an import, so that it can be undone. was_new: they were not on the list.
roster_changes = Table(
    "roster_changes",
    metadata,
    Column("file_id", ForeignKey("roster_files.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "subscriber_id",
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("was_new", Boolean, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("organisation_id", Id),
    Column("role_set_id", Id),
    Column("nation", String(32), nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default=""),
    Column("consent_basis", Text, nullable=False, server_default=""),
    Column("consent_date", Date),
)
