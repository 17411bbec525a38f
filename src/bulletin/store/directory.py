"""Looking through the readers, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from bulletin.models.directory import Entry, EntryPage, Lookup, ReaderState
from bulletin.models.people import SuppressionReason
from bulletin.models.segments import Condition, Segment, SegmentField
from bulletin.store.segments import where
from bulletin.store.tables import organisations, role_sets, subscribers, suppressions


class Directory:
    """The readers, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, lookup: Lookup, segment: Segment | None, today: date, size: int) -> EntryPage:
        """Those who match, by address, `size` of them.

        segment: the tree of the one that the lookup names. today: where the readers are.
        """
        chosen = [*_conditions(lookup, today), *([] if segment is None else [where(segment)])]
        query = (
            select(
                subscribers.c.id,
                subscribers.c.email,
                subscribers.c.name,
                subscribers.c.nation,
                subscribers.c.paused_until,
                role_sets.c.role_keys,
                _organisation().label("organisation"),
                suppressions.c.reason,
            )
            .select_from(_joined())
            .where(*chosen, subscribers.c.email > lookup.after)
            .order_by(subscribers.c.email)
            .limit(size + 1)
        )
        rows = self._connection.execute(query).all()
        entries = tuple(_entry(row, today) for row in rows[:size])
        after = entries[-1].email if len(rows) > size else ""
        return EntryPage(entries, self._total(chosen), after)

    def _total(self, chosen: list[ColumnElement[bool]]) -> int:
        source = _joined() if chosen else subscribers
        query = select(func.count()).select_from(source).where(*chosen)
        return self._connection.scalar(query) or 0


def _joined() -> Any:
    suppressed = suppressions.c.address_hash == subscribers.c.address_hash
    return (
        subscribers.join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
        .outerjoin(organisations, organisations.c.id == subscribers.c.organisation_id)
        .outerjoin(suppressions, suppressed)
    )


def _organisation() -> ColumnElement[str]:
    return func.coalesce(organisations.c.name, subscribers.c.stated_organisation)


def _conditions(lookup: Lookup, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if lookup.text:
        text = lookup.text.lower()
        places = (subscribers.c.email, subscribers.c.name, _organisation())
        found.append(or_(*(func.lower(one).contains(text, autoescape=True) for one in places)))
    if lookup.role:
        found.append(where(Condition(SegmentField.ROLE, (lookup.role,))))
    if lookup.nation:
        found.append(subscribers.c.nation == lookup.nation)
    if lookup.state is not None:
        found.append(_stands(lookup.state, today))
    return found


def _stands(state: ReaderState, today: date) -> ColumnElement[bool]:
    free = suppressions.c.address_hash.is_(None)
    paused = func.coalesce(subscribers.c.paused_until > today, False)
    if state is ReaderState.SUPPRESSED:
        return suppressions.c.address_hash.is_not(None)
    return and_(free, paused if state is ReaderState.PAUSED else ~paused)


def _entry(row: Row[Any], today: date) -> Entry:
    paused = row.paused_until is not None and row.paused_until > today
    return Entry(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=tuple(filter(None, row.role_keys.split(";"))),
        organisation=row.organisation,
        nation=row.nation,
        suppressed=SuppressionReason(row.reason) if row.reason else None,
        paused_until=row.paused_until if paused else None,
    )
