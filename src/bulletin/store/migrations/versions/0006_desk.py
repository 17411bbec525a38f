"""The desk: signing in, reviewing, the calendar, composing together, lists on their way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _accounts()
    _reviewing()
    _calendar()
    _chunk_sizes()
    _composing()
    _importing()
    _inbox()
    _reporting()
    _reading()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _accounts() -> None:
    """Who signs in, how, and how long they stay."""
    _users()
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        _text("agent"),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _of_user("sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "one_time_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _of_user("one_time_links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_one_time_links_user_id", "one_time_links", ["user_id"])
    op.create_index("ix_one_time_links_expires_at", "one_time_links", ["expires_at"])
    op.create_table(
        "tries",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_tries")),
    )
    op.create_index("ix_tries_last_at", "tries", ["last_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        _of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )


def _users() -> None:
    for column in (
        _text("name"),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("signed_in_at", MOMENT, nullable=True),
        sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", MOMENT, nullable=True),
        _text("totp_secret"),
        sa.Column("totp_since", MOMENT, nullable=True),
        sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
        _text("vouched_as"),
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("theme", sa.String(length=8), server_default="system", nullable=False),
    ):
        op.add_column("users", column)


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name, ondelete="CASCADE")


def _reviewing() -> None:
    """What was sent for approval, what was said about it, and what was accepted."""
    op.create_table(
        "reviews",
        sa.Column("id", ID, nullable=False),
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        _text("remark"),
        sa.Column("decision", sa.String(length=16), nullable=False),
        _text("decided_by"),
        sa.Column("decided_at", MOMENT, nullable=True),
        _text("reason"),
        _of_issue("reviews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_reviews_issue_id_number")),
    )
    op.create_table(
        "review_looks",
        sa.Column("review_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], op.f("fk_review_looks_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], op.f("fk_review_looks_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "user_id", "edition", name=op.f("pk_review_looks")),
    )  # fmt: skip
    op.create_index("ix_review_looks_user_id", "review_looks", ["user_id"])
    op.create_table(
        "accepted_findings",
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        _of_issue("accepted_findings"),
        sa.PrimaryKeyConstraint("issue_id", "fingerprint", name=op.f("pk_accepted_findings")),
    )
    _comments()
    _trial_copies()


def _of_issue(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_issue_id_issues")
    return sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name, ondelete="CASCADE")


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", ID, nullable=False),
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("thread_id", ID, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        _text("resolved_by"),
        sa.Column("resolved_at", MOMENT, nullable=True),
        _of_issue("comments"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_comments_item_id_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["comments.id"], op.f("fk_comments_thread_id_comments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )  # fmt: skip
    op.create_index("ix_comments_item_id", "comments", ["item_id"])
    op.create_index("ix_comments_thread_id", "comments", ["thread_id"])
    op.create_index("ix_comments_issue_id_item_id", "comments", ["issue_id", "item_id"])


def _trial_copies() -> None:
    op.create_table(
        "trial_copies",
        sa.Column("id", ID, nullable=False),
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        _text("detail"),
        _of_issue("trial_copies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_copies")),
    )
    op.create_index("ix_trial_copies_issue_id", "trial_copies", ["issue_id"])
    op.create_index("ix_trial_copies_sent_by_sent_at", "trial_copies", ["sent_by", "sent_at"])


def _calendar() -> None:
    """Terms, the rhythm by which issues go out, and the days they are meant for."""
    op.create_table(
        "terms",
        sa.Column("id", ID, nullable=False),
        sa.Column("nation", sa.String(length=32), nullable=False),
        _text("authority"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_index("ix_terms_first_day", "terms", ["first_day"])
    op.create_index("ix_terms_last_day", "terms", ["last_day"])
    op.create_table(
        "rhythm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rhythm")),
    )
    op.create_table(
        "planned_days",
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], op.f("fk_planned_days_issue_id_issues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_planned_days")),
    )  # fmt: skip
    op.create_index("ix_planned_days_day", "planned_days", ["day"])


def _chunk_sizes() -> None:
    """How many copies each chunk holds."""
    size = sa.Column("size", sa.Integer(), server_default="0", nullable=False)
    op.add_column("chunks", size)
    op.execute(
        "UPDATE chunks SET size = (SELECT count(*) FROM deliveries WHERE"
        " deliveries.issue_id = chunks.issue_id AND deliveries.chunk = chunks.position)"
    )


def _composing() -> None:
    """Who is at what, what issues were before, and topics without items."""
    op.create_table(
        "presences",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], op.f("fk_presences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject", "user_id", name=op.f("pk_presences")),
    )
    op.create_index("ix_presences_user_id", "presences", ["user_id"])
    op.create_index("ix_presences_seen_at", "presences", ["seen_at"])
    op.create_table(
        "issue_versions",
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("goes_back", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("made", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], op.f("fk_issue_versions_issue_id_issues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", "part", "number", name=op.f("pk_issue_versions")),
    )  # fmt: skip
    op.create_table(
        "issue_headings",
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], op.f("fk_issue_headings_issue_id_issues"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_headings")),
    )  # fmt: skip
    op.create_table(
        "sittings",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_sittings_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_sittings")),
    )
    op.create_table(
        "items_with_readers",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_items_with_readers_item_id_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_items_with_readers")),
    )  # fmt: skip


def _importing() -> None:
    """Lists of readers on their way in, and what their imports changed."""
    op.create_table(
        "roster_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("brought_by", sa.Text(), nullable=False),
        sa.Column("brought_at", MOMENT, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=True),
        sa.Column("result", sa.JSON(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_files")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_roster_files_brought_at", "roster_files", ["brought_at"])
    op.create_table(
        "roster_changes",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("was_new", sa.Boolean(), nullable=False),
        _text("name"),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("role_set_id", ID, nullable=True),
        sa.Column("nation", sa.String(length=32), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=16), server_default="", nullable=False),
        _text("consent_basis"),
        sa.Column("consent_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["roster_files.id"],
            op.f("fk_roster_changes_file_id_roster_files"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            op.f("fk_roster_changes_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "subscriber_id", name=op.f("pk_roster_changes")),
    )
    op.create_index("ix_roster_changes_subscriber_id", "roster_changes", ["subscriber_id"])


def _inbox() -> None:
    """What was pasted, and the items that came of it."""
    op.create_table(
        "pastes",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pastes")),
    )
    op.create_index("ix_pastes_created_at", "pastes", ["created_at"])
    op.create_table(
        "paste_texts",
        sa.Column("paste_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _text("charset"),
        _text("url"),
        _text("shown"),
        _text("trouble"),
        sa.ForeignKeyConstraint(
            ["paste_id"], ["pastes.id"], op.f("fk_paste_texts_paste_id_pastes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("paste_id", "position", name=op.f("pk_paste_texts")),
    )
    op.create_table(
        "paste_items",
        sa.Column("paste_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["paste_id"], ["pastes.id"], op.f("fk_paste_items_paste_id_pastes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_paste_items_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("paste_id", "item_id", name=op.f("pk_paste_items")),
    )
    op.create_index("ix_paste_items_item_id", "paste_items", ["item_id"])


def _reporting() -> None:
    """Few of a million unsubscribe because of an issue, and a report opens those few."""
    some = sa.text("unsubscribed")
    op.create_index(
        "ix_deliveries_unsubscribed", "deliveries", ["issue_id"],
        sqlite_where=some, postgresql_where=some,
    )  # fmt: skip


def _reading() -> None:
    """Who of a million holds these roles in this nation is found by one look."""
    op.drop_index("ix_subscribers_role_set_id", "subscribers")
    op.create_index("ix_subscribers_role_set_id_nation", "subscribers", ["role_set_id", "nation"])
