"""All that the tables hold about one person, for that person (UK GDPR article 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from bulletin.models.people import Subscriber
from bulletin.models.requests import RequestKind
from bulletin.store.addresses import AddressHasher
from bulletin.store.people import Subscribers
from bulletin.store.tables import (
    acknowledgements,
    audit,
    consents,
    deliveries,
    events,
    issues,
    letters,
    organisations,
    report_links,
    requests,
    role_sets,
    subscribers,
    suppressions,
    users,
    wordings,
)

Facts: TypeAlias = Mapping[str, Any]
_NOBODY = 0  # no person ever has this number


class Holdings:
    """Reads what is held about a person, section by section, oldest first.

    Rows are values by name, with dates and moments as such. Keyed hashes are left out: they say
    nothing to a person.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def of(self, person: Subscriber) -> Mapping[str, list[Facts]]:
        """Every section with its rows; a section without rows is there, and empty.

        What was agreed to at an address that they had before is theirs, too.
        """
        addresses = Subscribers(self._connection).hashes(person)
        return self._about(person.id, person.email, addresses)

    def of_address(self, email: str) -> Mapping[str, list[Facts]]:
        """The same sections, for the address of nobody on the list."""
        return self._about(_NOBODY, email.strip().lower(), [self._hash(email)])

    def _about(
        self, number: int, email: str, addresses: Sequence[bytes]
    ) -> Mapping[str, list[Facts]]:
        address = addresses[0]
        numbers = Subscribers(self._connection).numbers(number)
        queries = {
            "subscriber": _subscriber(number),
            "organisation": _organisation(number),
            "consents": _consents(addresses),
            "suppression": _suppression(addresses),
            "deliveries": _deliveries(number),
            "events": _events(number),
            "acknowledgements": _acknowledgements(number),
            "requests": _requests(number, address),
            "letters": _letters(number, address),
            "report_links": _report_links(email),
            "account": _account(email),
            "audit": _audit(numbers),
        }
        return {name: self._rows(query) for name, query in queries.items()}

    def _rows(self, query: Select[Any]) -> list[Facts]:
        return [_facts(row) for row in self._connection.execute(query).mappings()]


def _facts(row: RowMapping) -> Facts:
    roles = {"roles": row["roles"].split(";") if row["roles"] else []} if "roles" in row else {}
    return {**row, **roles}


def _subscriber(subscriber_id: int) -> Select[Any]:
    hidden = {"address_hash", "organisation_id", "role_set_id"}
    return (
        select(
            *(column for column in subscribers.c if column.name not in hidden),
            role_sets.c.role_keys.label("roles"),
        )
        .join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
        .where(subscribers.c.id == subscriber_id)
    )


def _organisation(subscriber_id: int) -> Select[Any]:
    return (
        select(organisations)
        .join(subscribers, subscribers.c.organisation_id == organisations.c.id)
        .where(subscribers.c.id == subscriber_id)
    )


def _consents(addresses: Sequence[bytes]) -> Select[Any]:
    return (
        select(
            consents.c.action,
            consents.c.basis,
            consents.c.given_on,
            consents.c.recorded_at,
            consents.c.recorded_by,
            wordings.c.text.label("wording"),
        )
        .outerjoin(wordings, wordings.c.digest == consents.c.wording)
        .where(consents.c.address_hash.in_(addresses))
        .order_by(consents.c.id)
    )


def _suppression(addresses: Sequence[bytes]) -> Select[Any]:
    kept = suppressions.c
    columns = (kept.email, kept.reason, kept.also, kept.detail, kept.created_at)
    return select(*columns).where(kept.address_hash.in_(addresses)).order_by(kept.created_at)


def _deliveries(subscriber_id: int) -> Select[Any]:
    hidden = {"issue_id", "subscriber_id", "role_set_id", "chunk"}
    return (
        select(
            issues.c.title.label("issue"),
            *(column for column in deliveries.c if column.name not in hidden),
            role_sets.c.role_keys.label("roles"),
        )
        .join(issues, issues.c.id == deliveries.c.issue_id)
        .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
        .where(deliveries.c.subscriber_id == subscriber_id)
        .order_by(deliveries.c.id)
    )


def _events(subscriber_id: int) -> Select[Any]:
    return (
        select(events)
        .join(deliveries, deliveries.c.id == events.c.delivery_id)
        .where(deliveries.c.subscriber_id == subscriber_id)
        .order_by(events.c.id)
    )


def _acknowledgements(subscriber_id: int) -> Select[Any]:
    kept = acknowledgements.c
    return (
        select(
            issues.c.title.label("issue"),
            kept.acknowledged_at,
            kept.email,
            kept.name,
            kept.role_keys.label("roles"),
            kept.nation,
            kept.edition,
            kept.content_hash,
            wordings.c.text.label("wording"),
            organisations.c.name.label("organisation"),
        )
        .join(issues, issues.c.id == kept.issue_id)
        .outerjoin(wordings, wordings.c.digest == kept.wording)
        .outerjoin(organisations, organisations.c.id == kept.organisation_id)
        .where(kept.subscriber_id == subscriber_id)
        .order_by(kept.id)
    )


def _requests(subscriber_id: int, address: bytes) -> Select[Any]:
    hidden = {"id", "address_hash", "subscriber_id", "client_hash", "role_keys", "wording"}
    return (
        select(
            *(column for column in requests.c if column.name not in hidden),
            requests.c.role_keys.label("roles"),
            wordings.c.text.label("wording"),
        )
        .outerjoin(wordings, wordings.c.digest == requests.c.wording)
        .where(_asked_by(subscriber_id, address))
        .order_by(requests.c.id)
    )


def _asked_by(subscriber_id: int, address: bytes) -> ColumnElement[bool]:
    """What a person asked for, or somebody asked of their address; not who had it before them."""
    of_it = or_(requests.c.subscriber_id.is_(None), requests.c.kind == RequestKind.CHANGE_ADDRESS)
    return or_(
        requests.c.subscriber_id == subscriber_id, and_(requests.c.address_hash == address, of_it)
    )


def _letters(subscriber_id: int, address: bytes) -> Select[Any]:
    hidden = {"id", "address_hash", "request_id"}
    return (
        select(*(column for column in letters.c if column.name not in hidden))
        .outerjoin(requests, requests.c.id == letters.c.request_id)
        .where(or_(letters.c.address_hash == address, requests.c.subscriber_id == subscriber_id))
        .order_by(letters.c.id)
    )


def _report_links(email: str) -> Select[Any]:
    shown = report_links.c
    columns = (shown.contact, shown.created_at, shown.ends_at, shown.revoked_at)
    return (
        select(organisations.c.name.label("organisation"), *columns)
        .join(organisations, organisations.c.id == report_links.c.organisation_id)
        .where(func.lower(report_links.c.contact) == email)
        .order_by(report_links.c.id)
    )


def _account(email: str) -> Select[Any]:
    return select(users.c.email, users.c.role, users.c.created_at).where(users.c.email == email)


def _audit(numbers: Sequence[int]) -> Select[Any]:
    return (
        select(audit.c.at, audit.c.actor, audit.c.action, audit.c.detail)
        .where(audit.c.subject.in_([f"subscriber:{number}" for number in numbers]))
        .order_by(audit.c.id)
    )
