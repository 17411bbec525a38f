"""Library: items are looked up, kept, rejected and restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bulletin.errors import NotFound
from bulletin.models.items import Item, ItemState
from bulletin.models.library import LibraryPage, LibraryQuery
from bulletin.pipeline.differences import Difference, differences
from bulletin.pipeline.history import Step, steps
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import bring_back, check_can_be_rejected, kept, put_aside
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

    def last_changes(self, item_id: int) -> tuple[Difference, ...]:
        """What the last edit of an item changed, field by field. Raises NotFound."""
        with self._store.read() as tx:
            item, versions = tx.items.get(item_id), tx.item_versions.of(item_id)
            return tuple(differences(versions[-1].before, item.content)) if versions else ()

    def keep(self, item_ids: Sequence[int], actor: str) -> list[Item]:
        """Candidates and rejected items are kept; others are that already. All of them, or none.

        Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> None:
            if item.state in _UNSORTED:
                now = self._store.clock()
                tx.items.set_state([item.id], kept(item), now)
                tx.audit.record(actor, "item.keep", f"item:{item.id}", now)

        return self._each(item_ids, sort)

    def reject(self, item_ids: Sequence[int], because: str, actor: str) -> list[Item]:
        """Items are put aside, with a reason or "". All of them, or none.

        Raises Refused for an item that stands in an issue that has yet to go out, NotFound.
        """
        one_line("reason", because)

        def sort(tx: Transaction, item: Item) -> None:
            check_can_be_rejected(tx, item)
            if item.state is not ItemState.REJECTED or item.rejected_because != because:
                put_aside(tx, item, because, actor, self._store.clock())

        return self._each(item_ids, sort)

    def restore(self, item_ids: Sequence[int], actor: str) -> list[Item]:
        """Rejected items become what they were before; others stay. All of them, or none.

        Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> None:
            if item.state is ItemState.REJECTED:
                bring_back(tx, item, actor, self._store.clock())

        return self._each(item_ids, sort)

    def _each(
        self, item_ids: Sequence[int], sort: Callable[[Transaction, Item], None]
    ) -> list[Item]:
        with self._store.write() as tx:
            for item in _all_or_none(tx, item_ids):
                sort(tx, item)
            return tx.items.get_all(item_ids)


def _all_or_none(tx: Transaction, item_ids: Sequence[int]) -> list[Item]:
    """Items that are held. Raises NotFound, and says that none was changed."""
    try:
        return hold(tx, *dict.fromkeys(item_ids))
    except NotFound as error:
        several = len(set(item_ids)) > 1
        raise NotFound(f"{error} Nothing was changed." if several else str(error)) from error
