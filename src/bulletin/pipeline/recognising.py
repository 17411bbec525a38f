"""Recognising: which drafts the library, or the text before them, has already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bulletin.models.items import Item, ItemDraft, ItemState, ItemWarning, Likeness, Repeat
from bulletin.models.lines import in_one_line
from bulletin.repeats import (
    MOST_HITS,
    WAY,
    Match,
    Shelf,
    Traits,
    bands_of,
    best,
    compare,
    hallmarks,
    likeliest,
    traits_of,
)
from bulletin.store.store import Store, Transaction

CHOOSE = "Use the one that is right."
_BOTH = "Look whether readers need both."
_AT_A_TIME = 500
_WORD_FOR_WORD = Repeat(Likeness.COPY, 1.0, "word for word")
_AS_IT_CAME = Repeat(Likeness.SAME, 1.0, "as it was before it was edited")


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is like: an item of the library, or a draft before it, by its place from 0.

    edited: the item says something else by now, and is known by how it came into the library.
    """

    repeat: Repeat
    item: Item | None = None
    place: int | None = None
    edited: bool = False

    @property
    def is_same(self) -> bool:
        return self.repeat.likeness is Likeness.SAME


@dataclass(frozen=True, slots=True)
class Recognised:
    """A draft with what it is found by once it is kept, and what it repeats."""

    draft: ItemDraft
    bands: Mapping[int, float]
    known: Known | None


def recognise(
    drafts: Sequence[ItemDraft], tx: Transaction | None, own: Sequence[int | None] = ()
) -> list[Recognised]:
    """For each draft, what it repeats. tx: where the library is, if there is one.

    own: for each draft the item that it is to be, which it does not repeat.
    """
    traits = [traits_of(draft) for draft in drafts]
    bands = bands_of(traits)
    own = own or [None] * len(traits)
    shelved = _in_library(tx, traits, bands, own) if tx else [None] * len(traits)
    shelf = Shelf()
    found: list[Recognised] = []
    for place, known in enumerate(shelved):
        before = shelf.like(traits[place], bands[place])
        nearer = _nearer(known, Known(before.repeat, place=before.key) if before else None)
        found.append(Recognised(drafts[place], bands[place], nearer))
        shelf.put(place, traits[place], bands[place], before)
    return found


def _in_library(
    tx: Transaction,
    traits: Sequence[Traits],
    bands: Sequence[Mapping[int, float]],
    own: Sequence[int | None],
) -> list[Known | None]:
    """Looks all of them up together, and compares each with those likeliest to be the same."""
    holders = tx.bands.holders((band for each in bands for band in each), MOST_HITS)
    likely = [
        [item_id for item_id in likeliest(each, holders) if item_id != mine]
        for each, mine in zip(bands, own, strict=True)
    ]
    books = _Books(tx, {item_id for ids in likely for item_id in ids})
    return [books.like(*each) for each in zip(traits, likely, strict=True)]


class _Books:
    """Items of the library: what they say, and how those that were edited came into it."""

    def __init__(self, tx: Transaction, ids: Collection[int]) -> None:
        self._items = {item.id: item for item in tx.items.list_items(ids=sorted(ids))}
        self._now = {item_id: traits_of(item.draft) for item_id, item in self._items.items()}
        first = tx.item_versions.first(self._items)
        self._first = {item_id: traits_of(draft) for item_id, draft in first.items()}

    def like(self, new: Traits, ids: Sequence[int]) -> Known | None:
        """Which of some items a draft is most like."""
        compared = ((item_id, self._compare(new, item_id)) for item_id in ids)
        named = best(_match(self._items[key], repeat) for key, repeat in compared if repeat)
        if named is None:
            return None
        edited = named.repeat is _AS_IT_CAME
        return Known(named.repeat, item=self._items[named.key], edited=edited)

    def _compare(self, new: Traits, item_id: int) -> Repeat | None:
        repeat, first = compare(new, self._now[item_id]), self._first.get(item_id)
        if first is None or (repeat and repeat.likeness is Likeness.SAME):
            return repeat
        came = compare(new, first)
        return _AS_IT_CAME if came and came.likeness is Likeness.SAME else repeat


def _match(item: Item, repeat: Repeat) -> Match:
    is_copy = item.draft.duplicate_of is not None
    return Match(item.id, repeat, is_copy=is_copy, was_read=bool(item.issues))


