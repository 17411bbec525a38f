"""Library: items are looked up, kept, rejected and restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bulletin.errors import NotFound
from bulletin.models.items import Item, ItemState
from bulletin.models.library import LibraryPage, LibraryQuery
from bulletin.pipeline.differences import Difference, differences
from bulletin.pipeline.history import Step, steps
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import bring_back, check_can_be_rejected, kept, put_aside
from bulletin.pipeline.standing import Parted, parted
from bulletin.pipeline.versions import check_roles, hold
from bulletin.store.store import Store, Transaction

_UNSORTED = frozenset({ItemState.CANDIDATE, ItemState.REJECTED})


@dataclass(frozen=True, slots=True)
class Sorted:
    """Items as they are now. parted: those of them whose text another item has."""

    items: list[Item]
    parted: tuple[Parted, ...] = ()


class Library:
    """What the editors have gathered."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(
        self, query: LibraryQuery, *, issue: str | None = None, watched: str | None = None
    ) -> LibraryPage:
        """Items by words and facts: see LibraryQuery. issue: only those in this one.

        watched: only those that this watched source brought, by its number, name or address.
        Raises NotFound if there is no such issue or source, Refused if several have the name,
        InvalidInput for a role that there is not.
        """
        with self._store.read() as tx:
            if query.role is not None:
                check_roles(tx, [query.role])
            if issue is not None:
                query = replace(query, issue_id=tx.issues.get(issue).id)
            if watched is not None:
                query = replace(query, watched=_watched(tx, watched))
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

    def keep(self, item_ids: Sequence[int], actor: str) -> Sorted:
        """Candidates and rejected items are kept; others are that already. All of them, or none.

        Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> Parted | None:
            if item.state not in _UNSORTED:
                return None
            now = self._store.clock()
            tx.items.set_state([item.id], kept(item), now)
            tx.audit.record(actor, "item.keep", f"item:{item.id}", now)
            return parted(tx, item) if item.state is ItemState.REJECTED else None

        return self._each(item_ids, sort)

    def reject(self, item_ids: Sequence[int], because: str, actor: str) -> list[Item]:
        """Items are put aside, with a reason or "". All of them, or none.

        Raises Refused for an item that stands in an issue that has yet to go out, NotFound.
        """
        one_line("reason", because)

        def sort(tx: Transaction, item: Item) -> Parted | None:
            check_can_be_rejected(tx, item)
            if item.state is not ItemState.REJECTED or item.rejected_because != because:
                put_aside(tx, item, because, actor, self._store.clock())
            return None

        return self._each(item_ids, sort).items

    def restore(self, item_ids: Sequence[int], actor: str) -> Sorted:
        """Rejected items become what they were before; others stay. All of them, or none.

        What a join or split put aside comes back beside the item that has its text, and to no
        issue: readers would have the text twice. Raises NotFound.
        """

        def sort(tx: Transaction, item: Item) -> Parted | None:
            if item.state is not ItemState.REJECTED:
                return None
            bring_back(tx, item, actor, self._store.clock())
            return parted(tx, item)

        return self._each(item_ids, sort)

    def _each(
        self, item_ids: Sequence[int], sort: Callable[[Transaction, Item], Parted | None]
    ) -> Sorted:
        with self._store.write() as tx:
            found = [sort(tx, item) for item in _all_or_none(tx, item_ids)]
            return Sorted(tx.items.get_all(item_ids), tuple(filter(None, found)))


def _watched(tx: Transaction, reference: str) -> int:
    """The number of a watched source. Raises NotFound, and says what became of a removed one."""
    try:
        return tx.watched.find(reference).id
    except NotFound as error:
        raise NotFound(
            f"{error}\nItems of a source that was removed are no source's any more. To look for "
            "them, use the name that they give.",
            command="To do that: bulletin items list --source NAME",
        ) from error


def _all_or_none(tx: Transaction, item_ids: Sequence[int]) -> list[Item]:
    """Items that are held. Raises NotFound, and says that none was changed."""
    try:
        return hold(tx, *dict.fromkeys(item_ids))
    except NotFound as error:
        several = len(set(item_ids)) > 1
        raise NotFound(f"{error} Nothing was changed." if several else str(error)) from error
