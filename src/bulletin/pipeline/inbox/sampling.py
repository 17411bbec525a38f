"""The sample newsfeed: made-up news to try the desk with, which can be taken away again."""

from __future__ import annotations

from typing import Final

from bulletin.models.inbox import SAMPLE, Pasted
from bulletin.pipeline.example import EXAMPLE
from bulletin.pipeline.inbox.paste import Pasting
from bulletin.pipeline.library import Library
from bulletin.store.store import Store

_BECAUSE: Final = "It came of the sample newsfeed."


class Sampling:
    """Brings the bundled newsfeed in as if somebody had pasted it, and knows what came of it."""

    def __init__(self, store: Store, pasting: Pasting, library: Library) -> None:
        self._store = store
        self._pasting = pasting
        self._library = library

    def begin(self, actor: str) -> int:
        """The number of the paste to look through: the one that waits already, or a new one."""
        with self._store.read() as tx:
            waiting = [number for number, kept in tx.agenda.pastes_named(SAMPLE) if not kept]
        if waiting:
            return waiting[0]
        text = (EXAMPLE / "newsfeed.txt").read_bytes()
        return self._pasting.take(SAMPLE, [Pasted(SAMPLE, text)], actor)

    def items(self) -> frozenset[int]:
        """The ids of the items that came of it and were not rejected."""
        with self._store.read() as tx:
            return frozenset(tx.agenda.came_of(SAMPLE))

    def take_away(self, actor: str) -> tuple[int, int]:
        """Remove what came of it: what nobody has touched is deleted, the rest rejected.

        Items that stand in an issue stay. Returns how many went, and how many stayed.
        """
        with self._store.read() as tx:
            before = tx.agenda.came_of(SAMPLE)
            brought = tx.agenda.pastes_named(SAMPLE)
        for number, kept in brought:
            self._close(number, actor, kept=kept)
        with self._store.read() as tx:
            left = tx.agenda.came_of(SAMPLE)
        loose = [item_id for item_id, placed in left.items() if not placed]
        if loose:
            self._library.reject(loose, _BECAUSE, actor)
        stayed = len(left) - len(loose)
        return len(before) - stayed, stayed

    def _close(self, number: int, actor: str, *, kept: bool) -> None:
        if kept:
            self._pasting.take_back(number, actor)
        with self._store.read() as tx:
            version = tx.pastes.get(number).version
        self._pasting.throw_away(number, version)
