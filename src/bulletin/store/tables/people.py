"""Tables of people: who may be written to, what they agreed to, and who works here."""

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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from bulletin.store.tables.base import metadata
from bulletin.store.types import Id, UtcDateTime

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
    Column("role_set_id", ForeignKey("role_sets.id"), nullable=False),
    Column("nation", String(32), nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default=""),
    Column("consent_basis", Text, nullable=False, server_default=""),
    Column("consent_date", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("paused_until", Date),
    # What a reader typed into a form: shown to themselves, and no proof of belonging anywhere.
    Column("stated_organisation", Text, nullable=False, server_default=""),
    Index("ix_subscribers_role_set_id_nation", "role_set_id", "nation"),
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
    Column("taken_at", UtcDateTime),
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

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("disabled_at", UtcDateTime),
    Column("signed_in_at", UtcDateTime),
    # Tries to sign in that failed, until their owner has seen them.
    Column("failed_tries", Integer, nullable=False, server_default="0"),
    Column("failed_at", UtcDateTime),
    # The second factor: its secret, sealed; in use from when a first code proved it; the last time
    # step of which a code was taken (RFC 6238 section 5.2).
    Column("totp_secret", Text, nullable=False, server_default=""),
    Column("totp_since", UtcDateTime),
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
    # Who they are at the identity provider, from when it first vouched for them.
    Column("vouched_as", Text, nullable=False, server_default=""),
    Column("shortcuts", Boolean, nullable=False, server_default=true()),
    Column("theme", String(8), nullable=False, server_default="system"),
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
