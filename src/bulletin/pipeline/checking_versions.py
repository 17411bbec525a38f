"""Checking versions: what of an issue there is a newer version of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.models.checks import Newer
from bulletin.models.issues import Issue, PlacedItem
from bulletin.models.items import ItemState
from bulletin.store.store import Transaction


def find_newer(tx: Transaction, issue: Issue, placed: Sequence[PlacedItem]) -> tuple[Newer, ...]:
    """Newer versions of an issue's items, and newer ones of those; rejected ones are left out.

    What is newer than a rejected version is looked at all the same: it is a piece of news of its
    own. A correction says again what it corrects, and is not looked at.
    """
    if issue.corrects_issue_id is not None:
        return ()
    return tuple(sorted(_walked(tx, placed), key=lambda newer: (newer.item_id, newer.newer_id)))


def _walked(tx: Transaction, placed: Sequence[PlacedItem]) -> Iterator[Newer]:
    """All versions step by step, each once: an editor may have made a circle of them."""
    here = frozenset(item.id for item in placed)
    oldest = {item_id: item_id for item_id in here}  # by version, the placed item it goes back to
    step = list(here)
    while step:
        found = [(item, oldest[item.draft.updates or 0]) for item in tx.items.newer_than(step)]
        fresh = {item.id: old for item, old in found if item.id not in oldest}
        for item, old in found:
            told = item.id in fresh or (item.id in here and item.id != old)
            if told and item.state is not ItemState.REJECTED:
                yield Newer(old, item.id, item.draft.title, item.state, item.issues)
        oldest |= fresh
        step = list(fresh)
