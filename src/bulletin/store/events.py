"""What came back about copies: kept once, and what follows from it for the ledger.

A copy's state follows from all its events together, so neither their order nor a repetition can
make a difference (requirement 80).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select

from bulletin.models.deliveries import DeliveryState
from bulletin.models.events import BOUNCED_BEFORE, MADE_UP, Event
from bulletin.store.outcomes import HANDED_OVER, MOVE
from bulletin.store.tables import deliveries, events, issues, subscribers
from bulletin.store.upsert import upsert

IN_A_ROW = 3
AT_LEAST = timedelta(days=14)
"""As many issues in a row, over that long, have to come back softly before an address gets no
more: a full mailbox is emptied after the holidays, and a server is mended within days."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that nobody had told before, with the copy it is about, if it is one of ours.

    address:   where the copy went; None if it is none of ours.
    reader:    the address that its reader has now.
    rehearsal: it was part of a rehearsal, which says nothing about people.
    """

    event: Event
    address: str | None = None
    reader: str | None = None
    rehearsal: bool = False

    @property
    def is_ours(self) -> bool:
        return self.address is not None


class Events:
    """Everything that providers and mail servers told, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self, told: Sequence[Event]) -> tuple[list[Heard], set[int]]:
        """Those that are not on record yet, each with its copy; and the copies of them all.

        An event counts only for a copy that went to the address it names: others may send through
        the same account, and number their copies as we do.
        """
        copies = self._copies({each.delivery_id for each in told})
        known = self._known(told)
        new = {_key(each): each for each in told if _key(each) not in known}
        placed = {each.delivery_id for each in told if _is_about(each, copies)}
        return [_heard(each, copies) for each in new.values()], placed

    def _copies(self, ids: Iterable[int]) -> dict[int, Any]:
        query = (
            select(
                deliveries.c.id,
                deliveries.c.email,
                subscribers.c.email.label("reader"),
                issues.c.rehearsal_of,
            )
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(deliveries.c.id.in_(self._among("ids", deliveries.c.id.type)))
        )
        return {row.id: row for row in self._connection.execute(query).all()}

    def _known(self, told: Sequence[Event]) -> set[tuple[str, str]]:
        ids = [each.event_id for each in told]
        query = select(events.c.provider, events.c.event_id).where(events.c.event_id.in_(ids))
        query = query.where(events.c.provider.in_({each.provider for each in told}))
        return {(row.provider, row.event_id) for row in self._connection.execute(query)}

    def keep(self, heard: Sequence[Heard], now: datetime) -> None:
        """Put events on record, and move the copies that they are about.

        Addresses that they bar have to be barred before: whoever erases a person holds the
        address first and the copies after, so the other way round the two could wait for each
        other for ever.
        """
        ours = self._hold(each.event for each in heard if each.is_ours)
        rows = [_row(each.event, each.event.delivery_id in ours, now) for each in heard]
        rows.sort(key=lambda row: (row["provider"], row["event_id"]))
        if rows:
            put = upsert(self._connection, events).on_conflict_do_nothing()
            self._connection.execute(put, rows)
        if ours:
            self._connection.execute(MOVE, {"affected": sorted(ours)})

    def _hold(self, told: Iterable[Event]) -> set[int]:
        """Hold the copies until this transaction ends: those of them that are still somebody's."""
        ids = sorted({each.delivery_id for each in told})
        query = (
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(ids), deliveries.c.email.is_not(None))
            .order_by(deliveries.c.id)
        )
        return set(self._connection.scalars(query.with_for_update(key_share=True)))

    def worn_out(self, delivery_ids: Iterable[int]) -> list[str]:
        """Of the readers of these copies, the addresses whose last issues all came back softly."""
        here = select(deliveries.c.subscriber_id).where(deliveries.c.id.in_(list(delivery_ids)))
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
            .where(deliveries.c.subscriber_id.in_(here), issues.c.rehearsal_of.is_(None))
            .where(deliveries.c.provider_ref != MADE_UP)
            .where(deliveries.c.state.in_(HANDED_OVER))
            .subquery()
        )
        query = select(last).where(last.c.latest <= IN_A_ROW)
        readers: dict[int, list[Row[Any]]] = {}
        for row in self._connection.execute(query):
            readers.setdefault(row.subscriber_id, []).append(row)
        return [rows[0].email for rows in readers.values() if _is_worn_out(rows)]

    def issues_of(self, delivery_ids: Iterable[int]) -> list[int]:
        """The issues that copies belong to, in order."""
        query = select(deliveries.c.issue_id).where(deliveries.c.id.in_(list(delivery_ids)))
        return sorted(self._connection.scalars(query.distinct()))

    def forget(self, before: datetime, most: int) -> int:
        """Delete up to so many events that came before that. Returns how many."""
        old = select(events.c.id).where(events.c.received_at < before).limit(most)
        gone = self._connection.execute(delete(events).where(events.c.id.in_(old)))
        return gone.rowcount


def _key(event: Event) -> tuple[str, str]:
    return event.provider, event.event_id


def _is_about(event: Event, copies: dict[int, Row[Any]]) -> bool:
    copy = copies.get(event.delivery_id)
    if copy is None or copy.email is None:
        return False
    return event.address.strip().lower() in {"", copy.email.lower()}


def _heard(event: Event, copies: dict[int, Row[Any]]) -> Heard:
    if not _is_about(event, copies):
        return Heard(event)
    copy = copies[event.delivery_id]
    return Heard(event, copy.email, copy.reader, rehearsal=copy.rehearsal_of is not None)


def _row(event: Event, is_ours: bool, now: datetime) -> dict[str, Any]:
    return {
        "provider": event.provider,
        "event_id": event.event_id,
        "kind": event.kind,
        "delivery_id": event.delivery_id if is_ours else None,
        "occurred_at": event.occurred_at,
        "received_at": now,
        # Of copies that are not ours nothing is kept but that somebody told us of one.
        "raw": dict(event.raw) if is_ours else {},
        "detail": event.detail if is_ours else "",
    }


def _is_worn_out(rows: Sequence[Row[Any]]) -> bool:
    moments = [row.started_at for row in rows]
    if len(rows) < IN_A_ROW or not all(row.came_back for row in rows) or None in moments:
        return False
    same_address = len({row.email for row in rows}) == 1
    return bool(same_address and max(moments) - min(moments) >= AT_LEAST)


_CAME_BACK = or_(
    deliveries.c.state.in_((DeliveryState.BOUNCED_SOFT, DeliveryState.BOUNCED_HARD)),
    and_(
        deliveries.c.state == DeliveryState.DROPPED,
        deliveries.c.detail.icontains(BOUNCED_BEFORE, autoescape=True),
    ),
)
