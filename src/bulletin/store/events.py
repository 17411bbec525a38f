"""What came back about copies: kept once, and what follows from it for the ledger.

A copy's state follows from all its events together, so neither their order nor a repetition can
make a difference (requirement 80).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select

from bulletin.models.deliveries import DeliveryState
from bulletin.models.events import BOUNCED_BEFORE, MADE_UP, Event
from bulletin.store.among import among
from bulletin.store.outcomes import HANDED_OVER, move
from bulletin.store.tables import deliveries, events, issues, subscribers
from bulletin.store.types import Id
from bulletin.store.upsert import upsert

IN_A_ROW = 3
AT_LEAST = timedelta(days=14)
"""As many issues in a row, over that long, have to come back softly before an address gets no
more: a full mailbox is emptied after the holidays, and a server is mended within days."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event, with the copy it is about, if it is one of ours.

    address:   where the copy went; None if it is none of ours.
    issue_id:  the issue that it is a copy of.
    started:   when that issue began to be sent.
    reader:    the address that its reader has now.
    rehearsal: it was part of a rehearsal, which says nothing about people.
    """

    event: Event
    address: str | None = None
    issue_id: int | None = None
    started: datetime | None = None
    reader: str | None = None
    rehearsal: bool = False

    @property
    def is_ours(self) -> bool:
        return self.address is not None


class Events:
    """Everything that providers and mail servers told, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self, told: Iterable[Event]) -> list[Heard]:
        """Events, each once, with the copies that they are about.

        An event counts only for a copy that went to the address it names: others may send through
        the same account, and number their copies as we do.
        """
        distinct = {(each.provider, each.event_id): each for each in told}
        copies = self._copies({each.delivery_id for each in distinct.values()})
        return [_heard(each, copies.get(each.delivery_id)) for each in distinct.values()]

    def _copies(self, ids: Iterable[int]) -> dict[int, Any]:
        query = (
            select(
                deliveries.c.id,
                deliveries.c.issue_id,
                deliveries.c.email,
                subscribers.c.email.label("reader"),
                issues.c.started_at,
                issues.c.rehearsal_of,
            )
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(deliveries.c.id.in_(among(self._connection, ids, Id)))
        )
        return {row.id: row for row in self._connection.execute(query).all()}

    def address_of(self, delivery_id: int) -> str:
        """Where a copy went; "" if there is none, or nobody it was for any more."""
        query = select(deliveries.c.email).where(deliveries.c.id == delivery_id)
        return self._connection.scalar(query) or ""

    def latest_copy(self, subscriber_id: int) -> int | None:
        """The last copy that really went to a reader."""
        query = (
            select(func.max(deliveries.c.id))
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .where(deliveries.c.subscriber_id == subscriber_id, _REALLY_WENT)
        )
        found: int | None = self._connection.scalar(query)
        return found

    def new(self, heard: Sequence[Heard]) -> list[Heard]:
        """Those that are not on record."""
        ids = [each.event.event_id for each in heard]
        query = select(events.c.provider, events.c.event_id).where(events.c.event_id.in_(ids))
        query = query.where(events.c.provider.in_({each.event.provider for each in heard}))
        known = {(row.provider, row.event_id) for row in self._connection.execute(query)}
        return [each for each in heard if (each.event.provider, each.event.event_id) not in known]

    def keep(self, heard: Sequence[Heard], now: datetime) -> tuple[int, int]:
        """Put events on record, and move the copies that they are about.

        Addresses that they bar have to be barred before: whoever erases a person holds the
        address first and the copies after, so the other way round the two could wait for each
        other for ever. Returns how many were new, of copies of ours and of nobody's.
        """
        held = self._hold({each.event.delivery_id for each in heard if each.is_ours})
        rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for each in heard:
            is_ours = each.is_ours and each.event.delivery_id in held
            rows[is_ours].append(_row(each.event, now) | ({} if is_ours else _NOBODYS))
        kept, left = self._put(rows[True]), self._put(rows[False])
        if kept:
            self._connection.execute(move(among(self._connection, sorted(held), Id)))
        return kept, left

    def _put(self, rows: list[dict[str, Any]]) -> int:
        """Add what is not there. Returns how many."""
        if not rows:
            return 0
        # In one order, so that two posts with the same events never wait for each other.
        rows.sort(key=itemgetter("provider", "event_id"))
        put = upsert(self._connection, events).on_conflict_do_nothing()
        counted = put.execution_options(preserve_rowcount=True)
        return self._connection.execute(counted, rows).rowcount

    def _hold(self, ids: Iterable[int]) -> set[int]:
        """Hold copies until this transaction ends: those of them that are still somebody's."""
        query = (
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(among(self._connection, ids, Id)))
            .where(deliveries.c.email.is_not(None))
            .order_by(deliveries.c.id)
        )
        return set(self._connection.scalars(query.with_for_update(key_share=True)))

    def worn_out(self, delivery_ids: Iterable[int]) -> list[str]:
        """Of the readers of these copies, the addresses whose last issues all came back softly."""
        here = select(deliveries.c.subscriber_id).where(
            deliveries.c.id.in_(among(self._connection, delivery_ids, Id))
        )
        latest = func.row_number().over(
            partition_by=deliveries.c.subscriber_id,
            order_by=(issues.c.started_at.desc(), deliveries.c.id.desc()),
        )
        last = (
            select(
                deliveries.c.subscriber_id,
                deliveries.c.email,
                issues.c.started_at,
                _CAME_BACK.label("came_back"),
                latest.label("latest"),
            )
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .where(deliveries.c.subscriber_id.in_(here), _REALLY_WENT)
            .subquery()
        )
        query = select(last).where(last.c.latest <= IN_A_ROW)
        readers: dict[int, list[Row[Any]]] = {}
        for row in self._connection.execute(query):
            readers.setdefault(row.subscriber_id, []).append(row)
        return [rows[0].email for rows in readers.values() if _is_worn_out(rows)]

    def forget(self, before: datetime, most: int) -> int:
        """Delete up to so many events that came before that. Returns how many."""
        old = select(events.c.id).where(events.c.received_at < before).limit(most)
        gone = self._connection.execute(delete(events).where(events.c.id.in_(old)))
        return gone.rowcount


