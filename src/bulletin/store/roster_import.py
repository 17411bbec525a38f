"""Bringing a list of subscribers in: a stream into a temporary table, then set-based SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Boolean as Bool
from sqlalchemy import Column as Col
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from bulletin.models.people import ImportResult, SubscriberDraft
from bulletin.store.addresses import AddressHasher
from bulletin.store.people import Roles
from bulletin.store.tables import (
    consents,
    former_addresses,
    organisations,
    roster_changes,
    subscribers,
    suppressions,
)
from bulletin.store.turns import take_turns
from bulletin.store.types import Id, UtcDateTime
from bulletin.store.upsert import upsert

_ROWS_AT_ONCE = 2000

incoming = Table(
    "incoming_subscribers",
    MetaData(),
    Col("email", Text, nullable=False),
    Col("address_hash", LargeBinary(16), primary_key=True),
    Col("name", Text, nullable=False),
    Col("organisation_id", Id),
    Col("role_set_id", Id, nullable=False),
    Col("nation", String(32), nullable=False),
    Col("kind", String(16), nullable=False),
    Col("consent_basis", Text, nullable=False),
    Col("consent_date", Date),
    Col("stated", Bool, nullable=False),
    prefixes=["TEMPORARY"],
)

# What a blank cell leaves as it was. Roles are always given, and always replace.
_OPTIONAL = ("name", "nation", "kind", "consent_basis")


class RosterImport:
    """One import, in one transaction. Memory grows with organisations, not with people.

    agreed: the version of the words that these people agreed to themselves, or "". Then their
    consent is recorded even if the same basis was before, and what they say of an organisation
    that is known changes nothing about it: anybody can say anything on a form.

    file_id: the file that is brought in, if what this changes has to be remembered.

    A row with an address that somebody moved away from is about a person who is known: it makes
    nobody new, changes nothing about them, and counts as unchanged; the result names it, for the
    address may have a new holder by now.
    """

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        actor: str,
        agreed: str = "",
        file_id: int | None = None,
    ) -> None:
        self._connection = connection
        self._file_id = file_id
        self._now = now
        self._actor = actor
        self._agreed = agreed
        self._hash = AddressHasher(connection)
        self._roles = Roles(connection)
        self._role_sets: dict[tuple[str, ...], int] = {}
        self._organisations: dict[tuple[str, ...], int] = {}
        self._put_organisation = _organisation_upsert(connection, self_declared=bool(agreed))

    def run(self, drafts: Iterable[tuple[SubscriberDraft, bool]]) -> ImportResult:
        """Bring people in; each with whether the consent was only stated at the import.

        The caller rolls the transaction back for a dry run, and adds the rejected rows.
        """
        take_turns(self._connection, many=True)
        incoming.create(self._connection)
        result = self._merge(self._load(drafts))
        incoming.drop(self._connection)  # after an error the transaction's end does it
        return result

    def _load(self, drafts: Iterable[tuple[SubscriberDraft, bool]]) -> int:
        rows = (self._row(draft, stated) for draft, stated in drafts)
        total = 0
        while page := list(islice(rows, _ROWS_AT_ONCE)):
            self._connection.execute(incoming.insert(), page)
            total += len(page)
        return total

    def _row(self, draft: SubscriberDraft, stated: bool) -> dict[str, Any]:
        return {
            "email": draft.email,
            "address_hash": self._hash(draft.email),
            "name": draft.name,
            "organisation_id": self._organisation_id(draft),
            "role_set_id": self._role_set_id(draft.roles),
            "nation": draft.nation or "",
            "kind": draft.kind or "",
            "consent_basis": draft.consent_basis,
            "consent_date": draft.consent_date,
            "stated": stated,
        }

    def _role_set_id(self, roles: tuple[str, ...]) -> int:
        if roles not in self._role_sets:
            self._role_sets[roles] = self._roles.set_id(roles)
        return self._role_sets[roles]

    def _organisation_id(self, draft: SubscriberDraft) -> int | None:
        if not draft.organisation and not draft.urn:
            return None
        facts = (draft.nation or "", draft.phase, draft.local_authority)
        key = (draft.urn, draft.organisation, *facts)
        if key not in self._organisations:
            self._organisations[key] = self._upsert_organisation(draft)
        return self._organisations[key]

    def _upsert_organisation(self, draft: SubscriberDraft) -> int:
        values = {
            "name": draft.organisation or f"URN {draft.urn}",
            "urn": draft.urn,
            "nation": draft.nation or "",
            "phase": draft.phase,
            "local_authority": draft.local_authority,
        }
        return int(self._connection.execute(self._put_organisation, values).scalar_one())

    def _merge(self, read: int) -> ImportResult:
        connection = self._connection
        self._keep_recorded_consent()
        suppressed = connection.execute(incoming.delete().where(_is_in(suppressions))).rowcount
        left = incoming.delete().where(_is_in(former_addresses)).returning(incoming.c.email)
        moved = sorted(connection.scalars(left))
        known = connection.execute(_matched(true())).scalar_one()
        updated = connection.execute(_matched(_differs())).scalar_one()
        stated = connection.execute(
            select(func.count()).select_from(incoming).where(incoming.c.stated)
        ).scalar_one()
        self._record_consent()
        self._remember_before()
        connection.execute(self._upsert_people())
        self._remember_new()
        return ImportResult(
            read=read,
            created=read - suppressed - len(moved) - known,
            updated=updated,
            unchanged=known - updated + len(moved),
            suppressed=suppressed,
            rejected=(),
            consent_stated=stated,
            moved_away=tuple(moved),
        )

    def _keep_recorded_consent(self) -> None:
        has_consent = exists().where(
            subscribers.c.address_hash == incoming.c.address_hash,
            or_(subscribers.c.consent_basis != "", subscribers.c.kind != ""),
        )
        self._connection.execute(
            incoming.update()
            .where(incoming.c.stated, has_consent)
            .values(consent_basis="", consent_date=None, stated=False)
        )

    def _remember_before(self) -> None:
        if self._file_id is None:
            return
        facts = ["organisation_id", "role_set_id", "consent_date", *_OPTIONAL]
        before = (
            select(
                literal(self._file_id),
                subscribers.c.id,
                literal(False),
                *(subscribers.c[name] for name in facts),
            )
            .join(incoming, subscribers.c.address_hash == incoming.c.address_hash)
            .where(_differs())
        )
        columns = ["file_id", "subscriber_id", "was_new", *facts]
        self._connection.execute(roster_changes.insert().from_select(columns, before))

    def _remember_new(self) -> None:
        if self._file_id is None:
            return
        known = select(roster_changes.c.subscriber_id).where(
            roster_changes.c.file_id == self._file_id
        )
        new = (
            select(literal(self._file_id), subscribers.c.id, literal(True))
            .join(incoming, subscribers.c.address_hash == incoming.c.address_hash)
            .where(subscribers.c.created_at == self._now, subscribers.c.id.not_in(known))
        )
        columns = ["file_id", "subscriber_id", "was_new"]
        self._connection.execute(roster_changes.insert().from_select(columns, new))

    def _record_consent(self) -> None:
        same = exists().where(
            subscribers.c.address_hash == incoming.c.address_hash,
            subscribers.c.consent_basis == incoming.c.consent_basis,
        )
        new = select(
            incoming.c.address_hash,
            literal("given"),
            incoming.c.consent_basis,
            incoming.c.consent_date,
            literal(self._now, UtcDateTime),
            literal(self._actor),
            literal(self._agreed),
        ).where(incoming.c.consent_basis != "", true() if self._agreed else ~same)
        columns = [
            "address_hash", "action", "basis", "given_on", "recorded_at", "recorded_by", "wording",
        ]  # fmt: skip
        self._connection.execute(consents.insert().from_select(columns, new))

    def _upsert_people(self) -> Any:
        columns = [
            "email", "address_hash", "name", "organisation_id", "role_set_id", "nation", "kind",
            "consent_basis", "consent_date",
        ]  # fmt: skip
        rows = select(
            *(incoming.c[name] for name in columns),
            literal(self._now, UtcDateTime),
            literal(self._now, UtcDateTime),
        ).where(true())
        statement = upsert(self._connection, subscribers).from_select(
            [*columns, "created_at", "updated_at"], rows
        )
        new = statement.excluded
        kept = {name: _unless_blank(new[name], subscribers.c[name]) for name in _OPTIONAL}
        return statement.on_conflict_do_update(
            index_elements=["address_hash"],
            set_={
                **kept,
                "role_set_id": new.role_set_id,
                "organisation_id": func.coalesce(
                    new.organisation_id, subscribers.c.organisation_id
                ),
                "consent_date": func.coalesce(new.consent_date, subscribers.c.consent_date),
                "updated_at": new.updated_at,
            },
            where=_changes(new, subscribers.c),
        )


def _organisation_upsert(connection: Connection, *, self_declared: bool) -> Any:
    """Built once per import: building it costs ten times as much as running it."""
    statement = upsert(connection, organisations)
    kept = {
        # Something has to be set, or a row that is there already would not be returned.
        name: organisations.c[name]
        if self_declared
        else _unless_blank(statement.excluded[name], organisations.c[name])
        for name in ("nation", "phase", "local_authority")
    }
    merged = statement.on_conflict_do_update(index_elements=["urn", "name"], set_=kept)
    return merged.returning(organisations.c.id)


def _unless_blank(new: ColumnElement[str], old: ColumnElement[str]) -> ColumnElement[str]:
    return case((new == "", old), else_=new)


def _is_in(table: Table) -> ColumnElement[bool]:
    return exists().where(table.c.address_hash == incoming.c.address_hash)


def _matched(condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(func.count())
        .select_from(incoming)
        .join(subscribers, subscribers.c.address_hash == incoming.c.address_hash)
        .where(condition)
    )


def _differs() -> ColumnElement[bool]:
    return _changes(incoming.c, subscribers.c)


def _changes(new: Any, old: Any) -> ColumnElement[bool]:
    """Whether a row says anything that is not so already."""
    return or_(
        new.role_set_id != old.role_set_id,
        *(and_(new[name] != "", new[name] != old[name]) for name in _OPTIONAL),
        and_(
            new.organisation_id.is_not(None),
            new.organisation_id.is_distinct_from(old.organisation_id),
        ),
        and_(new.consent_date.is_not(None), new.consent_date.is_distinct_from(old.consent_date)),
    )
