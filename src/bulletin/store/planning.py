"""Planning a send: from an audience to one delivery per person, in one set-based statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from bulletin.errors import Conflict
from bulletin.models.deliveries import MAY_HAVE_A_COPY, DeliveryState, Exclusion
from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.people import SubscriberKind, SuppressionReason
from bulletin.models.segments import Pick
from bulletin.store.segments import where
from bulletin.store.tables import (
    chunks,
    deliveries,
    editions,
    role_sets,
    subscribers,
    suppressions,
)
from bulletin.store.turns import take_turns
from bulletin.store.upsert import upsert

QUEUED = "queued"
UNPLANNED = "unplanned"  # never kept: a plan that holds it is undone
_NATIONS = union_all(*(select(literal(each).label("nation")) for each in ("", *Nation))).subquery()


@dataclass(frozen=True, slots=True)
class Cohort:
    """Readers of an audience who hold the same roles in the same nation."""

    role_set_id: int
    kind: ReaderKind


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """How many people of a group a send would reach, or why not. `reason` is "" or an Exclusion."""

    kind: ReaderKind
    edition: int
    items: int
    reason: str
    people: int


class Planning:
    """Who gets a copy of an issue, and who does not and why; in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take_turn(self) -> None:
        """Hold off whoever joins, moves or is erased until this transaction ends."""
        take_turns(self._connection, many=False)

    def groups(self, include: Sequence[Pick]) -> list[Cohort]:
        """The kinds of reader in an audience."""
        # Each that there can be is looked up, so that one of its people is found, not all are read.
        kinds, of = role_sets.alias(), _NATIONS.c.nation
        somebody = (
            select(subscribers.c.id)
            .where(subscribers.c.role_set_id == kinds.c.id, subscribers.c.nation == of)
            .where(included(include))
            .correlate(kinds, _NATIONS)
        )
        query = (
            select(kinds.c.id, of, kinds.c.role_keys)
            .select_from(kinds.join(_NATIONS, true()))
            .where(somebody.exists())
            .order_by(kinds.c.id, of)
        )
        return [
            Cohort(role_set_id, reader_kind(keys, nation))
            for role_set_id, nation, keys in self._connection.execute(query)
        ]

    def numbered(self, issue_id: int) -> list[tuple[Cohort, int]]:
        """The groups that have an edition of an issue, each with its number."""
        query = (
            select(editions.c.role_set_id, role_sets.c.role_keys, editions.c.nation)
            .add_columns(editions.c.number)
            .join(role_sets, role_sets.c.id == editions.c.role_set_id)
            .where(editions.c.issue_id == issue_id)
            .order_by(editions.c.number, editions.c.role_set_id, editions.c.nation)
        )
        return [
            (Cohort(role_set_id, reader_kind(keys, nation)), number)
            for role_set_id, keys, nation, number in self._connection.execute(query)
        ]

    def set_editions(self, issue_id: int, numbered: Iterable[tuple[Cohort, int, int]]) -> None:
        """Say which edition each group reads: (group, the edition's number, items in it)."""
        self._connection.execute(editions.delete().where(editions.c.issue_id == issue_id))
        self.add_editions(issue_id, numbered)

    def add_editions(self, issue_id: int, numbered: Iterable[tuple[Cohort, int, int]]) -> None:
        """As `set_editions`, for groups that have none: the numbers that others have stay."""
        rows = [
            {
                "issue_id": issue_id,
                "role_set_id": group.role_set_id,
                "nation": group.kind.nation or "",
                "number": number,
                "item_count": items,
            }
            for group, number, items in numbered
        ]
        if rows:
            self._connection.execute(insert(editions), rows)

    def forecast(
        self,
        issue_id: int,
        include: Sequence[Pick],
        exclude: Sequence[Pick],
        *,
        today: date,
    ) -> list[ForecastRow]:
        """What `plan` would write, counted. Needs `set_editions` first."""
        people = candidates(issue_id, include, exclude, today).subquery()
        reason = func.coalesce(people.c.reason, "")
        columns = (role_sets.c.role_keys, people.c.nation, people.c.number, people.c.item_count)
        query = (
            select(*columns, reason, func.count())
            .join(role_sets, role_sets.c.id == people.c.role_set_id)
            .group_by(*columns, reason)
            .order_by(people.c.number, *columns)
        )
        return [
            ForecastRow(reader_kind(keys, nation), number, items, why, count)
            for keys, nation, number, items, why, count in self._connection.execute(query)
        ]

    def plan(
        self,
        issue_id: int,
        include: Sequence[Pick],
        exclude: Sequence[Pick],
        chunk_size: int,
        *,
        today: date,
    ) -> int:
        """Write one delivery per candidate, and the chunks. Returns how many are to be sent.

        today: the day where the readers are, by which pauses end. Needs `set_editions` first.
        Who has a delivery of this issue already is left alone, and so is an address that a copy
        of it went to, whoever has it now.
        """
        start = self._next_chunk(issue_id)
        served = served_addresses(issue_id) if start else None
        people = candidates(issue_id, include, exclude, today, served).subquery()
        prepared = people.c.reason.is_(None)
        # Ordered by edition, so that a chunk is one call for a provider that sends one content.
        place = func.row_number().over(
            partition_by=case((prepared, 1), else_=0), order_by=(people.c.number, people.c.id)
        )
        rows = {
            "issue_id": literal(issue_id),
            "subscriber_id": people.c.id,
            "email": people.c.email,
            "role_set_id": people.c.role_set_id,
            "nation": people.c.nation,
            "organisation_id": people.c.organisation_id,
            "state": case((prepared, DeliveryState.PREPARED), else_=DeliveryState.EXCLUDED),
            "reason": func.coalesce(people.c.reason, ""),
            "chunk": case((prepared, start + (place - 1) // chunk_size)),
        }
        already = exists().where(
            deliveries.c.issue_id == issue_id, deliveries.c.subscriber_id == people.c.id
        )
        self._connection.execute(
            upsert(self._connection, deliveries)
            .from_select(list(rows), select(*rows.values()).where(~already))
            .on_conflict_do_nothing(index_elements=["issue_id", "subscriber_id"])
        )
        self._refuse_unplanned(issue_id)
        return self._open_chunks(issue_id, start)

    def _refuse_unplanned(self, issue_id: int) -> None:
        """Whoever took on new roles between `set_editions` and `plan` reads no edition yet."""
        query = select(deliveries.c.id).where(
            deliveries.c.issue_id == issue_id, deliveries.c.reason == UNPLANNED
        )
        if self._connection.execute(query.limit(1)).first() is not None:
            raise Conflict(
                "The list changed while the send was planned. Nothing was sent; repeat it."
            )

    def _next_chunk(self, issue_id: int) -> int:
        query = select(func.coalesce(func.max(chunks.c.position) + 1, 0)).where(
            chunks.c.issue_id == issue_id
        )
        return int(self._connection.execute(query).scalar_one())

    def _open_chunks(self, issue_id: int, start: int) -> int:
        planned = and_(deliveries.c.issue_id == issue_id, deliveries.c.chunk >= start)
        new = (
            select(literal(issue_id), deliveries.c.chunk, literal(QUEUED), func.count())
            .where(planned)
            .group_by(deliveries.c.chunk)
        )
        self._connection.execute(
            insert(chunks).from_select(["issue_id", "position", "state", "size"], new)
        )
        opened = and_(chunks.c.issue_id == issue_id, chunks.c.position >= start)
        query = select(func.coalesce(func.sum(chunks.c.size), 0)).where(opened)
        return int(self._connection.execute(query).scalar_one())


def reader_kind(role_keys: str, nation: str) -> ReaderKind:
    """The kind of reader that a role set's keys and a nation column spell."""
    roles = frozenset(filter(None, role_keys.split(";")))
    return ReaderKind(roles, Nation(nation) if nation else None)


def paused(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a subscriber wants nothing yet: `paused_until` is the day it comes again."""
    return and_(subscribers.c.paused_until.is_not(None), subscribers.c.paused_until > today)


def served_addresses(issue_id: int, among: Select[str] | None = None) -> Subquery:
    """(email, first, last): every address that a copy of an issue went to, or may have gone to,
    and the first and last of the deliveries that took it there.

    among: of these addresses; to look for a few is quicker than to gather all.
    """
    number = deliveries.c.id
    query = (
        select(deliveries.c.email, func.min(number).label("first"), func.max(number).label("last"))
        .where(deliveries.c.issue_id == issue_id, deliveries.c.email.is_not(None))
        .where(deliveries.c.state.in_(MAY_HAVE_A_COPY))
        .group_by(deliveries.c.email)
    )
    if among is not None:
        query = query.where(deliveries.c.email.in_(among.correlate(None)))
    return query.subquery()


def candidates(
    issue_id: int,
    include: Sequence[Pick],
    exclude: Sequence[Pick],
    today: date,
    served: Subquery | None = None,
) -> Select[tuple[object, ...]]:
    """Everybody in the audience, with the edition they read and why they get none, or NULL.

    served: addresses that nothing goes to, as they have a copy.
    """
    reasons: list[tuple[ColumnElement[bool], object]] = [
        (suppressions.c.reason == SuppressionReason.UNSUBSCRIBED, Exclusion.UNSUBSCRIBED),
        (suppressions.c.reason.is_not(None), Exclusion.SUPPRESSED),
        (_in_any(exclude), Exclusion.EXCLUDED_SEGMENT),
        (lacks_consent(), Exclusion.NO_CONSENT),
        (paused(today), Exclusion.PAUSED),
        (editions.c.number.is_(None), UNPLANNED),
        (editions.c.item_count == 0, Exclusion.NOTHING_FOR_ROLES),
    ]
    source = subscribers.outerjoin(
        editions,
        and_(
            editions.c.issue_id == issue_id,
            editions.c.role_set_id == subscribers.c.role_set_id,
            editions.c.nation == subscribers.c.nation,
        ),
    ).outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
    if served is not None:
        source = source.outerjoin(served, served.c.email == subscribers.c.email)
        reasons.append((served.c.email.is_not(None), Exclusion.ADDRESS_HAS_COPY))
    return (
        select(
            subscribers.c.id,
            subscribers.c.email,
            subscribers.c.role_set_id,
            subscribers.c.nation,
            subscribers.c.organisation_id,
            editions.c.number,
            editions.c.item_count,
            case(*reasons, else_=null()).label("reason"),
        )
        .select_from(source)
        .where(included(include))
    )


def included(include: Sequence[Pick]) -> ColumnElement[bool]:
    """Whether a subscriber is in an audience. No segment named means every subscriber."""
    return _in_any(include) if include else true()


def _in_any(picks: Sequence[Pick]) -> ColumnElement[bool]:
    return or_(literal(value=False), *(where(pick) for pick in picks))


def lacks_consent() -> ColumnElement[bool]:
    """PECR regulation 22: only a corporate subscriber needs no consent (requirement 34)."""
    return and_(subscribers.c.kind != SubscriberKind.CORPORATE, subscribers.c.consent_basis == "")
