"""Tables of the desk: what was sent for approval, what was said about it, and what was accepted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

# What was asked to be approved: the snapshot with this hash. A version's number counts how often
# the issue was sent for approval.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Id, primary_key=True),
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    # What its sender says to the approver, such as why something was not mended.
    Column("remark", Text, nullable=False, server_default=""),
    Column("decision", String(16), nullable=False),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("decided_at", UtcDateTime),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("issue_id", "number"),
)

# Which editions of it somebody opened.
review_looks = Table(
    "review_looks",
    metadata,
    Column("review_id", ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("edition", String(64), primary_key=True),
    Column("looked_at", UtcDateTime, nullable=False),
)

# Advice that somebody decided not to follow. It holds while the finding says the same.
accepted_findings = Table(
    "accepted_findings",
    metadata,
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("message", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),
)

# Comments are plain text. One without `thread_id` begins a thread, which can be resolved.
comments = Table(
    "comments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
    # The item that it is about; None: the issue. It stays when the item leaves the issue.
    Column("item_id", ForeignKey("items.id", ondelete="SET NULL"), index=True),
    Column("thread_id", ForeignKey("comments.id", ondelete="CASCADE"), index=True),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("resolved_by", Text, nullable=False, server_default=""),
    Column("resolved_at", UtcDateTime),
    Index("ix_comments_issue_id_item_id", "issue_id", "item_id"),
)

# Copies that somebody of the desk had sent to the team. They are no deliveries.
trial_copies = Table(
    "trial_copies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("issue_id", ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Index("ix_trial_copies_sent_by_sent_at", "sent_by", "sent_at"),
)
