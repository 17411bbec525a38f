"""The statements of the ledger, each written once: those that run for every window of copies are
compiled once, too."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Select,
    String,
    Update,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from bulletin.models.deliveries import DeliveryState, Exclusion
from bulletin.models.issues import IssueState
from bulletin.store.chunks import WAITING
from bulletin.store.planning import paused
from bulletin.store.tables import (
    chunks,
    deliveries,
    editions,
    issues,
    organisations,
    role_sets,
    subscribers,
    suppressions,
)
from bulletin.store.types import UtcDateTime

_COPY = deliveries.c
_NOW = bindparam("now", type_=UtcDateTime)
_SENDS = (
    select(issues.c.id)
    .where(issues.c.id == chunks.c.issue_id, issues.c.state == IssueState.SENDING)
    .exists()
)
MINE = and_(
    chunks.c.issue_id == bindparam("of_issue"),
    chunks.c.position == bindparam("at_position"),
    chunks.c.token == bindparam("held_under"),
)
"""A chunk, as long as it is held under this token."""

HOLDS = select(chunks.c.position).where(MINE, _SENDS)
"""Whether a chunk is still held and its issue still sends."""

RENEW = update(chunks).where(MINE, _SENDS).values(lease_until=bindparam("until", type_=UtcDateTime))
"""The same, holding on to it."""

# Where a copy goes when it goes: its reader may have moved since the planning or the last try.
_PRESENT_ADDRESS = (
    select(subscribers.c.email).where(subscribers.c.id == _COPY.subscriber_id)
).scalar_subquery()


def _ready() -> ColumnElement[bool]:
    again = and_(_COPY.state == DeliveryState.RETRY_WAIT, _COPY.retry_at <= _NOW)
    return or_(_COPY.state == DeliveryState.PREPARED, again)


def _next_copies() -> Select[tuple[object, ...]]:
    return (
        select(
            _COPY.id,
            _COPY.subscriber_id,
            _COPY.nation,
            _COPY.first_attempt_at,
            subscribers.c.email,
            subscribers.c.name,
            organisations.c.name.label("organisation"),
            role_sets.c.role_keys,
            func.coalesce(editions.c.number, 0).label("number"),
            suppressions.c.reason.label("suppressed"),
            paused(bindparam("today")).label("paused"),
        )
        .join(role_sets, role_sets.c.id == _COPY.role_set_id)
        .outerjoin(
            editions,
            and_(
                editions.c.issue_id == _COPY.issue_id,
                editions.c.role_set_id == _COPY.role_set_id,
                editions.c.nation == _COPY.nation,
            ),
        )
        .outerjoin(subscribers, subscribers.c.id == _COPY.subscriber_id)
        .outerjoin(organisations, organisations.c.id == subscribers.c.organisation_id)
        .outerjoin(suppressions, suppressions.c.address_hash == subscribers.c.address_hash)
        .where(
            _COPY.issue_id == bindparam("of_issue"),
            _COPY.chunk == bindparam("at_position"),
            _ready(),
        )
        .order_by("number", _COPY.id)
        .limit(bindparam("most"))
    )


NEXT_COPIES = _next_copies()
"""The next copies of a chunk, with what a copy needs and what may bar its reader by now."""

_TOOK = _COPY.take == bindparam("took")
"""Fences a copy: it was last taken in hand with this number, which nobody else ever had."""

_NEW_STATE = bindparam("new_state", type_=String)
_OPEN = (_COPY.state == DeliveryState.SENDING, _COPY.state == DeliveryState.UNCERTAIN)
# Whatever was done in doubt is undone by the proof that the copy was accepted.
_UNDONE = tuple(
    _COPY.state == state for state in (*WAITING, DeliveryState.FAILED, DeliveryState.EXCLUDED)
)
_IS_OVER = (
    select(issues.c.id)
    .where(issues.c.id == _COPY.issue_id, issues.c.state == IssueState.CANCELLED)
    .exists()
)
_TOO_LATE = literal(DeliveryState.FAILED, String)
_PUT_BACK = {
    "state": case(
        (_IS_OVER, literal(DeliveryState.EXCLUDED, String)),
        else_=literal(DeliveryState.PREPARED, String),
    ),
    "reason": case((_IS_OVER, literal(Exclusion.CANCELLED, String)), else_=""),
    "detail": "",
    "attempt": _COPY.attempt - 1,
    "first_attempt_at": case((_COPY.attempt > 1, _COPY.first_attempt_at), else_=null()),
    "uncertain_at": None,
}
_RECORDED = {
    # Not accepted, but its issue is over meanwhile: failed, so that a person sees it.
    "state": case(
        (
            and_(
                _COPY.state == DeliveryState.UNCERTAIN,
                _NEW_STATE == DeliveryState.RETRY_WAIT,
                _IS_OVER,
            ),
            _TOO_LATE,
        ),
        else_=_NEW_STATE,
    ),
    # What a server said may quote the address of somebody who was erased meanwhile.
    "detail": case((_COPY.subscriber_id.is_(None), ""), else_=bindparam("new_detail")),
    "provider_ref": bindparam("new_ref"),
    "submitted_at": bindparam("new_submitted", type_=UtcDateTime),
    "uncertain_at": bindparam("new_uncertain", type_=UtcDateTime),
    "retry_at": bindparam("new_retry", type_=UtcDateTime),
    "reason": "",
}


def _recording(which: ColumnElement[bool]) -> Update:
    accepted = and_(_NEW_STATE == DeliveryState.SUBMITTED, or_(*_UNDONE))
    return (
        update(deliveries)
        # A late outcome says nothing about a try that was begun since.
        .where(which, _TOOK, or_(*_OPEN, accepted))
        .values(_RECORDED)
    )


RECORD = _recording(_COPY.id == bindparam("delivery"))
"""What became of one copy. A row that an event has moved on stays as the event left it."""


def _one_of(dialect: str) -> ColumnElement[bool]:
    """Whether a copy is one of `ids`. They are one parameter, so that a statement stays short and
    the same however many they are: drivers and servers prepare it once."""
    if dialect == "sqlite":
        listed = func.json_each(bindparam("ids", type_=JSON)).table_valued("value")
        return _COPY.id.in_(select(listed.c.value))
    return _COPY.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))


class _Bulk:
    """The statements about many copies at once, `ids`, as one kind of database has them.

    mark:         marks copies as `sending` under the number `took`; only those that still wait,
                  and whose reader is still there: since the look, somebody may have cancelled the
                  issue or erased the reader.
    record_alike: as RECORD, for copies of which the same became.
    release:      puts copies back that were taken with `took` and provably not accepted, whoever
                  holds their chunk now; it does not count as a try.
    """

    def __init__(self, dialect: str) -> None:
        these = _one_of(dialect)
        self.mark = (
            update(deliveries)
            .where(these, or_(*(_COPY.state == state for state in WAITING)))
            .where(_PRESENT_ADDRESS.is_not(None))
            .values(
                state=DeliveryState.SENDING,
                take=bindparam("took"),
                attempt=_COPY.attempt + 1,
                first_attempt_at=func.coalesce(_COPY.first_attempt_at, _NOW),
                retry_at=None,
                uncertain_at=None,
                email=_PRESENT_ADDRESS,
            )
            .returning(_COPY.id, _COPY.subscriber_id, _COPY.email)
        )
        self.record_alike = _recording(these)
        self.release = update(deliveries).where(these, _TOOK, or_(*_OPEN)).values(_PUT_BACK)


BULK = {dialect: _Bulk(dialect) for dialect in ("sqlite", "postgresql")}


def doubting(which: ColumnElement[bool]) -> Update:
    """Of copies in hand nobody can say what became of them. Needs the parameter `now`."""
    return (
        update(deliveries)
        .where(which, _COPY.state == DeliveryState.SENDING)
        .values(
            state=DeliveryState.UNCERTAIN,
            uncertain_at=_NOW,
            detail="the sender stopped before the answer was recorded",
        )
    )
