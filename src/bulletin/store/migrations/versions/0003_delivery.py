"""Delivery: doubt with a date, pace, corrections and rehearsals."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from bulletin.store.types import UtcDateTime

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("uncertain_at", MOMENT, nullable=True))
    _date_doubts()
    op.add_column("deliveries", sa.Column("take", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("heard_until", MOMENT, nullable=True))
    for name, columns, where in (
        ("ix_deliveries_uncertain_at", ["uncertain_at"], "uncertain_at IS NOT NULL"),
        ("ix_deliveries_complained", ["issue_id"], "complained"),
    ):
        some = sa.text(where)
        op.create_index(name, "deliveries", columns, sqlite_where=some, postgresql_where=some)
    op.create_index("ix_events_received_at", "events", ["received_at"])
    op.add_column("events", sa.Column("detail", sa.Text(), server_default="", nullable=False))
    for name in ("corrects_issue_id", "corrects_item_id", "rehearsal_of"):
        op.add_column("issues", sa.Column(name, ID, nullable=True))
    op.add_column("issues", sa.Column("overlooked", sa.JSON(), server_default="{}", nullable=False))
    op.create_index("ix_issues_rehearsal_of", "issues", ["rehearsal_of"])
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("used_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    op.create_table(
        "sending_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_sending_days")),
    )


def _date_doubts() -> None:
    """Doubts from before are listed and settled like those to come."""
    names = ("state", "first_attempt_at", "uncertain_at")
    copies = sa.table("deliveries", *(sa.column(name) for name in names))
    now = sa.literal(datetime.now(UTC), UtcDateTime())  # as the code writes it, on SQLite too
    op.execute(
        copies.update()
        .where(copies.c.state == "uncertain")
        .values(uncertain_at=sa.func.coalesce(copies.c.first_attempt_at, now))
    )
