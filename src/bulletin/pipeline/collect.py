"""Collect: from a pasted text to candidates in the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulletin.models.items import Item, ItemDraft, ItemState, Reading
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Collected:
    """A draft and the library's id for it; `known` when the library had it already."""

    id: int
    draft: ItemDraft
    known: bool


class Collecting:
    """Brings items into the library and looks them up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def preview(self, reading: Reading) -> Reading:
        """What an import would bring, with twins in the library named; keeps nothing."""
        with self._store.read() as tx:
            marked = tuple(
                replace(draft, duplicate_of=tx.items.twin_of(draft)) for draft in reading.items
            )
        return replace(reading, items=marked)

    def keep(self, reading: Reading, actor: str) -> list[Collected]:
        """Keep every item of a reading as a candidate; exact twins are not kept again."""
        with self._store.write() as tx:
            return self.keep_within(tx, reading.items, actor)

    def keep_within(
        self, tx: Transaction, drafts: Sequence[ItemDraft], actor: str
    ) -> list[Collected]:
        """The same as a part of something larger: all of it is kept, or nothing."""
        kept = [self._keep(tx, draft) for draft in drafts]
        new = [collected.id for collected in kept if not collected.known]
        tx.audit.record(actor, "items.import", "items", self._store.clock(), ids=new)
        return kept

    def _keep(self, tx: Transaction, draft: ItemDraft) -> Collected:
        twin = tx.items.twin_of(draft)
        if twin is not None:
            return Collected(twin, replace(draft, duplicate_of=twin), known=True)
        plain = replace(draft, duplicate_of=None)
        return Collected(tx.items.add(plain, self._store.clock()), plain, known=False)

    def items(self, state: ItemState | None, limit: int) -> list[Item]:
        """Newest first."""
        with self._store.read() as tx:
            return tx.items.list_items(state=state, limit=limit)

    def item(self, item_id: int) -> Item:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.items.get(item_id)
