"""Which addresses a list has had already, a million of them in some 40 MB."""

from __future__ import annotations

from array import array


class Seen:
    """A hash table of numbers alone: a dict of the same would take three times the memory.

    Keys and contents are Python's own keyed 64-bit hashes. In a list of a million, two addresses
    share one with a chance of 1 in 30 million, and then a row is rejected, never lost.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make(1 << 12)

    def _make(self, slots: int) -> None:
        self._mask = slots - 1
        self._keys = array("q", bytes(8 * slots))
        self._contents = array("q", bytes(8 * slots))
        self._rows = array("I", bytes(4 * slots))

    def meet(self, key: int, content: int, row: int) -> tuple[int, bool] | None:
        """Remember a row, or say which earlier row has its key and whether with equal content."""
        key = key or 1  # 0 marks a free slot
        slot = self._slot(key)
        if self._keys[slot]:
            return self._rows[slot], self._contents[slot] == content
        self._keys[slot], self._contents[slot], self._rows[slot] = key, content, row
        self._count += 1
        if self._count * 3 > self._mask * 2:
            self._grow()
        return None

    def _slot(self, key: int) -> int:
        keys, mask = self._keys, self._mask
        slot = key & mask
        while keys[slot] and keys[slot] != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        old = zip(self._keys, self._contents, self._rows, strict=True)
        self._make((self._mask + 1) * 2)
        for key, content, row in old:
            if key:
                slot = self._slot(key)
                self._keys[slot], self._contents[slot], self._rows[slot] = key, content, row
