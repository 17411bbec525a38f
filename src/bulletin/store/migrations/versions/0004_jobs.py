"""Jobs for workers on many machines: procrastinate's tables, where PostgreSQL can hold them."""

from __future__ import annotations

from alembic import op

from bulletin.store import jobs_schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        jobs_schema.make(op.get_bind())
