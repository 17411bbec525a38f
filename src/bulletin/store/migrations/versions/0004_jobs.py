"""Many machines: procrastinate's tables, where PostgreSQL can hold them; letters tell since when
somebody has them in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.store import jobs_schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("letters", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        jobs_schema.make(op.get_bind())
