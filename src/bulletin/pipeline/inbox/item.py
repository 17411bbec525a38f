"""One item of the inbox: seen with its twin, and mended where a doubt is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final

from bulletin.models.issues import Issue
from bulletin.models.items import Item, ItemContent, ItemWarning
from bulletin.models.people import Role
from bulletin.pipeline.differences import Difference, differences
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.history import Step, steps
from bulletin.pipeline.inbox.doubts import Part, by_part, part_of
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.pipeline.settling import without_doubts
from bulletin.store.store import Store, Transaction

_COMPARED: Final = ("title", "body", "source", "date", "deadline", "links", "nations")


class TwinChoice(StrEnum):
    """What somebody says of an item and the one that it is like."""

    BOTH = "both"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Twin:
    """The item that one is like, with what tells them apart, field by field."""

    item: Item
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as the inbox shows it. issues: those that it stands in; doubts: by part."""

    item: Item
    doubts: Mapping[str, Sequence[ItemWarning]]
    roles: tuple[Role, ...]
    issues: tuple[Issue, ...] = ()
    twin: Twin | None = None


class InboxItem:
    """Shows items one at a time, and answers the doubts about them."""

    def __init__(self, store: Store, editing: Editing) -> None:
        self._store = store
        self._editing = editing

    def reading(self, item_id: int) -> Reading:
        """Raises NotFound."""
        with self._store.read() as tx:
            item = tx.items.get(item_id)
            return Reading(
                item,
                by_part(item.draft),
                tuple(tx.roles.list_roles()),
                tuple(tx.issues.get(slug) for slug in item.issues),
                _twin(tx, item),
            )

    def history(self, item_id: int) -> list[Step]:
        """What became of an item, the newest first. Raises NotFound."""
        with self._store.read() as tx:
            item = tx.items.get(item_id)
            trail = tx.audit.history(f"item:{item_id}")
            return steps(item, tx.item_versions.of(item_id), trail)[::-1]

    def mend(self, item_id: int, version: int, changes: ItemChanges, actor: str) -> Item:
        """Change an item as it was seen. Raises EditedMeanwhile, InvalidInput, NotFound."""
        change = partial(changed, changes=changes)
        return self._editing.revise(item_id, change, actor, expected_version=version)

    def settle(self, item_id: int, version: int, code: str, actor: str) -> Item:
        """A doubt has no grounds: somebody has looked. Raises as `mend`."""
        return self.mend(item_id, version, ItemChanges(settled=frozenset({code})), actor)

    def tell_apart(self, item_id: int, version: int, choice: TwinChoice, actor: str) -> Item:
        """Say what an item is to the one that it is like. Raises as `mend`."""
        return self._editing.revise(
            item_id, partial(_told_apart, choice=choice), actor, expected_version=version
        )


def _twin(tx: Transaction, item: Item) -> Twin | None:
    number = item.draft.duplicate_of or item.draft.updates
    if number is None or not any(part_of(doubt) is Part.TWIN for doubt in item.draft.warnings):
        return None
    found = tx.items.list_items(ids=[number])
    if not found:
        return None
    other = found[0]
    told = differences(other.content, item.content)
    return Twin(other, tuple(one for one in told if one.field in _COMPARED))


def _told_apart(content: ItemContent, choice: TwinChoice) -> ItemContent:
    draft = content.draft
    other = draft.duplicate_of or draft.updates
    codes = {doubt.code for doubt in draft.warnings if part_of(doubt) is Part.TWIN}
    apart = without_doubts(draft, codes)
    newer = other if choice is TwinChoice.NEWER else None
    return replace(content, draft=replace(apart, updates=newer))
