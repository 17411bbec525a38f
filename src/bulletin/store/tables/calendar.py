"""Tables of the desk: terms, the rhythm by which issues go out, and the days they are meant for."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, String, Table, Text

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

# Of a nation, or of one authority's schools: then `authority` is not "".
terms = Table(
    "terms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("nation", String(32), nullable=False),
    Column("authority", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    Column("first_day", Date, nullable=False, index=True),
    Column("last_day", Date, nullable=False, index=True),
)

# One row, or none: an installation has one rhythm.
rhythm = Table(
    "rhythm",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", Text, nullable=False),
)

# The day of the rhythm that an issue was begun for.
planned_days = Table(
    "planned_days",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, nullable=False, index=True),
)
