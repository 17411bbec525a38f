"""Keeping: figures that take long to count are counted behind those who look at them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_KEPT_FOR = 30  # times as long as counting took
_LONGEST = 300.0  # seconds that a count is good for
_OLDEST = 3600.0  # seconds after which nobody is shown it any more
_MOST = 64  # counts in memory


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Value]):
    value: Value
    counted: float
    good_until: float


class Keeping(Generic[Key, Value]):
    """Counts, and the last ones of what is large. Safe to share between threads.

    What is small is counted anew every time. What is large is kept for a while after it was
    counted; then whoever asks is shown the old figures once more, and new ones are counted behind.

    size:  how many rows a count went through; up to `small` of them it is small.
    ticks: seconds from a clock that only goes on.
    """

    def __init__(
        self, size: Callable[[Value], int], *, small: int, ticks: Callable[[], float]
    ) -> None:
        self._size = size
        self._small = small
        self._ticks = ticks
        self._kept: dict[Key, _Kept[Value]] = {}
        self._under_way: set[Key] = set()
        self._lock = threading.Lock()

    def get(self, key: Key, count: Callable[[], Value]) -> Value:
        """The figures under a key. count: takes long, and may be called by another thread."""
        kept, now = self._kept.get(key), self._ticks()
        if kept is None or now - kept.counted > _OLDEST:
            return self._count(key, count)
        if now > kept.good_until and self._is_mine(key):
            behind = threading.Thread(target=self._renew, args=(key, count), daemon=True)
            behind.start()
        return kept.value

    def _is_mine(self, key: Key) -> bool:
        with self._lock:
            if key in self._under_way:
                return False
            self._under_way.add(key)
            return True

    def _renew(self, key: Key, count: Callable[[], Value]) -> None:
        try:
            self._count(key, count)
        finally:
            with self._lock:
                self._under_way.discard(key)

    def _count(self, key: Key, count: Callable[[], Value]) -> Value:
        began = self._ticks()
        value = count()
        now = self._ticks()
        with self._lock:
            self._kept.pop(key, None)
            if self._size(value) > self._small:
                good_until = now + min((now - began) * _KEPT_FOR, _LONGEST)
                self._kept[key] = _Kept(value, now, good_until)
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return value
