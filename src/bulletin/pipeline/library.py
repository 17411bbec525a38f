"""Library: items are looked up, kept, rejected and restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bulletin.models.items import Item, ItemState
from bulletin.models.library import LibraryPage, LibraryQuery
from bulletin.pipeline.history import Step, steps
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import check_can_be_rejected, kept
from bulletin.pipeline.versions import check_roles, hold
from bulletin.store.store import Store, Transaction

_UNSORTED = frozenset({ItemState.CANDIDATE, ItemState.REJECTED})


class Library:
    """What the editors have gathered."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(self, query: LibraryQuery, *, issue: str | None = None) -> LibraryPage:
        """Items by words and facts: see LibraryQuery. issue: only those in this one.

        Raises NotFound if there is no such issue, InvalidInput for a role that there is not.
        """
        with self._store.read() as tx:
            if query.role is not None:
                check_roles(tx, [query.role])
            if issue is not None:
                query = replace(query, issue_id=tx.issues.get(issue).id)
            return tx.library.search(query)

    def item(self, item_id: int) -> Item:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.items.get(item_id)

    def history(self, item_id: int) -> list[Step]:
        """What became of an item, oldest first. Raises NotFound."""
        with self._store.read() as tx:
            item = tx.items.get(item_id)
            trail = tx.audit.history(f"item:{item_id}")
            return steps(item, tx.item_versions.of(item_id), trail)

    def keep(self, item_ids: Sequence[int], actor: str) -> list[Item]:
        """Candidates and rejected items are kept; others are that already. All of them, or none.

        Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> None:
            if item.state in _UNSORTED:
                self._move(tx, item, kept(item), actor=actor, action="item.keep")

        return self._each(item_ids, sort)

    def reject(self, item_ids: Sequence[int], because: str, actor: str) -> list[Item]:
        """Items are put aside, with a reason or "". All of them, or none.

        Raises Refused for an item that stands in an issue that has yet to go out, NotFound.
        """
        one_line("reason", because)

        def sort(tx: Transaction, item: Item) -> None:
            check_can_be_rejected(tx, item)
            if item.state is not ItemState.REJECTED or item.rejected_because != because:
                self._move(
                    tx, item, ItemState.REJECTED,
                    actor=actor, action="item.reject", because=because,
                )  # fmt: skip

        return self._each(item_ids, sort)

    def restore(self, item_ids: Sequence[int], actor: str) -> list[Item]:
        """Rejected items become what they were before; others stay. All of them, or none.

        Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> None:
            if item.state is ItemState.REJECTED:
                self._move(tx, item, _state_before(tx, item), actor=actor, action="item.restore")

        return self._each(item_ids, sort)

    def _each(
        self, item_ids: Sequence[int], sort: Callable[[Transaction, Item], None]
    ) -> list[Item]:
        with self._store.write() as tx:
            for item in hold(tx, *dict.fromkeys(item_ids)):
                sort(tx, item)
            return tx.items.get_all(item_ids)

    def _move(
        self,
        tx: Transaction,
        item: Item,
        to: ItemState,
        *,
        actor: str,
        action: str,
        because: str = "",
    ) -> None:
        now = self._store.clock()
        tx.items.set_state([item.id], to, now, because=because)
        detail = {"was": item.state.value, "because": because}
        tx.audit.record(actor, action, f"item:{item.id}", now, **detail)


def _state_before(tx: Transaction, item: Item) -> ItemState:
    """What a rejected item was, by the trail; what stands in an issue is used."""
    if item.issues:
        return ItemState.USED
    for _, _, action, detail in reversed(tx.audit.history(f"item:{item.id}")):
        if action == "item.reject" and detail.get("was") != ItemState.REJECTED:
            was = ItemState(str(detail["was"]))
            return ItemState.KEPT if was is ItemState.USED else was
    return ItemState.CANDIDATE
