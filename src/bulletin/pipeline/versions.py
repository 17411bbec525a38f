"""Versions: an item is changed, and what it said before is put on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bulletin.errors import InvalidInput
from bulletin.models.composing import Sitting
from bulletin.models.items import Item, ItemContent
from bulletin.models.library import Change
from bulletin.pipeline.composing.changing import SITTING
from bulletin.pipeline.standing import follow_topic
from bulletin.store.store import Transaction


def hold(tx: Transaction, *ids: int) -> list[Item]:
    """Items that nobody else changes or places until the transaction ends. Raises NotFound."""
    tx.items.take_turns()
    return tx.items.get_all(ids)


def keep_version(
    tx: Transaction,
    item: Item,
    content: ItemContent,
    *,
    how: Change,
    actor: str,
    now: datetime,
    other: int | None = None,
    may_go_on: bool = False,
) -> bool:
    """Let an item say something else from now on. False if it says that already.

    Where it stands under its own topic in an issue that can still change, it follows that.
    other: see ItemVersion. may_go_on: with what the same person has just saved, it is one step of
    the history. Raises InvalidInput for a role that there is not.
    """
    if content == item.content:
        return False
    check_roles(tx, [*content.roles, *(note.role for note in content.notes)])
    began = _sitting_since(tx, item, actor, now) if may_go_on else None
    if began is None:
        tx.item_versions.add(item, how, actor, now, other=other)
        tx.audit.record(actor, "item.edit", f"item:{item.id}", now, how=how.value)
    tx.items.revise(item, content, now)
    follow_topic(tx, item, content.draft.topic)
    if may_go_on:
        tx.composing.sit(item.id, Sitting(actor, item.version + 1, began or now, now))
    return True


def _sitting_since(tx: Transaction, item: Item, actor: str, now: datetime) -> datetime | None:
    """When somebody began to save an item that nobody has touched since; None if they begin now."""
    last = tx.composing.sitting(item.id)
    if last is None or (last.user, last.version, last.saved_at) != (
        actor, item.version, item.updated_at,
    ):  # fmt: skip
        return None
    return last.began_at if now - last.began_at < SITTING else None


def check_roles(tx: Transaction, keys: Iterable[str]) -> None:
    """Raises InvalidInput, with the roles that there are, for a key that is none of them."""
    known = [role.key for role in tx.roles.list_roles()]
    for key in keys:
        if key not in known:
            raise InvalidInput(f"There is no role '{key}'. The roles are: {', '.join(known)}.")
