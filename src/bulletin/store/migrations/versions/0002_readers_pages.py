"""What readers meet: deadlines, helplines, joining, acknowledging, reports for organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
_STAFF = {
    "key": "staff",
    "name": "teacher or other member of school staff",
    "short": "Staff",
    "aliases": [
        *("teacher", "class teacher", "form tutor", "teaching assistant", "ta", "hlta"),
        *("learning support assistant", "support staff", "office staff", "school office"),
        *("early years practitioner", "nursery nurse"),
        *("school staff", "member of staff", "all staff"),
    ],
}


def upgrade() -> None:
    _widen_tables()
    _add_staff()
    _make_former_addresses()
    _make_former_numbers()
    _make_wordings()
    _make_requests()
    _make_letters()
    _make_acknowledgements()
    _make_report_links()


def _widen_tables() -> None:
    op.add_column("items", sa.Column("deadline", sa.Date(), nullable=True))
    op.add_column("items", _text("deadline_says"))
    op.add_column("items", _text("content_note"))
    op.add_column("issues", _text("dateline"))
    op.add_column("issues", sa.Column("helplines", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "issues", sa.Column("diary", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("issues", sa.Column("length", sa.String(length=16), nullable=True))
    op.add_column("subscribers", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column("subscribers", _text("stated_organisation"))
    op.add_column("suppressions", _text("also"))
    op.add_column("deliveries", sa.Column("organisation_id", ID, nullable=True))
    op.create_index("ix_deliveries_organisation_id", "deliveries", ["organisation_id"])
    op.add_column(
        "consents", sa.Column("wording", sa.String(length=64), server_default="", nullable=False)
    )


def _add_staff() -> None:
    """A new role for installations that have theirs already; a new one gets it with the others."""
    roles = sa.table(
        "roles",
        *(sa.column(name) for name in ("key", "name", "short", "position")),
        sa.column("aliases", sa.JSON()),
    )
    keys = set(op.get_bind().scalars(sa.select(roles.c.key)))
    if keys and "staff" not in keys:
        op.bulk_insert(roles, [_STAFF | {"position": len(keys)}])


def _make_former_addresses() -> None:
    op.create_table(
        "former_addresses",
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        _reference("former_addresses", "subscriber_id", "subscribers", "CASCADE"),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_former_addresses")),
    )
    op.create_index(
        "ix_former_addresses_subscriber_id", "former_addresses", ["subscriber_id"], unique=False
    )


def _make_former_numbers() -> None:
    op.create_table(
        "former_numbers",
        sa.Column("number", ID, autoincrement=False, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        _reference("former_numbers", "subscriber_id", "subscribers", "CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_former_numbers")),
    )
    op.create_index(
        "ix_former_numbers_subscriber_id", "former_numbers", ["subscriber_id"], unique=False
    )


def _make_wordings() -> None:
    op.create_table(
        "wordings",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_wordings")),
    )


def _make_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subscriber_id", ID, nullable=True),
        _text("name"),
        _text("organisation"),
        sa.Column("nation", sa.String(length=32), server_default="", nullable=False),
        _text("role_keys"),
        sa.Column("wording", sa.String(length=64), server_default="", nullable=False),
        sa.Column("client_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_requests_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["subscriber_id"],
        ["requested_at"],
        ["address_hash", "requested_at"],
        ["client_hash", "requested_at"],
    ):
        op.create_index(f"ix_requests_{'_'.join(columns)}", "requests", columns, unique=False)


def _make_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request_id", ID, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        _text("detail"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retry_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["requests.id"],
            name=op.f("fk_letters_request_id_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sqlite_autoincrement=True,
    )
    for columns in (["request_id"], ["state", "id"], ["address_hash", "created_at"]):
        op.create_index(f"ix_letters_{'_'.join(columns)}", "letters", columns, unique=False)


def _make_acknowledgements() -> None:
    op.create_table(
        "acknowledgements",
        sa.Column("id", ID, nullable=False),
        sa.Column("delivery_id", ID, nullable=True),
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=True),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        _text("name"),
        sa.Column("role_keys", sa.Text(), nullable=False),
        sa.Column("nation", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=False),
        _reference("acknowledgements", "delivery_id", "deliveries", "SET NULL"),
        _reference("acknowledgements", "issue_id", "issues"),
        _reference("acknowledgements", "subscriber_id", "subscribers", "SET NULL"),
        _reference("acknowledgements", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_acknowledgements_delivery_id")),
    )
    for column in ("issue_id", "subscriber_id", "organisation_id"):
        op.create_index(f"ix_acknowledgements_{column}", "acknowledgements", [column], unique=False)


def _make_report_links() -> None:
    op.create_table(
        "report_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _reference("report_links", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_links")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_report_links_organisation_id", "report_links", ["organisation_id"], unique=False
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _reference(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)