def _nearer(one: Known | None, other: Known | None) -> Known | None:
    """Of a library's item and a draft before, the one that a draft is more like."""
    if one is None or other is None:
        return one or other
    order = list(Likeness)
    nearer = order.index(other.repeat.likeness) < order.index(one.repeat.likeness)
    return other if nearer else one


def marked(draft: ItemDraft, known: Known | None, item_id: int | None) -> ItemDraft:
    """A draft that says what it repeats. item_id: that item's, or None if nothing is kept.

    A draft that came with the item it updates, as those of watched sources do, keeps that.
    """
    if draft.updates is not None and not (known and known.is_same):
        return replace(draft, duplicate_of=None)
    plain = replace(draft, duplicate_of=None, updates=None)
    if known is None:
        return plain
    said = replace(plain, warnings=(*draft.warnings, _warning(known, item_id)))
    if known.repeat.likeness in {Likeness.SAME, Likeness.COPY}:
        return replace(said, duplicate_of=item_id)
    return replace(said, updates=item_id) if known.repeat.likeness is Likeness.UPDATE else said


def _warning(known: Known, item_id: int | None) -> ItemWarning:
    name, says = _name(known, item_id), known.repeat.says
    if known.repeat.likeness is Likeness.SAME:
        again = f"again, {says}" if known.edited else "again"
        return ItemWarning("duplicate", f"This is {name} {again}. It is not kept a second time.")
    if known.repeat.likeness is Likeness.COPY:
        return ItemWarning("duplicate", f"This looks like {name}: {says}. Use one of them.")
    if known.repeat.likeness is Likeness.UPDATE:
        return ItemWarning(
            "updates", f"This looks like a newer version of {name}: {says}. {CHOOSE}"
        )
    return ItemWarning("related", f"Related to {name}, but not the same: {says}. {_BOTH}")


def _name(known: Known, item_id: int | None) -> str:
    """ "item 12 (“Vaping survey”, used in december-2026)"."""
    if known.item is None:
        place = f"number {(known.place or 0) + 1} of this text"
        return place if item_id is None else f"item {item_id} ({place})"
    draft, facts = known.item.draft, _fate(known.item)
    heading = in_one_line(draft.title or draft.body, 80)
    return f"item {known.item.id} (“{heading}”{facts})"


def _fate(item: Item) -> str:
    if item.state is ItemState.REJECTED:
        because = in_one_line(item.rejected_because, 100)
        return f", rejected: {because}" if because else ", rejected"
    return f", used in {', '.join(item.issues)}" if item.issues else ""


def compared_again(
    tx: Transaction, items: Sequence[Item], drafts: Sequence[ItemDraft]
) -> list[ItemDraft]:
    """Drafts that items of the library are to say from now on, with what these repeat then.

    They come in the same order. An item stays, whatever it repeats, and one that is a newer version
    of another stays that.
    """
    told = []
    for each in recognise(drafts, tx, [item.id for item in items]):
        known = each.known
        if known and known.place is not None:
            known = replace(known, item=items[known.place], place=None)
        if known and known.is_same:
            known = replace(known, repeat=_WORD_FOR_WORD)
        told.append(marked(each.draft, known, known.item.id if known and known.item else None))
    return told


def put_down(tx: Transaction, bands: Mapping[int, Collection[int]]) -> None:
    """Put down what items (by their id) are found by."""
    tx.bands.put(bands, WAY)


def catch_up_within(tx: Transaction) -> int:
    """Do so for some of the items that were changed or came since. Returns for how many."""
    ids = tx.bands.hold_without(WAY, _AT_A_TIME)
    if ids:
        items = tx.items.list_items(ids=ids)
        made = bands_of([traits_of(item.draft) for item in items])
        first = tx.item_versions.first(ids)
        came = {item_id: hallmarks(traits_of(draft)) for item_id, draft in first.items()}
        put_down(
            tx,
            {
                item.id: {*bands, *came.get(item.id, ())}
                for item, bands in zip(items, made, strict=True)
            },
        )
    return len(ids)


def catch_up(store: Store) -> int:
    """Do so for all of them, some at a time, so that others come in between."""
    done = 0
    with store.read() as tx:
        waiting = bool(tx.bands.without(WAY, 1))
    while waiting:
        with store.write() as tx:
            tx.bands.take_turns()
            some = catch_up_within(tx)
        done, waiting = done + some, some > 0
    return done
