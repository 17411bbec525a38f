"""What the database knows of who acknowledged what: few statements, however many people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    CompoundSelect,
    Connection,
    RowMapping,
    Subquery,
    case,
    func,
    or_,
    select,
    union,
)

from bulletin.models.deliveries import DeliveryState
from bulletin.models.evidence import (
    HANDED_OVER,
    Dossier,
    Member,
    Organisation,
    SentCopy,
    SentIssue,
    Share,
)
from bulletin.models.people import SubscriberKind, SuppressionReason
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

# A copy belongs to the organisation that it went to. Of one from before that was kept, to the one
# that it was acknowledged for, or else to the one that its reader is at.
_PLACE = func.coalesce(
    deliveries.c.organisation_id, acknowledgements.c.organisation_id, subscribers.c.organisation_id
)
_COPIES = deliveries.outerjoin(
    subscribers, subscribers.c.id == deliveries.c.subscriber_id
).outerjoin(acknowledgements, acknowledgements.c.delivery_id == deliveries.c.id)
_ORGANISATION = (
    organisations.c.id, organisations.c.name, organisations.c.urn, organisations.c.nation
)  # fmt: skip
_PRESSED = acknowledgements.c.id.is_not(None)
_REAL = issues.c.rehearsal_of.is_(None)  # a rehearsal is evidence of nothing


class Evidence:
    """Reads acknowledgements for reports, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def organisations(self) -> list[Organisation]:
        """Every organisation, by name."""
        query = select(*_ORGANISATION).order_by(organisations.c.name, organisations.c.id)
        return [Organisation(*row) for row in self._connection.execute(query)]

    def organisation(self, number: int) -> Organisation | None:
        """The organisation of that number, if there is one."""
        query = select(*_ORGANISATION).where(organisations.c.id == number)
        found = self._connection.execute(query).first()
        return found and Organisation(*found)

    def dossier(self, organisation: Organisation, since: datetime) -> Dossier:
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
        return Dossier(
            organisation=organisation,
            issues=self._issues(),
            members=self._members(organisation.id, since),
            copies=self._copies(organisation.id, since),
            acknowledgements=tuple(found),
            wordings=self._wordings({each.wording for each in found}),
            role_names=self._role_names(),
        )

    def _issues(self) -> tuple[SentIssue, ...]:
        query = (
            select(issues.c.id, issues.c.slug, issues.c.title, issues.c.started_at)
            .where(issues.c.started_at.is_not(None), _REAL)
            .order_by(issues.c.started_at.desc(), issues.c.id.desc())
        )
        return tuple(SentIssue(*row) for row in self._connection.execute(query))

    def _members(self, organisation_id: int, since: datetime) -> tuple[Member, ...]:
        here = subscribers.c.organisation_id == organisation_id
        query = (
            select(
                subscribers.c.id,
                subscribers.c.name,
                subscribers.c.email,
                role_sets.c.role_keys,
                case((here, 1), else_=0).label("here"),
                subscribers.c.created_at,
                subscribers.c.kind,
                suppressions.c.reason,
                suppressions.c.created_at.label("suppressed_at"),
            )
            .join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
            .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
            .where(subscribers.c.id.in_(_ever_at(organisation_id, since)))
        )
        return tuple(_member(row) for row in self._connection.execute(query).mappings())

    def _copies(self, organisation_id: int, since: datetime) -> tuple[SentCopy, ...]:
        asked_about = union(
            select(deliveries.c.id).where(deliveries.c.organisation_id == organisation_id),
            select(deliveries.c.id)
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(subscribers.c.organisation_id == organisation_id),
            select(acknowledgements.c.delivery_id).where(
                acknowledgements.c.organisation_id == organisation_id
            ),
        )
        query = (
            select(deliveries.c.subscriber_id, deliveries.c.issue_id, deliveries.c.state)
            .add_columns(_PLACE, _PRESSED, deliveries.c.email, role_sets.c.role_keys)
            .select_from(_COPIES)
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
            .where(deliveries.c.id.in_(asked_about), issues.c.started_at >= since, _REAL)
        )
        found = self._connection.execute(query)
        return tuple(
            SentCopy(reader, issue, DeliveryState(state), place == organisation_id, bool(pressed),
                     email or "", _keys(roles))
            for reader, issue, state, place, pressed, email, roles in found
        )  # fmt: skip

    def _wordings(self, digests: Iterable[str]) -> dict[str, str]:
        query = select(wordings.c.digest, wordings.c.text).where(wordings.c.digest.in_(digests))
        return {row.digest: row.text for row in self._connection.execute(query)}

    def _role_names(self) -> dict[str, str]:
        query = select(roles.c.key, roles.c.short).order_by(roles.c.position)
        return {row.key: row.short for row in self._connection.execute(query)}

    def shares(self, issue_id: int) -> list[Share]:
        """Copies and acknowledgements of an issue per organisation, by name, none of it last."""
        places = _counted(issue_id)
        query = (
            select(places.c.copies, places.c.acknowledged, *_ORGANISATION)
            .select_from(places)
            .outerjoin(organisations, organisations.c.id == places.c.place)
            .order_by(organisations.c.id.is_(None), organisations.c.name, organisations.c.id)
        )
        return [
            Share(None if place[0] is None else Organisation(*place), copies, acknowledged)
            for copies, acknowledged, *place in self._connection.execute(query)
        ]


def _ever_at(organisation_id: int, since: datetime) -> CompoundSelect[tuple[int]]:
    """Who is there, acknowledged something there, or was sent something there since then."""
    return union(
        select(subscribers.c.id).where(subscribers.c.organisation_id == organisation_id),
        select(acknowledgements.c.subscriber_id).where(
            acknowledgements.c.organisation_id == organisation_id
        ),
        select(deliveries.c.subscriber_id)
        .join(issues, issues.c.id == deliveries.c.issue_id)
        .where(deliveries.c.organisation_id == organisation_id, issues.c.started_at >= since)
        .where(_REAL),
    )


def _counted(issue_id: int) -> Subquery:
    """(place, copies, acknowledged) of an issue."""
    place = _PLACE.label("place")
    return (
        select(place, func.count().label("copies"))
        .add_columns(func.count(acknowledgements.c.id).label("acknowledged"))
        .select_from(_COPIES)
        .where(deliveries.c.issue_id == issue_id)
        .where(or_(_PRESSED, deliveries.c.state.in_(HANDED_OVER)))
        .group_by(place)
        .subquery()
    )


def _member(found: RowMapping) -> Member:
    reason = found["reason"]
    return Member(
        id=found["id"],
        name=found["name"],
        email=found["email"],
        roles=_keys(found["role_keys"]),
        here=bool(found["here"]),
        joined_at=found["created_at"],
        suppressed=SuppressionReason(reason) if reason else None,
        suppressed_at=found["suppressed_at"],
        private=found["kind"] == SubscriberKind.INDIVIDUAL,
    )


def _keys(role_keys: str) -> tuple[str, ...]:
    return tuple(filter(None, role_keys.split(";")))
