"""Versions: an item is changed, and what it said before is put on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bulletin.errors import InvalidInput
from bulletin.models.items import Item, ItemContent
from bulletin.models.library import Change
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
) -> bool:
    """Let an item say something else from now on. False if it says that already.

    Where it stands under its own topic in an issue that can still change, it follows that.
    other: see ItemVersion. Raises InvalidInput for a role that there is not.
    """
    if content == item.content:
        return False
    check_roles(tx, [*content.roles, *(note.role for note in content.notes)])
    tx.item_versions.add(item, how, actor, now, other=other)
    tx.items.revise(item, content, now)
    follow_topic(tx, item, content.draft.topic)
    tx.audit.record(actor, "item.edit", f"item:{item.id}", now, how=how.value)
    return True


def check_roles(tx: Transaction, keys: Iterable[str]) -> None:
    """Raises InvalidInput, with the roles that there are, for a key that is none of them."""
    known = [role.key for role in tx.roles.list_roles()]
    for key in keys:
        if key not in known:
            raise InvalidInput(f"There is no role '{key}'. The roles are: {', '.join(known)}.")
