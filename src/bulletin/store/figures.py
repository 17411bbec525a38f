"""What a report of an issue counts, and the rows behind each count, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select

from bulletin.models.deliveries import DeliveryState
from bulletin.models.evidence import Organisation
from bulletin.models.figures import STATES, Figure, Narrowing, Pressed, Row, Tallied
from bulletin.store.planning import reader_kind
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    organisations,
    role_set_members,
    role_sets,
    subscribers,
)
from bulletin.store.tallies import within_chunks

# Few copies of a million are in one of these, so each chunk is looked up in the index.
_RARE = frozenset(DeliveryState) - {
    DeliveryState.PREPARED, DeliveryState.SUBMITTED, DeliveryState.DELIVERED
}  # fmt: skip
_FLAGS: Mapping[Figure, ColumnElement[bool]] = {
    # As the partial indexes have it: SQLite knows a condition again by its text alone.
    Figure.COMPLAINED: literal_column("deliveries.complained"),
    Figure.UNSUBSCRIBED: literal_column("deliveries.unsubscribed"),
}
_NEVER_PLANNED = -1  # in a cursor: the chunk of a copy that belongs to none


class Figures:
    """Counts of one issue, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallied(self, issue_id: int) -> list[Tallied]:
        """Everybody in the ledger by kind of reader, state and reason. Reads the whole issue."""
        columns = (
            deliveries.c.role_set_id, deliveries.c.nation, deliveries.c.state, deliveries.c.reason
        )  # fmt: skip
        counted = (
            select(
                *columns,
                func.count().label("people"),
                func.count().filter(deliveries.c.complained).label("complained"),
                func.count().filter(deliveries.c.unsubscribed).label("unsubscribed"),
            )
            .where(deliveries.c.issue_id == issue_id)
            .group_by(*columns)
            .subquery()
        )
        query = select(role_sets.c.role_keys, counted).join(
            counted, counted.c.role_set_id == role_sets.c.id
        )
        return [
            Tallied(
                reader_kind(row.role_keys, row.nation), DeliveryState(row.state), row.reason,
                row.people, row.complained, row.unsubscribed,
            )
            for row in self._connection.execute(query)
        ]  # fmt: skip

    def pressed(self, issue_id: int) -> list[Pressed]:
        """Acknowledgements by kind of reader, as they were then."""
        columns = (acknowledgements.c.role_keys, acknowledgements.c.nation)
        query = (
            select(*columns, func.count())
            .where(acknowledgements.c.issue_id == issue_id)
            .group_by(*columns)
        )
        return [
            Pressed(reader_kind(keys, nation), people)
            for keys, nation, people in self._connection.execute(query)
        ]

    def details(self, issue_id: int) -> list[tuple[str, DeliveryState, int]]:
        """(the other side's words, state, copies) of what was refused, came back or was stopped."""
        wanted = (
            *STATES[Figure.CAME_BACK], *STATES[Figure.FAILED], *STATES[Figure.DROPPED]
        )  # fmt: skip
        query = (
            select(deliveries.c.detail, deliveries.c.state, func.count())
            .where(within_chunks(issue_id, *wanted))
            .group_by(deliveries.c.detail, deliveries.c.state)
        )
        return [
            (detail, DeliveryState(state), copies)
            for detail, state, copies in self._connection.execute(query)
        ]

    def acknowledged(self, issue_ids: Iterable[int]) -> dict[int, int]:
        """Acknowledgements per issue."""
        query = (
            select(acknowledgements.c.issue_id, func.count())
            .where(acknowledgements.c.issue_id.in_(issue_ids))
            .group_by(acknowledgements.c.issue_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def organisations(self, words: str, first: int, limit: int) -> tuple[int, list[Organisation]]:
        """How many organisations have these words in their name or URN, and a page of them."""
        wanted = or_(
            organisations.c.name.icontains(words, autoescape=True),
            organisations.c.urn.startswith(words, autoescape=True),
        )
        columns = (
            organisations.c.id, organisations.c.name, organisations.c.urn, organisations.c.nation
        )  # fmt: skip
        page = (
            select(*columns)
            .where(wanted)
            .order_by(organisations.c.name, organisations.c.id)
            .offset(first)
            .limit(limit)
        )
        total = select(func.count()).select_from(organisations).where(wanted)
        found = [Organisation(*row) for row in self._connection.execute(page)]
        return self._connection.execute(total).scalar_one(), found

    def rows(
        self, issue_id: int, figure: Figure, narrowing: Narrowing, after: str, limit: int
    ) -> list[Row]:
        """The people behind a figure, in the order of the sending; last whoever got no copy.

        after: the cursor of the last row of the page before, or "".
        """
        if figure is Figure.ACKNOWLEDGED:
            return self._acknowledged(issue_id, narrowing, _numbers(after)[-1], limit)
        wanted = [deliveries.c.issue_id == issue_id]
        wanted += _narrowed(narrowing, deliveries.c.role_set_id, deliveries.c.nation)
        chunk, number = _numbers(after)
        if figure in _FLAGS:
            # Not by the primary key, which would lead through everything sent since.
            wanted += [_FLAGS[figure], deliveries.c.id + 0 > number]
            return self._some(wanted, (deliveries.c.id,), limit)
        found: list[Row] = []
        if chunk != _NEVER_PLANNED:
            further = or_(
                deliveries.c.chunk > chunk,
                and_(deliveries.c.chunk == chunk, deliveries.c.id > number),
            )
            bounds = [deliveries.c.chunk >= chunk, further] if after else []
            found = self._some(
                [*wanted, self._planned(issue_id, figure), *bounds],
                (deliveries.c.chunk, deliveries.c.id), limit,
            )  # fmt: skip
            number = 0
        if len(found) < limit and DeliveryState.EXCLUDED in STATES[figure]:
            never = [
                deliveries.c.chunk.is_(None),
                deliveries.c.state == DeliveryState.EXCLUDED,
                deliveries.c.id > number,
            ]
            found += self._some([*wanted, *never], (deliveries.c.id,), limit - len(found))
        return found

    def _planned(self, issue_id: int, figure: Figure) -> ColumnElement[bool]:
        """Copies of a figure's states that a chunk holds, as the database finds them soonest."""
        states = STATES[figure]
        if figure is not Figure.AUDIENCE and (
            self._connection.dialect.name == "sqlite" or _RARE.issuperset(states)
        ):
            return within_chunks(issue_id, *states)
        return and_(deliveries.c.chunk.is_not(None), deliveries.c.state.in_(states))

    def _some(
        self,
        wanted: list[ColumnElement[bool]],
        order: tuple[ColumnElement[object], ...],
        limit: int,
    ) -> list[Row]:
        query = (
            select(deliveries, role_sets.c.role_keys, subscribers.c.name)
            .join(role_sets, role_sets.c.id == deliveries.c.role_set_id)
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(*wanted)
            .order_by(*order)
            .limit(limit)
        )
        return [
            Row(
                cursor=f"{_NEVER_PLANNED if row.chunk is None else row.chunk}.{row.id}",
                email=row.email or "",
                name=row.name or "",
                kind=reader_kind(row.role_keys, row.nation),
                state=DeliveryState(row.state),
                reason=row.reason,
                detail=row.detail,
            )
            for row in self._connection.execute(query)
        ]

    def _acknowledged(
        self, issue_id: int, narrowing: Narrowing, after: int, limit: int
    ) -> list[Row]:
        held = select(role_sets.c.id).where(role_sets.c.role_keys == acknowledgements.c.role_keys)
        query = (
            select(acknowledgements)
            .where(acknowledgements.c.issue_id == issue_id, acknowledgements.c.id > after)
            .where(*_narrowed(narrowing, held.scalar_subquery(), acknowledgements.c.nation))
            .order_by(acknowledgements.c.id)
            .limit(limit)
        )
        return [
            Row(
                cursor=f"0.{row.id}",
                email=row.email or "",
                name=row.name,
                kind=reader_kind(row.role_keys, row.nation),
                state=DeliveryState.DELIVERED,
                at=row.acknowledged_at,
            )
            for row in self._connection.execute(query)
        ]


def _narrowed(
    narrowing: Narrowing, role_set: ColumnElement[int], nation: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowing.role:
        holders = select(role_set_members.c.role_set_id)
        found.append(role_set.in_(holders.where(role_set_members.c.role_key == narrowing.role)))
    if narrowing.nation is not None:
        found.append(nation == narrowing.nation)
    if narrowing.reason:
        found.append(deliveries.c.reason == narrowing.reason)
    return found


def _numbers(cursor: str) -> tuple[int, int]:
    """The chunk and number that a cursor holds; the beginning for what is none of ours."""
    found = re.fullmatch(r"(-1|[0-9]{1,9})\.([0-9]{1,15})", cursor)
    return (int(found[1]), int(found[2])) if found else (0, 0)
