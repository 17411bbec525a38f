"""Recollection: what takes a while to work out, and was worked out lately."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recollection(Generic[Key, Value]):
    """Values that follow from their keys alone: the last used ones. Safe to share between threads.

    weigh: what the value of a key counts in memory. most: how much all that is kept may weigh
    together; what weighs more by itself is not kept.
    """

    def __init__(self, weigh: Callable[[Key], int], most: int) -> None:
        self._weigh = weigh
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self, keys: Sequence[Key], work_out: Callable[[Sequence[Key]], Iterable[Value]]
    ) -> list[Value]:
        """The value of each key.

        work_out: gives those of keys that are not kept, all at once. Raises what it raises.
        """
        found = self._recalled(keys)
        # Outside the lock: at worst, two at once both do it.
        if missing := [key for key in dict.fromkeys(keys) if key not in found]:
            fresh = dict(zip(missing, work_out(missing), strict=True))
            self._keep(fresh)
            found |= fresh
        return [found[key] for key in keys]

    def _recalled(self, keys: Iterable[Key]) -> dict[Key, Value]:
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def _keep(self, fresh: dict[Key, Value]) -> None:
        with self._lock:
            for key, value in fresh.items():
                weight = self._weigh(key)
                if weight > self._most or key in self._kept:
                    continue
                self._kept[key] = value
                self._weight += weight
                while self._weight > self._most:
                    gone, _ = self._kept.popitem(last=False)
                    self._weight -= self._weigh(gone)
