"""Tables of delivery: chunks, copies, what became of them, and how fast they may go."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

chunks = Table(
    "chunks",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("token", String(32)),
    Column("owner", Text, nullable=False, server_default=""),
    Column("lease_until", UtcDateTime),
    Column("run_after", UtcDateTime),
    # How many copies it holds, so that nobody has to count those of a whole issue.
    Column("size", Integer, nullable=False, server_default="0"),
    Index("ix_chunks_state_issue_id", "state", "issue_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("email", Text),
    Column("role_set_id", ForeignKey("role_sets.id"), nullable=False),
    Column("nation", String(32), nullable=False),
    Column("chunk", Integer),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("first_attempt_at", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("provider_ref", Text, nullable=False, server_default=""),
    Column("submitted_at", UtcDateTime),
    # Where its reader was then: evidence, so it refers to no row that may change.
    Column("organisation_id", Id, index=True),
    Column("complained", Boolean, nullable=False, server_default=false()),
    Column("unsubscribed", Boolean, nullable=False, server_default=false()),
    # Since when nobody can say whether it was accepted.
    Column("uncertain_at", UtcDateTime),
    # Of the last time that it was taken in hand: by it a sender's late word is told from others.
    Column("take", BigInteger),
    # Until when what happened to it happened to a copy that its provider dropped.
    Column("heard_until", UtcDateTime),
    UniqueConstraint("issue_id", "subscriber_id"),
    Index("ix_deliveries_issue_id_chunk_state", "issue_id", "chunk", "state"),
    sqlite_autoincrement=True,
)
# Few copies of a million are ever in doubt or complained about, and they are looked for often.
Index(
    "ix_deliveries_uncertain_at",
    deliveries.c.uncertain_at,
    sqlite_where=deliveries.c.uncertain_at.is_not(None),
    postgresql_where=deliveries.c.uncertain_at.is_not(None),
)
Index(
    "ix_deliveries_complained",
    deliveries.c.issue_id,
    sqlite_where=deliveries.c.complained,
    postgresql_where=deliveries.c.complained,
)
Index(
    "ix_deliveries_unsubscribed",
    deliveries.c.issue_id,
    sqlite_where=deliveries.c.unsubscribed,
    postgresql_where=deliveries.c.unsubscribed,
)

# "I have seen this issue": evidence, so it holds who and what as it was at that moment.
acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("id", Id, primary_key=True),
    Column(
        "delivery_id", ForeignKey("deliveries.id", ondelete="SET NULL"), unique=True, nullable=True
    ),
    Column("issue_id", ForeignKey("issues.id"), nullable=False, index=True),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("organisation_id", ForeignKey("organisations.id"), index=True),
    Column("email", Text),
    Column("name", Text, nullable=False, server_default=""),
    Column("role_keys", Text, nullable=False),
    Column("nation", String(32), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("wording", String(64), nullable=False),
    Column("acknowledged_at", UtcDateTime, nullable=False),
)

# A page of evidence for an organisation's own contact, until somebody takes it back.
report_links = Table(
    "report_links",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("contact", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="SET NULL"), index=True),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("raw", JSON, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    UniqueConstraint("provider", "event_id"),
)

# How fast mail may leave, shared by everybody who sends: until when a limit's allowance is used up.
# `name` is "all", or the domain that a limit is for.
pace = Table(
    "pace",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("used_until", UtcDateTime, nullable=False),
)

# How many copies were handed over on a day, where the readers are: what a warm-up plan counts.
sending_days = Table(
    "sending_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("copies", Integer, nullable=False),
)
