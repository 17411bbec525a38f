"""Acknowledgements: one per delivery, kept for years, and the links to an organisation's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    literal,
    select,
    update,
)

from bulletin.models.evidence import (
    LINK_LIFETIME,
    Acknowledgement,
    Organisation,
    ReportLink,
    Slip,
)
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    editions,
    issues,
    organisations,
    report_links,
    role_sets,
    subscribers,
)
from bulletin.store.types import UtcDateTime
from bulletin.store.upsert import upsert


class Acknowledgements:
    """What people put on record, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def slip(self, delivery_id: int) -> Slip | None:
        """Whose copy a delivery is, and when it was acknowledged.

        None: nobody's any more, or it went to an address that its reader has left.
        """
        query = (
            select(
                issues.c.title,
                issues.c.started_at,
                subscribers.c.name,
                subscribers.c.email,
                func.coalesce(organisations.c.name, "").label("organisation"),
                acknowledgements.c.acknowledged_at,
            )
            .select_from(deliveries)
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .join(subscribers, _IS_STILL_THERE)
            .outerjoin(organisations, organisations.c.id == _went_to())
            .outerjoin(acknowledgements, acknowledgements.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.id == delivery_id, issues.c.started_at.is_not(None))
            .where(issues.c.rehearsal_of.is_(None))
        )
        row = self._connection.execute(query).first()
        return None if row is None else Slip(*row)

    def add(self, delivery_id: int, wording: str, now: datetime) -> bool:
        """Put an acknowledgement on record; false if there is one, or nobody to record.

        What was sent, and to which organisation, comes from the delivery; the name and address
        are those of now. wording: the digest, as `Wordings.keep` gave it.
        """
        rows = _as_it_is(delivery_id, wording, now)
        statement = upsert(self._connection, acknowledgements).from_select(
            [column.name for column in rows.selected_columns], rows
        )
        once = statement.on_conflict_do_nothing(index_elements=["delivery_id"])
        return self._connection.execute(once).rowcount == 1

    def where(self, condition: ColumnElement[bool]) -> list[Acknowledgement]:
        """The acknowledgements that a condition picks, oldest first."""
        query = select(acknowledgements).where(condition).order_by(acknowledgements.c.id)
        return [_acknowledgement(row) for row in self._connection.execute(query).mappings()]


class ReportLinks:
    """Who was given a page of evidence, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, organisation_id: int, contact: str, actor: str, now: datetime) -> int:
        """Open a page for a contact, for a year. Returns the link's id, which no other has."""
        values = {
            "organisation_id": organisation_id,
            "contact": contact.strip().lower(),
            "created_at": now,
            "created_by": actor,
            "ends_at": now + LINK_LIFETIME,
        }
        added = insert(report_links).values(values).returning(report_links.c.id)
        return int(self._connection.execute(added).scalar_one())

    def get(self, link_id: int) -> ReportLink | None:
        """A link, whether its page can be seen or not."""
        return next(iter(self._list(report_links.c.id == link_id)), None)

    def of(self, organisation_id: int) -> Sequence[ReportLink]:
        """The links of an organisation, oldest first."""
        return self._list(report_links.c.organisation_id == organisation_id)

    def revoke(self, link_id: int, now: datetime) -> bool:
        """Take a link back; false if it had been, or there is none."""
        statement = (
            update(report_links)
            .where(report_links.c.id == link_id, report_links.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return self._connection.execute(statement).rowcount == 1

    def _list(self, condition: ColumnElement[bool]) -> list[ReportLink]:
        query = (
            select(report_links, organisations.c.name, organisations.c.urn, organisations.c.nation)
            .join(organisations, organisations.c.id == report_links.c.organisation_id)
            .where(condition)
            .order_by(report_links.c.id)
        )
        return [
            ReportLink(
                id=row.id,
                organisation=Organisation(row.organisation_id, row.name, row.urn, row.nation),
                contact=row.contact,
                created_at=row.created_at,
                created_by=row.created_by,
                ends_at=row.ends_at,
                revoked_at=row.revoked_at,
            )
            for row in self._connection.execute(query)
        ]


# Whoever has the mailbox of an address that was left must not act for, or see, who left it.
_IS_STILL_THERE = and_(
    subscribers.c.id == deliveries.c.subscriber_id, subscribers.c.email == deliveries.c.email
)


def _went_to() -> ColumnElement[int | None]:
    """The organisation a copy went to; of one from before that was kept, its reader's own."""
    return func.coalesce(deliveries.c.organisation_id, subscribers.c.organisation_id)


def _as_it_is(delivery_id: int, wording: str, now: datetime) -> Select[tuple[object, ...]]:
    return (
        select(
            deliveries.c.id.label("delivery_id"),
            deliveries.c.issue_id,
            deliveries.c.subscriber_id,
            _went_to().label("organisation_id"),
            subscribers.c.email,
            subscribers.c.name,
            role_sets.c.role_keys,
            deliveries.c.nation,
            editions.c.number.label("edition"),
            issues.c.approved_hash.label("content_hash"),
            literal(wording).label("wording"),
            literal(now, UtcDateTime).label("acknowledged_at"),
        )
        .join(issues, issues.c.id == deliveries.c.issue_id)
        .join(subscribers, _IS_STILL_THERE)
        .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
        .join(
            editions,
            (editions.c.issue_id == deliveries.c.issue_id)
            & (editions.c.role_set_id == deliveries.c.role_set_id)
            & (editions.c.nation == deliveries.c.nation),
        )
        .where(deliveries.c.id == delivery_id, issues.c.approved_hash.is_not(None))
        .where(issues.c.rehearsal_of.is_(None))
    )


def _acknowledgement(found: RowMapping) -> Acknowledgement:
    return Acknowledgement(
        issue_id=found["issue_id"],
        subscriber_id=found["subscriber_id"],
        organisation_id=found["organisation_id"],
        name=found["name"],
        email=found["email"] or "",
        roles=tuple(filter(None, found["role_keys"].split(";"))),
        nation=found["nation"],
        edition=found["edition"],
        content_hash=found["content_hash"],
        wording=found["wording"],
        acknowledged_at=found["acknowledged_at"],
    )
