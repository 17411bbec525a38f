"""Collecting: watched sources, the history of items, repeats and looked-at links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.store import search_schema

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("items", sa.Column("source_id", ID, nullable=True))
    op.add_column("items", sa.Column("updates_id", ID, nullable=True))
    op.add_column("items", _text("rejected_because"))
    op.add_column("items", sa.Column("banded", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_items_source_id", "items", ["source_id"])
    op.create_index("ix_items_updates_id", "items", ["updates_id"])
    op.create_index("ix_items_banded", "items", ["banded"])
    # Items are recognised by their bands from here on.
    op.drop_index("ix_items_fingerprint", "items")
    op.drop_column("items", "fingerprint")
    _sources()
    _source_entries()
    _item_versions()
    _item_bands()
    _link_checks()
    _search()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _search() -> None:
    op.add_column("items", _text("action_words"))
    op.add_column("items", sa.Column("doubts", sa.Integer(), server_default="0", nullable=False))
    search_schema.make(op.get_bind())


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _text("source"),
        _text("topic"),
        sa.Column("nations", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        _text("etag"),
        _text("last_modified"),
        sa.Column("digest", sa.String(64), server_default="", nullable=False),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in (
                "due_at",
                "claimed_until",
                "tried_at",
                "seen_at",
                "brought_at",
                "failing_since",
            )
        ),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        _text("trouble"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    op.create_index("ix_sources_due_at", "sources", ["due_at"])


def _source_entries() -> None:
    op.create_table(
        "source_entries",
        sa.Column("source_id", ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            op.f("fk_source_entries_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_source_entries_item_id_items"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_source_entries")),
    )
    op.create_index("ix_source_entries_item_id", "source_entries", ["item_id"])


def _item_versions() -> None:
    op.create_table(
        "item_versions",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("other", ID, nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_item_versions_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_item_versions")),
    )


def _item_bands() -> None:
    op.create_table(
        "item_bands",
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], op.f("fk_item_bands_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "item_id", name=op.f("pk_item_bands")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_item_bands_item_id", "item_bands", ["item_id"])


def _link_checks() -> None:
    op.create_table(
        "link_checks",
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        _text("leads_to"),
        _text("detail"),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("url_hash", name=op.f("pk_link_checks")),
    )
    op.create_index("ix_link_checks_checked_at", "link_checks", ["checked_at"])
