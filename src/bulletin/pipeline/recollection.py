"""Recollection: what takes a while to work out, and was worked out lately."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recollection(Generic[Key, Value]):
    """Values that follow from their keys alone: the last used ones. Safe to share between threads.

    most: how much all that is kept may weigh together; what weighs more by itself is not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, weight: int, work_out: Callable[[], Value]) -> Value:
        """The value of a key. weight: what it counts in memory. Raises what `work_out` raises."""
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept[0]
        value = work_out()  # outside the lock: at worst, two at once both do it
        with self._lock:
            self._put(key, value, weight)
        return value

    def _put(self, key: Key, value: Value, weight: int) -> None:
        if weight > self._most or key in self._kept:
            return
        self._kept[key] = value, weight
        self._weight += weight
        while self._weight > self._most:
            _, (_, gone) = self._kept.popitem(last=False)
            self._weight -= gone