def _heard(event: Event, copy: Any) -> Heard:
    if copy is None or copy.email is None:
        return Heard(event)
    if event.address.strip().lower() not in {"", copy.email.lower()}:
        return Heard(event)
    return Heard(
        event,
        copy.email,
        copy.issue_id,
        copy.started_at,
        copy.reader,
        rehearsal=copy.rehearsal_of is not None,
    )


def _row(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "provider": event.provider,
        "event_id": event.event_id,
        "kind": event.kind,
        "delivery_id": event.delivery_id,
        "occurred_at": event.occurred_at,
        "received_at": now,
        "raw": dict(event.raw),
        "detail": event.detail,
    }


# Of copies that are not ours no more is kept than that something was told.
_NOBODYS: dict[str, Any] = {"delivery_id": None, "raw": {}, "detail": ""}


def _is_worn_out(rows: Sequence[Row[Any]]) -> bool:
    moments = [row.started_at for row in rows]
    if len(rows) < IN_A_ROW or not all(row.came_back for row in rows) or None in moments:
        return False
    same_address = len({row.email for row in rows}) == 1
    return bool(same_address and max(moments) - min(moments) >= AT_LEAST)


_REALLY_WENT = and_(
    deliveries.c.state.in_(HANDED_OVER),
    deliveries.c.provider_ref != MADE_UP,
    issues.c.rehearsal_of.is_(None),
)
_CAME_BACK = or_(
    deliveries.c.state.in_((DeliveryState.BOUNCED_SOFT, DeliveryState.BOUNCED_HARD)),
    and_(
        deliveries.c.state == DeliveryState.DROPPED,
        deliveries.c.detail.icontains(BOUNCED_BEFORE, autoescape=True),
    ),
)
