"""What the database knows of who acknowledged what: few statements, however many people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, case, func, or_, select

from bulletin.models.deliveries import DeliveryState
from bulletin.models.evidence import Facts, Member, Organisation, SentIssue, Share
from bulletin.models.people import SuppressionReason
from bulletin.store.acknowledgements import Acknowledgements
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    issues,
    organisations,
    role_sets,
    roles,
    subscribers,
    suppressions,
    wordings,
)

# A copy that was handed over, wherever it got to. One that may have been counts as one that was.
HANDED_OVER = frozenset(
    {
        DeliveryState.SUBMITTED,
        DeliveryState.DEFERRED,
        DeliveryState.DELIVERED,
        DeliveryState.UNCERTAIN,
        DeliveryState.BOUNCED_HARD,
        DeliveryState.BOUNCED_SOFT,
    }
)


class Evidence:
    """Reads acknowledgements for reports, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def organisations(self) -> list[Organisation]:
        """Every organisation, by name."""
        columns = (organisations.c.id, organisations.c.name, organisations.c.urn)
        query = select(*columns).order_by(organisations.c.name, organisations.c.id)
        return [Organisation(*row) for row in self._connection.execute(query)]

    def facts(self, organisation: Organisation, since: datetime) -> Facts:
        """Everything a report of an organisation needs. since: how far back copies are looked at;
        issues and acknowledgements go back to the first."""
        mine = subscribers.c.organisation_id == organisation.id
        here = select(subscribers.c.id).where(mine)
        found = Acknowledgements(self._connection).where(
            or_(
                acknowledgements.c.organisation_id == organisation.id,
                acknowledgements.c.subscriber_id.in_(here),
            )
        )
        return Facts(
            organisation=organisation,
            issues=self._issues(),
            members=self._members(organisation.id),
            states=self._states(organisation.id, since),
            acknowledgements=tuple(found),
            wordings=self._wordings({each.wording for each in found}),
            role_names=self._role_names(),
        )

    def _issues(self) -> tuple[SentIssue, ...]:
        query = (
            select(issues.c.id, issues.c.slug, issues.c.title, issues.c.started_at)
            .where(issues.c.started_at.is_not(None))
            .order_by(issues.c.started_at.desc(), issues.c.id.desc())
        )
        return tuple(SentIssue(*row) for row in self._connection.execute(query))

    def _members(self, organisation_id: int) -> tuple[Member, ...]:
        here = subscribers.c.organisation_id == organisation_id
        once_here = select(acknowledgements.c.subscriber_id).where(
            acknowledgements.c.organisation_id == organisation_id,
            acknowledgements.c.subscriber_id.is_not(None),
        )
        query = (
            select(
                subscribers.c.id,
                subscribers.c.name,
                subscribers.c.email,
                role_sets.c.role_keys,
                case((here, 1), else_=0).label("here"),
                subscribers.c.created_at,
                suppressions.c.reason,
                suppressions.c.created_at.label("suppressed_at"),
            )
            .join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
            .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
            .where(or_(here, subscribers.c.id.in_(once_here)))
        )
        return tuple(_member(row) for row in self._connection.execute(query).mappings())

    def _states(
        self, organisation_id: int, since: datetime
    ) -> dict[tuple[int, int], DeliveryState]:
        query = (
            select(deliveries.c.subscriber_id, deliveries.c.issue_id, deliveries.c.state)
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .where(subscribers.c.organisation_id == organisation_id)
            .where(issues.c.started_at >= since)
        )
        return {
            (subscriber_id, issue_id): DeliveryState(state)
            for subscriber_id, issue_id, state in self._connection.execute(query)
        }

    def _wordings(self, digests: Iterable[str]) -> dict[str, str]:
        query = select(wordings.c.digest, wordings.c.text).where(wordings.c.digest.in_(digests))
        return {row.digest: row.text for row in self._connection.execute(query)}

    def _role_names(self) -> dict[str, str]:
        query = select(roles.c.key, roles.c.short).order_by(roles.c.position)
        return {row.key: row.short for row in self._connection.execute(query)}

    def shares(self, issue_id: int) -> list[Share]:
        """Copies and acknowledgements of an issue per organisation, by name, none of it last.

        An acknowledged copy belongs to the organisation it was acknowledged for, any other to the
        one that its reader is at now.
        """
        pressed = acknowledgements.c.id.is_not(None)
        place = case(
            (pressed, acknowledgements.c.organisation_id), else_=subscribers.c.organisation_id
        ).label("place")
        per_place = (
            select(
                place, func.count().label("copies"), func.count(acknowledgements.c.id).label("n")
            )
            .select_from(deliveries)
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .outerjoin(acknowledgements, acknowledgements.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.issue_id == issue_id)
            .where(or_(pressed, deliveries.c.state.in_(HANDED_OVER)))
            .group_by(place)
            .subquery()
        )
        query = (
            select(organisations.c.id, organisations.c.name, organisations.c.urn)
            .add_columns(per_place.c.copies, per_place.c.n)
            .select_from(per_place)
            .outerjoin(organisations, organisations.c.id == per_place.c.place)
            .order_by(organisations.c.id.is_(None), organisations.c.name, organisations.c.id)
        )
        return [
            Share(None if row.id is None else Organisation(row.id, row.name, row.urn), *row[3:])
            for row in self._connection.execute(query)
        ]


def _member(found: RowMapping) -> Member:
    reason = found["reason"]
    return Member(
        id=found["id"],
        name=found["name"],
        email=found["email"],
        roles=tuple(filter(None, found["role_keys"].split(";"))),
        here=bool(found["here"]),
        joined_at=found["created_at"],
        suppressed=SuppressionReason(reason) if reason else None,
        suppressed_at=found["suppressed_at"],
    )
