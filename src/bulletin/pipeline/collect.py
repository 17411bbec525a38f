"""Collect: from a pasted text to candidates in the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.models.items import ItemDraft, Reading
from bulletin.pipeline.recognising import (
    Known,
    catch_up,
    catch_up_within,
    marked,
    put_down,
    recognise,
)
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Collected:
    """A draft and the library's id for it, 0 if nothing was kept.

    known: word for word in the library already, or in the text before it; then it is not kept
    again, and the id is the other's.
    """

    id: int
    draft: ItemDraft
    known: bool


def foreseen(reading: Reading, tx: Transaction | None = None) -> list[Collected]:
    """What keeping a reading would bring. tx: where the library is, if there is one."""
    found = recognise(reading.items, tx)
    return [
        Collected(_id(known), marked(draft, known, _id(known) or None), _is_same(known))
        for draft, known in zip(reading.items, found, strict=True)
    ]


class Collecting:
    """Brings items into the library and looks them up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def preview(self, reading: Reading) -> list[Collected]:
        """What `keep` would bring, with what it repeats; keeps nothing."""
        catch_up(self._store)
        with self._store.read() as tx:
            return foreseen(reading, tx)

    def keep(self, reading: Reading, actor: str) -> list[Collected]:
        """Keep every item of a reading as a candidate.

        What is there word for word is not kept again. A copy in other words is, with the item that
        it is a copy of, and a newer version with the item that it updates. The same text brought in
        twice at once is kept once.
        """
        catch_up(self._store)
        with self._store.write() as tx:
            return self.keep_within(tx, reading.items, actor)

    def keep_within(
        self, tx: Transaction, drafts: Sequence[ItemDraft], actor: str
    ) -> list[Collected]:
        """The same as a part of something larger: all of it is kept, or nothing."""
        tx.bands.take_turns()
        catch_up_within(tx)
        kept: list[Collected] = []
        for draft, known in zip(drafts, recognise(drafts, tx), strict=True):
            kept.append(self._keep(tx, draft, known, kept))
        new = {each.id: each.draft for each in kept if not each.known}
        put_down(tx, new)
        tx.audit.record(actor, "items.import", "items", self._store.clock(), ids=list(new))
        return kept

    def _keep(
        self, tx: Transaction, draft: ItemDraft, known: Known | None, before: Sequence[Collected]
    ) -> Collected:
        place = known.place if known else None
        other = _id(known) if place is None else before[place].id
        said = marked(draft, known, other or None)
        if _is_same(known):
            return Collected(other, said, known=True)
        return Collected(tx.items.add(said, self._store.clock()), said, known=False)

    def catch_up(self) -> int:
        """Make ready to be recognised what came or changed without it. Returns how many items."""
        return catch_up(self._store)


def _id(known: Known | None) -> int:
    return known.item.id if known and known.item else 0


def _is_same(known: Known | None) -> bool:
    return known is not None and known.is_same
