"""Segments: kept as typed trees, compiled to SQL expressions here (requirement 60)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    update,
)

from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import MAY_HAVE_A_COPY
from bulletin.models.segments import (
    AllOf,
    AnyOf,
    Condition,
    Everybody,
    Holders,
    Not,
    Pick,
    Segment,
    SegmentField,
    from_json,
    to_json,
)
from bulletin.store.tables import (
    deliveries,
    editions,
    organisations,
    role_set_members,
    segments,
    subscribers,
)


class Segments:
    """The named segments, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, tree: Segment, now: datetime) -> int:
        """Raises Refused if the name is taken."""
        taken = select(segments.c.id).where(func.lower(segments.c.name) == func.lower(name))
        if self._connection.scalar(taken) is not None:
            raise Refused(f"There is already a segment '{name}'. Choose another name.")
        values = {"name": name, "tree": to_json(tree), "created_at": now}
        added = insert(segments).values(values).returning(segments.c.id)
        return int(self._connection.execute(added).scalar_one())

    def get(self, name: str) -> Segment:
        """Raises NotFound."""
        query = select(segments.c.tree).where(func.lower(segments.c.name) == func.lower(name))
        tree = self._connection.scalar(query)
        if tree is None:
            raise NotFound(f"There is no segment '{name}'.", command="See: bulletin segments list")
        return from_json(tree)

    def by_id(self, number: int) -> tuple[str, Segment]:
        """(name, tree). Raises NotFound."""
        row = self._connection.execute(select(segments).where(segments.c.id == number)).first()
        if row is None:
            raise NotFound("There is no such segment: it was removed.")
        return row.name, from_json(row.tree)

    def change(self, number: int, name: str, tree: Segment) -> None:
        """Raises Refused if the name is taken by another one."""
        same = func.lower(segments.c.name) == func.lower(name)
        taken = select(segments.c.id).where(same, segments.c.id != number)
        if self._connection.scalar(taken) is not None:
            raise Refused(f"There is already a segment '{name}'. Choose another name.")
        values = {"name": name, "tree": to_json(tree)}
        self._connection.execute(update(segments).where(segments.c.id == number).values(values))

    def remove(self, name: str) -> bool:
        statement = delete(segments).where(func.lower(segments.c.name) == func.lower(name))
        return self._connection.execute(statement).rowcount == 1

    def list_segments(self) -> list[tuple[int, str, Segment]]:
        """(id, name, tree), by name."""
        query = select(segments).order_by(segments.c.name)
        return [(row.id, row.name, from_json(row.tree)) for row in self._connection.execute(query)]

    def count(self, tree: Segment) -> int:
        """How many subscribers the segment picks, before consent and suppressions."""
        query = select(func.count()).select_from(subscribers).where(where(tree))
        return self._connection.scalar(query) or 0


def where(tree: Pick) -> ColumnElement[bool]:
    """The segment as a condition on the subscribers table; every value is a bound parameter."""
    match tree:
        case Everybody():
            return true()
        case Not(child):
            return not_(where(child))
        case AllOf(children):
            return and_(true(), *(where(child) for child in children))
        case AnyOf(children):
            return or_(false(), *(where(child) for child in children))
        case Condition(field, values):
            return _condition(field, values)
        case Holders(issue_id, numbers):
            return _holds(issue_id, numbers)


def _condition(field: SegmentField, values: tuple[str, ...]) -> ColumnElement[bool]:
    if field is SegmentField.ROLE:
        holders = select(role_set_members.c.role_set_id)
        return subscribers.c.role_set_id.in_(holders.where(role_set_members.c.role_key.in_(values)))
    if field is SegmentField.EMAIL_DOMAIN:
        domains = (f"@{value.lower()}" for value in values)
        matches = (subscribers.c.email.endswith(domain, autoescape=True) for domain in domains)
        return or_(false(), *matches)
    if field in _OF_ORGANISATION:
        # Both sides are folded by the database, since each folds other letters than ASCII its way.
        wanted = [func.lower(value) for value in values]
        chosen = select(organisations.c.id).where(func.lower(_OF_ORGANISATION[field]).in_(wanted))
        # Somebody without an organisation is in none: never NULL, so that Not() is exact.
        return func.coalesce(subscribers.c.organisation_id, 0).in_(chosen)
    return _OF_SUBSCRIBER[field].in_(values)


def _holds(issue_id: int, numbers: frozenset[int]) -> ColumnElement[bool]:
    reads = and_(
        editions.c.issue_id == deliveries.c.issue_id,
        editions.c.role_set_id == deliveries.c.role_set_id,
        editions.c.nation == deliveries.c.nation,
    )
    holders = (
        select(deliveries.c.subscriber_id)
        .join(editions, reads)
        .where(deliveries.c.issue_id == issue_id, editions.c.number.in_(sorted(numbers)))
        .where(deliveries.c.state.in_(MAY_HAVE_A_COPY), deliveries.c.subscriber_id.is_not(None))
    )
    return subscribers.c.id.in_(holders)


_OF_SUBSCRIBER = {SegmentField.NATION: subscribers.c.nation, SegmentField.KIND: subscribers.c.kind}
_OF_ORGANISATION = {
    SegmentField.PHASE: organisations.c.phase,
    SegmentField.LOCAL_AUTHORITY: organisations.c.local_authority,
    SegmentField.ORGANISATION: organisations.c.name,
    SegmentField.URN: organisations.c.urn,
}
