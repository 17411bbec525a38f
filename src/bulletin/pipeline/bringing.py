"""Bringing: what is new in a source's answer is kept, and what it says otherwise is revised."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bulletin.models.items import Item, ItemDraft, ItemState, Reading
from bulletin.models.library import Change
from bulletin.models.sources import WatchedSource
from bulletin.pipeline.answers import is_feed
from bulletin.pipeline.collect import Collected, Collecting
from bulletin.pipeline.entries import Entry, entries_of, filled, newer, news
from bulletin.pipeline.recognising import compared_again
from bulletin.pipeline.versions import keep_version
from bulletin.store.store import Transaction
from bulletin.store.watched import SeenEntry

ACTOR: Final = "watched sources"
REMEMBERED_FOR: Final = timedelta(days=365)
"""What a source has not listed for so long is forgotten: if it comes again, it is news."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an answer.

    collected: what had not been seen, also what the library knew from elsewhere.
    revised:   candidates of this source that say now what it says now.
    """

    collected: Sequence[Collected] = ()
    revised: tuple[int, ...] = ()

    @property
    def new(self) -> int:
        """How many candidates there are more, updates of items among them."""
        return sum(not each.known for each in self.collected)


NOTHING: Final = Brought()


class Bringing:
    """Keeps what sources bring, each entry once."""

    def __init__(self, collecting: Collecting) -> None:
        self._collecting = collecting

    def bring(
        self, tx: Transaction, source: WatchedSource, reading: Reading, actor: str, now: datetime
    ) -> Brought:
        """Keep what is new in a reading, and put down what has been seen."""
        entries = entries_of(reading)
        fresh = news(entries, _seen(tx, source, entries, now))
        if not fresh:
            return NOTHING
        if is_feed(reading):
            fresh.reverse()  # the newest comes first in a feed, and last into the library
        ours = self._untouched(tx, source, fresh)
        changed, added = _apart(fresh, ours)
        revised = [ours[entry.updates or 0] for entry in changed]
        says = [filled(entry.draft, source.defaults, reading.title) for entry in changed]
        _revise(tx, revised, says, now)
        drafts = [filled(newer(entry), source.defaults, reading.title) for entry in added]
        collected = self._collecting.keep_within(tx, drafts, actor) if drafts else []
        ids = [*(entry.updates for entry in changed), *(each.id for each in collected)]
        _remember(tx, source, zip([*changed, *added], ids, strict=True), now)
        tx.watched.brought(source.id, [each.id for each in collected if not each.known])
        return Brought(collected, tuple(sorted(item.id for item in revised)))

    def remember(
        self, tx: Transaction, source: WatchedSource, reading: Reading, now: datetime
    ) -> None:
        """Put down that all of a reading has been seen, and keep none of it."""
        _remember(tx, source, ((entry, None) for entry in entries_of(reading)), now)

    def _untouched(
        self, tx: Transaction, source: WatchedSource, fresh: Iterable[Entry]
    ) -> dict[int, Item]:
        """Of the items that entries say otherwise now, those that no person has had in hand."""
        ids = {entry.updates for entry in fresh if entry.updates is not None}
        if not ids:
            return {}
        tx.bands.take_turns()  # before those of editors, whom nobody holding these ever waits for
        tx.items.take_turns()
        found = tx.items.list_items(ids=sorted(ids))
        return {item.id: item for item in found if _is_untouched(tx, item, source)}


def _seen(
    tx: Transaction, source: WatchedSource, entries: Sequence[Entry], now: datetime
) -> dict[str, SeenEntry]:
    """What has been seen of these entries; that of others is forgotten in the course of time."""
    keys = [entry.key for entry in entries]
    tx.watched.listed_again(source.id, keys, now)
    tx.watched.forget(source.id, now - REMEMBERED_FOR)
    return tx.watched.entries(source.id, keys)


def _apart(fresh: Iterable[Entry], ours: Container[int | None]) -> tuple[list[Entry], list[Entry]]:
    """Entries that revise one of our items each, and those that come beside.

    Several entries may have been one item, since they said the same: the first revises it.
    """
    changed: dict[int | None, Entry] = {}
    added: list[Entry] = []
    for entry in fresh:
        if entry.updates in ours and entry.updates not in changed:
            changed[entry.updates] = entry
        else:
            added.append(entry)
    return list(changed.values()), added


def _is_untouched(tx: Transaction, item: Item, source: WatchedSource) -> bool:
    waits = item.state is ItemState.CANDIDATE and not item.issues and item.source_id == source.id
    if not waits or item.version == 1:
        return waits
    steps = tx.item_versions.of(item.id)
    return all(step.changed_by == ACTOR and step.how is Change.EDITED for step in steps)


def _revise(
    tx: Transaction, items: Sequence[Item], says: Sequence[ItemDraft], now: datetime
) -> None:
    """Let items say what their source says now. In other words they may be copies of others."""
    newer = [_as_new(item.draft, draft) for item, draft in zip(items, says, strict=True)]
    for item, draft in zip(items, compared_again(tx, items, newer), strict=True):
        content = replace(item.content, draft=draft)
        keep_version(tx, item, content, how=Change.EDITED, actor=ACTOR, now=now)


def _as_new(before: ItemDraft, after: ItemDraft) -> ItemDraft:
    """A draft that is a newer version of the same item that it was before."""
    said = (warning for warning in before.warnings if warning.code == "updates")
    return replace(after, warnings=(*after.warnings, *said), updates=before.updates)


def _remember(
    tx: Transaction,
    source: WatchedSource,
    seen: Iterable[tuple[Entry, int | None]],
    now: datetime,
) -> None:
    rows = [SeenEntry(entry.key, entry.content, item_id) for entry, item_id in seen]
    tx.watched.remember(source.id, rows, now)
