"""The tables. Migrations are the truth of the schema; a test proves that both say the same."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bulletin.store.types import Id, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address_key", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

# Every distinct combination of roles is stored once, and a person points to one. So "who is a
# DSL" touches a few hundred rows, and each combination is composed once, however many hold it.
role_sets = Table(
    "role_sets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("role_keys", Text, nullable=False, unique=True),
)

role_set_members = Table(
    "role_set_members",
    metadata,
    Column("role_set_id", ForeignKey("role_sets.id"), primary_key=True),
    Column("role_key", ForeignKey("roles.key"), primary_key=True, index=True),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("urn", String(16), nullable=False, server_default=""),
    Column("nation", String(32), nullable=False, server_default=""),
    Column("phase", Text, nullable=False, server_default=""),
    Column("local_authority", Text, nullable=False, server_default=""),
    UniqueConstraint("urn", "name"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("address_hash", LargeBinary(16), nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("organisation_id", ForeignKey("organisations.id"), index=True),
    Column("role_set_id", ForeignKey("role_sets.id"), nullable=False, index=True),
    Column("nation", String(32), nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default=""),
    Column("consent_basis", Text, nullable=False, server_default=""),
    Column("consent_date", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("paused_until", Date),
    # What a reader typed into a form: shown to themselves, and no proof of belonging anywhere.
    Column("stated_organisation", Text, nullable=False, server_default=""),
    # A number that was given away in a link must never name somebody else later.
    sqlite_autoincrement=True,
)

# Addresses that a person had before, so that an old list does not bring them in a second time,
# and erasing them forgets every one.
former_addresses = Table(
    "former_addresses",
    metadata,
    Column("address_hash", LargeBinary(16), primary_key=True),
    Column(
        "subscriber_id",
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("left_at", UtcDateTime, nullable=False),
)

# Numbers that a person had before they moved: links with them, which others may hold by now, show
# nothing of the person any more, and still let them leave.
former_numbers = Table(
    "former_numbers",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column(
        "subscriber_id",
        ForeignKey("subscribers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address_hash", LargeBinary(16), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("basis", Text, nullable=False),
    Column("given_on", Date),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("wording", String(64), nullable=False, server_default=""),
)

# The exact words that people agreed to or acknowledged, each once, under their SHA-256.
wordings = Table(
    "wordings",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

# What somebody asked for on a page and has to confirm from their mailbox.
requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("email", Text, nullable=False),
    Column("address_hash", LargeBinary(16), nullable=False),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), index=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("organisation", Text, nullable=False, server_default=""),
    Column("nation", String(32), nullable=False, server_default=""),
    Column("role_keys", Text, nullable=False, server_default=""),
    Column("wording", String(64), nullable=False, server_default=""),
    Column("client_hash", LargeBinary(16), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False, index=True),
    Column("confirmed_at", UtcDateTime),
    Index("ix_requests_address_hash_requested_at", "address_hash", "requested_at"),
    Index("ix_requests_client_hash_requested_at", "client_hash", "requested_at"),
    sqlite_autoincrement=True,
)

# Mail to one person that belongs to no issue. Committed as `sending` before it is handed over.
letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("email", Text, nullable=False),
    Column("address_hash", LargeBinary(16), nullable=False),
    Column("request_id", ForeignKey("requests.id", ondelete="CASCADE"), index=True),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("submitted_at", UtcDateTime),
    Index("ix_letters_state_id", "state", "id"),
    Index("ix_letters_address_hash_created_at", "address_hash", "created_at"),
    sqlite_autoincrement=True,
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_hash", LargeBinary(16), primary_key=True),
    Column("email", Text),
    Column("reason", String(16), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    # Weaker reasons under the one that counts, with ";" between: lifting one leaves the others.
    Column("also", Text, nullable=False, server_default=""),
)

segments = Table(
    "segments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("tree", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

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
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("duplicate_of", ForeignKey("items.id")),
    Column("deadline", Date),
    Column("deadline_says", Text, nullable=False, server_default=""),
    Column("content_note", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
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
    UniqueConstraint("issue_id", "subscriber_id"),
    Index("ix_deliveries_issue_id_chunk_state", "issue_id", "chunk", "state"),
    sqlite_autoincrement=True,
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
    Column("received_at", UtcDateTime, nullable=False),
    Column("raw", JSON, nullable=False),
    UniqueConstraint("provider", "event_id"),
)

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_subject", "subject"),
)
