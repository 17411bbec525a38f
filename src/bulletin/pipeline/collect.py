"""Collect: from a pasted text to candidates in the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from bulletin.models.items import ItemDraft, Reading
from bulletin.pipeline.recognising import (
    Known,
    Recognised,
    catch_up,
    catch_up_within,
    marked,
    put_down,
    recognise,
)
from bulletin.store.store import Store, Transaction

_COLUMN = re.compile(r"of column “(.+)” is in no field")


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
    return [
        Collected(
            _id(each.known), marked(each.draft, each.known, _id(each.known) or None), _is_same(each)
        )
        for each in recognise(reading.items, tx)
    ]


def unknown_columns(drafts: Iterable[ItemDraft]) -> list[str]:
    """The headings of columns, by the doubts about items, of which nothing is known."""
    doubts = (doubt for draft in drafts for doubt in draft.warnings)
    named = (_COLUMN.search(doubt.message) for doubt in doubts if doubt.code == "unknown_column")
    return list(dict.fromkeys(found[1] for found in named if found))


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
        found = recognise(drafts, tx)
        kept = self._keep(tx, found)
        new = {
            each.id: recognised.bands
            for each, recognised in zip(kept, found, strict=True)
            if not each.known
        }
        put_down(tx, new)
        tx.audit.record(actor, "items.import", "items", self._store.clock(), ids=list(new))
        return kept

    def _keep(self, tx: Transaction, found: Sequence[Recognised]) -> list[Collected]:
        """Keep as many together as name none of one another: a name is a number that is kept."""
        kept: list[Collected] = []
        while len(kept) < len(found):
            some = list(_nameable(found, len(kept)))
            said = [marked(each.draft, each.known, _named(each.known, kept)) for each in some]
            new = [not _is_same(each) for each in some]
            ids = iter(tx.items.add_all(list(compress(said, new)), self._store.clock()))
            kept += [
                Collected(next(ids) if is_new else _named(each.known, kept) or 0, draft, not is_new)
                for each, draft, is_new in zip(some, said, new, strict=True)
            ]
        return kept

    def catch_up(self) -> int:
        """Make ready to be recognised what came or changed without it. Returns how many items."""
        return catch_up(self._store)


def _id(known: Known | None) -> int:
    return known.item.id if known and known.item else 0


def _is_same(found: Recognised) -> bool:
    return found.known is not None and found.known.is_same


def _nameable(found: Sequence[Recognised], begin: int) -> Iterator[Recognised]:
    """Those from a place on, until one of them repeats one of them."""
    for each in found[begin:]:
        if each.known and each.known.place is not None and each.known.place >= begin:
            return
        yield each


def _named(known: Known | None, kept: Sequence[Collected]) -> int | None:
    """The number of what a draft repeats, if it repeats anything."""
    if known is None:
        return None
    return _id(known) if known.place is None else kept[known.place].id
