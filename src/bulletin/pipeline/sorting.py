"""Sorting: which state an item may come to, and when it may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bulletin.errors import Refused
from bulletin.models.issues import Issue, IssueState
from bulletin.models.items import Item, ItemState
from bulletin.pipeline.voiding import OPEN_STATES
from bulletin.store.store import Transaction

_OVER = frozenset({IssueState.SENT, IssueState.CANCELLED})


def kept(item: Item) -> ItemState:
    """What an item is once somebody keeps it: what stands in an issue is used."""
    return ItemState.USED if item.issues else ItemState.KEPT


def put_aside(
    tx: Transaction, item: Item, because: str, actor: str, now: datetime, **more: object
) -> None:
    """Reject an item. because: why, or "". more: what else is to be on record, as JSON values."""
    tx.items.set_state([item.id], ItemState.REJECTED, now, because=because)
    detail = {"was": item.state.value, "because": because, **more}
    tx.audit.record(actor, "item.reject", f"item:{item.id}", now, **detail)


def bring_back(tx: Transaction, item: Item, actor: str, now: datetime) -> None:
    """Make a rejected item what it was before, by the trail."""
    tx.items.set_state([item.id], _state_before(tx, item), now)
    tx.audit.record(actor, "item.restore", f"item:{item.id}", now)


def _state_before(tx: Transaction, item: Item) -> ItemState:
    if item.issues:
        return ItemState.USED
    for _, _, action, detail in reversed(tx.audit.history(f"item:{item.id}")):
        if action == "item.reject" and detail["was"] != ItemState.REJECTED:
            was = ItemState(str(detail["was"]))
            return ItemState.KEPT if was is ItemState.USED else was
    return ItemState.CANDIDATE


def check_not_rejected(items: Iterable[Item]) -> None:
    """Raises Refused for an item that was rejected: it has to be restored first."""
    for item in items:
        if item.state is ItemState.REJECTED:
            why = f" ({item.rejected_because})" if item.rejected_because else ""
            raise Refused(
                f"Item {item.id} was rejected{why}. Restore it first.",
                command=f"To use it after all: bulletin items restore {item.id}",
            )


def check_can_be_rejected(tx: Transaction, item: Item) -> None:
    """Raises Refused for an item in an issue that has yet to go out."""
    for issue in _issues_to_come(tx, item):
        raise Refused(
            f"Item {item.id} stands in issue '{issue.slug}', which is "
            f"{issue.state.value}. Take it out there first.",
            command=f"To do that: bulletin issue remove {issue.slug} {item.id}",
        )


def is_going_out(tx: Transaction, item: Item) -> bool:
    """Whether an item stands in an issue that is being sent, and can no longer be taken out."""
    return any(issue.state not in OPEN_STATES for issue in _issues_to_come(tx, item))


def _issues_to_come(tx: Transaction, item: Item) -> Iterator[Issue]:
    for slug in item.issues:
        issue = tx.issues.get(slug)
        if issue.state not in _OVER:
            yield issue
